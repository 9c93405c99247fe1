"""`tk history`: one story from the file and from git."""

import json

import pytest

from tests.cli.shapes import ENTRY, EVENT
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket with a history of three commits."""
    held = desk.ok("new", "Heater does not start", "--priority", "high")
    desk.now = "2026-08-12T10:14:03-05:00"
    desk.ok("log", held, "call-out", "-m", "Asked for the note.")
    desk.now = "2026-08-12T11:14:03-05:00"
    desk.ok("advance", held, "solved")
    return held


def test_a_program_reads_each_commit_with_its_actions_changes_and_events(desk: Desk, ticket: str) -> None:
    told = json.loads(desk.ok("history", ticket, "--json"))
    assert all(list(entry) == ENTRY for entry in told)
    new, logged, advanced = told
    commits = desk.git("log", "--reverse", "--format=%H", "HEAD~3..").split()
    assert [entry["commit"] for entry in told] == commits
    assert [(entry["by"], entry["email"], entry["ticket"]) for entry in told] == [
        ("mlopez", "mlopez@example.com", ticket)
    ] * 3
    assert new["actions"][0] == "new"
    assert logged["actions"] == ["log.call-out"]
    assert [list(event) for event in logged["events"]] == [EVENT]
    assert advanced["actions"] == ["advance"]
    assert {"field": "status", "from": "open", "to": "solved"} in advanced["changes"]
    assert advanced["rule"] is None


def test_a_terminal_reads_labels_names_and_relative_times(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk.run("history", ticket, terminal=True).out.splitlines()
    assert shown[0] == f"{ticket}  Heater does not start"
    headings = [line for line in shown[1:] if line and not line.startswith(" ")]
    assert ["(2 h ago)" in headings[0], "(1 h ago)" in headings[1], "(just now)" in headings[2]] == [True] * 3
    assert all("  María López  " in line for line in headings)
    assert headings[2].endswith(desk.git("rev-parse", "HEAD")[:10])
    for line in ("    priority: High", "    Outgoing call", "        Asked for the note.", "    status: Open → Solved"):
        assert line in shown


def test_a_pipe_gets_keys_handles_and_whole_instants(desk: Desk, ticket: str) -> None:
    shown = desk.ok("history", ticket).splitlines()
    assert "    status: open → solved" in shown
    assert "    call-out" in shown
    assert all("  mlopez  " in line for line in shown[1:] if line and not line.startswith(" "))


def test_an_edit_that_is_not_committed_comes_last(desk: Desk, ticket: str) -> None:
    desk.ok("set", ticket, "priority=low", "--no-commit")
    assert json.loads(desk.ok("history", ticket, "--json"))[-1]["commit"] is None
    *_, heading, change = desk.ok("history", ticket).splitlines()
    assert heading.endswith("  not committed yet")
    assert change == "    priority: high → low"


def test_what_happened_earlier_than_it_was_logged_says_when(desk: Desk, ticket: str) -> None:
    desk.ok("log", ticket, "note", "-m", "x", "--at", "2026-08-12T11:00:00-05:00")
    (event,) = json.loads(desk.ok("show", ticket, "--json"))["events"][1:]
    assert f"    note  {event['at']}  logged={event['logged']}" in desk.ok("history", ticket).splitlines()
