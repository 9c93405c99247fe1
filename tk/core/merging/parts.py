"""How the parts of a ticket are merged that have a way of their own: sets, maps, times, the log."""

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, TypeVar
from zlib import crc32

from tk.core.ids import event_id
from tk.core.ticket import Approval, Event, Request

T = TypeVar("T")

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
"""An instant before every other, for what has none."""

Three = Callable[[str, Any, Any, Any], Any]
"""Returns what an entry, named first, becomes of what it was, what we made of it and what they made of it."""


def alike(origin: T, ours: T, theirs: T) -> T | None:
    """Return what there is no question about; None where both sides changed it, each in its own way."""
    if theirs in (ours, origin):
        return ours
    return theirs if ours == origin else None


def merged_set(origin: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    """Return a list of things that come and go: what neither side took away, and what either added, in their order."""
    origin, ours, theirs = (tuple(dict.fromkeys(held)) for held in (origin, ours, theirs))
    same = alike(origin, ours, theirs)
    if same is not None:
        return tuple(same)
    both = {*ours} & {*theirs}
    return (*(held for held in origin if held in both), *sorted({*ours, *theirs} - {*origin}))


def merged_map(origin: Mapping[str, T], ours: Mapping[str, T], theirs: Mapping[str, T], three: Three) -> dict[str, T]:
    """Return a map joined entry by entry: first what was there, then what is new by its name."""
    names = (*origin, *sorted({*ours, *theirs} - {*origin}))
    entries = ((name, three(name, origin.get(name), ours.get(name), theirs.get(name))) for name in names)
    return {name: entry for name, entry in entries if entry is not None}


def merged_times(origin: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    """Return `updated` and `activity`: the later of each; `activity`, the last real one, only where it is another."""
    same = alike(origin, ours, theirs)
    if same is not None:
        return tuple(same)
    updated = _latest(origin[0], ours[0], theirs[0])
    last = _latest(*(activity or moved for moved, activity in (origin, ours, theirs)))
    return updated, None if last == updated else last


def _latest(origin: datetime | None, *sides: datetime | None) -> datetime | None:
    moved = [side for side in sides if side != origin and side is not None]
    return max(moved, key=_in_time) if moved else origin if origin in sides else None


def _in_time(at: datetime | None) -> tuple[datetime, str]:
    return (LONG_AGO, "") if at is None else (at, at.isoformat())


def settled(key: str, ours: Any, theirs: Any) -> Any:
    """Return which of two new entries of a map stands, None where only people can tell.

    A step of a sweep was taken when it was first taken. Who approved last, or asked last for the same, stands as it
    would had one come after the other.
    """
    if key == "fired":
        return min(filter(None, (ours, theirs)), key=_in_time)
    if isinstance(ours, Approval) and isinstance(theirs, Approval):
        return max(ours, theirs, key=_who_when)
    if isinstance(ours, Request) and isinstance(theirs, Request) and ours.value == theirs.value:
        return max(ours, theirs, key=_who_when)
    return None


def _who_when(held: Approval | Request) -> tuple[tuple[datetime, str], str]:
    return _in_time(held.at), held.by


def merged_log(
    origin: Sequence[Event], ours: Sequence[Event], theirs: Sequence[Event], three: Three
) -> tuple[Event, ...]:
    """Return the log: what was there in its order, unless a side removed it, and between it what is new, by its time.

    Two new events that drew one id both stay: one of them takes an id that follows from its content.
    """
    same = alike(tuple(origin), tuple(ours), tuple(theirs))
    if same is not None:
        return same
    before, mine, yours = ({event.id: event for event in log} for log in (origin, ours, theirs))
    added = {_told(event): event for event in (*ours, *theirs) if event.id not in before}
    earliest = [*accumulate((event.at for event in reversed(origin)), min)][::-1]  # from each place on
    slots: dict[int, list[Event]] = {}
    for event in _told_apart(added.values(), before):
        slots.setdefault(bisect_right(earliest, event.at), []).append(event)
    log = slots.get(0, [])
    for number, event in enumerate(origin, 1):
        if event.id in mine and event.id in yours:
            log.append(three(event.id, event, mine[event.id], yours[event.id]))
        log += slots.get(number, ())
    return tuple(log)


def without_doubles(log: Sequence[Event]) -> tuple[Event, ...]:
    """Return a log in which no id stands twice: of what says the same one stays, of what does not one is told apart."""
    once = list({_told(event): event for event in log}.values())
    taken = {event.id for event in once}
    known: set[str] = set()
    events = []
    for event in once:
        events.append(_renamed(event, taken) if event.id in known else event)
        known.add(event.id)
        taken.add(events[-1].id)
    return tuple(events)


def _renamed(event: Event, taken: Container[str]) -> Event:
    """Return the event, under an id that follows from its content if its own is taken."""
    name, number = event.id, crc32(repr(_told(event)).encode("utf-8", "replace"))
    while name in taken:
        name, number = event_id(number), number + 1
    return event._replace(id=name)


def _told_apart(added: Iterable[Event], taken: Mapping[str, Event]) -> list[Event]:
    """Return new events in time order, each under an id of its own."""
    known = set(taken)
    events = []
    for event in sorted(added, key=_told):
        events.append(_renamed(event, known))
        known.add(events[-1].id)
    return events


def _told(event: Event) -> tuple[Any, ...]:
    """Return all that an event says in a form that can be ordered, by time first."""
    return (
        event.at,
        event.at.isoformat(),
        event.type,
        event.by,
        event.id,
        event.text,
        tuple(sorted(event.facts.items())),
    )
