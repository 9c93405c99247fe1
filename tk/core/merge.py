"""Joining what several sides made of a ticket, so far as that can be told without asking anybody.

What only one side changed is as that side has it; events, links, tags and entries of maps are joined one by one, so
that none is dropped.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tk.core.ticket import KEYS, Ticket, value_of, with_value

_SETS = frozenset({"aliases", "tags", "links", "attachments"})
"""The keys whose lists hold things that come and go by themselves; other lists, such as a category, are one value."""


def joined(base: Ticket | None, sides: Sequence[Ticket], found: Ticket) -> Ticket:
    """Return what a merge of `sides`, which parted at `base`, began from before anybody changed more.

    Where the sides disagree, `found`, the ticket that the merge made, is right if it took one of them. So what differs
    between the result and `found` is what the merge did on its own account.
    """
    origin = base or Ticket(found.id)
    ticket = found
    for key in dict.fromkeys((*KEYS, *found.fields, *(key for side in sides for key in side.fields))):
        values = [_parts(key, value_of(held, key)) for held in (origin, *sides, found)]
        ticket = with_value(ticket, key, _whole(key, _joined(values[0], values[1:-1], values[-1])))
    texts = [held.description for held in (origin, *sides, found)]
    events = [{event.id: event for event in held.events} for held in (origin, *sides, found)]
    return ticket._replace(
        description=found.description if _is_woven(texts) else _joined(texts[0], texts[1:-1], texts[-1]),
        events=tuple(_joined_maps(events[0], events[1:-1], events[-1]).values()),
    )


def _parts(key: str, value: Any) -> Any:
    if key == "attachments":
        return {held.file: held for held in value}
    return {held: held for held in value} if key in _SETS else value


def _whole(key: str, value: Any) -> Any:
    return tuple(value.values()) if key in _SETS else value


def _joined(origin: Any, sides: Sequence[Any], found: Any) -> Any:
    if isinstance(found, Mapping) and all(isinstance(side, Mapping) for side in (origin, *sides)):
        return _joined_maps(origin, sides, found)
    moved = [side for side in sides if side != origin]
    if not moved:
        return origin
    return found if found in moved else moved[0]


def _joined_maps(origin: Mapping[str, Any], sides: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> Any:
    names = dict.fromkeys((*found, *(name for side in sides for name in side)))
    entries = ((name, _joined(origin.get(name), [side.get(name) for side in sides], found.get(name))) for name in names)
    return {name: entry for name, entry in entries if entry is not None}


def _is_woven(texts: Sequence[str]) -> bool:
    """Return whether every line of the last text is one of a side's, and more than one side changed the first."""
    origin, *sides, found = texts
    lines = {line for side in sides for line in side.splitlines()}
    return sum(side != origin for side in sides) > 1 and lines.issuperset(found.splitlines())
