"""Clocks on walls: what they read at an instant, and when they are set.

Instants are whole seconds of UTC, readings whole seconds of local time, both counted from 0001-01-01, which was a
Monday. Between two settings of the clocks of a zone they differ by its offset.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from tk.core.instant import in_zone

FIRST = datetime(1, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = 86400
WEEK = 7 * DAY
LAST = (datetime(9999, 12, 29, tzinfo=UTC) - FIRST) // SECOND
"""The last second that has a reading in every zone, more or less."""


def stretches(zone: tzinfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Yield the time from `first` to `last` in stretches of at most a week, over each of which the offset is the same.

    No zone sets its clocks twice within a week.
    """
    begin = first
    offset = offset_at(zone, begin)
    while begin < last:
        end = min(begin + WEEK, last)
        later = offset_at(zone, end)
        if later != offset:
            end = change(zone, begin, end)
            later = offset_at(zone, end)
        yield begin, end, offset
        begin, offset = end, later


def change(zone: tzinfo, begin: int, end: int) -> int:
    """Return the first second after `begin`, at most `end`, whose offset is another one than that of `begin`."""
    offset = offset_at(zone, begin)
    return begin + bisect_left(range(begin, end), True, key=lambda count: offset_at(zone, count) != offset)


def offset_at(zone: tzinfo, count: int) -> int:
    """Return how many seconds ahead of UTC the clocks of a zone are at an instant; beyond all years as at their end."""
    local = (FIRST + timedelta(seconds=min(max(count, DAY), LAST))).astimezone(zone)
    return (local.utcoffset() or timedelta(0)) // SECOND


def first_reading(zone: tzinfo, reading: int) -> int:
    """Return when the wall clock first reads `reading`; where it is set past that, when it is set."""
    local = (FIRST + timedelta(seconds=reading)).replace(tzinfo=zone)
    early, late = sorted(count_of(local.replace(fold=fold)) for fold in (0, 1))
    if early + offset_at(zone, early) == reading:
        return early
    return change(zone, early, late)


def count_of(instant: datetime) -> int:
    """Return the whole seconds of an instant, from 0001-01-01 UTC."""
    return (instant - FIRST) // SECOND


def instant_of(count: int, zone: tzinfo) -> datetime:
    """Return the instant of so many seconds, told in a zone."""
    return in_zone(FIRST + timedelta(seconds=count), zone)
