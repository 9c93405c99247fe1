"""Follow-ups as a calendar program takes them (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC

from icalendar import Calendar, Event

from tk import __version__
from tk.core.instant import parse_instant
from tk.core.policy import Policy
from tk.core.text import one_line
from tk.store.index import Row


def calendar(policy: Policy, person: str, rows: Iterable[Row]) -> str:
    """Return the follow-ups as iCalendar, each under an identifier of its ticket, so that a later one replaces it."""
    made = Calendar()
    made.add("prodid", f"-//tk//tk {__version__}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{policy.people.label(person, policy.desk.language)}, {policy.desk.name}")
    for row in rows:
        made.add_component(_event(policy, row))
    return str(made.to_ical(), "utf-8")


def _event(policy: Policy, row: Row) -> Event:
    language = policy.desk.language
    told = [policy.statuses.label(row.status, language), policy.priorities.label(row.priority, language)]
    event = Event()
    event.add("uid", f"{row.id}.follow-up@tk")
    event.add("dtstamp", parse_instant(row.updated or row.created or row.follow_up or "").astimezone(UTC))
    event.add("dtstart", parse_instant(row.follow_up or "").astimezone(UTC))
    event.add("summary", f"{row.id} {one_line(row.title)}")
    event.add("description", ", ".join(filter(None, (*told, row.customer, row.requester))))
    return event
