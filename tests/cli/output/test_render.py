"""Two voices for the same rows, and nothing in a ticket may act on a terminal."""

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOW, Stream
from tk.cli.app import App
from tk.cli.output.findings import exit_status, portrait, write_findings
from tk.cli.output.render import FORMATS, Column, Table, to_json, write_json, write_rows, write_values
from tk.cli.output.times import relative
from tk.cli.terminal.safe import cell, json_safe, safe
from tk.core.finding import Finding
from tk.core.instant import parse_instant
from tk.errors import say

Printed = Callable[[Callable[[App], None]], str]

COLUMNS = (
    Column("id", "ID"),
    Column("title", "Title", shrinks=True),
    Column("status", "Status", colors={"open": "green"}),
    Column("due", "Due", "deadline"),
    Column("events", "Events", "number"),
)
TABLE = Table(
    COLUMNS,
    [
        ["TK-260812-7K3QX", "Calentador no enciende", "open", "2026-08-12T11:14:03-05:00", "7"],
        ["TK-260812-9V0AB", "=cmd|' /C calc'!A0", "solved", "2026-08-10T09:14:03-05:00", "12"],
        ["TK-260813-00000", "Two\nlines\tand a tab", "open", "", "0"],
    ],
)

ATTACKS = {
    "escape": "\x1b]0;owned\x07",
    "csi of the second set": "\x9b31mred",
    "osc of the second set": "\x9d0;owned\x9c",
    "bell": "\x07",
    "backspace": "a\x08b",
    "carriage return": "good\rbad",
    "delete": "\x7f",
    "override": "\u202egpj.exe",
    "isolate": "\u2066x\u2069",
    "line separator": "a\u2028b",
    "lone surrogate": "\udc80",
    "nul": "\x00",
}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("TK_NOW", NOW)
    return App(Path("/"))


@pytest.fixture
def printed(app: App, monkeypatch: pytest.MonkeyPatch) -> Printed:
    """Return what something prints into a pipe."""
    return lambda act: capture(app, monkeypatch, act, terminal=False)


@pytest.fixture
def on_terminal(app: App, monkeypatch: pytest.MonkeyPatch) -> Printed:
    """Return what something prints on a terminal."""
    return lambda act: capture(app, monkeypatch, act, terminal=True)


def capture(app: App, monkeypatch: pytest.MonkeyPatch, act: Callable[[App], None], *, terminal: bool) -> str:
    out = Stream(terminal=terminal)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        act(app)
    return out.text()


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_a_terminal_might_obey_is_written_visibly(text: str) -> None:
    for shown in (safe(text), cell(text), json_safe(json.dumps(text, ensure_ascii=False))):
        assert not any(sign in shown for sign in "\x1b\x9b\x9d\x9c\x07\x08\r\x7f\u202e\u2066\u2069\u2028\udc80\x00")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_format_lets_an_attack_through(form: str, text: str, on_terminal: Printed, printed: Printed) -> None:
    table = Table([Column("id", "ID"), Column("title", "Title")], [[text, text]])
    for voice in (on_terminal, printed):
        shown = voice(lambda app: write_rows(app, table, form)).replace("\x1b[1m", "").replace("\x1b[0m", "")
        assert not any(sign in shown for sign in "\x1b\x9b\x9d\x9c\x07\x08\r\x7f\u202e\u2066\u2069\u2028\x00")


def test_letters_of_any_language_and_emoji_stay_as_they_are() -> None:
    for text in ("Sin documentación", "Ñandú", "שלום", "日本", "👩‍🔧", "no\u00a0break"):
        assert safe(text) == cell(text) == text


def test_text_keeps_its_lines_and_a_cell_loses_them() -> None:
    assert safe("a\n\tb") == "a\n\tb"
    assert cell("a\r\n\tb") == "a b"


@given(st.text())
def test_a_cell_is_always_one_printable_line(text: str) -> None:
    assert len(cell(text).splitlines()) <= 1
    assert not any(ord(letter) < 0x20 for letter in cell(text))


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_json_says_the_same_after_it_was_made_safe(value: object) -> None:
    assert json.loads(to_json(value)) == value
    assert json.loads(to_json(value, indent=2)) == value


def test_a_pipe_gets_tab_separated_lines_without_headings(printed: Printed) -> None:
    assert printed(lambda app: write_rows(app, TABLE, "tsv")) == (
        "TK-260812-7K3QX\tCalentador no enciende\topen\t2026-08-12T11:14:03-05:00\t7\n"
        "TK-260812-9V0AB\t=cmd|' /C calc'!A0\tsolved\t2026-08-10T09:14:03-05:00\t12\n"
        "TK-260813-00000\tTwo lines and a tab\topen\t\t0\n"
    )


def test_a_terminal_gets_headings_relative_times_and_colours(on_terminal: Printed) -> None:
    head, first, second, third = on_terminal(lambda app: write_rows(app, TABLE, "table")).splitlines()
    assert head.startswith("\x1b[1mID\x1b[0m")
    assert "\x1b[32mopen\x1b[0m" in first
    assert "in 2 h" in first
    assert "\x1b[31m2 days ago\x1b[0m" in second
    assert third.endswith(" 0")


def test_without_colours_the_columns_stand_below_each_other(
    on_terminal: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    lines = on_terminal(lambda app: write_rows(app, TABLE, "table")).splitlines()
    assert {line.find("open") for line in lines if "open" in line} == {lines[0].index("STATUS")}
    assert [line[-2:] for line in lines[1:]] == [" 7", "12", " 0"]


def test_a_long_title_gives_way_to_the_width_of_the_terminal(
    on_terminal: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    rows = [["TK-260812-7K3QX", "x" * 500, "open"], ["TK-260812-9V0AB", "日本" * 200, "open"]]
    shown = on_terminal(lambda app: write_rows(app, Table(COLUMNS[:3], rows), "table"))
    for line in shown.splitlines()[1:]:
        assert "…" in line
        assert line.endswith("open")
        assert len(line) <= 80


def test_an_instant_that_is_none_is_shown_as_it_is(on_terminal: Printed) -> None:
    table = Table([Column("due", "Due", "deadline")], [["tomorrow"]])
    assert "tomorrow" in on_terminal(lambda app: write_rows(app, table, "table"))


@pytest.mark.parametrize(
    ("form", "nothing"),
    [
        ("table", ""),
        ("tsv", ""),
        ("ids", ""),
        ("ndjson", ""),
        ("json", "[]\n"),
        ("csv", "id,title,status,due,events\n"),
        (
            "markdown",
            "| ID   | Title   | Status   | Due   | Events   |\n|------|---------|----------|-------|----------|\n",
        ),
    ],
)
def test_no_rows_print_nothing_but_the_frame(form: str, nothing: str, printed: Printed) -> None:
    assert printed(lambda app: write_rows(app, Table(COLUMNS, []), form)) == nothing


def test_ids_are_one_a_line_wherever_their_column_stands(printed: Printed) -> None:
    table = Table([Column("title", "Title"), Column("id", "ID")], [["a", "TK-260812-7K3QX"], ["b", "TK-260812-9V0AB"]])
    assert printed(lambda app: write_rows(app, table, "ids")) == "TK-260812-7K3QX\nTK-260812-9V0AB\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_spreadsheet_never_takes_a_cell_for_a_formula(text: str, printed: Printed) -> None:
    shown = printed(lambda app: write_rows(app, Table([Column("id", "ID")], [[text]]), "csv"))
    (_, (held,)) = csv.reader(io.StringIO(shown))
    assert held.startswith(("'" + text[0], "'\\x0d"))


def test_csv_quotes_what_needs_it_and_can_be_read_back(printed: Printed) -> None:
    rows = [["TK-1", 'a "quote", a comma'], ["TK-2", "two\nlines"]]
    shown = printed(lambda app: write_rows(app, Table(COLUMNS[:2], rows), "csv"))
    assert list(csv.reader(io.StringIO(shown))) == [["id", "title"], *rows]


def test_markdown_takes_no_markup_from_a_ticket(printed: Printed) -> None:
    table = Table(COLUMNS[:2], [["TK-1", "a|b <img src=x> [x](y) `z`"]])
    assert r"a\|b \<img src=x\> \[x\](y) \`z\`" in printed(lambda app: write_rows(app, table, "markdown"))


def test_rows_as_json_have_the_names_of_the_columns_and_null_for_nothing(printed: Printed) -> None:
    table = Table(COLUMNS[:2], [["TK-1", ""]])
    assert json.loads(printed(lambda app: write_rows(app, table, "json"))) == [{"id": "TK-1", "title": None}]


def test_json_is_one_line_in_a_pipe_and_indented_on_a_terminal(printed: Printed, on_terminal: Printed) -> None:
    assert printed(lambda app: write_json(app, {"id": "ñ"})) == '{"id": "ñ"}\n'
    assert on_terminal(lambda app: write_json(app, {"id": "ñ"})) == '{\n  "id": "ñ"\n}\n'


def test_ndjson_is_a_line_for_each_value_even_on_a_terminal(on_terminal: Printed) -> None:
    assert on_terminal(lambda app: write_values(app, [{"a": 1}, {"a": 2}], "ndjson")) == '{"a": 1}\n{"a": 2}\n'


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(0), "just now"),
        (-timedelta(seconds=59), "just now"),
        (-timedelta(seconds=60), "1 min ago"),
        (-timedelta(minutes=59, seconds=59), "59 min ago"),
        (-timedelta(hours=3), "3 h ago"),
        (-timedelta(hours=24), "1 day ago"),
        (-timedelta(days=29), "29 days ago"),
        (-timedelta(days=30), "13 Jul"),
        (timedelta(seconds=1), "in a moment"),
        (timedelta(minutes=5), "in 5 min"),
        (timedelta(hours=23, minutes=59), "in 23 h"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=400), "16 Sep 2027"),
    ],
)
def test_people_read_how_far_away_an_instant_is(away: timedelta, words: str) -> None:
    now = parse_instant(NOW)
    assert relative(now + away, now) == words


ERROR = Finding("tickets/a.md", 4, 7, "unknown-status", "error", say("no status {s}", s="later"), ticket="TK-1")
WARNING = Finding("tk.toml", 0, 0, "spelling", "warning", say("odd\x1b"))
COMMITTED = Finding(
    "tickets/b.md", 0, 0, "not-allowed", "error", say("no"), commit="0123456789abcdef", verdict="refused"
)


def test_a_finding_is_a_line_that_an_editor_can_jump_to(printed: Printed) -> None:
    assert printed(lambda app: write_findings(app, [ERROR, WARNING, COMMITTED], "text")) == (
        "tickets/a.md:4:7: error[unknown-status] no status later\n"
        "tk.toml: warning[spelling] odd\\x1b\n"
        "0123456789 tickets/b.md: error[not-allowed] no\n"
    )


def test_no_findings_print_nothing_for_people(printed: Printed) -> None:
    assert printed(lambda app: write_findings(app, [], "text")) == ""


def test_findings_as_json_have_all_their_names_in_order(printed: Printed) -> None:
    told = json.loads(printed(lambda app: write_findings(app, [ERROR], "json", commits=3)))
    assert told["commits"] == 3
    assert list(told["findings"][0].items()) == [
        ("path", "tickets/a.md"),
        ("line", 4),
        ("column", 7),
        ("ticket", "TK-1"),
        ("commit", None),
        ("code", "unknown-status"),
        ("severity", "error"),
        ("verdict", None),
        ("message", "no status later"),
    ]
    assert portrait(WARNING)["line"] is None


def test_errors_are_no_and_warnings_only_where_asked() -> None:
    assert exit_status([ERROR, WARNING]) == 1
    assert exit_status([WARNING]) == exit_status([]) == 0
    assert exit_status([WARNING], strict=True) == 1
