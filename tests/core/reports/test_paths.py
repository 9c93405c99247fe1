"""`paths` tells the ways tickets take, through statuses or through what was done."""

from typing import Any

from tests.core.reports.lives import at, life, question
from tk.core.reports.paths import paths
from tk.core.reports.values import plain, report_json

LIVES = (
    life("TK-1", ("1", "status=open"), ("2", "owner=mlopez"), ("3", "status=solved")),
    life("TK-2", ("1", "status=open"), ("5", "status=solved")),
    life("TK-3", ("2", "status=open", "note mlopez"), ("3", "note mlopez", "call-out mlopez"), ("4", "priority=high")),
)


def rows(*args: Any) -> list[tuple[Any, ...]]:
    told = report_json(paths(*args))["rows"]
    assert isinstance(told, list)
    return [tuple(row.values()) for row in told]


def test_ways_through_statuses_the_most_taken_first() -> None:
    assert rows(question(), LIVES) == [
        (["open", "solved"], 2, 0.6667, 3),
        (["open"], 1, 0.3333, 2),
    ]
    assert paths(question(), LIVES).totals == {"tickets": 3, "variants": 2, "statuses": 2}


def test_ways_through_activities_are_events_and_else_actions() -> None:
    made = paths(question(by="activity"), LIVES)
    assert [plain(row[0]) for row in made.rows] == [
        ["new", "advance.solved"],
        ["new", "assign", "advance.solved"],
        ["note", "note", "call-out", "set.priority"],
    ]
    assert made.totals == {"tickets": 3, "variants": 3, "activities": 6}


def test_what_a_step_logged_is_what_it_was_whatever_else_it_changed() -> None:
    both = life(
        "TK-1", ("1", "status=open", "owner=mlopez", "call-in ana@example.cl"), ("2", "status=solved", "note mlopez")
    )
    assert [plain(row[0]) for row in paths(question(by="activity"), [both]).rows] == [["call-in", "note"]]


def test_clocks_that_follow_are_no_activity() -> None:
    clock = life("TK-1", ("1", "status=open"), ("2", "owner=mlopez", "due=x"), ("3", "due=y"))
    assert [plain(row[0]) for row in paths(question(by="activity"), [clock]).rows] == [["new", "assign"]]


def test_bounds_choose_by_when_tickets_were_created() -> None:
    assert paths(question(since=at("2")), LIVES).totals == {"tickets": 1, "variants": 1, "statuses": 1}
