"""Since when a condition holds of a ticket, as far as the ticket itself tells: when a step of a sweep rule fell due.

It does not depend on when somebody looks, so two clones that sweep at different times stamp the same instant.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tk.core.calendars.allowance import earlier, hours_of, later
from tk.core.calendars.calendar import Hours
from tk.core.calendars.lapse import calendar_of, first_due
from tk.core.conditions.language import Condition, Test, holds
from tk.core.facts import Facts
from tk.core.instant import Duration, in_zone
from tk.core.ticket import Ticket

_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "is": ""}
"""What a comparison is when it is turned round."""


def held_since(condition: Condition, facts: Facts) -> datetime:
    """Return since when `condition`, which holds of `facts`, does so, in the desk's zone and not after their instant.

    It is the latest of the instants that its tests tell: of a length of time (`idle`, `in-status`, `age`, `late`,
    `left`) when it was reached, of `overdue` when it fell due, of a status when it began, of a count of events when
    the last one needed was there, of a day its beginning. Where none tells any, it is the ticket's last activity.
    """
    ticket = facts.ticket
    told = list(_told(condition, facts))
    since = max(told, default=ticket.activity or ticket.updated or ticket.created or facts.at)
    return in_zone(min(since, facts.at), ZoneInfo(facts.policy.desk.zone))


def _told(condition: Condition, facts: Facts) -> Iterator[datetime]:
    for test in condition.tests:
        reached = _reached(test, facts)
        if reached is not None:
            yield reached
    for group in condition.groups:
        branches = [list(_told(branch, facts)) for branch in group if holds(branch, facts)]
        if branches and all(branches):
            yield min(map(max, branches))


def _reached(test: Test, facts: Facts) -> datetime | None:
    """Return since when a test that is met has been so; None where the ticket does not tell."""
    if len(test.operands) != 1:
        return None
    operator = _TURNED.get(test.operator, "") if test.negated else test.operator
    family, _, name = test.fact.partition(".")
    reader = _READERS.get(family)
    return None if reader is None else reader(facts, name, operator, test.operands[0])


def _span(fact: str, base: Callable[[Ticket, str], datetime | None]) -> "_Reader":
    """Return what reads a fact that is a length of time and grows from an instant of the ticket."""

    def reached(facts: Facts, name: str, operator: str, operand: object) -> datetime | None:
        start = base(facts.ticket, name)
        if start is None or operator not in {">", ">=", "is"} or not isinstance(operand, Duration):
            return None
        hours, zone = _hours(facts, fact, name)
        return None if operand.is_business and hours is None else later(operand, start, hours, zone)

    return reached


def _hours(facts: Facts, fact: str, clock: str) -> tuple[Hours | None, ZoneInfo]:
    """Return the hours by which a fact is told in business time, if the desk has any, and the desk's zone."""
    policy = facts.policy
    calendar = policy.calendars.entries.get(calendar_of(policy, facts, facts.ticket, fact, clock, facts.at) or "")
    hours = None if calendar is None else hours_of(calendar, facts.outside.registers)
    return (None if hours is None or hours.is_empty else hours), ZoneInfo(policy.desk.zone)


def _clock(ticket: Ticket, name: str) -> datetime | None:
    return ticket.due.get(name) if name else first_due(ticket)


def _left(facts: Facts, name: str, operator: str, operand: object) -> datetime | None:
    due = _clock(facts.ticket, name)
    if due is None or operator not in {"<", "<=", "is"} or not isinstance(operand, Duration):
        return None
    hours, zone = _hours(facts, "left", name)
    return None if operand.is_business and hours is None else earlier(operand, due, hours, zone)


def _overdue(facts: Facts, name: str, operator: str, operand: object) -> datetime | None:
    return _clock(facts.ticket, name) if (operator, operand) == ("is", True) else None


def _status(facts: Facts, _: str, operator: str, __: object) -> datetime | None:
    return facts.ticket.status_since if operator == "is" else None


def _events(since: Callable[[Ticket], datetime | None]) -> "_Reader":
    """Return what reads how many events there have been from an instant of the ticket on, always if that is None."""

    def reached(facts: Facts, name: str, operator: str, operand: object) -> datetime | None:
        needed = {">=": 0, ">": 1, "is": 0}.get(operator)
        if needed is None or not isinstance(operand, int):
            return None
        first = since(facts.ticket)
        events = (event for event in facts.ticket.events if event.type == name)
        instants = sorted(event.at for event in events if first is None or event.at >= first)
        place = operand + needed - 1
        return instants[place] if 0 <= place < len(instants) else None

    return reached


def _day(facts: Facts, _: str, operator: str, operand: object) -> datetime | None:
    later = {">=": 0, "is": 0, ">": 1}.get(operator)
    if later is None or not isinstance(operand, date):
        return None
    day = date(operand.year, operand.month, operand.day) + timedelta(days=later)
    return datetime.combine(day, time(), ZoneInfo(facts.policy.desk.zone))


_Reader = Callable[[Facts, str, str, object], "datetime | None"]

_READERS: Mapping[str, _Reader] = {
    "age": _span("age", lambda ticket, _: ticket.created),
    "idle": _span("idle", lambda ticket, _: ticket.activity or ticket.updated),
    "in-status": _span("in-status", lambda ticket, _: ticket.status_since),
    "late": _span("late", _clock),
    "left": _left,
    "overdue": _overdue,
    "status": _status,
    "events": _events(lambda _: None),
    "events-in-status": _events(lambda ticket: ticket.status_since),
    "day": _day,
}
"""The facts that tell since when, each with what reads it; what follows a dot in a fact's name is handed along."""
