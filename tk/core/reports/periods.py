"""Periods to count over: days, weeks, months, quarters, years of the desk's own calendar."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

EVERY = ("day", "week", "month", "quarter", "year")
"""The lengths that a report can count over."""

_FEW_DAYS, _FEW_WEEKS = timedelta(days=31), timedelta(weeks=26)


def suited(first: datetime, last: datetime) -> str:
    """Return the length of period that suits what lies between two instants."""
    if last - first <= _FEW_DAYS:
        return "day"
    return "week" if last - first <= _FEW_WEEKS else "month"


def start_of(every: str, day: date) -> date:
    """Return the first day of the period that a day lies in; a week begins on Monday."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every == "month":
        return day.replace(day=1)
    if every == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if every == "year" else day


def after(every: str, start: date) -> date:
    """Return the first day of the period after the one that begins on `start`."""
    lengths = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
    return start_of(every, start + timedelta(days=lengths[every]))


def name_of(every: str, start: date) -> str:
    """Return what the period that begins on `start` is called: `2026-08-12 2026-W33 2026-08 2026-Q3 2026`."""
    if every == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    if every == "quarter":
        return f"{start.year}-Q{start.month // 3 + 1}"
    return start.isoformat()[: {"month": 7, "year": 4}.get(every, 10)]


def between(every: str, first: datetime, last: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield name and end of each period from the one that `first` lies in to the one of `last`.

    An end is the midnight that begins the next period, in the zone of `first`.
    """
    start = start_of(every, first.date())
    while start <= last.date():
        end = after(every, start)
        yield name_of(every, start), datetime.combine(end, time(), tzinfo=first.tzinfo)
        start = end
