"""Periods follow each other without gap or overlap, whatever their length, and are named as people write them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.reports.periods import EVERY, after, between, name_of, start_of, suited

SANTIAGO = ZoneInfo("America/Santiago")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("every", "name"),
    [("day", "2026-08-12"), ("week", "2026-W33"), ("month", "2026-08"), ("quarter", "2026-Q3"), ("year", "2026")],
)
def test_the_name_of_a_period(every: str, name: str) -> None:
    assert name_of(every, start_of(every, date(2026, 8, 12))) == name


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert name_of("week", start_of("week", date(2027, 1, 1))) == "2026-W53"


@given(DAYS, st.sampled_from(EVERY))
def test_each_day_lies_in_the_one_period_that_begins_before_it(day: date, every: str) -> None:
    start = start_of(every, day)
    end = after(every, start)
    assert start <= day < end
    assert start_of(every, end) == end
    assert start_of(every, end - timedelta(days=1)) == start


def test_periods_end_at_midnight_by_the_desk_s_own_clocks() -> None:
    first, last = datetime(2026, 9, 5, 12, tzinfo=SANTIAGO), datetime(2026, 9, 7, 12, tzinfo=SANTIAGO)
    told = list(between("day", first, last))
    assert [name for name, _ in told] == ["2026-09-05", "2026-09-06", "2026-09-07"]
    assert [end.isoformat() for _, end in told] == [
        "2026-09-06T00:00:00-04:00",
        "2026-09-07T00:00:00-03:00",
        "2026-09-08T00:00:00-03:00",
    ]


def test_the_length_suits_the_time() -> None:
    first = datetime(2026, 1, 1, tzinfo=SANTIAGO)
    assert [suited(first, first + timedelta(days=days)) for days in (1, 31, 32, 182, 183)] == [
        "day",
        "day",
        "week",
        "week",
        "month",
    ]
