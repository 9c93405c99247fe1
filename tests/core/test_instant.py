"""Instants, dates and durations as the desk writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import DURATIONS, instants
from tk.core.instant import (
    Duration,
    epoch,
    exactly,
    format_instant,
    in_zone,
    parse_date,
    parse_duration,
    parse_instant,
)


@given(instants())
def test_an_instant_reads_back_with_its_offset(instant: datetime) -> None:
    again = parse_instant(format_instant(instant))
    assert (again, again.utcoffset()) == (instant, instant.utcoffset())
    assert epoch(instant) == instant.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-08-12",
        "2026-08-12T09:14:03",
        "2026-13-12T09:14:03Z",
        "2026-08-12 09:14:03Z",
        "2026-02-30T00:00:00Z",
        "2026-08-12T09:14:03+99:00",
        "٢026-08-12T09:14:03Z",
        "2026-08-12T09:14Z",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_instant(text)


def test_fractions_are_dropped_and_letters_may_be_small() -> None:
    assert parse_instant("2026-08-12t09:14:03.999z") == datetime(2026, 8, 12, 9, 14, 3, tzinfo=UTC)


def test_a_zone_gives_its_offset_on_both_sides_of_the_clock_change() -> None:
    zone = ZoneInfo("America/Santiago")
    before = in_zone(datetime(2026, 4, 5, 2, 59, 59, tzinfo=UTC), zone)
    assert [format_instant(before), format_instant(in_zone(before + timedelta(seconds=1), zone))] == [
        "2026-04-04T23:59:59-03:00",
        "2026-04-04T23:00:00-04:00",
    ]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01T00:00:00+00:00", "America/Santiago"),
        ("0001-01-01T00:00:00+23:59", "UTC"),
        ("9999-12-31T23:59:59+00:00", "Pacific/Kiritimati"),
    ],
)
def test_an_instant_that_no_year_of_a_zone_has_stays_as_it_is(text: str, zone: str) -> None:
    assert format_instant(in_zone(parse_instant(text), ZoneInfo(zone))) == text


def test_a_date_reads_as_a_day() -> None:
    assert parse_date("2026-08-12") == date(2026, 8, 12)
    for wrong in ("2026-8-12", "20260812", "2026-02-30", ""):
        with pytest.raises(ValueError, match=r".*"):
            parse_date(wrong)


@given(DURATIONS)
def test_a_duration_reads_back(text: str) -> None:
    assert parse_duration(text) == parse_duration(str(parse_duration(text)))


def test_durations_of_the_wall_clock_have_a_length() -> None:
    assert parse_duration("90m").wall == timedelta(minutes=90)
    assert parse_duration("2w").wall == timedelta(days=14)
    assert not parse_duration("4d").is_business


def test_business_time_has_none_without_a_calendar() -> None:
    assert Duration(8, "bh").is_business
    with pytest.raises(KeyError):
        _ = Duration(3, "bd").wall


@pytest.mark.parametrize("text", ["", "4", "h", "4 h", "-4h", "4H", "1.5h", "4hh", "٤h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_duration(text)


@given(st.integers(0, 10**9 - 1), st.booleans())
def test_a_length_is_told_exactly_in_the_largest_unit_that_leaves_no_rest(seconds: int, business: bool) -> None:
    duration = exactly(timedelta(seconds=seconds), business=business)
    assert parse_duration(str(duration)) == duration
    assert (duration.open if business else duration.wall) == timedelta(seconds=seconds)
    assert duration.is_business is business


@pytest.mark.parametrize(
    ("seconds", "business", "text"),
    [(7200, False, "2h"), (5400, True, "90bm"), (5025, True, "5025bs"), (0, False, "0h"), (-3, True, "0bh")],
)
def test_what_is_left_is_told_briefly(seconds: int, business: bool, text: str) -> None:
    assert str(exactly(timedelta(seconds=seconds), business=business)) == text
