"""What people have on their hands and have done (rules A4, A15, C12, E11)."""

from collections.abc import Callable
from typing import Any

from tests.core.reports.lives import at, life, question, stamp
from tk.core.reports.people import follow_ups, satisfaction, workload
from tk.core.reports.values import report_json

OPEN = life(
    "TK-1",
    ("1", "status=open", "owner=mlopez", "note mlopez 15"),
    ("2", "call-out zgomez 5"),
    due={"resolution": stamp("3")},
    follow_up=stamp("20"),
)
WAITING = life("TK-2", ("4", "status=pending", "owner=mlopez"), follow_up=stamp("5"))
NOBODYS = life("TK-3", ("6", "status=new"))
SOLVED = life(
    "TK-4",
    ("1", "status=open", "owner=mlopez"),
    ("3", "owner=zgomez", "follow-up zgomez", "follow-up ana@example.cl"),
    ("7", "status=solved"),
    ("9", "owner=pnunez"),
    rating={"value": "good", "by": "ana@example.cl", "at": stamp("8")},
)
BAD = life("TK-5", ("1", "status=closed", "owner=zgomez"), rating={"value": "bad", "by": "x@y.z", "at": stamp("9")})
ALL = (OPEN, WAITING, NOBODYS, SOLVED, BAD)


def rows(report: Callable[..., Any], *args: Any) -> list[tuple[Any, ...]]:
    told = report_json(report(*args))["rows"]
    assert isinstance(told, list)
    return [tuple(row.values()) for row in told]


def test_the_workload_is_what_is_open_and_what_was_done() -> None:
    assert rows(workload, question("10"), ALL) == [
        ("mlopez", 1, 1, 1, 1, 9, 0, 15),
        (None, 1, 0, 0, 1, 4, 0, 0),
        ("pnunez", 0, 0, 0, 0, None, 1, 0),
        ("zgomez", 0, 0, 0, 0, None, 1, 5),
    ]


def test_what_was_done_is_bounded_and_what_is_open_is_not() -> None:
    assert rows(workload, question("10", since=at("2"), until=at("5")), ALL) == [
        ("mlopez", 1, 1, 1, 1, 9, 0, 0),
        (None, 1, 0, 0, 1, 4, 0, 0),
        ("zgomez", 0, 0, 0, 0, None, 0, 5),
    ]


def test_work_can_be_grouped_by_what_tickets_hold() -> None:
    assert rows(workload, question("10", by="status"), ALL)[0] == ("new", 1, 0, 0, 1, 4, 0, 0)
    assert workload(question("10"), ALL).totals == {
        "open": 2,
        "waiting": 1,
        "overdue": 1,
        "without_next": 2,
        "solved": 2,
        "minutes": 20,
    }


def test_a15_follow_ups_lie_ahead_behind_or_nowhere() -> None:
    assert rows(follow_ups, question("10"), ALL) == [
        (None, 0, 0, 1, 0),
        ("mlopez", 1, 1, 0, 0),
        ("zgomez", 0, 0, 0, 1),
    ]


def test_c12_answers_go_to_whoever_had_the_ticket_when_they_came() -> None:
    assert rows(satisfaction, question("10"), ALL) == [
        ("pnunez", 0, 0, 0, 1, None),
        ("zgomez", 1, 1, 2, 1, 0.5),
    ]
    assert satisfaction(question("10", until=at("9")), ALL).totals == {
        "good": 1,
        "bad": 0,
        "rated": 1,
        "solved": 2,
        "share_good": 1,
    }


def test_answers_are_grouped_by_what_tickets_hold() -> None:
    assert rows(satisfaction, question("10", by="status"), ALL) == [
        ("closed", 0, 1, 1, 1, 0),
        ("solved", 1, 0, 1, 1, 1),
    ]
