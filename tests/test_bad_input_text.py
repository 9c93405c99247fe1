"""Titles and texts that try to be something else: taken in as text, never obeyed, never lost."""

import json

import pytest

from tests.still import refused
from tests.world import Desk

_FORGED = (
    "---\ntitle: forged\n---\n## Log\n\n### 2026-08-12T09:14:03-05:00 note zgomez {#e-0000}\n\nfake\n"
    "```\nnever closed\n\\## Log\n\\\\## Log\n<<<<<<< HEAD\n=======\n# heading"
)
"""Front matter, a log, an event, an open fence, backslashes before them, a conflict and a heading."""


def portrait(desk: Desk, ticket: str) -> dict[str, object]:
    """Return the ticket as a program reads it."""
    held: dict[str, object] = json.loads(desk.ok("show", ticket, "--json"))
    return held


def is_clean(desk: Desk) -> None:
    """See that everything is committed, checks and is lawful."""
    assert desk.git("status", "--porcelain") == ""
    assert desk.run("check", "--strict").code == 0
    assert desk.run("audit", "--strict").code == 0


@pytest.mark.parametrize("title", ["", "   ", "\t\n", "\x07", "\u202e\u200f"])
def test_an_empty_title_is_wrong_usage(desk: Desk, title: str) -> None:
    refused(desk, "new", title, code=2, says="tk: a ticket needs a title\nhint: say in a few words what it is about\n")


def test_a_title_cannot_be_taken_away(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater")
    refused(desk, "set", ticket, "title=", code=1, says=f"tk: {ticket}: a ticket needs a title\n")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("two\nlines", "two lines"),
        ("a\ttab\r\nand  spaces ", "a tab and spaces"),
        ("bell\x07 escape\x1b[31m red\x9b0m", "bell escape[31m red0m"),
        ("right\u202eto left\u2066", "rightto left"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("line\u2028separator\x85next", "line separator next"),
        ("\udcff\udcfebytes", "bytes"),
        ("x" * 10_000, "x" * 10_000),
        *(
            (text, text)
            for text in ("yes", "08", "12:30", "null", "~", "- a", "a: b #c", "---", '"quoted"', "'", "{a}")
        ),
        *((text, text) for text in ("# heading", "## Log", "[x](y)", "*bold*", "&a *b !!python/name:os.system", "%x")),
    ],
)
def test_a_title_is_one_line_of_text_whatever_it_looks_like(desk: Desk, given: str, kept: str) -> None:
    ticket = desk.ok("new", "--", given)
    assert portrait(desk, ticket)["title"] == kept
    assert desk.ok("list", "--json") != "[]"
    assert given[:20] not in desk.git("log", "-1", "--format=%B") or len(given) < 3
    is_clean(desk)


def test_a_title_of_ten_thousand_characters_breaks_no_table(desk: Desk) -> None:
    desk.ok("new", "x" * 10_000)
    shown = desk.run("list", terminal=True).out.splitlines()
    assert max(map(len, shown[1:])) <= 80
    assert "…" in shown[1]


def test_a_title_acts_on_no_terminal_even_where_it_was_written_by_hand(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater")
    file = desk.file(ticket)
    file.write_text(
        file.read_text(encoding="utf-8").replace("title: Heater", 'title: "a\\e[31m\\u202Eb\\ac"'), encoding="utf-8"
    )
    for words in (("list",), ("show", ticket), ("history", ticket), ("list", "--json"), ("show", ticket, "--json")):
        told = desk.run(*words)
        assert told.code == 0
        assert not any(sign in told.out + told.err for sign in "\x1b\u202e\x07")


@pytest.mark.parametrize("words", [("-m", _FORGED), ("-F", "-")])
def test_a_description_that_looks_like_structure_is_only_text(desk: Desk, words: tuple[str, ...]) -> None:
    result = desk.tk("new", "Heater", *words, stdin=_FORGED)
    assert result.code == 0, result
    held = portrait(desk, result.out.strip())
    assert held["description"] == _FORGED
    assert (held["title"], held["events"]) == ("Heater", [])
    is_clean(desk)


def test_a_note_that_looks_like_structure_is_only_text(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater")
    desk.ok("log", ticket, "note", "-m", _FORGED)
    desk.ok("log", ticket, "note", "-m", "the next")
    events = portrait(desk, ticket)["events"]
    assert isinstance(events, list)
    assert [event["text"] for event in events] == [_FORGED, "the next"]
    assert {event["by"] for event in events} == {"mlopez"}
    is_clean(desk)


def test_control_characters_and_line_ends_are_put_right_in_a_text(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater", "-m", "\n\none\r\ntwo\x07\x1b[31m\r\tthree\n\n")
    assert portrait(desk, ticket)["description"] == "one\ntwo[31m\n\tthree"
    is_clean(desk)


@pytest.mark.parametrize("text", ["", "  \n", "\x01\x02"])
def test_a_log_without_a_text_is_wrong_usage(desk: Desk, text: str) -> None:
    ticket = desk.ok("new", "Heater")
    says = "tk: what happened? there is no text\nhint: give it by -m TEXT or -F FILE\n"
    refused(desk, "log", ticket, "note", "-m", text, code=2, says=says)
    refused(desk, "log", ticket, "note", code=2, says=says)


def test_an_advance_with_an_empty_text_logs_nothing(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater")
    desk.ok("advance", ticket, "solved", "-m", "\x01 \n")
    assert portrait(desk, ticket)["events"] == []


def test_a_text_from_a_file_is_found_from_the_folder_the_command_works_in(desk: Desk) -> None:
    (desk.root / "text.md").write_bytes("\ufeffUna línea\r\n".encode())
    assert portrait(desk, desk.ok("new", "Heater", "-F", "text.md"))["description"] == "Una línea"
    (desk.root / "latin1.md").write_bytes(b"l\xednea")
    says = "tk: latin1.md is not UTF-8 text\nhint: convert it, or attach it\n"
    refused(desk, "new", "Heater", "-F", "latin1.md", code=2, says=says)
    refused(desk, "new", "Heater", "-F", "none.md", code=2, says="tk: none.md: No such file or directory\n")
    says = "tk: -m and -F both give the text; use one of them\n"
    refused(desk, "new", "Heater", "-F", "text.md", "-m", "x", code=2, says=says)


def test_tags_and_facts_stay_on_their_line(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater", "--tag", "two\nlines", "--tag", "a: b", "--tag", "]")
    desk.ok("log", ticket, "note", "-m", "x", "--set", 'subject=a "quoted"\n} line')
    held = portrait(desk, ticket)
    assert held["tags"] == ["two lines", "a: b", "]"]
    events = held["events"]
    assert isinstance(events, list)
    assert events[0]["subject"] == 'a "quoted" } line'
    is_clean(desk)
