"""`tk blame`: for each field who set it, when, in which commit."""

import json

import pytest

from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return a ticket whose priority was changed after it was made."""
    held = desk.ok("new", "Heater does not start", "-m", "It is\ncold.", "--priority", "high")
    desk.now = "2026-08-12T10:14:03-05:00"
    desk.ok("set", held, "priority=low")
    return held


def test_a_program_reads_each_field_with_its_commit(desk: Desk, ticket: str) -> None:
    told = {each["field"]: each for each in json.loads(desk.ok("blame", ticket, "--json"))}
    new, changed = desk.git("log", "--reverse", "--format=%H", "-2").split()
    assert list(told["priority"]) == ["field", "value", "commit", "at", "by", "email", "rule"]
    assert (told["priority"]["value"], told["priority"]["commit"]) == ("low", changed)
    assert (told["title"]["commit"], told["title"]["by"]) == (new, "mlopez")
    assert told["description"]["value"] == "It is\ncold."


def test_a_pipe_gets_keys_and_whole_names_of_commits(desk: Desk, ticket: str) -> None:
    rows = {line.split("\t")[0]: line.split("\t") for line in desk.ok("blame", ticket).splitlines()}
    head = desk.git("rev-parse", "HEAD")
    assert rows["priority"] == ["priority", "low", "mlopez", "2026-08-12T10:14:03-05:00", head]
    assert rows["description"][1] == "It is cold."


def test_people_get_labels_and_short_names(desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk.run("blame", ticket, terminal=True).out
    assert "FIELD" in shown
    assert "Low" in shown
    assert "María López" in shown
    assert desk.git("rev-parse", "HEAD")[:10] in shown


def test_what_is_not_committed_has_no_commit(desk: Desk, ticket: str) -> None:
    desk.ok("set", ticket, "priority=urgent", "--no-commit")
    told = {each["field"]: each for each in json.loads(desk.ok("blame", ticket, "--json"))}
    assert (told["priority"]["value"], told["priority"]["commit"], told["priority"]["by"]) == ("urgent", None, None)


def test_as_it_stood(desk: Desk, ticket: str) -> None:
    told = {each["field"]: each for each in json.loads(desk.ok("blame", ticket, "--at", "HEAD~1", "--json"))}
    assert told["priority"]["value"] == "high"


def test_an_unknown_ticket_is_no(desk: Desk) -> None:
    assert desk.run("blame", "zzzzz").code == 1
