"""How long a clock may run: a length of time by the wall clock or by the hours of a calendar."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core.calendars.calendar import Hours, Spell, add, add_days, back, back_days, between
from tk.core.instant import Duration, exactly, in_zone, parse_date
from tk.core.register import Registers
from tk.core.rules import HOLIDAY, Calendar

_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


class Allowance(NamedTuple):
    """The `length` of a clock; business time goes by `hours`, and what comes out is told in the desk's `zone`."""

    length: Duration
    zone: tzinfo
    hours: Hours | None = None

    def due(self, start: datetime) -> datetime:
        """Return when a clock falls due that starts at `start`."""
        return later(self.length, start, self.hours, self.zone)

    def begun(self, due: datetime) -> datetime:
        """Return when a clock that falls due at `due` would have started, had it never been stopped."""
        return earlier(self.length, due, self.hours, self.zone)

    def left(self, at: datetime, due: datetime) -> Duration:
        """Return what is left at `at`, to the second: the length itself where nothing is used, none where all is.

        What is left of business days is told in open hours.
        """
        if self.due(at) == due:
            return self.length
        if self.length.is_business and self.hours is not None:
            return exactly(between(self.hours, at, due), business=True)
        return exactly(due - at, business=False)

    def resumed(self, at: datetime, left: Duration) -> datetime:
        """Return when a clock of which `left` is left falls due, going on at `at`."""
        return later(left, at, self.hours, self.zone)


def later(length: Duration, start: datetime, hours: Hours | None, zone: tzinfo) -> datetime:
    """Return the instant `length` after `start`, in `zone`; the end of all years for what lies beyond.

    Raises:
        ValueError: the length is in business time, and there are no hours.
    """
    try:
        return in_zone(_later(length, start, hours), zone)
    except OverflowError:
        return _LAST


def _later(length: Duration, start: datetime, hours: Hours | None) -> datetime:
    if not length.is_business:
        return start + length.wall
    if hours is None:
        raise ValueError(length)
    return add_days(hours, start, length.amount) if length.unit == "bd" else add(hours, start, length.open)


def earlier(length: Duration, end: datetime, hours: Hours | None, zone: tzinfo) -> datetime:
    """Return the instant `length` before `end`, as `later` goes forward."""
    try:
        return in_zone(_earlier(length, end, hours), zone)
    except OverflowError:
        return _FIRST


def _earlier(length: Duration, end: datetime, hours: Hours | None) -> datetime:
    if not length.is_business:
        return end - length.wall
    if hours is None:
        raise ValueError(length)
    if length.amount == 0:
        return end
    return back_days(hours, end, length.amount) if length.unit == "bd" else back(hours, end, length.open)


def hours_of(calendar: Calendar, registers: Registers) -> Hours:
    """Return the hours of a calendar with the holidays that its registers have; what is no day there is none."""
    week = tuple(tuple(Spell(start, end) for start, end in day) for day in calendar.week)
    written = (row.get(HOLIDAY, "") for register in calendar.holidays for row in registers.rows(register))
    days = []
    for text in written:
        try:
            days.append(parse_date(text))
        except ValueError:
            continue
    return Hours(ZoneInfo(calendar.zone), week, frozenset(days))
