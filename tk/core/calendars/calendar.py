"""Business time: the hours of a calendar, measured and added in real seconds.

A calendar is open at an instant when the clock on its wall then reads a time inside a spell of its week, and the day of
that spell is no holiday. So where clocks go back, an hour that is read twice is open twice; where they go forward, one
that is never read is never open. What is measured is what really passes: seconds. A spell past midnight belongs to the
day on which it begins: a holiday takes away the night that begins on it, not the one that ends on it.

How long a wall clock has been in open hours by the time of a reading is a sum in closed form, and between two settings
of it readings and instants differ by a constant: nothing walks through minutes or days to measure.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from tk.core.calendars.wall import DAY, LAST, SECOND, WEEK, count_of, first_reading, instant_of, offset_at, stretches
from tk.core.instant import in_zone


class Spell(NamedTuple):
    """A stretch of a day that is open: from `start` up to `end`, in minutes of the local day.

    `end` may pass midnight: 22:00 to 06:00 is 1320 to 1800; 2880, the end of the next day, is the latest.
    """

    start: int
    end: int


class Hours(NamedTuple):
    """When a calendar is open: for Monday to Sunday its spells, in order and apart; on holidays none begins."""

    zone: tzinfo
    week: tuple[tuple[Spell, ...], ...]
    holidays: frozenset[date] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it never opens at all, so that no business time can be added."""
        return not any(self.week)


def add(hours: Hours, start: datetime, length: timedelta) -> datetime:
    """Return the instant by which `length` of open time has passed since `start`, in the calendar's zone.

    A start outside hours counts from the next opening. An end that falls on a closing time is the closing time itself,
    not the next opening; nothing added to `start` is `start`.

    Raises:
        ValueError: the calendar has no hours, or `length` is less than nothing.
        OverflowError: the end lies beyond the year 9999.
    """
    if hours.is_empty or length < timedelta(0):
        raise ValueError(length)
    opened = _Opened.of(hours)
    left = length // SECOND
    for begin, end, offset in stretches(hours.zone, count_of(start), LAST):
        before = opened.by(begin + offset)
        passed = opened.by(end + offset) - before
        if passed >= left:
            readings = range(begin + offset, end + offset)
            return instant_of(begin + bisect_left(readings, before + left, key=opened.by), hours.zone)
        left -= passed
    raise OverflowError(length)


def back(hours: Hours, end: datetime, length: timedelta) -> datetime:
    """Return the earliest instant from which `length` of open time passes until `end`, in the calendar's zone.

    What `add` makes of a start, `back` undoes, but for hours in which the calendar is closed.

    Raises:
        ValueError: the calendar has no hours, or `length` is less than nothing.
        OverflowError: the start lies before the year 1.
    """
    if hours.is_empty or length < timedelta(0):
        raise ValueError(length)
    reach = timedelta(seconds=WEEK)
    while (passed := between(hours, end - reach, end)) <= length:
        reach *= 2
    return add(hours, end - reach, passed - length)


def between(hours: Hours, first: datetime, second: datetime) -> timedelta:
    """Return how much open time lies between two instants, less than nothing where `second` is the earlier one."""
    if second < first:
        return -between(hours, second, first)
    opened = _Opened.of(hours)
    return timedelta(
        seconds=sum(
            opened.by(end + offset) - opened.by(begin + offset)
            for begin, end, offset in stretches(hours.zone, count_of(first), count_of(second))
        )
    )


def add_days(hours: Hours, start: datetime, days: int) -> datetime:
    """Return the instant `days` working days after `start`, in the calendar's zone.

    A working day is one on which a spell begins. The end is the same time of day on the last of them; where that is
    outside its hours, the closing before it, or else the first opening. What comes in on a day without work counts as
    come in after the closing of the last working day: it ends at the closing of the last day.

    Raises:
        ValueError: the calendar has no hours, or `days` is less than none.
        OverflowError: the end lies beyond the year 9999.
    """
    if hours.is_empty or days < 0:
        raise ValueError(days)
    if days == 0:
        return in_zone(start, hours.zone)
    return _working_day(hours, start, days, 1)


def back_days(hours: Hours, end: datetime, days: int) -> datetime:
    """Return the instant `days` working days before `end`, as `add_days` goes forward, in the calendar's zone.

    Raises:
        ValueError: the calendar has no hours, or `days` is less than one.
        OverflowError: the start lies before the year 1.
    """
    if hours.is_empty or days < 1:
        raise ValueError(days)
    return _working_day(hours, end, days, -1)


def days_between(hours: Hours, first: datetime, second: datetime) -> float:
    """Return how many working days after `first` the instant `second` is: 2.5 where it is between two and three.

    They are the days of `add_days`; none where `second` is the earlier one, or the calendar has no hours.
    """
    if hours.is_empty or second <= first:
        return 0
    first = max(first, instant_of(2 * DAY, UTC))  # no zone has what lies before it
    opened = _Opened.of(hours)
    days, last = (count_of(at) + offset_at(hours.zone, count_of(at)) for at in (first, second))
    count = sum(bool(opened.spells(day)) for day in range(days // DAY, last // DAY + 1))
    while (end := _ended(hours, first, count)) is None or end > second:
        count -= 1
    return count if end == second else count + 0.5


def _ended(hours: Hours, first: datetime, days: int) -> datetime | None:
    """Return what `add_days` does; None where that lies beyond all years."""
    try:
        return add_days(hours, first, days)
    except OverflowError:
        return None


def _working_day(hours: Hours, start: datetime, days: int, step: int) -> datetime:
    opened = _Opened.of(hours)
    count = count_of(start)
    day, time = opened.place(count + offset_at(hours.zone, count))
    for _ in range(days):
        day = opened.working_day(day, step)
    return instant_of(first_reading(hours.zone, day * DAY + _clipped(opened.spells(day), time)), hours.zone)


def is_open(hours: Hours, at: datetime) -> bool:
    """Return whether the calendar is open at an instant; at a closing time it is not."""
    count = count_of(at)
    reading = count + offset_at(hours.zone, count)
    opened = _Opened.of(hours)
    return opened.by(reading + 1) > opened.by(reading)


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which the calendar is open; None where it never is."""
    try:
        return None if hours.is_empty else in_zone(add(hours, at, SECOND) - SECOND, hours.zone)
    except OverflowError:
        return None


def next_closing(hours: Hours, at: datetime) -> datetime | None:
    """Return when the calendar closes that is open at `at`, or opens next after it; None where it never closes."""
    opening = next_opening(hours, at)
    if opening is None:
        return None
    # A week that never closes is interrupted by holidays alone; after the last of them nothing closes it any more.
    last = max((day.toordinal() for day in hours.holidays), default=0) * DAY
    horizon = instant_of(min(max(count_of(opening), last) + 2 * WEEK, LAST), UTC)
    _, closing = next(spells(hours, opening, horizon))
    return None if closing >= horizon else closing


def spells(hours: Hours, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing of each time the calendar is open from `first` to `last`, both cut off there.

    They are in the calendar's zone; hours that run on without a break are one.
    """
    since: int | None = None
    until = 0
    for begin, end in _openstretches(hours, count_of(first), count_of(last)):
        if since is None:
            since = begin
        elif begin > until:
            yield instant_of(since, hours.zone), instant_of(until, hours.zone)
            since = begin
        until = end
    if since is not None:
        yield instant_of(since, hours.zone), instant_of(until, hours.zone)


class _Opened(NamedTuple):
    """What the hours come to, in seconds: for one calendar made once."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    upto: tuple[int, ...]
    holidays: tuple[int, ...]
    lost: tuple[int, ...]

    @staticmethod
    @lru_cache(maxsize=64)
    def of(hours: Hours) -> "_Opened":
        """Return the sums of `hours`: by weekday what the days before it have, by holiday what all before it lose."""
        week = tuple(tuple((spell.start * 60, spell.end * 60) for spell in day) for day in hours.week)
        lengths = [sum(end - start for start, end in day) for day in week]
        holidays = sorted(day.toordinal() - 1 for day in hours.holidays)
        lost = accumulate((lengths[day % 7] for day in holidays), initial=0)
        return _Opened(week, tuple(accumulate(lengths, initial=0)), tuple(holidays), tuple(lost))

    def spells(self, day: int) -> tuple[tuple[int, int], ...]:
        """Return the spells that begin on a day."""
        place = bisect_left(self.holidays, day)
        is_holiday = place < len(self.holidays) and self.holidays[place] == day
        return () if is_holiday else self.week[day % 7]

    def by(self, reading: int) -> int:
        """Return how long the wall clock was in open hours by the time it reads `reading`, had it never been set."""
        day = reading // DAY
        over = day - 1  # days before this one are over: no spell outlasts the day after its own
        weeks, rest = divmod(over, 7)
        total = weeks * self.upto[7] + self.upto[rest] - self.lost[bisect_left(self.holidays, over)]
        for begun in (over, day):
            for start, end in self.spells(begun):
                total += min(max(reading - begun * DAY - start, 0), end - start)
        return total

    def place(self, reading: int) -> tuple[int, int]:
        """Return the working day that a reading belongs to, and how many seconds of it have passed."""
        today = reading // DAY
        for day in (today - 1, today):
            time = reading - day * DAY
            if any(start <= time < end for start, end in self.spells(day)):
                return day, time
        return (today, reading % DAY) if self.spells(today) else (today, 2 * DAY)

    def working_day(self, day: int, step: int) -> int:
        """Return the next day on which a spell begins, after `day` or, with a step of -1, before it."""
        day += step
        while not self.spells(day):
            day += step
            if not 1 <= day < LAST // DAY:
                raise OverflowError(day)
        return day


def _clipped(day: tuple[tuple[int, int], ...], time: int) -> int:
    """Return the time of a day itself where it is open or closing; else the closing before it, or the first opening."""
    begun = [(start, end) for start, end in day if start <= time]
    return min(time, begun[-1][1]) if begun else day[0][0]


def _openstretches(hours: Hours, first: int, last: int) -> Iterator[tuple[int, int]]:
    opened = _Opened.of(hours)
    for begin, end, offset in stretches(hours.zone, first, last):
        for day in range((begin + offset) // DAY - 1, (end + offset) // DAY + 1):
            for start, close in opened.spells(day):
                since = max(day * DAY + start - offset, begin)
                until = min(day * DAY + close - offset, end)
                if since < until:
                    yield since, until
