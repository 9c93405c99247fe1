"""The laws of merging, tried on states of a ticket that parted: `make endurance` tries 10,000 of each."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.policies import desk_policy
from tk.core.checks import Place, Subject, check_ticket
from tk.core.ids import path_of
from tk.core.merging.merge import ASSIGNMENT, CLOCKS, STANDING, Merged, always, merge
from tk.core.merging.parts import alike
from tk.core.ticket import KEYS, Approval, Attachment, Event, Link, Rating, Request, Ticket, value_of

EXAMPLES = int(os.environ.get("TK_EXAMPLES", "300"))
AT = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
WORDS = ("uno", "dos", "tres", "cuatro")


def at(number: int) -> datetime:
    return AT + timedelta(minutes=number)


def event(number: int) -> Event:
    """Return an event; some of different numbers have one id, as when two clones draw the same."""
    facts = {"minutes": "5"} if number % 3 else {}
    return Event(at(number % 7), "note", "ana", f"e-{number % 9:04}", f"x{number}", facts)


def text(ticket: Ticket, number: int) -> Ticket:
    """Put a line that stands nowhere else before, behind or in the place of another."""
    lines = ticket.description.split("\n")
    place = number % len(lines)
    lines[place : place + number % 2] = [f"line {number}"] if f"line {number}" not in lines else []
    return ticket._replace(description="\n".join(lines))


def without(held: tuple[object, ...], number: int) -> tuple[object, ...]:
    return tuple(one for place, one in enumerate(held) if place != number % len(held)) if held else ()


CHANGES: tuple[Callable[[Ticket, int], Ticket], ...] = (
    lambda t, n: t._replace(title=WORDS[n % 4]),
    lambda t, n: t._replace(status=("open", "solved")[n % 2], status_since=at(n)),
    lambda t, n: t._replace(priority=("low", "high")[n % 2]),
    lambda t, n: t._replace(due={**t.due, WORDS[n % 3]: at(n)}, target={**t.target, WORDS[n % 3]: "4h"}),
    lambda t, n: t._replace(due={k: v for k, v in t.due.items() if k != WORDS[n % 3]}, paused={WORDS[n % 3]: f"{n}m"}),
    lambda t, n: t._replace(owner=("ana", "raul", None)[n % 3], team=None),
    lambda t, n: t._replace(category=(("hardware",), ("software", "fault"))[n % 2]),
    lambda t, n: t._replace(tags=tuple(dict.fromkeys((*t.tags, WORDS[n % 4])))),
    lambda t, n: t._replace(tags=tuple(map(str, without(t.tags, n)))),
    lambda t, n: t._replace(links=tuple(dict.fromkeys((*t.links, Link("relates", f"TK-260812-0000{n % 4}"))))),
    lambda t, n: t._replace(attachments=(*(a for a in t.attachments if a.file != f"{n % 3}"), Attachment(f"{n % 3}"))),
    lambda t, n: t._replace(attachments=t.attachments[n % 2 :]),
    lambda t, n: t._replace(fired={**t.fired, WORDS[n % 4]: at(n)}),
    lambda t, n: t._replace(requests={**t.requests, WORDS[n % 2]: Request("ana", at(n), WORDS[n % 3])}),
    lambda t, n: t._replace(approvals={**t.approvals, WORDS[n % 2]: Approval("ana", at(n))}),
    lambda t, n: t._replace(rating=Rating("good", "ana", at(n))),
    lambda t, n: t._replace(fields={**t.fields, f"x-{n % 3}": WORDS[n % 4]}),
    lambda t, n: t._replace(fields={k: v for k, v in t.fields.items() if k != f"x-{n % 3}"}),
    lambda t, n: t._replace(updated=max(at(n), t.updated or AT), activity=None),
    lambda t, n: t._replace(activity=t.activity or t.updated, updated=max(at(n), t.updated or AT)),
    lambda t, n: t._replace(events=(*t.events, event(n))) if event(n).id not in {e.id for e in t.events} else t,
    lambda t, n: t._replace(events=tuple(e for e in t.events if e.id != f"e-{n % 9:04}")),
    text,
    text,
)
"""What may become of a ticket, each a way that a number chooses within."""

WAYS = st.lists(st.integers(0, len(CHANGES) * 24 - 1), max_size=5)


def under(ticket: Ticket, key: str) -> Any:
    return value_of(ticket, key)


def gone(ticket: Ticket, ways: list[int]) -> Ticket:
    for way in ways:
        ticket = CHANGES[way % len(CHANGES)](ticket, way // len(CHANGES))
    return ticket


START = Ticket(
    "TK-260812-00001", title="Monitor", status="open", status_since=AT, creator="ana", created=AT, updated=AT,
    description="a\nb\nc\nd\ne",
)  # fmt: skip
BASES = WAYS.map(lambda ways: gone(START, ways))


def unordered(merged: Merged) -> tuple[Ticket, set[str]]:
    """Return a merge without the order of its sides, and what it left open."""
    return merged.ticket, {conflict.label for conflict in merged.open}


@settings(max_examples=EXAMPLES)
@given(BASES, WAYS, WAYS)
def test_it_does_not_matter_who_merges(base: Ticket, our: list[int], their: list[int]) -> None:
    ours, theirs = gone(base, our), gone(base, their)
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert unordered(one) == unordered(other)
    assert merge(base, ours, theirs, always("ours")).ticket == merge(base, theirs, ours, always("theirs")).ticket
    assert [(c.ours, c.theirs) for c in one.open] == [(c.theirs, c.ours) for c in other.open]


@settings(max_examples=EXAMPLES)
@given(BASES, WAYS, WAYS)
def test_merging_again_changes_nothing(base: Ticket, our: list[int], their: list[int]) -> None:
    ours, theirs = gone(base, our), gone(base, their)
    assert merge(base, ours, ours) == merge(base, base, ours) == merge(base, ours, base) == Merged(ours, ())
    merged = merge(base, ours, theirs, always("theirs")).ticket
    assert merge(theirs, theirs, merged).ticket == merge(ours, merged, ours).ticket == merged


@settings(max_examples=EXAMPLES)
@given(BASES, WAYS, WAYS, WAYS)
def test_where_nothing_is_in_question_the_order_of_merges_does_not_matter(
    base: Ticket, first: list[int], second: list[int], third: list[int]
) -> None:
    """In question is what is in conflict, and a standing that the later of two sides settles."""
    x, y, z = gone(base, first), gone(base, second), gone(base, third)
    left, right = merge(base, x, y), merge(base, y, z)
    one, other = merge(base, left.ticket, z), merge(base, x, right.ticket)
    assume(not (left.open or right.open or one.open or other.open))
    standings = [tuple(under(held, key) for key in STANDING) for held in (base, x, y, z)]
    assume(sum(standing != standings[0] for standing in standings) < 2)
    assert one == other


@settings(max_examples=EXAMPLES)
@given(BASES, WAYS, WAYS)
def test_nothing_of_either_side_is_lost(base: Ticket, our: list[int], their: list[int]) -> None:
    ours, theirs = gone(base, our), gone(base, their)
    merged = merge(base, ours, theirs)
    in_question = {key for c in merged.open for key in _keys(c.key)}
    for key in dict.fromkeys((*KEYS, *ours.fields, *theirs.fields)):
        states = tuple(under(held, key) for held in (base, ours, theirs))
        found = under(merged.ticket, key)
        if key in CLOCKS and "status" not in in_question:
            for name in found:
                assert _clock(merged.ticket, name) in [_clock(held, name) for held in (ours, theirs)]
        elif key not in in_question and alike(*states) is not None and key not in {"updated", "activity"}:
            assert found == alike(*states), key
    assert merged.ticket.updated == max(held.updated or AT for held in (ours, theirs))
    kept = {(e.at, e.text) for e in merged.ticket.events}
    known = {e.id for e in base.events}
    for event_ in (*ours.events, *theirs.events):
        gone_again = event_.id in known and any(event_.id not in {e.id for e in s.events} for s in (ours, theirs))
        assert gone_again or (event_.at, event_.text) in kept or f"events.{event_.id}" in {c.label for c in merged.open}
    for key in ("tags", "links"):
        added = {one for side in (ours, theirs) for one in under(side, key) or () if one not in under(base, key)}
        assert added <= set(under(merged.ticket, key) or ())
    lines = {line for side in (ours, theirs) for line in side.description.split("\n")} - set(
        base.description.split("\n")
    )
    assert "description" in in_question or lines <= set(merged.ticket.description.split("\n"))


def _clock(ticket: Ticket, name: str) -> list[object]:
    return [under(ticket, key).get(name) for key in CLOCKS]


def _keys(key: str) -> tuple[str, ...]:
    return next((group for group in (STANDING, ASSIGNMENT) if group[0] == key), (key,))


@settings(max_examples=EXAMPLES)
@given(BASES, WAYS, WAYS)
def test_what_comes_of_sound_tickets_is_sound(base: Ticket, our: list[int], their: list[int]) -> None:
    ours, theirs = gone(base, our), gone(base, their)
    merged = merge(base, ours, theirs, always("ours")).ticket
    assert len({e.id for e in merged.events}) == len(merged.events)
    found = {finding.code for finding in check_ticket(desk_policy(), Subject(merged, path_of(merged.id), _nowhere))}
    before = {f.code for t in (ours, theirs) for f in check_ticket(desk_policy(), Subject(t, path_of(t.id), _nowhere))}
    assert found <= before


def _nowhere(_: str) -> Place:
    return Place(1, 1)
