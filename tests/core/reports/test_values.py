"""Figures, shares and the shape of a report for programs."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.reports.lives import at
from tk.core.reports.values import Column, Figures, Named, Report, Word, days, figures, plain, report_json, share
from tk.errors import say

HOURS = st.lists(st.integers(0, 10_000), min_size=1, max_size=30)


def hours(*counts: int) -> list[timedelta]:
    return [timedelta(hours=count) for count in counts]


def test_the_figures_of_none_are_none() -> None:
    assert figures([]) == Figures(0)


def test_mean_median_and_ninetieth_are_found_in_proportion() -> None:
    assert figures(hours(1, 2, 6)) == (3, *hours(3, 2), timedelta(hours=5.2))
    assert figures(hours(4)) == (1, *hours(4, 4, 4))
    assert figures(hours(1, 2, 3, 4)).median == timedelta(hours=2.5)


@given(HOURS)
def test_they_lie_between_the_shortest_and_the_longest_in_their_order(counts: list[int]) -> None:
    found = figures(hours(*counts))
    assert found.median is not None
    assert found.p90 is not None
    assert found.mean is not None
    shortest, longest = timedelta(hours=min(counts)), timedelta(hours=max(counts))
    assert shortest <= found.median <= found.p90 <= longest
    assert shortest - timedelta(seconds=1) <= found.mean <= longest + timedelta(seconds=1)


def test_days_are_told_to_a_thousandth_and_short_times_to_a_millionth() -> None:
    assert [days(timedelta(days=40.85768)), days(timedelta(minutes=5)), days(timedelta())] == [40.858, 0.003472, 0]


def test_a_share_of_nothing_is_none() -> None:
    assert (share(1, 3), share(0, 0)) == (0.3333, None)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Named("status", "open"), "open"),
        (Named("status", ""), None),
        (Named("advance", "solved"), "advance.solved"),
        (Word("one-call", say("One call only")), "one-call"),
        ((Named("status", "open"), Named("status", "solved")), ["open", "solved"]),
        ((1, 2), [1, 2]),
        (timedelta(hours=36), 1.5),
        (at("12 09:00"), "2026-08-12T09:00:00-05:00"),
        ("", None),
        (None, None),
        (3, 3),
    ],
)
def test_programs_read_keys_days_and_rfc_3339(cell: object, told: object) -> None:
    assert plain(cell) == told


def test_a_report_for_programs_has_its_five_names_and_each_row_all_columns() -> None:
    columns = (Column("key", say("Who")), Column("open", say("Open"), "number"))
    made = Report("workload", say("x"), None, at("12"), columns, ((Named("owner", "ana"), 3),), {"open": 3})
    assert report_json(made) == {
        "report": "workload",
        "since": None,
        "until": "2026-08-12T00:00:00-05:00",
        "rows": [{"key": "ana", "open": 3}],
        "totals": {"open": 3},
    }
