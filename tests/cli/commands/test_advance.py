"""`tk advance`: along the transitions of the policy."""

import json

import pytest

from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of an open ticket, some minutes old."""
    held = desk.ok("new", "Heater does not start")
    desk.now = "2026-08-12T10:00:00-05:00"
    return held


@pytest.mark.parametrize("status", ["in-progress", "In progress", "EN CURSO", "in_progress"])
def test_a_status_is_named_by_key_or_label(desk: Desk, ticket: str, status: str) -> None:
    assert desk.ok("advance", ticket, status) == f"{ticket} open → in-progress"
    assert desk.git("log", "-1", "--format=%s") == f"{ticket}: open → in-progress"


def test_a_terminal_reads_labels(desk: Desk, ticket: str) -> None:
    assert desk.run("advance", ticket, "in-progress", terminal=True).out == f"{ticket} Open → In progress\n"


def test_without_a_status_it_goes_the_only_way_there_is(desk: Desk, ticket: str) -> None:
    desk.ok("advance", ticket, "closed")
    assert desk.ok("advance", ticket) == f"{ticket} closed → open"


def test_a_text_is_logged_as_a_note_in_the_same_commit_a_line_an_action(desk: Desk, ticket: str) -> None:
    before = desk.git("rev-parse", "HEAD")
    lines = desk.ok("advance", ticket, "solved", "-m", "Valve replaced.").splitlines()
    assert desk.git("rev-parse", "HEAD^") == before
    held = json.loads(desk.ok("show", ticket, "--json"))
    (event,) = held["events"]
    assert lines == [f"{ticket} note {event['id']}", f"{ticket} open → solved"]
    assert (event["type"], event["text"], held["status"], held["status_kind"]) == (
        "note",
        "Valve replaced.",
        "solved",
        "solved",
    )
    assert held["status_since"] == held["updated"] == event["at"]


def test_the_status_it_has_already_is_nothing_to_change(desk: Desk, ticket: str) -> None:
    assert desk.run("advance", ticket, "open") == (0, "", f"{ticket}: nothing to change\n")


def test_no_commit_writes_the_file_only(desk: Desk, ticket: str) -> None:
    head = desk.git("rev-parse", "HEAD")
    held = json.loads(desk.ok("advance", ticket, "solved", "--no-commit", "--json"))
    assert held["status"] == "solved"
    assert desk.git("rev-parse", "HEAD") == head
    assert desk.git("status", "--porcelain") == f" M {held['path']}"
