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


def test_without_an_id_the_desk_tells_all_of_it(desk: Desk, ticket: str) -> None:
    other = desk.ok("new", "Other")
    told = json.loads(desk.ok("history", "--json"))
    assert [entry["ticket"] for entry in told] == [ticket, ticket, ticket, other]
    assert all(list(entry) == ENTRY for entry in told)
    lines = desk.ok("history").splitlines()
    assert [line.split("  ")[-1] for line in lines if line and not line.startswith(" ")] == [
        ticket,
        ticket,
        ticket,
        other,
    ]


@pytest.mark.parametrize(
    ("argv", "count"),
    [
        (["--since", "2026-08-12T10:00"], 2),
        (["--until", "2026-08-11"], 0),
        (["--until", "2026-08-12"], 3),
        (["--since", "30m"], 1),
        (["--by", "mlopez"], 3),
        (["--by", "María López"], 3),
        (["--by", "me"], 3),
        (["--by", "x@elsewhere.org"], 0),
    ],
)
def test_a_person_and_a_period_bound_it(desk: Desk, ticket: str, argv: list[str], count: int) -> None:
    assert len(json.loads(desk.ok("history", *argv, "--json"))) == count
    assert len(json.loads(desk.ok("history", ticket, *argv, "--json"))) == count


def test_nothing_that_happened_is_no_fault(desk: Desk, ticket: str) -> None:
    result = desk.run("history", "--until", "2026-08-11")
    assert (result.code, result.out, result.err) == (0, "", "nothing happened then\n")


def test_it_is_told_as_the_desk_stood(desk: Desk, ticket: str) -> None:
    assert len(json.loads(desk.ok("history", "--at", "HEAD~1", "--json"))) == 2
    assert len(json.loads(desk.ok("history", ticket, "--at", "HEAD~1", "--json"))) == 2


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--by", "nobdy"], 'unknown person "nobdy"'),
        (["--since", "x"], '--since is "x", which is no date'),
        (["--since", "2026-08-12", "--until", "2026-08-11"], "is not before"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(desk: Desk, argv: list[str], words: str) -> None:
    result = desk.run("history", *argv)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
