"""The course of a ticket as reports see it: open or not, when it was solved, who had it, who spoke to whom."""

from datetime import datetime
from typing import NamedTuple

from tk.core.chronicle import Happened, Life, Span, spans
from tk.core.instant import parse_instant
from tk.core.policy import Policy

DONE = frozenset({"solved", "closed"})
"""The kinds of status in which nobody is expected to work on a ticket."""


class Stretch(NamedTuple):
    """A time during which a ticket was of one kind of status; without an end it has not ended."""

    kind: str
    start: datetime
    end: datetime | None


def stretches(policy: Policy, life: Life) -> list[Stretch]:
    """Return the kinds of status a ticket went through, from its beginning; one that the desk does not know is open.

    What a squash left untold, between the ticket's beginning and its first known status, counts as open.
    """
    found: list[Stretch] = []
    for span in spans(life, "status"):
        kind = policy.kind(span.value) or "open"
        if not found and span.start > life.begun:
            found.append(Stretch("open", life.begun, span.start))
        if found and found[-1].kind == kind:
            found[-1] = found[-1]._replace(end=span.end)
        else:
            found.append(Stretch(kind, span.start, span.end))
    return found


def is_done(policy: Policy, life: Life) -> bool:
    """Return whether a ticket is solved or closed in the end."""
    return policy.kind(life.text("status")) in DONE


def solved_at(policy: Policy, life: Life) -> datetime | None:
    """Return when a ticket that is solved was solved, for the last time; None where it is not."""
    done_since = None
    for stretch in stretches(policy, life):
        if stretch.kind not in DONE:
            done_since = None
        elif done_since is None:
            done_since = stretch.start
    return done_since


def owners(life: Life) -> list[Span]:
    """Return who had a ticket when."""
    return spans(life, "owner")


def held(policy: Policy, life: Life, now: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return during which times each owner had a ticket that was neither solved nor closed."""
    open_times = [(s.start, s.end or now) for s in stretches(policy, life) if s.kind not in DONE]
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for span in owners(life):
        for start, end in open_times:
            first, last = max(start, span.start), min(end, span.until(now))
            if first < last:
                found.setdefault(span.value, []).append((first, last))
    return found


def contacts(policy: Policy, life: Life, direction: str) -> list[Happened]:
    """Return the contacts `from` or `to` the requester, in time order; those to him are made by people of the desk."""
    types = {event.key for event in policy.events.entries.values() if event.contact == direction}
    found = (event for event in life.events if event.type in types)
    staff = (event for event in found if direction == "from" or event.by in policy.people.entries)
    return sorted(staff, key=lambda event: event.at)


def instant_of(value: object, zone_of: datetime) -> datetime | None:
    """Return the instant that a key of the file holds, in the zone of `zone_of`; None where it holds none."""
    if not isinstance(value, str):
        return None
    try:
        return parse_instant(value).astimezone(zone_of.tzinfo)
    except (ValueError, OverflowError):
        return None


def entries(value: object) -> dict[str, str]:
    """Return what a map of the file holds by name, as text."""
    return {str(name): str(held) for name, held in value.items()} if isinstance(value, dict) else {}
