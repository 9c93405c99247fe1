"""Instants and days as people say them: `3 h ago`, `in 2 days`, `12 Aug 2026`."""

from datetime import date, datetime

from tk.core.numbers import counted
from tk.errors import Message, say

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_FAR = 30 * _DAY


def day(at: date, in_year: int | None = None) -> str:
    """Return a day, its month by name: whoever reads it need not guess which number is which.

    The year goes without saying where it is `in_year`.
    """
    month = str(say("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")).split()[at.month - 1]
    if at.year == in_year:
        return str(say("{day} {month}", day=at.day, month=month))
    return str(say("{day} {month} {year}", day=at.day, month=month, year=at.year))


def moment(at: datetime) -> str:
    """Return a day and a time to the minute."""
    return f"{day(at)} {at:%H:%M}"


def is_far(instant: datetime, now: datetime) -> bool:
    """Whether an instant lies a month away, or more."""
    return abs((instant - now).total_seconds()) >= _FAR


def relative(instant: datetime, now: datetime) -> str:
    """Return how far `instant` lies from `now` in the largest unit that fits, or its date where it is far away."""
    if is_far(instant, now):
        return day(instant, now.year)
    seconds = int((instant - now).total_seconds())
    return str(_ago(-seconds) if seconds <= 0 else _ahead(seconds))


def _ago(seconds: int) -> Message:
    if seconds < _MINUTE:
        return say("just now")
    if seconds < _HOUR:
        return say("{count} min ago", count=seconds // _MINUTE)
    if seconds < _DAY:
        return say("{count} h ago", count=seconds // _HOUR)
    return counted(seconds // _DAY, "{count} day ago", "{count} days ago")


def _ahead(seconds: int) -> Message:
    if seconds < _MINUTE:
        return say("in a moment")
    if seconds < _HOUR:
        return say("in {count} min", count=seconds // _MINUTE)
    if seconds < _DAY:
        return say("in {count} h", count=seconds // _HOUR)
    return counted(seconds // _DAY, "in {count} day", "in {count} days")
