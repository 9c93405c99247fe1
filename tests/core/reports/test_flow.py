"""`flow` counts what came in and went out, and what is left adds up."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.reports.lives import at, life, question
from tk.core.reports.flow import flow
from tk.core.reports.values import report_json

LIVES = (
    life("TK-1", ("1 09:00", "status=new", "team=support"), ("3 09:00", "status=solved"), ("5 09:00", "status=closed")),
    life("TK-2", ("1 10:00", "status=open", "team=support"), ("2 09:00", "status=solved"), ("4 09:00", "status=open")),
    life("TK-3", ("4 09:00", "status=open", "team=finance")),
)


def rows(*args: Any) -> list[tuple[Any, ...]]:
    told = report_json(flow(*args))["rows"]
    assert isinstance(told, list)
    return [tuple(row.values()) for row in told]


def test_each_day_counts_what_happened_on_it_and_what_was_left() -> None:
    assert rows(question("5 12:00", every="day"), LIVES) == [
        ("2026-08-01", None, 2, 0, 0, 0, 2),
        ("2026-08-02", None, 0, 1, 0, 0, 1),
        ("2026-08-03", None, 0, 1, 0, 0, 0),
        ("2026-08-04", None, 1, 0, 1, 0, 2),
        ("2026-08-05", None, 0, 0, 0, 1, 2),
    ]


def test_within_bounds_what_was_left_before_counts_on() -> None:
    made = flow(question("5 12:00", since=at("3"), until=at("5"), every="day"), LIVES)
    told = report_json(made)["rows"]
    assert isinstance(told, list)
    assert [tuple(row.values()) for row in told] == [
        ("2026-08-03", None, 0, 1, 0, 0, 0),
        ("2026-08-04", None, 1, 0, 1, 0, 2),
    ]
    assert made.totals == {"created": 1, "solved": 1, "reopened": 1, "closed": 0, "backlog": 2}


def test_groups_are_counted_apart() -> None:
    assert rows(question("5 12:00", every="month", by="team"), LIVES) == [
        ("2026-08", "finance", 1, 0, 0, 0, 1),
        ("2026-08", "support", 2, 2, 1, 1, 1),
    ]


def test_of_no_ticket_there_is_no_period() -> None:
    assert rows(question(), ()) == []


STATUSES = st.lists(st.sampled_from(["new", "open", "pending", "solved", "closed"]), min_size=1, max_size=8)


@given(st.lists(STATUSES, min_size=1, max_size=6), st.sampled_from(["day", "week", "month"]))
def test_periods_add_up_and_what_is_left_is_what_is_open(ways: list[list[str]], every: str) -> None:
    lives = [
        life(f"TK-{n}", *((f"{1 + n + 2 * place} 09:00", f"status={status}") for place, status in enumerate(way)))
        for n, way in enumerate(ways)
    ]
    made = flow(question("31 00:00", every=every), lives)
    sums = [
        sum(column)
        for column in zip(*[[cell for cell in row[2:6] if isinstance(cell, int)] for row in made.rows], strict=True)
    ]
    assert sums == [made.totals[name] for name in ("created", "solved", "reopened", "closed")]
    still_open = sum(way[-1] not in {"solved", "closed"} for way in ways)
    assert made.rows[-1][-1] == made.totals["backlog"] == still_open
