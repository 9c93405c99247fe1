"""Instants, dates and durations as the desk writes them.

Instants are RFC 3339 in whole seconds with an offset; durations are a number and a unit: `90m`, `24h`, `4d` (24 h
each), `2w` on the wall clock, `8bh`, `3bd` in business hours and days of the calendar that applies (design, section 5).
What is left of a stopped clock is told to the second: `5025s`, and in business time `90bm`, `5025bs`.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

LATE_ENTRY = timedelta(minutes=5)
"""How long after it happened an event may be entered without saying so (design, section 2: `logged`).

By no more may the clocks of those differ who work at one desk.
"""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(r"(\d{1,9}(?=b?[smh])|\d{1,6})(s|m|h|d|w|bs|bm|bh|bd)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_OPEN_SECONDS = {"bs": 1, "bm": 60, "bh": 3600}


def parse_instant(text: str) -> datetime:
    """Return the instant that `text` writes, fractions of a second dropped; raise ValueError where it is none."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper()).replace(microsecond=0)


def format_instant(instant: datetime) -> str:
    """Return `instant` as RFC 3339 in whole seconds with its own offset, `+00:00` for UTC."""
    return instant.isoformat(timespec="seconds")


def in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """Return the same instant in `zone`, whole seconds, its offset fixed; as it is where no year there has it."""
    try:
        local = instant.astimezone(zone).replace(microsecond=0)
    except OverflowError:
        return instant.replace(microsecond=0)
    return datetime.fromisoformat(local.isoformat(timespec="seconds"))


def parse_date(text: str) -> date:
    """Return the day that `text` writes as YYYY-MM-DD; raise ValueError where it is none."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_moment(text: str, now: datetime) -> datetime:
    """Return the instant that a person writes: RFC 3339, or a day and a time (`2026-08-12T09:30`) at `now`'s offset.

    Raises:
        ValueError: it is neither.
    """
    bare = text.strip().replace(" ", "T", 1)
    if _INSTANT.fullmatch(bare):
        return parse_instant(bare).astimezone(now.tzinfo)
    moment = datetime.fromisoformat(bare)
    if moment.tzinfo is not None or len(bare) < len("2026-08-12T09:30"):
        raise ValueError(text)
    return moment.replace(tzinfo=now.tzinfo, microsecond=0)


def epoch(instant: datetime) -> int:
    """Return whole seconds since 1970-01-01T00:00:00Z."""
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


class Duration(NamedTuple):
    """A length of time: `amount` of `unit`, one of s m h d w (wall clock) or bs bm bh bd (business time)."""

    amount: int
    unit: str

    def __str__(self) -> str:
        """Return it as the desk writes it, such as `16bh`."""
        return f"{self.amount}{self.unit}"

    @property
    def is_business(self) -> bool:
        """Whether only a calendar can say how long it is."""
        return self.unit.startswith("b")

    @property
    def wall(self) -> timedelta:
        """The length on the wall clock; raise KeyError for business time."""
        return timedelta(seconds=self.amount * _SECONDS[self.unit])

    @property
    def open(self) -> timedelta:
        """The length in open hours of a calendar; raise KeyError for the wall clock's, and for business days."""
        return timedelta(seconds=self.amount * _OPEN_SECONDS[self.unit])

    @property
    def length(self) -> timedelta:
        """The length on the wall clock, or in open hours; raise KeyError for business days."""
        return self.open if self.is_business else self.wall


def parse_duration(text: str) -> Duration:
    """Return the duration that `text` writes; raise ValueError where it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Duration(int(match[1]), match[2])


def exactly(length: timedelta, *, business: bool) -> Duration:
    """Return the duration of that many seconds, in hours or minutes where that leaves no rest; none is less than 0."""
    units = _OPEN_SECONDS if business else {unit: _SECONDS[unit] for unit in ("s", "m", "h")}
    seconds = max(0, length // timedelta(seconds=1))
    unit = next(unit for unit in reversed(units) if seconds % units[unit] == 0)
    return Duration(seconds // units[unit], unit)
