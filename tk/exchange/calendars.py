"""What tickets ask of the days to come, as calendars read it: follow-ups as events, due clocks as things to do."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Todo

from tk.core.policy import Policy
from tk.core.ticket import Ticket

_WHILE = timedelta(minutes=15)
"""How long a follow-up takes in a calendar that must know."""

_OPEN = frozenset({"new", "open", "waiting"})


def as_ics(tickets: Iterable[tuple[str, Ticket]], policy: Policy) -> bytes:
    """Return an iCalendar file of the tickets' follow-ups and of the clocks that run, by path and ticket.

    The same ticket gives the same entry again, so that a calendar that takes the file in twice has it once.
    """
    calendar = Calendar.new(name=policy.desk.name, prodid="-//tk//tk//EN", uid=f"{policy.desk.prefix}@tk")
    for _, ticket in tickets:
        if policy.kind(ticket.status) not in _OPEN:
            continue
        if ticket.follow_up is not None:
            calendar.add_component(_follow_up(ticket, ticket.follow_up))
        for clock, due in ticket.due.items():
            calendar.add_component(_due(ticket, clock, due))
    return bytes(calendar.to_ical())


def _follow_up(ticket: Ticket, at: datetime) -> Event:
    return Event.new(
        uid=f"{ticket.id}-follow-up@tk",
        summary=f"{ticket.id} {ticket.title}",
        start=at.astimezone(UTC),
        end=(at + _WHILE).astimezone(UTC),
        stamp=_stamp(ticket),
    )


def _due(ticket: Ticket, clock: str, due: datetime) -> Todo:
    todo = Todo.new(uid=f"{ticket.id}-{clock}@tk", summary=f"{ticket.id} {clock}: {ticket.title}", stamp=_stamp(ticket))
    todo.DUE = due.astimezone(UTC)
    return todo


def _stamp(ticket: Ticket) -> datetime:
    return (ticket.updated or ticket.created or datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC)
