"""Plain charts: bars are as long as their numbers, and words as wide as they are."""

from datetime import datetime, timedelta

import pytest

from tests.policies import desk_policy
from tk.cli.output.charts import bar, chart
from tk.cli.output.reports import length, line
from tk.cli.output.voice import Voice
from tk.core.reports.values import Chart, Column, Named, Report
from tk.errors import say

VOICE = Voice(desk_policy(), datetime.fromisoformat("2026-08-12T09:00:00-05:00"), for_people=True)
COLUMNS = (
    Column("key", say("Who")),
    Column("open", say("Open"), "number"),
    Column("waiting", say("Waiting"), "number"),
)


def report(*rows: tuple[str, int, int], values: tuple[str, ...] = ("open",), kind: str = "bars") -> Report:
    named = tuple((Named("", who), opened, waiting) for who, opened, waiting in rows)
    return Report("x", say("x"), None, None, COLUMNS, rows if kind == "lines" else named, {}, Chart(kind, values))


@pytest.mark.parametrize(
    ("value", "drawn"), [(0, ""), (8, "████████"), (4, "████"), (1, "█"), (0.5, "▌"), (0.01, ""), (7.9, "███████▉")]
)
def test_a_bar_is_as_long_as_its_number_to_an_eighth(value: float, drawn: str) -> None:
    assert bar(value, 8, 8) == drawn


def test_bars_stand_in_line_beside_their_words() -> None:
    assert chart(report(("ana", 4, 0), ("日本", 2, 0)), VOICE, 24).splitlines() == [
        "ana   ████████████████ 4",
        "日本  ████████ 2",
    ]


def test_several_values_have_a_bar_each_under_one_label() -> None:
    assert chart(report(("ana", 2, 1), values=("open", "waiting")), VOICE, 31).splitlines() == [
        "ana Open     ████████████████ 2",
        "    Waiting  ████████ 1",
    ]


def test_over_time_each_value_is_a_line_of_its_latest_periods() -> None:
    rows = tuple((f"2026-{month:02}", month, 1) for month in range(1, 13))
    drawn = chart(report(*rows, kind="lines"), VOICE, 80).splitlines()
    assert drawn == ["Open  ▂▂▃▃▄▅▅▆▆▇▇█ 12", "      2026-01 … 2026-12"]
    narrow = chart(report(*rows, kind="lines"), VOICE, 20).splitlines()
    assert narrow == ["Open  ▆▇▇█ 12", "      2026-09 … 2026-12"]


def test_of_nothing_nothing_is_drawn() -> None:
    assert chart(report(), VOICE, 80) == ""
    assert chart(report(("ana", 1, 1))._replace(chart=None), VOICE, 80) == ""
    assert line([0, 0]) == "▁▁"


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(days=40.85768), "40.858 d"),
        (timedelta(days=1), "1.000 d"),
        (timedelta(hours=23.96), "24.0 h"),
        (timedelta(minutes=61), "1.0 h"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(seconds=30), "30 s"),
        (timedelta(), "0 s"),
    ],
)
def test_a_length_of_time_is_told_in_the_unit_that_suits(time: timedelta, told: str) -> None:
    assert length(time) == told
