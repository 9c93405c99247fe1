"""`time` measures what was put in: by status, by owner, to the first answer, to the solution (rules D14, E11)."""

from datetime import datetime, timedelta
from typing import Any

from tests.core.reports.lives import at, life, question
from tk.core.reports.times import time
from tk.core.reports.values import plain, report_json

ANA = life(
    "TK-1",
    ("1 00:00", "status=new", "priority=high"),
    ("2 00:00", "status=open", "owner=mlopez", "call-in cliente"),
    ("3 00:00", "call-out mlopez"),
    ("4 00:00", "status=pending"),
    ("6 00:00", "status=open", "owner=zgomez"),
    ("7 00:00", "status=solved"),
    ("9 00:00", "status=closed"),
)
BRUNO = life("TK-2", ("10 00:00", "status=open", "priority=low"), ("11 00:00", "note mlopez"))


def rows(*args: Any, **more: Any) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    """Return count, mean, median, p90 by measure and key."""
    told = report_json(time(*args, **more))["rows"]
    assert isinstance(told, list)
    return {(row["measure"], row["key"]): tuple(row.values())[2:6] for row in told}


def test_each_measure_of_one_ticket() -> None:
    assert rows(question(), [ANA]) == {
        ("first-response", None): (1, 2, 2, 2),
        ("resolution", None): (1, 6, 6, 6),
        ("first-to-last", None): (1, 8, 8, 8),
        ("status", "new"): (1, 1, 1, 1),
        ("status", "open"): (1, 3, 3, 3),
        ("status", "pending"): (1, 2, 2, 2),
        ("status", "solved"): (1, 2, 2, 2),
        ("owner", "mlopez"): (1, 4, 4, 4),
        ("owner", "zgomez"): (1, 1, 1, 1),
    }


def test_what_runs_still_counts_up_to_now_and_what_is_not_reached_not_at_all() -> None:
    told = rows(question("12 00:00"), [BRUNO])
    assert told == {("first-to-last", None): (1, 1, 1, 1), ("status", "open"): (1, 2, 2, 2)}


def test_means_and_medians_are_of_the_tickets_that_got_there() -> None:
    told = rows(question("12 00:00"), [ANA, BRUNO])
    assert told["first-to-last", None] == (2, 4.5, 4.5, 7.3)
    assert told["resolution", None] == (1, 6, 6, 6)
    assert told["status", "open"] == (2, 2.5, 2.5, 2.9)


def test_it_can_be_grouped_and_bounded_by_when_tickets_were_created() -> None:
    told = rows(question("12 00:00", by="priority"), [ANA, BRUNO])
    assert told["first-to-last", "high"] == (1, 8, 8, 8)
    assert told["first-to-last", "low"] == (1, 1, 1, 1)
    assert set(rows(question("12 00:00", since=at("2")), [ANA, BRUNO])) == {("first-to-last", None), ("status", "open")}
    assert rows(question(until=at("1")), [ANA, BRUNO]) == {}


def test_a_ticket_that_was_reopened_was_solved_the_last_time() -> None:
    again = life("TK-3", ("1", "status=open"), ("2", "status=solved"), ("3", "status=open"), ("5", "status=solved"))
    assert rows(question(), [again])["resolution", None] == (1, 4, 4, 4)
    still = life("TK-4", ("1", "status=open"), ("2", "status=solved"), ("3", "status=open"))
    assert ("resolution", None) not in rows(question(), [still])


def test_business_time_stands_beside_natural_time() -> None:
    def half(start: datetime, end: datetime) -> timedelta:
        return (end - start) / 2

    made = time(question(business=half), [ANA])
    told = {(plain(row[0]), plain(row[1])): [plain(cell) for cell in row[3:9:3]] for row in made.rows}
    assert told["resolution", None] == [6, 3]
    assert told["status", "open"] == [3, 1.5]


def test_the_totals_are_of_all_groups() -> None:
    made = time(question("12 00:00", by="priority"), [ANA, BRUNO])
    assert plain(made.totals) == {
        "tickets": 2,
        "first_response": {"tickets": 1, "mean_days": 2, "median_days": 2, "p90_days": 2},
        "resolution": {"tickets": 1, "mean_days": 6, "median_days": 6, "p90_days": 6},
        "first_to_last": {"tickets": 2, "mean_days": 4.5, "median_days": 4.5, "p90_days": 7.3},
    }


def test_nobody_else_s_words_are_an_answer() -> None:
    outside = life("TK-5", ("1", "status=open"), ("2", "call-out intruso"), ("3", "mail-out zgomez"))
    assert rows(question(), [outside])["first-response", None] == (1, 2, 2, 2)
