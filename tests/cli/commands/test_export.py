"""What `tk export` prints acts on nobody who reads along; a file, and a program behind a pipe, get it as it is."""

import csv
import io
import json

import pytest

from tests.world import Desk

BODY = "::error::pwned\n##[error]pwned\n##vso[task.setvariable variable=a]b"
NAME = "\x1b[31mMallory\x9b\u202egnp"

EVERY = [
    ("tickets",),
    ("tickets", "--format", "ndjson"),
    ("tickets", "--format", "ics"),
    ("events",),
    ("events", "--format", "xes"),
]


@pytest.fixture
def evil(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk with a ticket by somebody whose words, and whose name, are all commands."""
    number = desk.ok("new", "Hola", "-m", BODY)
    monkeypatch.setenv("GIT_AUTHOR_NAME", NAME)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "mallory\u202e@example.net")
    desk.ok("log", number, "note", "-m", "\u202eevil\u2066 ##[group]x\n::debug::y")
    text = desk.file(number).read_text(encoding="utf-8")
    hostile = text.replace("title: Hola", 'title: "\\x1b]0;owned\\x07 \\u009b31m \\u202egnp ##[x] \\r"')
    desk.file(number).write_text(hostile.replace("::debug::y", "::debug::y \x1b[2J\x9bX"), encoding="utf-8")
    desk.git("commit", "-qam", "x")
    return desk


def acts(text: str) -> list[str]:
    return [c for c in text if not (c.isprintable() or c in "\n\t")]


def commands(text: str) -> list[str]:
    lines = text.splitlines()
    return [line for line in lines if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line]


@pytest.mark.parametrize("words", EVERY)
def test_a_terminal_is_shown_nothing_that_it_would_obey(evil: Desk, words: tuple[str, ...]) -> None:
    shown = evil.run("export", *words, terminal=True).out
    assert shown
    assert acts(shown) == []


@pytest.mark.parametrize("words", EVERY)
def test_a_log_of_ci_is_shown_no_command(evil: Desk, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    shown = evil.ok("export", *words)
    assert shown
    assert commands(shown) == []
    assert acts(shown) == []


def test_a_calendar_on_a_terminal_is_shown_nothing_that_it_would_obey(evil: Desk) -> None:
    number = json.loads(evil.ok("list", "--json"))[0]["id"]
    evil.ok("schedule", number, "2026-09-01T10:00")
    assert acts(evil.run("agenda", "--ics", terminal=True).out) == []


@pytest.mark.parametrize("is_ci", [False, True])
def test_json_says_the_same_wherever_it_is_read(evil: Desk, monkeypatch: pytest.MonkeyPatch, is_ci: bool) -> None:
    told = json.loads(evil.ok("export", "tickets", "--format", "ndjson"))
    if is_ci:
        monkeypatch.setenv("CI", "true")
    assert json.loads(evil.run("export", "tickets", "--format", "ndjson", terminal=not is_ci).out) == told
    assert told["description"] == BODY


def test_a_file_and_a_pipe_have_it_as_it_is(evil: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = evil.ok("export", "tickets")
    (row,) = csv.DictReader(io.StringIO(piped, newline=""))
    assert row["description"] == BODY
    assert "\x1b]0;owned\x07 \x9b31m \u202egnp" in row["title"]
    monkeypatch.setenv("CI", "true")
    evil.ok("export", "tickets", "out.csv")
    assert (evil.root / "out.csv").read_bytes().decode().removesuffix("\n") == piped
