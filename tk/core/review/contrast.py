"""What two states of a ticket have different, as a reviewer is told: by keys and events, without what only follows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

from tk.core.policy import Policy
from tk.core.ticket import KEYS, Event, Ticket, value_of

_T = TypeVar("_T")

STAMPS = frozenset({"updated", "activity", "status-since", "target", "paused"})
"""Keys whose changes only follow from others, and are not told."""

_OF_A_BIRTH = frozenset({"created", "creator"})
_DONE = frozenset({"solved", "closed"})
_CLOCK = "resolution"


class FieldChange(NamedTuple):
    """A key of the ticket that changed: its value before and after, None where there was none."""

    field: str
    before: Any
    after: Any


class Contrast(NamedTuple):
    """What became of a ticket: the keys that changed, the events that came, changed and went.

    `late` is by how much a ticket that was solved or closed is so later than its deadline, None where it is not.
    """

    changes: tuple[FieldChange, ...]
    added: tuple[Event, ...] = ()
    altered: tuple[Event, ...] = ()
    removed: tuple[Event, ...] = ()
    late: timedelta | None = None

    def of(self, field: str) -> FieldChange | None:
        """Return the change of one key, None where it did not change."""
        return next((change for change in self.changes if change.field == field), None)


def contrast(policy: Policy, before: Ticket | None, after: Ticket) -> Contrast:
    """Return what `after` has otherwise than `before`, or of a new ticket what it holds."""
    then = {} if before is None else {event.id: event for event in before.events}
    now = {event.id: event for event in after.events}
    return Contrast(
        tuple(_changes(before, after)),
        tuple(event for event in after.events if event.id not in then),
        tuple(event for event in after.events if event.id in then and then[event.id] != event),
        tuple(event for name, event in then.items() if name not in now),
        _late(policy, before, after),
    )


def _changes(before: Ticket | None, after: Ticket) -> Iterator[FieldChange]:
    held = before or Ticket(after.id)
    for key in dict.fromkeys((*KEYS, *held.fields, *after.fields, "description")):
        old, new = _value(held, key), _value(after, key)
        if old != new and key not in STAMPS and (before is not None or key not in _OF_A_BIRTH):
            yield FieldChange(key, old, new)


def _value(ticket: Ticket, key: str) -> object:
    value = ticket.description if key == "description" else value_of(ticket, key)
    return value or None


def _late(policy: Policy, before: Ticket | None, after: Ticket) -> timedelta | None:
    """Return how far past its deadline a ticket was done; the deadline ran before, or was missed by then."""
    if before is None or after.status == before.status or policy.kind(after.status) not in _DONE:
        return None
    due = {**before.breached, **after.breached, **before.due}.get(_CLOCK)
    if due is None or after.status_since is None or after.status_since <= due:
        return None
    return after.status_since - due


def parted(change: FieldChange) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return of a change of maps the entries alone that differ, before and after."""
    before, after = change.before or {}, change.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def moved(change: FieldChange) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return of a change of lists what was added and what was taken away; neither where only the order changed."""
    before, after = change.before or (), change.after or ()
    return beyond(after, before), beyond(before, after)


def beyond(these: Iterable[_T], those: Iterable[_T]) -> tuple[_T, ...]:
    """Return what `these` have beyond `those`, as often as they have it more often."""
    rest, more = list(those), []
    for each in these:
        if each in rest:
            rest.remove(each)
        else:
            more.append(each)
    return tuple(more)
