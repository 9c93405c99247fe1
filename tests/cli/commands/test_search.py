"""`tk search`: two lines a ticket for people, tab-separated ones for pipes, matches for programs."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.shapes import TICKET
from tests.world import Desk

Tickets = tuple[str, str, str]

PLAIN = re.compile(r"\x1b\[\d+m")


@pytest.fixture
def tickets(desk: Desk) -> Tickets:
    """Return the ids of a ticket whose title, of one whose text, and of a closed one whose log says caldera."""
    title = desk.ok("new", "La Caldera no enciende", "--requester", "ana@example.cl", "-m", "Hace ruido.")
    text = desk.ok("new", "Señal débil", "-m", "Dice que es por la caldera,\nque está cerca.", "--priority", "high")
    closed = desk.ok("new", "Gotera", "-m", "En la cocina")
    desk.ok("log", closed, "note", "-m", "Era la caldera del vecino", "--internal")
    desk.ok("advance", closed, "closed")
    return title, text, closed


def test_a_pipe_gets_all_that_match_best_first_with_the_words_around(desk: Desk, tickets: Tickets) -> None:
    title, text, closed = tickets
    assert [line.split("\t") for line in desk.ok("search", "cáldera").splitlines()] == [
        [title, "open", "La Caldera no enciende", ""],
        [text, "open", "Señal débil", "Dice que es por la caldera, que está cerca."],
        [closed, "closed", "Gotera", "Era la caldera del vecino"],
    ]
    assert desk.ok("search", "caldera", "--format", "ids").split() == [title, text, closed]
    assert desk.ok("search", "caldera", "--limit", "2", "--format", "ids").split() == [title, text]
    assert desk.ok("search", "caldera vecino", "--format", "ids") == closed
    assert desk.ok("search", "caldera", "vecino", "--format", "ids") == closed
    assert desk.ok("search", '"que es por"', "--format", "ids") == text


def test_programs_get_each_ticket_as_a_list_gives_it_with_its_matches(desk: Desk, tickets: Tickets) -> None:
    first, _, third = json.loads(desk.ok("search", "caldera", "--json"))
    assert list(first) == [*TICKET, "matches"]
    assert first["matches"] == [{"field": "title", "text": "La Caldera no enciende", "words": ["Caldera"]}]
    assert third["matches"] == [{"field": "log", "text": "Era la caldera del vecino", "words": ["caldera"]}]
    assert third["status_kind"] == "closed"
    (one,) = json.loads(desk.ok("search", "ana@example.cl caldera", "--json"))
    assert [match["field"] for match in one["matches"]] == ["title", "requester"]
    del first["matches"]
    assert json.loads(desk.ok("list", "title:caldera", "--json")) == [first]
    lines = desk.ok("search", "caldera", "--format", "ndjson").splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(tickets)


def test_a_terminal_gets_two_lines_a_ticket_with_the_matches_in_colour(desk: Desk, tickets: Tickets) -> None:
    title, text, closed = tickets
    red = "\x1b[31m\x1b[1m{}\x1b[0m"
    assert desk.run("search", "caldera", terminal=True).out.splitlines() == [
        f"{title}  Open    La {red.format('Caldera')} no enciende",
        f"{text}  Open    Señal débil",
        f"    Dice que es por la {red.format('caldera')}, que está cerca.",
        f"{closed}  Closed  Gotera",
        f"    Era la {red.format('caldera')} del vecino",
    ]
    assert desk.run("search", "caldera", "--format", "table", terminal=True).out.split()[:4] == [
        f"\x1b[1m{name}\x1b[0m" for name in ("ID", "STATUS", "TITLE", "MATCH")
    ]


@pytest.mark.parametrize("width", [120, 80, 60, 40])
def test_no_line_is_wider_than_the_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    desk.ok("new", "una caldera larguísima " * 9, "-m", "日本語 " * 30 + "caldera " + "palabras " * 40)
    lines = desk.run("search", "caldera", terminal=True).out.splitlines()
    shown = [PLAIN.sub("", line) for line in lines]
    assert len(shown) == 2
    assert all(sum(2 if letter in "日本語" else 1 for letter in line) <= width for line in shown)
    assert "caldera" in shown[1]
    assert shown[0].endswith("…")


def test_without_colour_the_words_are_all_there(desk: Desk, tickets: Tickets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk.run("search", "caldera", terminal=True).out
    assert "\x1b" not in shown
    assert "La Caldera no enciende" in shown
    assert desk.run("search", "caldera", "--format", "text").out == shown


def test_a_terminal_gets_twenty_and_is_told_of_the_others(desk: Desk) -> None:
    for number in range(23):
        path = desk.root / f"tickets/2026/08/12/TK-260812-000{number:02d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\nid: {path.stem}\ntitle: Gotera\nstatus: open\ncreated: 2026-08-12T09:00:00-05:00\n---\n")
    result = desk.run("search", "gotera", terminal=True)
    assert (len(result.out.splitlines()), result.err) == (20, "20 of 23; --limit shows more\n")
    result = desk.run("search", "gotera", "--limit", "23", terminal=True)
    assert (len(result.out.splitlines()), result.err) == (23, "")
    assert len(desk.ok("search", "gotera").splitlines()) == 23


def test_finding_nothing_is_clean(desk: Desk, tickets: Tickets) -> None:
    assert desk.run("search", "xyzzy") == (0, "", "")
    assert desk.run("search", "xyzzy", "--json") == (0, "[]\n", "")
    assert desk.run("search", "xyzzy", terminal=True) == (0, "", "no ticket holds that\n")


def test_a_file_that_cannot_be_read_is_named_and_hides_no_other(desk: Desk, tickets: Tickets) -> None:
    path = desk.file(tickets[1])
    path.write_text("Hola caldera\n")
    result = desk.run("search", "caldera", "--format", "ids")
    assert (result.code, result.out.split()) == (0, [tickets[0], tickets[2]])
    assert result.err.startswith(f"{path.relative_to(desk.root)}:1:1: ")


def test_escape_sequences_in_a_ticket_do_not_reach_the_terminal(desk: Desk) -> None:
    ticket = desk.ok("new", "caldera")
    path: Path = desk.file(ticket)
    path.write_text(path.read_text() + "caldera \x1b[31m\x02 peligro\x03 \u202e\n")
    for arguments in ([], ["--json"], ["--format", "tsv"], ["--format", "table"]):
        shown = PLAIN.sub("", desk.run("search", "peligro", *arguments, terminal=True).out)
        assert "peligro" in shown
        assert not {"\x1b", "\x02", "\x03", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ((), "tk: missing argument 'TEXT...'"),
        (("",), 'tk: there is no word in "" to search for\nhint: write letters or digits, such as tk search heater\n'),
        (("--", "-", '"', "?"), 'tk: there is no word in "- " ?" to search for\n'),
        (("x", "--limit", "0"), 'tk: "--limit 0": a limit is a whole number from 1\nhint: --limit 20\n'),
        (("x", "--limit", "many"), 'tk: "--limit many": a limit is a whole number from 1\n'),
        (("x", "--limit", "²"), 'tk: "--limit ²": a limit is a whole number from 1\n'),
        (("x", "--format", "xml"), "tk: invalid value for '--format'"),
    ],
)
def test_mistakes_are_wrong_usage(desk: Desk, argv: tuple[str, ...], says: str) -> None:
    result = desk.run("search", *argv)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(says)


@pytest.mark.parametrize("text", ["AND", "a OR", "NEAR(", "tí*tulo", "x' --", "^caldera", "{title}: x", "col:caldera"])
def test_what_other_search_engines_obey_is_words_here(desk: Desk, tickets: Tickets, text: str) -> None:
    assert desk.run("search", "--", text).code == 0
    assert desk.run("list", "status:any", "--", text.replace(":", " ")).code == 0


def test_a_desk_that_cannot_keep_a_file_searches_all_the_same(desk: Desk, tickets: Tickets) -> None:
    for file in (desk.root / ".git/tk").glob("*.sqlite*"):
        file.unlink()
    (desk.root / ".git/tk/search-1.sqlite").mkdir()
    assert desk.ok("search", "vecino", "--format", "ids") == tickets[2]


def test_lists_take_plain_words(desk: Desk, tickets: Tickets) -> None:
    title, text, closed = tickets
    assert desk.ok("list", "caldera", "--format", "ids").split() == [text, title]
    assert set(desk.ok("list", "caldera", "status:any", "--format", "ids").split()) == {title, text, closed}
    assert desk.ok("list", "priority:high", "caldera", "--format", "ids") == text
    assert desk.ok("list", "caldera", "--format", "ids", "--", "-ruido") == text
    assert desk.run("list", "xyzzy", terminal=True) == (0, "", "no ticket answers to that\n")


def test_lists_of_the_past_search_the_texts_of_then(desk: Desk, tickets: Tickets) -> None:
    path = desk.file(tickets[0])
    path.write_text(path.read_text().replace("Hace ruido", "Silencio"))
    assert desk.ok("list", "ruido", "--format", "ids") == ""
    assert desk.ok("list", "ruido", "--at", "HEAD", "--format", "ids") == tickets[0]
    assert desk.ok("list", "silencio", "--at", "HEAD", "--format", "ids") == ""


def test_a_process_of_its_own_begins_to_look_before_it_imports(desk: Desk, tickets: Tickets) -> None:
    result = desk.tk("search", "vecino", "--format", "ids")
    assert result == (0, f"{tickets[2]}\n", "")
