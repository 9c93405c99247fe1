"""`tk undo`: what it says on a terminal, in a pipe and to programs, and each refusal."""

import json

import pytest

from tests.cli.shapes import WHOLE_TICKET
from tests.still import unchanged
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    held = desk.ok("new", "Monitor negro")
    desk.now = "2026-08-12T10:00:00-05:00"
    return held


def test_it_says_which_commit_was_taken_back(desk: Desk, ticket: str) -> None:
    before = desk.file(ticket).read_bytes()
    desk.ok("set", ticket, "priority=high")
    short = desk.git("rev-parse", "--short=10", "HEAD")
    assert desk.ok("undo", ticket[-5:]) == f"{ticket} is as it was before {short}"
    assert desk.file(ticket).read_bytes() == before
    assert "took back the change before" in desk.ok("history", ticket)
    assert json.loads(desk.ok("history", ticket, "--json"))[-1]["actions"] == ["undo"]
    assert desk.git("log", "-1", "--format=%B").strip() == f"{ticket}: undo\n\nTk-Ticket: {ticket}\nTk-Action: undo"
    assert desk.ok("audit") == ""


def test_a_ticket_that_was_opened_is_gone(desk: Desk, ticket: str) -> None:
    opened = desk.git("rev-parse", "--short=10", "HEAD")
    assert desk.ok("undo") == f"{ticket} is gone: {opened} had opened it"
    assert desk.ok("list") == ""
    assert desk.ok("audit") == ""


def test_programs_get_the_tickets_and_what_is_gone(desk: Desk, ticket: str) -> None:
    other = desk.ok("new", "Otro")
    desk.ok("link", ticket, "relates", other)
    linked = desk.git("rev-parse", "HEAD")
    told = json.loads(desk.ok("undo", ticket, "--json"))
    assert list(told) == ["undone", "commit", "tickets", "removed"]
    assert (told["undone"], told["commit"]) == (linked, desk.git("rev-parse", "HEAD"))
    assert [held["id"] for held in told["tickets"]] == [ticket, other]
    assert all(list(held) == WHOLE_TICKET for held in told["tickets"])
    assert json.loads(desk.ok("undo", other, "--json", "--no-commit"))["commit"] is None


def test_each_refusal_has_its_sentence(desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ana@example.com")
    for words, code, sentence in (
        (("undo", ticket), 1, f"tk: {ticket}: nothing on it was committed by ana@example.com\n"),
        (("undo",), 1, "tk: no ticket was committed by ana@example.com\n"),
        (("undo", "zzzzz"), 1, 'tk: no ticket answers to "zzzzz"\n'),
    ):
        with unchanged(desk):
            refused = desk.run(*words)
        assert (refused.code, refused.out) == (code, "")
        assert refused.err.startswith(sentence)
    desk.ok("log", ticket, "note", "-m", "Hola.")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "mlopez@example.com")
    told = json.loads(desk.run("undo", ticket, "--json").err)
    assert told["error"] == "changed-since"
    assert "ana@example.com has changed it since, at 2026-08-12T10:00:00-05:00" in told["message"]
