"""What became of a ticket is told by keys and events, without what only follows."""

from datetime import timedelta

from hypothesis import given

from tests.cases import AT, event, ticket
from tests.policies import desk_policy
from tests.strategies import tickets
from tk.core.review.contrast import Contrast, FieldChange, contrast, moved, parted
from tk.core.ticket import Link, Ticket

POLICY = desk_policy()

BEFORE = ticket(events=(event(id="e-aaaa"), event(id="e-bbbb")))


@given(tickets())
def test_a_ticket_has_nothing_otherwise_than_itself(held: Ticket) -> None:
    assert contrast(POLICY, held, held) == Contrast(())


def test_stamps_are_not_told() -> None:
    later = BEFORE._replace(updated=AT, activity=AT, status_since=AT, target={"resolution": "4h"})
    assert contrast(POLICY, BEFORE, later) == Contrast(())


def test_keys_are_told_in_the_order_of_the_file() -> None:
    after = BEFORE._replace(owner="zgomez", priority="high", fields={"level": "2"}, description="Nada.")
    found = contrast(POLICY, BEFORE, after)
    assert found.changes == (
        FieldChange("priority", None, "high"),
        FieldChange("owner", BEFORE.owner, "zgomez"),
        FieldChange("level", None, "2"),
        FieldChange("description", BEFORE.description or None, "Nada."),
    )
    assert found.of("owner") == found.changes[1]
    assert found.of("status") is None


def test_events_come_change_and_go() -> None:
    altered = BEFORE.events[1]._replace(text="otra cosa")
    new = event(id="e-cccc")
    found = contrast(POLICY, BEFORE, BEFORE._replace(events=(altered, new)))
    assert (found.added, found.altered, found.removed) == ((new,), (altered,), (BEFORE.events[0],))


def test_a_new_ticket_is_told_by_what_it_holds() -> None:
    found = contrast(POLICY, None, BEFORE)
    assert [change.field for change in found.changes][:2] == ["title", "status"]
    assert found.added == BEFORE.events


def test_what_is_done_after_its_deadline_is_late() -> None:
    before = BEFORE._replace(status="open", due={"resolution": AT, "first-response": AT - timedelta(days=9)})
    done = before._replace(status="solved", status_since=AT + timedelta(hours=3), due={})
    assert contrast(POLICY, before, done).late == timedelta(hours=3)
    assert contrast(POLICY, before, done._replace(status_since=AT)).late is None
    assert contrast(POLICY, before, done._replace(status="pending")).late is None
    missed = before._replace(due={}, breached={"resolution": AT})
    assert contrast(POLICY, missed, done).late == timedelta(hours=3)
    assert contrast(POLICY, done, done._replace(title="Otro")).late is None


def test_of_maps_and_lists_only_what_differs_is_told() -> None:
    later = AT + timedelta(days=1)
    change = FieldChange("due", {"a": AT, "b": AT}, {"b": later, "a": AT, "c": AT})
    assert parted(change) == ({"b": AT}, {"b": later, "c": AT})
    link = Link("follows", "TK-260701-0B2M4")
    assert moved(FieldChange("links", (link,), None)) == ((), (link,))
    assert moved(FieldChange("tags", ("a", "b"), ("b", "c"))) == (("c",), ("a",))


def test_an_id_that_somebody_edited_is_told() -> None:
    after = BEFORE._replace(id="TK-260812-00000")
    assert contrast(POLICY, BEFORE, after).changes == (FieldChange("id", BEFORE.id, after.id),)


def test_what_stands_twice_is_told_as_often() -> None:
    assert moved(FieldChange("tags", ("a", "b"), ("a", "b", "a"))) == (("a",), ())
    assert moved(FieldChange("tags", ("a", "b", "a"), ("a", "c"))) == (("c",), ("b", "a"))
    assert moved(FieldChange("tags", ("a", "b"), ("b", "a"))) == ((), ())
