"""`sla` tells which clocks were met and missed, and by whom (rules D7, E11)."""

from typing import Any

from tests.core.reports.lives import life, question, stamp
from tk.core.reports.sla import sla
from tk.core.reports.values import plain, report_json

MISSED = life(
    "TK-1",
    ("1", "status=open", "owner=mlopez"),
    ("5", "owner=zgomez"),
    ("9", "status=solved"),
    target={"first-response": "4h", "resolution": "2d"},
    breached={"resolution": stamp("3")},
)
RUNS = life("TK-2", ("1", "status=open", "owner=mlopez"), target={"resolution": "9d"}, due={"resolution": stamp("10")})
STANDS = life("TK-3", ("1", "status=pending", "owner=mlopez"), target={"resolution": "9d"}, paused={"resolution": "2h"})
SOLVED = life("TK-4", ("1", "status=solved", "owner=mlopez"), target={"resolution": "9d"}, paused={"resolution": "2h"})


def rows(*args: Any) -> list[tuple[Any, ...]]:
    told = report_json(sla(*args))["rows"]
    assert isinstance(told, list)
    return [tuple(row.values()) for row in told]


def test_a_missed_clock_is_that_of_whoever_had_the_ticket_when_it_fell_due() -> None:
    assert rows(question("20"), [MISSED]) == [
        ("first-response", "zgomez", 1, 0, 0, 1),
        ("resolution", "mlopez", 0, 1, 0, 0),
    ]


def test_a_clock_that_runs_or_stands_is_neither_and_one_that_rests_with_a_solved_ticket_is_met() -> None:
    assert rows(question("9"), [RUNS, STANDS, SOLVED]) == [("resolution", "mlopez", 1, 0, 2, 1)]


def test_a_clock_past_its_due_instant_is_missed_though_nobody_has_stamped_it() -> None:
    assert rows(question("11"), [RUNS]) == [("resolution", "mlopez", 0, 1, 0, 0)]


def test_it_can_be_grouped_by_another_key_and_totals_hold_all() -> None:
    made = sla(question("20", by="status"), [MISSED, RUNS, STANDS, SOLVED])
    assert [(row[0], plain(row[1])) for row in made.rows] == [
        ("first-response", "solved"),
        ("resolution", "open"),
        ("resolution", "pending"),
        ("resolution", "solved"),
    ]
    assert made.totals == {"met": 2, "missed": 2, "running": 1, "share_met": 0.5}


def test_a_desk_without_clocks_has_no_rows() -> None:
    assert rows(question(), [life("TK-1", ("1", "status=open"))]) == []


def test_what_is_no_instant_is_no_deadline() -> None:
    odd = life("TK-1", ("1", "status=open"), due={"resolution": "soon"}, breached={"x": "then"})
    assert [(row[0], row[2:5]) for row in rows(question(), [odd])] == [("resolution", (0, 0, 1)), ("x", (0, 1, 0))]
