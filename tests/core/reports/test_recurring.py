"""`recurring` counts what comes up, corrected, with what was reported beside it (rule A14)."""

from typing import Any

from tests.core.reports.lives import at, life, question
from tk.core.reports.recurring import recurring
from tk.core.reports.values import report_json

LIVES = (
    life("TK-1", ("1", "status=open", "type=warranty", "category=medidor/cobranza"), ("5", "type=fault")),
    life("TK-2", ("2", "status=open", "type=fault", "category=medidor/lectura")),
    life("TK-3", ("9", "status=open", "type=warranty")),
    life("TK-4", ("9", "status=open", "customer=a/b")),
)


def rows(*args: Any) -> list[tuple[Any, ...]]:
    told = report_json(recurring(*args))["rows"]
    assert isinstance(told, list)
    return [tuple(row.values()) for row in told]


def test_a_branch_counts_what_is_below_it() -> None:
    assert [row[:3] for row in rows(question(), LIVES)] == [
        (None, 2, 0.5),
        ("medidor", 2, 0.5),
        ("medidor/cobranza", 1, 0.25),
        ("medidor/lectura", 1, 0.25),
    ]


def test_a14_the_corrected_type_counts_and_what_was_reported_stands_beside_it() -> None:
    made = recurring(question(by="type"), LIVES[:3])
    told = report_json(made)["rows"]
    assert isinstance(told, list)
    assert [(row["key"], row["tickets"], row["reported"], row["corrected"]) for row in told] == [
        ("fault", 2, 1, 1),
        ("warranty", 1, 2, 0),
    ]
    assert made.totals["corrected"] == 1


def test_over_time_each_period_has_its_count() -> None:
    made = recurring(question(by="type", every="week"), LIVES[:3])
    assert made.totals["periods"] == ("2026-W31", "2026-W32")
    assert [row[-1] for row in made.rows] == [(2, 0), (0, 1)]


def test_the_time_before_is_as_long_as_the_one_asked_for() -> None:
    told = rows(question(by="type", since=at("5"), until=at("10")), LIVES)
    assert [(row[0], row[1], row[5]) for row in told] == [(None, 1, 0), ("warranty", 1, 0)]
    told = rows(question(by="type", since=at("9"), until=at("17")), LIVES)
    assert {row[0]: row[5] for row in told} == {None: 0, "warranty": 0}
    assert rows(question(by="type", since=at("2"), until=at("3")), LIVES)[0][5] == 1


def test_a_slash_in_a_name_that_is_no_path_parts_nothing() -> None:
    assert [row[:2] for row in rows(question(by="customer"), LIVES)] == [(None, 3), ("a/b", 1)]


def test_of_nothing_there_is_nothing() -> None:
    assert rows(question(), ()) == []
