"""What becomes of a ticket that two sides changed, and what a merge began from."""

from datetime import datetime, timedelta

import pytest

from tk.core.merging.merge import Merged, always, by_time, joined, merge
from tk.core.merging.parts import without_doubles
from tk.core.ticket import Approval, Attachment, Event, Link, Request, Ticket

AT = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
BASE = Ticket(
    "TK-260812-00001", title="Monitor", status="open", priority="low", category=("hardware", "printer"), created=AT
)


def event(name: str, text: str = "x") -> Event:
    return Event(AT, "note", "ana", f"e-{name}", text)


def test_what_only_one_side_changed_is_as_that_side_has_it() -> None:
    ours, theirs = BASE._replace(priority="high"), BASE._replace(title="Pantalla", owner="ana")
    both = BASE._replace(priority="high", title="Pantalla", owner="ana")
    for found in (BASE, both, ours, theirs):
        assert joined(BASE, [ours, theirs], found) == both


@pytest.mark.parametrize("found", ["high", "urgent"])
def test_where_the_sides_disagree_either_will_do(found: str) -> None:
    sides = [BASE._replace(priority="high"), BASE._replace(priority="urgent")]
    assert joined(BASE, sides, BASE._replace(priority=found)).priority == found


@pytest.mark.parametrize("found", ["low", "normal", None])
def test_what_no_side_came_to_is_the_merges_own(found: str | None) -> None:
    sides = [BASE._replace(priority="high"), BASE._replace(priority="urgent")]
    assert joined(BASE, sides, BASE._replace(priority=found)).priority == "high"


def test_a_category_is_one_value_and_tags_are_many() -> None:
    ours = BASE._replace(category=("hardware", "computer"), tags=("a",))
    theirs = BASE._replace(category=("software", "fault"), tags=("b",))
    mixed = BASE._replace(category=("hardware", "fault"), tags=("b", "a"))
    assert joined(BASE, [ours, theirs], mixed) == mixed._replace(category=("hardware", "computer"))


def test_no_event_link_document_or_deadline_of_a_side_is_dropped() -> None:
    ours = BASE._replace(events=(event("a"),), links=(Link("follows", "TK-1"),), due={"resolution": AT})
    theirs = BASE._replace(events=(event("b"),), attachments=(Attachment("x.pdf"),), due={"first-response": AT})
    begun = joined(BASE, [ours, theirs], ours)
    assert [held.id for held in begun.events] == ["e-a", "e-b"]
    assert (begun.links, begun.attachments) == (ours.links, theirs.attachments)
    assert dict(begun.due) == {"resolution": AT, "first-response": AT}


def test_what_one_side_took_away_stays_away() -> None:
    base = BASE._replace(events=(event("a"), event("b")), tags=("a", "b"), fields={"level": "1"})
    ours, theirs = base._replace(events=(event("b"),), tags=("b",), fields={}), base._replace(priority="high")
    assert joined(base, [ours, theirs], theirs) == ours._replace(priority="high")


def test_an_event_that_one_side_altered_is_as_that_side_has_it() -> None:
    base = BASE._replace(events=(event("a"),))
    altered = base._replace(events=(event("a", "y"),))
    assert joined(base, [base, altered], base).events == altered.events


def test_the_order_of_the_merge_is_kept() -> None:
    ours, theirs = BASE._replace(events=(event("a"),)), BASE._replace(events=(event("b"),))
    found = BASE._replace(events=(event("b"), event("a")))
    assert joined(BASE, [ours, theirs], found) == found


def test_a_description_woven_of_both_is_as_it_should_be() -> None:
    base = BASE._replace(description="uno\n\ndos")
    ours, theirs = base._replace(description="uno!\n\ndos"), base._replace(description="uno\n\ndos!")
    woven = base._replace(description="uno!\n\ndos!")
    assert joined(base, [ours, theirs], woven) == woven
    made_up = base._replace(description="uno!\n\ntres")
    assert joined(base, [ours, theirs], made_up).description == "uno!\n\ndos!"


def test_a_description_in_conflict_is_as_people_may_choose_and_drops_nothing_else() -> None:
    base = BASE._replace(description="one\ntwo, important\nthree, promised")
    ours, theirs = (
        base._replace(description=base.description.replace("one", f"one, as {who} says")) for who in ("ana", "raul")
    )
    for first in ("one, as ana says", "one, as raul says", "one, as raul says\none, as ana says"):
        found = base._replace(description=base.description.replace("one", first))
        assert joined(base, [ours, theirs], found) == found
    for text in ("three, promised", "one\ntwo, important\nthree, promised", "one, as ana says", ""):
        assert joined(base, [ours, theirs], base._replace(description=text)) == ours
    third = base._replace(description=base.description.replace("three", "3"))
    assert joined(base, [ours, theirs, third], base).description == "one, as ana says\ntwo, important\n3, promised"


def test_without_a_common_beginning_both_sides_count() -> None:
    ours, theirs = BASE._replace(events=(event("a"),)), BASE._replace(events=(event("b"),))
    assert [held.id for held in joined(None, [ours, theirs], ours).events] == ["e-a", "e-b"]


def test_three_sides_are_joined_like_two() -> None:
    sides = [BASE._replace(priority="high"), BASE._replace(owner="ana"), BASE._replace(tags=("a",))]
    assert joined(BASE, sides, BASE) == BASE._replace(priority="high", owner="ana", tags=("a",))


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def opened(merged: Merged) -> list[str]:
    return [conflict.label for conflict in merged.open]


def test_status_priority_and_clocks_are_as_the_one_side_that_changed_any_of_them() -> None:
    ours = BASE._replace(status="solved", status_since=later(1), paused={"resolution": "2h"})
    theirs = BASE._replace(title="Pantalla")
    assert merge(BASE, ours, theirs) == Merged(ours._replace(title="Pantalla"), ())


def test_sides_that_came_to_the_same_standing_go_by_the_later_clock_by_clock() -> None:
    base = BASE._replace(due={"first-response": later(60), "resolution": later(600)}, updated=AT)
    ours = base._replace(due={"resolution": later(600)}, updated=later(2))
    theirs = base._replace(due={"first-response": later(60), "resolution": later(900)}, updated=later(1))
    found = merge(base, ours, theirs)
    assert dict(found.ticket.due) == {"resolution": later(900)}
    ours, theirs = (base._replace(status="solved", status_since=later(n), due={}, updated=later(n)) for n in (1, 2))
    assert merge(base, ours, theirs).ticket.status_since == later(2)


def test_sides_that_came_to_different_standings_are_in_conflict() -> None:
    ours, theirs = BASE._replace(status="solved"), BASE._replace(priority="high")
    found = merge(BASE, ours, theirs)
    assert opened(found) == ["status"]
    assert found.ticket == BASE
    assert merge(BASE, ours, theirs, always("theirs")).ticket == theirs


def test_who_has_a_ticket_is_one_thing_with_the_team() -> None:
    ours, theirs = BASE._replace(owner="ana"), BASE._replace(team="norte")
    assert opened(merge(BASE, ours, theirs)) == ["owner"]


def test_the_last_activity_stays_on_record() -> None:
    base = BASE._replace(updated=AT)
    swept = base._replace(updated=later(9), activity=AT)
    worked = base._replace(updated=later(5), title="Pantalla")
    found = merge(base, swept, worked).ticket
    assert (found.updated, found.activity) == (later(9), later(5))


def test_an_event_that_one_side_removed_stays_removed_and_new_ones_stand_by_their_time() -> None:
    base = BASE._replace(events=(event("a"), event("b")._replace(at=later(10))))
    ours = base._replace(events=(base.events[1], event("d")._replace(at=later(20))))
    theirs = base._replace(events=(*base.events, event("c")._replace(at=later(5))))
    assert [held.id for held in merge(base, ours, theirs).ticket.events] == ["e-c", "e-b", "e-d"]


def test_two_events_that_drew_one_id_both_stay() -> None:
    ours, theirs = (BASE._replace(events=(event("a", text),)) for text in ("x", "y"))
    found = merge(BASE, ours, theirs).ticket.events
    assert [held.text for held in found] == ["x", "y"]
    assert len({held.id for held in found}) == 2
    assert merge(BASE, theirs, ours).ticket.events == found


def test_what_follows_from_itself_is_no_question() -> None:
    ours = BASE._replace(
        fired={"warn": later(2)},
        approvals={"back": Approval("ana", later(1))},
        requests={"type": Request("a", AT, "x")},
    )
    theirs = BASE._replace(
        fired={"warn": later(1)},
        approvals={"back": Approval("raul", later(2))},
        requests={"type": Request("b", AT, "y")},
    )
    found = merge(BASE, ours, theirs)
    assert (found.ticket.fired, found.ticket.approvals) == ({"warn": later(1)}, {"back": Approval("raul", later(2))})
    assert opened(found) == ["requests.type"]


def test_the_later_stands_where_that_is_the_rule() -> None:
    ours, theirs = (BASE._replace(title=f"t{n}", updated=later(n)) for n in (1, 2))
    assert merge(BASE, ours, theirs, by_time(ours, theirs)).ticket.title == "t2"


def test_a_log_is_rid_of_doubles_and_what_only_shares_an_id_is_told_apart() -> None:
    log = (event("a"), event("a"), event("a", "y"), event("b"))
    found = without_doubles(log)
    assert [held.text for held in found] == ["x", "y", "x"]
    assert len({held.id for held in found}) == 3
    assert without_doubles(found) == found
