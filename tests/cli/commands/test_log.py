"""`tk log`: what happened, when, and what is to stay inside."""

import json

import pytest

from tests.cli.shapes import EVENT
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket on the desk."""
    return desk.ok("new", "Heater does not start")


def events(desk: Desk, ticket: str) -> list[dict[str, str]]:
    """Return the ticket's events as a program reads them."""
    found: list[dict[str, str]] = json.loads(desk.ok("show", ticket, "--json"))["events"]
    return found


def test_an_event_is_one_commit_and_one_line(desk: Desk, ticket: str) -> None:
    printed = desk.ok("log", ticket, "Llamada saliente", "-m", "Asked for the note.", "--set", "minutes=5")
    (event,) = events(desk, ticket)
    assert printed == f"{ticket} call-out {event['id']}"
    assert list(event) == [*EVENT, "minutes"]
    assert (event["by"], event["text"], event["visibility"]) == ("mlopez", "Asked for the note.", "public")
    assert desk.git("log", "-1", "--format=%s") == f"{ticket}: log call-out"
    assert desk.git("status", "--porcelain") == ""


def test_a_terminal_reads_the_label_of_the_type(desk: Desk, ticket: str) -> None:
    assert desk.run("log", ticket, "call-out", "-m", "x", terminal=True).out.startswith(f"{ticket} Outgoing call e-")


def test_what_happened_earlier_says_when_it_was_logged(desk: Desk, ticket: str) -> None:
    desk.ok("log", ticket, "note", "-m", "x", "--at", "2026-08-12T08:00:00-05:00", "--internal")
    (event,) = events(desk, ticket)
    assert list(event) == [*EVENT, "logged"]
    assert event["visibility"] == "internal"
    assert event["at"] < event["logged"]


def test_the_text_may_come_from_stdin(desk: Desk, ticket: str) -> None:
    result = desk.tk("log", ticket, "note", "-F", "-", stdin="From a pipe.\n")
    assert result.code == 0, result
    assert events(desk, ticket)[0]["text"] == "From a pipe."


def test_what_is_yet_to_come_cannot_be_logged(desk: Desk, ticket: str) -> None:
    result = desk.run("log", ticket, "note", "-m", "x", "--at", "2026-08-13T09:00:00-05:00")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(" is yet to come; a log holds what has happened\n")
