"""What a merge began from: all that its sides did, and nothing else."""

from datetime import datetime

import pytest

from tk.core.merge import joined
from tk.core.ticket import Attachment, Event, Link, Ticket

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


def test_without_a_common_beginning_both_sides_count() -> None:
    ours, theirs = BASE._replace(events=(event("a"),)), BASE._replace(events=(event("b"),))
    assert [held.id for held in joined(None, [ours, theirs], ours).events] == ["e-a", "e-b"]


def test_three_sides_are_joined_like_two() -> None:
    sides = [BASE._replace(priority="high"), BASE._replace(owner="ana"), BASE._replace(tags=("a",))]
    assert joined(BASE, sides, BASE) == BASE._replace(priority="high", owner="ana", tags=("a",))
