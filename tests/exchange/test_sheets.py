"""Tickets as other programs read them: CSV, NDJSON, SQLite, calendars."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.world import Desk


@pytest.fixture
def worked(desk: Desk) -> Desk:
    first = desk.ok("new", "=cmd()", "-m", "It's\ncold", "--tag", "a", "--tag", "b", "--priority", "high")
    desk.ok("log", first, "call-in", "-m", "@x", "--set", "minutes=5")
    desk.ok("schedule", first, "2026-08-20T10:00:00-05:00")
    second = desk.ok("new", "Other")
    desk.ok("link", first, "blocks", second)
    desk.ok("advance", second, "closed")
    return desk


def test_csv_has_a_row_a_ticket_and_no_formula(worked: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(worked.ok("export", "tickets"))))
    assert [row["title"] for row in sorted(rows, key=lambda row: row["title"])] == ["'=cmd()", "Other"]
    cold = next(row for row in rows if row["title"] != "Other")
    assert (cold["tags"], cold["description"], cold["follow_up"]) == ("a, b", "It's\ncold", "2026-08-20T10:00:00-05:00")
    assert cold["status_kind"] == "open"


def test_ndjson_has_each_ticket_whole(worked: Desk) -> None:
    lines = [json.loads(line) for line in worked.ok("export", "tickets", "--format", "ndjson").splitlines()]
    for held in lines:
        assert held == json.loads(worked.ok("show", held["id"], "--json"))


def test_sqlite_has_tables_that_join(worked: Desk, tmp_path: Path) -> None:
    told = worked.run("export", "tickets", str(tmp_path / "t.sqlite"))
    assert (told.code, told.out) == (0, "")
    with sqlite3.connect(tmp_path / "t.sqlite") as held:
        assert held.execute("SELECT count(*) FROM ticket").fetchone() == (2,)
        joined = "SELECT title, event.type, event.text, facts FROM event JOIN ticket ON ticket.id = ticket"
        assert held.execute(joined).fetchall() == [("=cmd()", "call-in", "@x", '{"minutes": "5"}')]
        assert held.execute("SELECT tag FROM tag ORDER BY tag").fetchall() == [("a",), ("b",)]
        assert {kind for (kind,) in held.execute("SELECT kind FROM link")} == {"blocks", "blocked-by"}
    held.close()


def test_a_calendar_has_the_follow_ups_of_what_is_not_closed(worked: Desk) -> None:
    calendar = Calendar.from_ical(worked.ok("export", "tickets", "--format", "ics"))
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]).endswith("=cmd()")
    assert event.decoded("dtstart") == datetime(2026, 8, 20, 15, tzinfo=UTC)
    assert worked.ok("export", "tickets", "--format", "ics") == worked.ok("export", "tickets", "--format", "ics")


def test_a_query_says_which_and_the_name_says_how(worked: Desk, tmp_path: Path) -> None:
    worked.ok("export", "tickets", str(tmp_path / "t.ndjson"), "-q", "status:closed")
    (line,) = (tmp_path / "t.ndjson").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["title"] == "Other"
    worked.ok("export", "tickets", str(tmp_path / "t.ics"))
    assert (tmp_path / "t.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_nothing_is_written_over_unless_asked(worked: Desk, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("mine", encoding="utf-8")
    result = worked.run("export", "tickets", str(file))
    assert (result.code, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force writes over it" in result.err
    worked.ok("export", "tickets", str(file), "--force")
    assert file.read_text(encoding="utf-8").startswith("id,")


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("tickets", "--format", "sqlite"), "a SQLite file needs a name"),
        (("tickets", "/nowhere/t.csv"), "No such file or directory"),
        (("tickets", "-q", "stats:open"), "stats"),
        (("tikets",), "did you mean `tk export tickets`?"),
        (("events", "--map", "nowhere.toml"), "nowhere.toml: No such file"),
    ],
)
def test_mistakes_are_told(worked: Desk, argv: tuple[str, ...], why: str) -> None:
    result = worked.run("export", *argv)
    assert (result.code, result.out) == (2, "")
    assert why in result.err
