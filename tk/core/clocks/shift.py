"""The shift of a person: the hours of a calendar in which he works, and a follow-up must lie (desks.md A4, A5)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tk.core.calendars.allowance import hours_of
from tk.core.calendars.calendar import Hours, is_open, next_opening
from tk.core.facts import Outside
from tk.core.instant import format_instant, in_zone
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import say


def hours_of_person(policy: Policy, outside: Outside, person: str | None) -> Hours | None:
    """Return when a person works; None where tk.toml gives him no shift."""
    entry = policy.people.entries.get(person or "")
    calendar = None if entry is None else policy.calendars.entries.get(entry.shift or "")
    return None if calendar is None else hours_of(calendar, outside.registers)


def outside_shift(policy: Policy, outside: Outside, ticket: Ticket, at: datetime) -> Refusal | None:
    """Return why a follow-up of the ticket may not be at `at`: its owner has a shift, and it lies outside."""
    hours = hours_of_person(policy, outside, ticket.owner)
    if hours is None or is_open(hours, at):
        return None
    zone = ZoneInfo(policy.desk.zone)
    message = say(
        "{id}: {at} lies outside the shift of {person}",
        id=ticket.id,
        at=format_instant(in_zone(at, zone)),
        person=ticket.owner,
    )
    opening = next_opening(hours, at)
    if opening is None:
        return Refusal("outside-shift", message)
    when = format_instant(in_zone(opening, zone))
    return Refusal("outside-shift", message, say("the next one begins at {at}", at=when))
