"""What the log of a ticket comes to: which ids are taken, and who waits for whom, the desk or the requester.

A log is read event by event, and what it has come to after each is kept while it grows: the law enacts what a commit
logged one event after another and asks each time, and would else read as many events as the square of their number.
"""

from collections.abc import Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple

from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket

FROM, TO = "from", "to"

_Contact = tuple[datetime, int]
"""When a contact happened, and its place in the log: of two in the same second the first comes first."""


class _State(NamedTuple):
    """What a log has come to: how many ids it has; the first and last contact to the requester, the oldest unanswered.

    An automatic reply is no contact, and only people of the desk answer.
    """

    ids: int = 0
    first: _Contact | None = None
    last: _Contact | None = None
    waiting: _Contact | None = None


class _Reading:
    """A log as read by a policy, with what it had come to after each of its events."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._log: tuple[Event, ...] = ()
        self._places: dict[str, int] = {}
        self._states = [_State()]
        self._unanswered: list[_Contact] = []
        self._known: Sequence[tuple[Event, ...]] = ()

    def follows(self, policy: Policy, events: tuple[Event, ...]) -> bool:
        """Return whether it is of this policy, and a log of these events would begin as it does, or it as they do."""
        if policy is not self._policy:
            return False
        if any(events is known for known in self._known):
            return True
        shorter = min(len(events), len(self._log))
        if shorter and events[shorter - 1] is not self._log[shorter - 1]:
            return False  # a like one, as another file may have: told apart at once, and the same are quick to compare
        if events[:shorter] != self._log[:shorter]:
            return False
        self._known = (*self._known[-1:], events)  # the one before an action, and the one after it
        return True

    def read(self, events: tuple[Event, ...]) -> None:
        """Read what of these events has not been read yet."""
        if len(events) > len(self._log):
            for event in events[len(self._log) :]:
                self._read(event, len(self._states) - 1)
            self._log = events

    def of(self, events: tuple[Event, ...]) -> _State:
        """Return what these events, which have been read, come to."""
        return self._states[len(events)]

    def has(self, events: tuple[Event, ...], name: str) -> bool:
        """Return whether one of these events, which have been read, has this id."""
        return self._places.get(name, len(events)) < len(events)

    def _read(self, event: Event, place: int) -> None:
        self._places.setdefault(event.id, place)
        _, first, last, _ = self._states[-1]
        kind = self._policy.events.entries.get(event.type)
        contact = (event.at, place)
        direction = None if kind is None or event.is_automatic else kind.contact
        if direction == FROM:
            heappush(self._unanswered, contact)
        elif direction == TO and event.by in self._policy.people.entries:
            first, last = min(first or contact, contact), max(last or contact, contact)
        while self._unanswered and last is not None and self._unanswered[0] <= last:
            heappop(self._unanswered)
        waiting = self._unanswered[0] if self._unanswered else None
        self._states.append(_State(len(self._places), first, last, waiting))


_readings: list[_Reading] = []
"""The last reading, if there was one."""


def _reading(policy: Policy, events: tuple[Event, ...]) -> _Reading:
    """Return a reading of these events: the last one, if that was of what they grew from."""
    last = _readings.pop() if _readings else None
    reading = last if last is not None and last.follows(policy, events) else _Reading(policy)
    reading.read(events)
    _readings.append(reading)
    return reading


def has_event(policy: Policy, ticket: Ticket, name: str) -> bool:
    """Return whether the log of a ticket has an event with this id."""
    return _reading(policy, ticket.events).has(ticket.events, name)


def count_ids(policy: Policy, ticket: Ticket) -> int:
    """Return how many different ids the events of a ticket have."""
    return _reading(policy, ticket.events).of(ticket.events).ids


def first_answer(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester was first written or spoken to; None where nobody did."""
    return _at(ticket, _reading(policy, ticket.events).of(ticket.events).first)


def last_answer(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester was last written or spoken to; None where nobody did."""
    return _at(ticket, _reading(policy, ticket.events).of(ticket.events).last)


def unanswered_since(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester wrote or called of what is not answered yet: the oldest counts; None for nothing.

    What happened counts when it happened, whenever it was entered.
    """
    return _at(ticket, _reading(policy, ticket.events).of(ticket.events).waiting)


def _at(ticket: Ticket, contact: _Contact | None) -> datetime | None:
    return None if contact is None else ticket.events[contact[1]].at
