"""Facts that are lengths of time: from which instant to which, and how long that is in business time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tk.core.calendars.deadline import deadline_of
from tk.core.condition_terms import BUSINESS
from tk.core.conditions.language import Facts
from tk.core.policy import Policy
from tk.core.register import Registers
from tk.core.ticket import Ticket

Lapse = tuple[datetime, datetime]
"""The beginning and the end of a length of time."""

LAPSES = ("age", "idle", "in-status", "late", "left")
"""The facts that are lengths of time; `late` and `left` may name a clock: `left.resolution`."""


def lapse(ticket: Ticket, name: str, at: datetime) -> Lapse | None:
    """Return from when to when a fact of `LAPSES` lasts at `at`; None where there is nothing of the kind."""
    head, _, clock = name.partition(".")
    if head in _SINCE and not clock:
        since = _SINCE[head](ticket)
        return None if since is None else (since, at)
    due = ticket.due.get(clock) if clock else first_due(ticket)
    if due is None or (head == "late") is (due >= at):
        return None
    return (due, at) if head == "late" else (at, due)


_SINCE: Mapping[str, Callable[[Ticket], datetime | None]] = {
    "age": lambda ticket: ticket.created,
    "idle": lambda ticket: ticket.activity or ticket.updated,
    "in-status": lambda ticket: ticket.status_since,
}


def first_due(ticket: Ticket) -> datetime | None:
    """Return the earliest instant at which a running clock of the ticket falls due."""
    return min(ticket.due.values(), default=None)


def measured(
    policy: Policy, registers: Registers, facts: Facts, ticket: Ticket, name: str, at: datetime
) -> timedelta | float | None:
    """Return a fact of `LAPSES` as a length of time; asked for as `idle@bh` or `idle@bd`, in business hours or days.

    Those go by the calendar of the clock's deadline where it is about a clock, else by the desk's.
    """
    bare, _, unit = name.partition(BUSINESS)
    found = lapse(ticket, bare, at)
    if found is None or not unit:
        return None if found is None else found[1] - found[0]
    head, _, clock = bare.partition(".")
    calendar = policy.calendars.entries.get(calendar_of(policy, facts, ticket, head, clock, at) or "")
    if calendar is None:
        return None
    from tk.core.calendars.allowance import hours_of  # only business time pays for calendars
    from tk.core.calendars.calendar import between, days_between

    hours = hours_of(calendar, registers)
    return days_between(hours, *found) if unit == "bd" else between(hours, *found)


def calendar_of(policy: Policy, facts: Facts, ticket: Ticket, fact: str, clock: str, at: datetime) -> str | None:
    """Return the key of the calendar by which a fact of `LAPSES` is told in business time; None where there is none.

    What is late or left goes by the calendar of the clock's deadline, "" being the clock that falls due first; the
    rest by the desk's.
    """
    if fact in {"late", "left"} and ticket.due:
        running = clock or min(ticket.due, key=lambda name: ticket.due[name])
        rule = deadline_of(policy, facts, ticket, running, at)
        if rule is not None and rule.calendar is not None:
            return rule.calendar
    return policy.desk.calendar
