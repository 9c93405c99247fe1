"""Bounds are days, instants, or how long ago; a day that ends a time ends at its midnight."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tk.core.bounds import period
from tk.errors import WrongUsage

NOW = datetime(2026, 8, 12, 9, 14, tzinfo=ZoneInfo("America/Santiago"))


def test_days_are_whole_in_the_zone_of_the_desk() -> None:
    since, until = period("2026-08-01", "2026-08-31", NOW)
    assert since == datetime(2026, 8, 1, 4, tzinfo=UTC)
    assert until == datetime(2026, 9, 1, 4, tzinfo=UTC)


def test_a_day_on_which_clocks_change_is_whole_as_well() -> None:
    since, until = period("2026-09-06", "2026-09-06", NOW)
    assert since is not None
    assert until is not None
    assert (until - since).total_seconds() == 86400  # the same wall clock a day apart
    assert (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds() == 23 * 3600


def test_instants_and_lengths_of_time_are_taken_as_they_are() -> None:
    assert period("2026-08-12T09:00:00Z", None, NOW) == (datetime(2026, 8, 12, 9, tzinfo=UTC), None)
    assert period("2026-08-12T09:00", None, NOW)[0] == NOW.replace(hour=9, minute=0)
    assert period("2w", "1d", NOW) == (NOW.replace(month=7, day=29), NOW.replace(day=11))
    assert period(None, None, NOW) == (None, None)


@pytest.mark.parametrize("words", ["x", "", "2026-02-30", "8bh", "2026", "-1d"])
def test_what_is_no_date_is_refused_by_the_name_of_its_option(words: str) -> None:
    with pytest.raises(WrongUsage, match="--since is "):
        period(words, None, NOW)


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(WrongUsage, match="--since 2026-08-02 is not before --until 2026-08-01"):
        period("2026-08-02", "2026-08-01", NOW)
