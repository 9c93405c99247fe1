"""`tk due`: the clocks that run, for people and programs, and clocks through a day at the command line."""

import csv
import io
import json
import re

import pytest

from tests.world import Desk

CLOCKS = """
[calendars.office]
hours.mon-fri = ["09:00-18:00"]

[[deadline]]
name = "answer"
label = { en = "First answer", es = "Primera respuesta" }
clock = "first-response"
target = { normal = "4bh", urgent = "30m" }
calendar = "office"

[[deadline]]
name = "solve"
clock = "resolution"
target = "2bd"
calendar = "office"
stops = ["in-progress"]
"""


@pytest.fixture
def clocked(desk: Desk) -> Desk:
    """Return the desk, in Bogotá on a Wednesday morning, with two deadlines in its policy."""
    policy = desk.root / "tk.toml"
    text = re.sub('zone = ".*"', 'zone = "America/Bogota"', policy.read_text(encoding="utf-8"))
    policy.write_text(text + CLOCKS, encoding="utf-8")
    desk.git("commit", "-qam", "Promise answers")
    return desk


def test_a_pipe_gets_a_line_a_clock_what_is_due_soonest_first(clocked: Desk) -> None:
    plain = clocked.ok("new", "Cannot log in")
    clocked.now = "2026-08-12T09:15:00-05:00"
    urgent = clocked.ok("new", "Heater does not start", "--priority", "urgent", "--owner", "me")
    assert [line.split("\t") for line in clocked.ok("due").splitlines()] == [
        ["2026-08-12T09:45:00-05:00", "first-response", urgent, "urgent", "mlopez", "Heater does not start"],
        ["2026-08-14T09:14:03-05:00", "resolution", plain, "", "", "Cannot log in"],
        ["2026-08-14T09:15:00-05:00", "resolution", urgent, "urgent", "mlopez", "Heater does not start"],
    ]


def test_people_get_labels_and_how_long_it_is(clocked: Desk) -> None:
    clocked.ok("new", "Heater does not start", "--priority", "urgent")
    clocked.now = "2026-08-12T10:14:03-05:00"
    head, first, second = clocked.run("due", terminal=True).out.splitlines()
    assert "DUE" in head
    assert "\x1b[31m29 min ago" in first or "\x1b[31m30 min ago" in first
    assert "First answer" in first
    assert "in 1 day" in second
    spanish = clocked.run("--lang", "es", "due", terminal=True).out.splitlines()
    assert "VENCE" in spanish[0]
    assert "Primera respuesta" in spanish[1]


def test_programs_get_seconds_by_the_wall(clocked: Desk) -> None:
    ticket = clocked.ok("new", "Heater", "--priority", "urgent")
    clocked.now = "2026-08-12T09:45:03-05:00"
    first, second = json.loads(clocked.ok("due", "--json"))
    assert (first["ticket"], first["clock"], first["target"]) == (ticket, "first-response", "30m")
    assert (first["late_seconds"], first["left_seconds"]) == (60, None)
    assert (second["late_seconds"], second["left_seconds"]) == (None, 2 * 86400 - 31 * 60)
    names = "ticket clock due left_seconds late_seconds target status priority owner team title path"
    assert " ".join(first) == names
    rows = list(csv.DictReader(io.StringIO(clocked.ok("due", "--format", "csv"))))
    assert [row["clock"] for row in rows] == ["first-response", "resolution"]
    assert clocked.ok("due", "--format", "ids").splitlines() == [ticket, ticket]


@pytest.mark.parametrize(
    ("within", "clocks"),
    [("29m", ""), ("30m", "first-response"), ("2d", "first-response resolution"), ("1bd", "first-response")],
)
def test_within_leaves_out_what_is_due_later(clocked: Desk, within: str, clocks: str) -> None:
    clocked.ok("new", "Heater", "--priority", "urgent")
    found = json.loads(clocked.ok("due", "--within", within, "--json"))
    assert " ".join(each["clock"] for each in found) == clocks


def test_what_is_late_is_always_within(clocked: Desk) -> None:
    clocked.ok("new", "Heater", "--priority", "urgent")
    clocked.now = "2026-08-20T09:14:03-05:00"
    assert len(json.loads(clocked.ok("due", "--within", "1m", "--json"))) == 2


def test_a_query_and_a_clock_choose(clocked: Desk) -> None:
    ticket = clocked.ok("new", "Heater", "--priority", "urgent", "--owner", "me")
    clocked.ok("new", "Boiler", "--priority", "normal")
    assert len(clocked.ok("due", "owner:me").splitlines()) == 2
    assert len(clocked.ok("due", "limit:1").splitlines()) == 1
    assert len(clocked.ok("due", "--clock", "first-response").splitlines()) == 2
    by_priority = [line.split("\t")[2] for line in clocked.ok("due", "sort:priority").splitlines()]
    assert by_priority[:2] == [ticket, ticket]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--within", "soon"), ['"soon" is no length of time', "write 90m, 4h, 2d or 8bh"]),
        (("--clock", "resoluton"), ['unknown clock "resoluton"', 'did you mean "resolution"?']),
        (("owner:nobdy",), ["owner"]),
    ],
)
def test_what_makes_no_sense_is_told(clocked: Desk, argv: tuple[str, ...], words: list[str]) -> None:
    done = clocked.run("due", *argv)
    assert done.code == 2
    for word in words:
        assert word in done.err


def test_business_time_needs_a_calendar(desk: Desk) -> None:
    done = desk.run("due", "--within", "4bh")
    assert (done.code, "business time needs a calendar" in done.err) == (2, True)


def test_a_desk_without_clocks_has_nothing_due(desk: Desk) -> None:
    desk.ok("new", "Heater")
    assert desk.ok("due") == ""
    assert "nothing is due" in desk.run("due", terminal=True).err


def test_a_day_of_a_clock(clocked: Desk) -> None:
    """Answered too late, stopped over the weekend, solved in time, reopened."""
    ticket = clocked.ok("new", "Heater", "--priority", "urgent")
    clocked.now = "2026-08-12T10:14:03-05:00"
    assert clocked.ok("list", "overdue:yes", "sort:due", "--format", "ids") == ticket
    assert clocked.ok("list", "late.first-response:>=29m", "--format", "ids") == ticket
    clocked.ok("log", ticket, "call-out", "-m", "On my way")
    clocked.now = "2026-08-14T09:00:00-05:00"
    clocked.ok("advance", ticket, "in-progress")
    held = json.loads(clocked.ok("show", ticket, "--json"))
    assert (held["due"], held["paused"]) == ({}, {"resolution": "843bs"})
    assert held["breached"] == {"first-response": "2026-08-12T09:44:03-05:00"}
    clocked.now = "2026-08-17T11:00:00-05:00"
    clocked.ok("advance", ticket, "open")
    assert json.loads(clocked.ok("show", ticket, "--json"))["due"] == {"resolution": "2026-08-17T11:14:03-05:00"}
    clocked.ok("advance", ticket, "solved")
    clocked.now = "2026-08-20T11:00:00-05:00"
    clocked.ok("advance", ticket, "open")
    assert json.loads(clocked.ok("show", ticket, "--json"))["due"] == {"resolution": "2026-08-20T11:14:03-05:00"}
    assert clocked.run("audit").code == 0
    assert clocked.run("check").code == 0


@pytest.mark.parametrize(
    ("was", "forged"),
    [
        ("resolution: 2026-08-14T09:14:03-05:00", "resolution: 2026-09-14T09:14:03-05:00"),
        ("first-response: 4bh", "first-response: 40bh"),
        ("target:", "breached:\n  resolution: 2026-08-12T09:14:03-05:00\ntarget:"),
        ("target:", "paused:\n  next-response: 2h\ntarget:"),
    ],
)
def test_the_audit_finds_a_clock_turned_by_hand(clocked: Desk, was: str, forged: str) -> None:
    ticket = clocked.ok("new", "Heater", "--priority", "normal")
    file = clocked.file(ticket)
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, forged, 1), encoding="utf-8")
    clocked.git("commit", "-qam", "Nothing to see here")
    done = clocked.run("audit", "--json")
    assert done.code == 1
    assert "stamp" in {finding["code"] for finding in json.loads(done.out)["findings"]}


def test_holidays_that_are_there_when_the_change_is_made_count(clocked: Desk) -> None:
    policy = clocked.root / "tk.toml"
    text = policy.read_text(encoding="utf-8").replace("[calendars.office]", '[calendars.office]\nholidays = ["days"]')
    policy.write_text(text + '\n[registers.days]\nfile = "registers/days.csv"\nkey = "date"\n', encoding="utf-8")
    clocked.ok("policy", "holidays", "CO", "2026", "-o", str(clocked.root / "registers/days.csv"))
    clocked.git("add", "-A")
    clocked.git("commit", "-qm", "Keep holidays")
    clocked.now = "2026-08-14T17:00:00-05:00"
    ticket = clocked.ok("new", "Heater", "--priority", "normal")
    due = json.loads(clocked.ok("show", ticket, "--json"))["due"]
    assert due == {"first-response": "2026-08-18T12:00:00-05:00", "resolution": "2026-08-19T17:00:00-05:00"}
    assert clocked.run("audit").code == 0
