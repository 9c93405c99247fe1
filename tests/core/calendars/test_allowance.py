"""How long a clock may run, at the edges: business time without hours, years beyond counting, what is no holiday."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tk.core.calendars.allowance import Allowance, earlier, hours_of, later
from tk.core.calendars.calendar import Hours, Spell
from tk.core.instant import Duration
from tk.core.register import Tables
from tk.core.rules import Calendar

ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OFFICE = Hours(ZONE, ((Spell(480, 1080),),) * 5 + ((),) * 2)


def test_business_time_needs_hours() -> None:
    for go in (later, earlier):
        with pytest.raises(ValueError, match="3"):
            go(Duration(3, "bh"), NOW, None, ZONE)


def test_what_lies_beyond_all_years_is_the_last_or_the_first_day() -> None:
    assert later(Duration(999999, "w"), NOW, None, ZONE).year == 9999
    assert earlier(Duration(999999, "w"), NOW, None, ZONE).year == 1
    assert later(Duration(999999999, "bh"), NOW, OFFICE, ZONE).year == 9999


def test_nothing_before_an_instant_is_the_instant() -> None:
    for unit in ("h", "bh", "bd"):
        assert earlier(Duration(0, unit), NOW, OFFICE, ZONE) == NOW


def test_what_is_left_of_days_is_told_in_hours_once_some_is_used() -> None:
    allowance = Allowance(Duration(2, "bd"), ZONE, OFFICE)
    due = allowance.due(NOW)
    assert due == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert allowance.left(NOW, due) == Duration(2, "bd")
    assert allowance.left(NOW + timedelta(hours=1), due) == Duration(19, "bh")
    assert allowance.begun(due) == NOW


def test_holidays_come_from_registers_and_what_is_no_day_is_none() -> None:
    registers = Tables({"a": {"x": {"date": "2026-12-25"}, "y": {"date": "soon"}}, "b": {"z": {"name": "Easter"}}})
    calendar = Calendar("office", {}, "UTC", (((480, 1080),),) * 7, ("a", "b", "missing"))
    assert hours_of(calendar, registers).holidays == {date(2026, 12, 25)}
