"""Business time: known vectors, both changes of the clock, and the laws that adding and measuring keep."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tk.core.calendars.calendar import (
    Hours,
    Spell,
    add,
    add_days,
    back,
    back_days,
    between,
    days_between,
    is_open,
    next_closing,
    next_opening,
    spells,
)

BERLIN = ZoneInfo("Europe/Berlin")
SANTIAGO = ZoneInfo("America/Santiago")


def daily(start: float, end: float, days: int = 7, holidays: tuple[date, ...] = (), zone: ZoneInfo = BERLIN) -> Hours:
    """Return hours from `start` to `end` o'clock on the first `days` of each week."""
    day = (Spell(round(start * 60), round(end * 60)),)
    return Hours(zone, (day,) * days + ((),) * (7 - days), frozenset(holidays))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


OFFICE = daily(8, 18, days=5)
LATE = daily(8, 20, days=5, holidays=(date(2016, 11, 1),))


@pytest.mark.parametrize(
    ("hours", "start", "length", "end"),
    [
        (OFFICE, "2013-03-21 09:30", 60, "2013-03-21 10:30"),
        (OFFICE, "2013-03-21 09:30", 120, "2013-03-21 11:30"),
        (OFFICE, "2013-03-21 09:30", 180, "2013-03-21 12:30"),
        (LATE, "2016-11-01 13:56:21", 120, "2016-11-02 09:00"),
        (LATE, "2016-11-01 13:56:21", 1200, "2016-11-03 15:00"),
    ],
)
def test_the_vectors_of_old(hours: Hours, start: str, length: int, end: str) -> None:
    assert add(hours, utc(start), minutes(length)) == utc(end)
    assert between(hours, utc(start), utc(end)) == minutes(length)


def test_a_clock_stopped_twice_ends_as_much_later() -> None:
    hours = daily(9, 18)
    left = minutes(120)
    for start, stop in (("09:00", "09:30"), ("09:45", "10:00")):
        left -= between(hours, utc(f"2013-06-04 {start}"), utc(f"2013-06-04 {stop}"))
    assert add(hours, utc("2013-06-04 10:30"), left) == utc("2013-06-04 11:45")


def test_an_end_at_closing_is_the_closing_itself() -> None:
    friday = utc("2026-11-27 08:00")  # 09:00 in Berlin
    assert add(OFFICE, friday, timedelta(hours=9)) == utc("2026-11-27 17:00")
    assert add(OFFICE, friday, timedelta(hours=9, seconds=1)) == utc("2026-11-30 07:00:01")
    assert add(OFFICE, utc("2026-11-27 17:00"), timedelta(0)) == utc("2026-11-27 17:00")


@pytest.mark.parametrize("start", ["2026-11-27 17:00", "2026-11-28 12:00", "2026-11-30 06:59:59", "2026-11-30 07:00"])
def test_a_start_outside_hours_counts_from_the_next_opening(start: str) -> None:
    assert add(OFFICE, utc(start), minutes(30)) == utc("2026-11-30 07:30")


def test_a_holiday_is_closed_and_29_february_a_day_like_any() -> None:
    hours = daily(9, 17, holidays=(date(2028, 2, 29),), zone=ZoneInfo("UTC"))
    assert add(hours, utc("2028-02-28 16:00"), minutes(120)) == utc("2028-03-01 10:00")
    assert add(hours._replace(holidays=frozenset()), utc("2028-02-28 16:00"), minutes(120)) == utc("2028-02-29 10:00")
    assert add(hours, utc("2028-02-29 10:00"), minutes(60)) == utc("2028-03-01 10:00")


def test_hours_last_what_really_passes_where_the_clock_changes_inside_them() -> None:
    night = daily(0, 8)
    forward, back = utc("2026-03-28 23:00"), utc("2026-10-24 22:00")  # midnight in Berlin
    assert between(night, forward, forward + timedelta(hours=12)) == timedelta(hours=7)
    assert between(night, back, back + timedelta(hours=12)) == timedelta(hours=9)
    assert add(night, forward, timedelta(hours=5)) == utc("2026-03-29 04:00")  # it reads 06:00 there
    assert add(night, back, timedelta(hours=5)) == utc("2026-10-25 03:00")  # it reads 04:00 there


def test_hours_outside_the_change_keep_to_the_wall_clock() -> None:
    """Opening at nine is at nine before and after the clock changes."""
    hours = daily(9, 17, zone=SANTIAGO)
    saturday = datetime(2026, 9, 5, 16, tzinfo=SANTIAGO)
    assert add(hours, saturday, minutes(120)) == datetime(2026, 9, 6, 10, tzinfo=SANTIAGO)
    assert add(hours, datetime(2026, 4, 4, 16, tzinfo=SANTIAGO), minutes(120)) == utc("2026-04-05 14:00")


def test_an_hour_read_twice_is_open_twice_and_one_never_read_never() -> None:
    hours = daily(2, 3)
    assert between(hours, utc("2026-10-24 12:00"), utc("2026-10-25 12:00")) == timedelta(hours=2)
    assert between(hours, utc("2026-03-28 12:00"), utc("2026-03-29 12:00")) == timedelta(0)
    assert list(spells(hours, utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))) == [
        (utc("2026-10-25 00:00"), utc("2026-10-25 02:00"))
    ]


def test_a_spell_past_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    hours = daily(22, 30, days=5, holidays=(date(2026, 11, 26),), zone=ZoneInfo("UTC"))
    assert is_open(hours, utc("2026-11-26 05:59:59"))
    assert not is_open(hours, utc("2026-11-26 06:00"))
    assert not is_open(hours, utc("2026-11-26 23:00"))
    assert not is_open(hours, utc("2026-11-27 03:00"))
    assert is_open(hours, utc("2026-11-28 03:00"))  # Saturday, from Friday's
    assert add(hours, utc("2026-11-26 05:00"), timedelta(hours=2)) == utc("2026-11-27 23:00")


def test_several_spells_a_day() -> None:
    split = Hours(ZoneInfo("UTC"), ((Spell(540, 780), Spell(840, 1080)),) * 7)
    assert add(split, utc("2026-11-27 12:30"), minutes(60)) == utc("2026-11-27 14:30")
    assert add(split, utc("2026-11-27 12:30"), minutes(30)) == utc("2026-11-27 13:00")
    assert next_closing(split, utc("2026-11-27 12:30")) == utc("2026-11-27 13:00")
    assert next_closing(split, utc("2026-11-27 13:00")) == utc("2026-11-27 18:00")
    assert next_opening(split, utc("2026-11-27 13:00")) == utc("2026-11-27 14:00")
    assert next_opening(split, utc("2026-11-27 14:30")) == utc("2026-11-27 14:30")


def test_a_calendar_without_hours_never_opens() -> None:
    empty = Hours(BERLIN, ((),) * 7)
    assert empty.is_empty
    now = utc("2026-11-27 12:30")
    assert (next_opening(empty, now), next_closing(empty, now)) == (None, None)
    assert between(empty, now, now + timedelta(days=400)) == timedelta(0)
    with pytest.raises(ValueError, match="1:00"):
        add(empty, now, timedelta(hours=1))
    for days in (add_days, back_days):
        with pytest.raises(ValueError, match="1"):
            days(empty, now, 1)
    with pytest.raises(ValueError, match="1:00"):
        back(empty, now, timedelta(hours=1))


def test_one_that_is_always_open_closes_for_holidays_alone() -> None:
    always = daily(0, 24)
    now = utc("2026-11-27 12:30")
    assert next_closing(always, now) is None
    assert next_closing(daily(0, 24, holidays=(date(2027, 5, 1),)), now) == datetime(2027, 5, 1, tzinfo=BERLIN)
    assert next_closing(daily(0, 24, holidays=(date(2025, 5, 1),)), now) is None


def test_what_would_end_beyond_all_years_says_so() -> None:
    hours = Hours(ZoneInfo("UTC"), ((Spell(0, 1),), *((),) * 6))
    with pytest.raises(OverflowError):
        add(hours, utc("2026-11-27 12:30"), timedelta(days=3000))
    with pytest.raises(OverflowError):
        add_days(hours, utc("9999-11-27 12:30"), 10)
    assert next_opening(hours, utc("9999-12-28 12:30")) is None
    with pytest.raises(OverflowError):
        back(hours, utc("0001-01-20 12:30"), timedelta(days=3000))
    with pytest.raises(OverflowError):
        back_days(hours, utc("0001-01-20 12:30"), 10)


def test_what_lies_at_either_end_of_all_years_is_measured_still() -> None:
    first, last = (datetime.fromisoformat(text) for text in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"))
    for zone in (ZoneInfo("Pacific/Kiritimati"), SANTIAGO):
        hours = daily(9, 17, 5, zone=zone)
        for start, end in ((first, utc("2026-11-27 12:30")), (utc("2026-11-27 12:30"), last)):
            assert between(hours, start, end) > timedelta(days=50_000)
            assert days_between(hours, start, end) > 200_000


def test_less_than_nothing_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="-1"):
        add(OFFICE, utc("2026-11-27 12:30"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="-1"):
        back(OFFICE, utc("2026-11-27 12:30"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="-1"):
        add_days(OFFICE, utc("2026-11-27 12:30"), -1)
    with pytest.raises(ValueError, match="0"):
        back_days(OFFICE, utc("2026-11-27 12:30"), 0)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-27 10:00", 0, "2026-11-27 10:00"),
        ("2026-11-27 10:00", 1, "2026-11-30 10:00"),
        ("2026-11-27 10:00", 10, "2026-12-14 10:00"),
        ("2026-11-27 21:00", 1, "2026-11-30 18:00"),  # after closing: closing at the latest
        ("2026-11-28 09:00", 1, "2026-11-30 18:00"),  # a day without work: as after the last closing
        ("2026-11-30 07:59:59", 1, "2026-12-01 08:00"),  # before opening: opening at the earliest
        ("2026-12-07 10:00", 1, "2026-12-09 10:00"),  # a holiday between
        ("2026-12-08 10:00", 1, "2026-12-09 18:00"),  # on a holiday
        ("2028-02-28 10:00", 1, "2028-02-29 10:00"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    hours = daily(8, 18, days=5, holidays=(date(2026, 12, 8),))
    begin, expected = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (start, end))
    assert add_days(hours, begin, days) == expected


def test_a_working_day_ends_at_a_time_its_clock_reads() -> None:
    """Two at night is not read on 29 March; the day ends when the clock is set past it."""
    hours = daily(1, 4)
    assert add_days(hours, datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), 1) == utc("2026-03-29 01:00")
    assert add_days(hours, datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN), 1) == utc("2026-10-25 00:30")


def test_a_working_day_from_a_break_or_a_night() -> None:
    split = Hours(ZoneInfo("UTC"), ((Spell(540, 780), Spell(840, 1080)),) * 7)
    assert add_days(split, utc("2026-11-27 13:30"), 1) == utc("2026-11-28 13:00")
    night = daily(22, 30, days=5, zone=ZoneInfo("UTC"))
    assert add_days(night, utc("2026-11-28 03:00"), 1) == utc("2026-12-01 03:00")


def test_working_days_backwards() -> None:
    monday = datetime(2026, 11, 30, 10, tzinfo=BERLIN)
    assert back_days(OFFICE, monday, 1) == datetime(2026, 11, 27, 10, tzinfo=BERLIN)
    assert back_days(OFFICE, add_days(OFFICE, monday, 10), 10) == monday


def test_what_comes_out_is_told_in_the_calendars_zone() -> None:
    assert add(OFFICE, utc("2026-11-27 09:00"), minutes(1)).utcoffset() == timedelta(hours=1)
    assert add_days(OFFICE, utc("2026-07-03 09:00"), 90).utcoffset() == timedelta(hours=1)


ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
    ]
)


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    """Draw hours: spells anywhere in a week, apart, some past midnight, and holidays among the days tried below."""
    points = sorted(draw(st.sets(st.integers(0, 7 * 1440 - 1), min_size=2, max_size=12)))
    week: list[list[Spell]] = [[] for _ in range(7)]
    for begin, end in zip(points[::2], points[1::2], strict=False):
        day, start = divmod(begin, 1440)
        week[day].append(Spell(start, start + min(end - begin, 1440)))
    days = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
    return Hours(draw(ZONES), tuple(map(tuple, week)), frozenset(draw(st.sets(days, max_size=30))))


INSTANTS = st.integers(0, 400 * 86400).map(lambda seconds: utc("2026-01-01 00:00") + timedelta(seconds=seconds))
NEAR_A_CHANGE = st.builds(
    lambda change, minute: utc(change) + timedelta(minutes=minute),
    st.sampled_from(
        ["2026-03-28 12:00", "2026-10-24 12:00", "2026-04-05 00:00", "2026-09-06 00:00", "2026-03-22 00:00"]
    ),
    st.integers(0, 2000),
)
LENGTHS = st.one_of(st.integers(0, 86400), st.integers(0, 90 * 86400)).map(lambda seconds: timedelta(seconds=seconds))


def walked(hours: Hours, start: datetime, count: int) -> int:
    """Return how many of the `count` minutes from `start` are open, by looking at the wall clock in each."""
    found = 0
    for minute in range(count):
        local = (start + timedelta(minutes=minute)).astimezone(hours.zone)
        time = local.hour * 60 + local.minute
        yesterday = local.date() - timedelta(days=1)
        for day, passed in ((local.date(), time), (yesterday, time + 1440)):
            spells_of_day = () if day in hours.holidays else hours.week[day.weekday()]
            found += any(spell.start <= passed < spell.end for spell in spells_of_day)
    return found


@given(weeks(), st.one_of(INSTANTS, NEAR_A_CHANGE), st.integers(1, 3000))
@settings(max_examples=60)
def test_measuring_equals_a_slow_walk(hours: Hours, start: datetime, count: int) -> None:
    start = start.replace(second=0)
    measured = between(hours, start, start + timedelta(minutes=count))
    assert measured == minutes(walked(hours, start, count))
    stretches = list(spells(hours, start, start + timedelta(minutes=count)))
    assert sum(((end - begin) for begin, end in stretches), timedelta(0)) == measured
    assert all(before[1] < after[0] for before, after in pairwise(stretches))


@given(weeks(), st.one_of(INSTANTS, NEAR_A_CHANGE), LENGTHS)
@example(OFFICE, utc("2026-11-27 17:00"), timedelta(0))
def test_adding_is_the_inverse_of_measuring_and_ends_as_early_as_can_be(
    hours: Hours, start: datetime, length: timedelta
) -> None:
    end = add(hours, start, length)
    assert end >= start
    assert between(hours, start, end) == length
    if end > start:
        assert between(hours, start, end - timedelta(seconds=1)) < length
    assert between(hours, end, start) == -length


@given(weeks(), INSTANTS, LENGTHS)
def test_going_back_ends_where_adding_began_but_for_closed_hours(
    hours: Hours, start: datetime, length: timedelta
) -> None:
    end = add(hours, start, length)
    begin = back(hours, end, length)
    assert begin <= start
    assert between(hours, begin, start) == timedelta(0)
    if length:
        assert add(hours, begin, length) == end


@given(weeks(), INSTANTS, LENGTHS, LENGTHS)
def test_adding_is_additive_over_parts(hours: Hours, start: datetime, first: timedelta, second: timedelta) -> None:
    assert add(hours, add(hours, start, first), second) == add(hours, start, first + second)


@given(weeks(), INSTANTS, INSTANTS, LENGTHS, LENGTHS)
def test_adding_is_monotone(hours: Hours, one: datetime, other: datetime, first: timedelta, second: timedelta) -> None:
    early, late = sorted((one, other))
    short, long = sorted((first, second))
    assert add(hours, early, short) <= add(hours, early, long) <= add(hours, late, long)


@given(weeks(), st.lists(INSTANTS, min_size=2, max_size=6), st.integers(1, 12))
def test_working_days_are_monotone(hours: Hours, starts: list[datetime], days: int) -> None:
    ends = [add_days(hours, start, days) for start in sorted(starts)]
    assert ends == sorted(ends)
    assert all(end <= add_days(hours, start, days + 1) for start, end in zip(sorted(starts), ends, strict=True))


@given(weeks(), INSTANTS, st.integers(0, 9), st.integers(1, 3 * 86400))
def test_working_days_between_are_those_that_were_added(hours: Hours, start: datetime, days: int, more: int) -> None:
    end = add_days(hours, start, days)
    found = days_between(hours, start, end)
    assert found >= days
    assert add_days(hours, start, int(found)) == end
    later = days_between(hours, start, end + timedelta(seconds=more))
    assert later >= found
    assert add_days(hours, start, int(later)) <= end + timedelta(seconds=more) < add_days(hours, start, int(later) + 1)


def test_working_days_between_are_counted_in_halves() -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=BERLIN)
    found = [days_between(OFFICE, friday, friday + timedelta(days=days, hours=1)) for days in range(5)]
    assert found == [0.5, 0.5, 0.5, 1.5, 2.5]
    assert days_between(OFFICE, friday, friday + timedelta(days=3)) == 1
    assert days_between(OFFICE, friday, friday) == days_between(OFFICE, friday, friday - timedelta(days=9)) == 0


@given(weeks(), st.one_of(INSTANTS, NEAR_A_CHANGE))
def test_openings_and_closings_are_where_it_opens_and_closes(hours: Hours, at: datetime) -> None:
    opening, closing = next_opening(hours, at), next_closing(hours, at)
    assert opening is not None
    assert closing is not None
    assert is_open(hours, opening)
    assert between(hours, at, opening) == timedelta(0)
    assert not is_open(hours, closing)
    assert between(hours, opening, closing) == closing - opening
    assert (opening == at) is is_open(hours, at)
