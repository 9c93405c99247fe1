"""What a goal comes to beside the floors of the same run, and how the table tells it."""

import json

import pytest

from tests.bench.goals import Goal, Line, as_json, table, times, times_greatest, verdict
from tests.bench.process import Cost, Sample, cost

FLOORS = [Line("P", Cost(40, 38, 30, 36, 9)), Line("D", Cost(80, 70, 12, 75, 9))]


def line(wall: float, least: float, goal: Goal, peak: float = 50) -> Line:
    return Line("list", Cost(wall, wall - 2, peak, least, 9), goal)


@pytest.mark.parametrize(
    ("goal", "tickets", "words", "limit"),
    [
        (times(1.3, "P"), 1_000, "1.3 P", 52),
        (times(1.1, "P", "D", large=0.6), 10_000, "1.1 (P + D)", 132),
        (times(1.1, "P", "D", large=0.6), 100_000, "0.6 (P + D)", 72),
        (times_greatest(1.2, "P", "D", large=1.4), 10_000, "1.2 max(P, D)", 96),
        (times(1, "P", "D", beyond=40), 10_000, "P + D + 40 ms", 160),
    ],
)
def test_a_goal_is_so_many_times_its_floors_by_the_size_of_the_desk(
    goal: Goal, tickets: int, words: str, limit: float
) -> None:
    measured = line(100, 90, goal)
    found = verdict(measured, [*FLOORS, measured], tickets)
    assert found is not None
    assert goal.words(tickets) == words
    assert found.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    ("wall", "least", "peak", "reached"),
    [(96, 95, 50, "yes"), (97, 90, 50, "at best"), (97, 91, 50, "no"), (90, 80, 61, "no: memory")],
)
def test_it_is_reached_by_the_median_or_at_best_and_within_its_memory(
    wall: float, least: float, peak: float, reached: str
) -> None:
    measured = line(wall, least, times_greatest(1.2, "P", "D", peak=60), peak)
    found = verdict(measured, [*FLOORS, measured], 10_000)
    assert found is not None
    assert found.reached == reached
    assert found.ratio == pytest.approx(wall / 80)
    assert found.cpu == pytest.approx((wall - 2) / 70)


def test_a_floor_has_no_goal() -> None:
    assert verdict(FLOORS[0], FLOORS, 10_000) is None


def test_the_costs_of_several_runs_are_their_medians_and_the_least_of_them() -> None:
    samples = [Sample(50, 40, 20), Sample(30, 29, 22), Sample(40, 31, 21)]
    assert cost(samples) == Cost(wall=40, cpu=31, peak=21, least=30, runs=3)


def test_the_table_says_what_it_took_what_was_allowed_and_whether_it_was_reached() -> None:
    lines = [*FLOORS, line(100, 99, times_greatest(1.2, "P", "D", peak=60))]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table(lines, 10_000).splitlines()]
    assert rows[2] == ["P", "40", "36", "38", "30", "9", "", "", "", "", ""]
    assert rows[4] == ["list", "100", "99", "98", "50", "9", "1.25", "1.40", "1.2 max(P, D), 60 MB", "96", "no"]


def test_programs_are_told_the_same() -> None:
    lines = [*FLOORS, line(96, 95, times(2, "P"))]
    told = json.loads(as_json(lines, 1_000, {"git": "2.39"}))
    assert (told["git"], told["tickets"]) == ("2.39", 1_000)
    assert told["lines"][0] == {"name": "P", "wall": 40, "cpu": 38, "peak": 30, "least": 36, "runs": 9}
    assert told["lines"][2]["goal"] == "2 P"
    assert told["lines"][2]["reached"] == "no"
