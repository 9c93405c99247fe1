"""Follow-ups as a calendar program takes them (RFC 5545)."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import TypeVar

from icalendar import Calendar, Component, Event

from tk import __version__
from tk.core.instant import parse_instant
from tk.core.policy import Policy
from tk.core.text import one_line
from tk.store.index import Row

C = TypeVar("C", bound=Component)


def calendar(policy: Policy, person: str, rows: Iterable[Row]) -> str:
    """Return the follow-ups as iCalendar, each under an identifier of its ticket, so that a later one replaces it."""
    made = _filled(
        Calendar(),
        {
            "prodid": f"-//tk//tk {__version__}//EN",
            "version": "2.0",
            "method": "PUBLISH",
            "x-wr-calname": f"{policy.people.label(person, policy.desk.language)}, {policy.desk.name}",
        },
    )
    for row in rows:
        made.add_component(_event(policy, row))
    return str(made.to_ical(), "utf-8")


def _event(policy: Policy, row: Row) -> Event:
    language = policy.desk.language
    told = [policy.statuses.label(row.status, language), policy.priorities.label(row.priority, language)]
    told += [row.customer or "", row.requester or ""]
    return _filled(
        Event(),
        {
            "uid": f"{row.id}.follow-up@tk",
            "dtstamp": parse_instant(row.updated or row.created or row.follow_up or "").astimezone(UTC),
            "dtstart": parse_instant(row.follow_up or "").astimezone(UTC),
            "summary": f"{row.id} {one_line(row.title)}",
            "description": ", ".join(filter(None, told)),
        },
    )


def _filled(component: C, properties: Mapping[str, object]) -> C:
    """Return the component with these properties, each escaped as its kind asks."""
    for name, value in properties.items():
        component.add(name, value)
    return component
