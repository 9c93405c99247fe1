"""`tk new`: a ticket in one commit, its id alone on stdout."""

import json
from pathlib import Path

import pytest

from tests.cli.shapes import WHOLE_TICKET
from tests.still import reword
from tests.world import Desk, Result

EVERYTHING = (
    "new",
    "Heater does not start",
    *("-m", "Since the move."),
    *("--priority", "Alta", "--type", "INCIDENT", "--category", "equipos/Printer", "--channel", "telefono"),
    *("--requester", "ana@example.cl", "--customer", "panaderia-sol", "--unit", "SN-20881"),
    *("--owner", "me", "--tag", "vip", "--tag", "reinstalación"),
)


def test_the_id_alone_is_printed_and_one_commit_made(desk: Desk) -> None:
    before = desk.git("rev-parse", "HEAD")
    result = desk.run("new", "Heater does not start")
    ticket = result.out.strip()
    assert result == Result(0, f"{ticket}\n", "")
    assert desk.git("rev-parse", "HEAD^") == before
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("show", "--format=%s", "--name-only", "HEAD").split("\n") == [
        f"{ticket}: new",
        "",
        f"tickets/2026/08/12/{ticket}.md",
    ]


def test_a_person_on_a_terminal_reads_the_id_alone_too(desk: Desk) -> None:
    result = desk.run("new", "x", terminal=True)
    assert desk.file(result.out.strip()).exists()


def test_labels_are_taken_in_any_language_and_case_and_kept_as_keys(desk: Desk) -> None:
    held = json.loads(desk.ok(*EVERYTHING, "--json"))
    assert list(held) == WHOLE_TICKET
    expected: dict[str, object] = {
        "title": "Heater does not start",
        "description": "Since the move.",
        "status": "open",
        "status_kind": "open",
        "priority": "high",
        "type": "incident",
        "category": ["hardware", "printer"],
        "channel": "phone",
        "requester": "ana@example.cl",
        "customer": "panaderia-sol",
        "unit": "SN-20881",
        "creator": "mlopez",
        "owner": "mlopez",
        "team": None,
        "tags": ["vip", "reinstalación"],
        "due": {},
        "links": [],
        "rating": None,
        "events": [],
    }
    assert {name: held[name] for name in expected} == expected
    assert held["path"] == f"tickets/2026/08/12/{held['id']}.md"


def test_custom_fields_are_set_typed_and_shown_by_their_label(desk: Desk) -> None:
    reword(desk, "[people]", '[fields.level]\ntype = "number"\nlabel = { en = "Level", es = "Nivel" }\n\n[people]')
    held = json.loads(desk.ok("new", "x", "--set", "level=2", "--set", "priority=low", "--json"))
    assert (held["fields"], held["priority"]) == ({"level": 2}, "low")
    assert "\nlevel:\t2" in desk.ok("show", held["id"])
    assert "\nLevel:         2\n" in desk.run("show", held["id"], terminal=True).out


def test_no_commit_writes_the_file_only(desk: Desk) -> None:
    head = desk.git("rev-parse", "HEAD")
    ticket = desk.ok("new", "x", "--no-commit")
    assert desk.git("rev-parse", "HEAD") == head
    assert desk.git("status", "--porcelain", "-uall") == f"?? tickets/2026/08/12/{ticket}.md"
    assert desk.ok("list", "--format", "ids") == ticket


def test_what_the_user_has_staged_and_edited_stays_as_it_was(desk: Desk) -> None:
    (desk.root / "mine.txt").write_text("mine\n", encoding="utf-8")
    desk.git("add", "mine.txt")
    (desk.root / "mine.txt").write_text("mine, edited\n", encoding="utf-8")
    desk.ok("new", "x")
    assert desk.git("status", "--porcelain") == "AM mine.txt"


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the user's editor write `text`."""
    script = folder / "editor"
    script.write_text(f"#!/bin/sh\nprintf '%s' '{text}' > \"$1\"\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))


def test_the_text_may_be_written_in_an_editor(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, monkeypatch, "Since the move.")
    held = json.loads(desk.ok("new", "Heater", "--edit", "--json"))
    assert held["description"] == "Since the move."


def test_the_text_begins_as_the_template_of_the_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.root / "templates/en").mkdir(parents=True)
    (desk.root / "templates/en/new.md").write_text("Name:\nTelephone:\n", encoding="utf-8")
    monkeypatch.setenv("GIT_EDITOR", "true")
    held = json.loads(desk.ok("new", "Heater", "--edit", "--json"))
    assert held["description"] == "Name:\nTelephone:"


def test_what_was_written_in_an_editor_is_not_lost_where_the_ticket_is_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "An hour of work.")
    result = desk.run("new", "Heater", "--edit", "--priority", "urgnt")
    assert result.code == 2
    assert result.err.startswith("what you wrote:\n\nAn hour of work.\ntk: unknown priority")
