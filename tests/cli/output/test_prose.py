"""Text of tickets on a terminal: Markdown set as people read it, all of it seen and nothing of it obeyed."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.terminal import seen, spawn
from tests.world import Desk
from tk.cli.output.prose import prose
from tk.cli.terminal.widths import width


def lines(text: str, wide: int = 60) -> list[str]:
    return list(prose(text, wide, colored=False))


def test_a_paragraph_is_set_to_the_width_and_its_own_lines_stay() -> None:
    assert lines("One two three four five six.\nSeven.", 20) == ["One two three four", "five six.", "Seven."]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Boiler", ["Boiler"]),
        ("a **bold** *word* and `code`", ["a bold word and code"]),
        ("- one\n- two\n\nend", [" • one", " • two", "", "end"]),
        ("1. one\n2. two", [" 1 one", " 2 two"]),
        ("> as told", ["▌ as told"]),
        ("```sh\nls  -l\n\n\nx\n```", [" ls  -l", "", " x"]),
        ("| a | b |\n| - | -: |\n| x | 12 |", [" a   b", " ─────", " x  12"]),
    ],
)
def test_markdown_is_read(text: str, shown: list[str]) -> None:
    assert lines(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("press <Enter> or <b>stop</b>", "press <Enter> or <b>stop</b>"),
        ("<!-- hidden -->", "<!-- hidden -->"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("[bank](https://evil.example)", "bank (https://evil.example)"),
        ("<https://a.example>", "https://a.example"),
        ("![photo](x.png)", "photo (x.png)"),
        ("[x]: https://a.example", "[x]: https://a.example"),
        ("Ana\n---\nSupport", "Ana\n\n---\n\nSupport"),
        ("[bold]no[/bold] :smile:", "[bold]no[/bold] :smile:"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
    ],
)
def test_all_that_was_typed_is_seen(text: str, shown: str) -> None:
    assert re.sub("-{4,}", "---", "\n".join(lines(text))) == shown


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mred",
        "\x1b]0;title\x07",
        "`\x1b[2J`",
        "```\x1b[2J\n\x1b[2J\n```",
        "[a\x1b[31m](http://x/\x1b[31m)",
        "&#27;[31m",
        "&#x1b;[31m",
        "&#155;31m",
        "&#x202e;evil",
        "![&#x202e;](x&#x9b;31m)",
        "\u202eevil",
        "a\rb",
        "&#13;",
        "&#8232;",
    ],
)
@pytest.mark.parametrize("colored", [True, False])
def test_nothing_acts_on_the_terminal(text: str, colored: bool) -> None:
    shown = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(prose(text, 60, colored=colored))) if colored else str(lines(text))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
    assert "31m" not in text or not colored or "31m" in shown  # what is no style of ours stands there, written out


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text("*_#`[]()<>|-+!&;:\\\n 12ab\té漢\u0301", max_size=80),
        st.lists(st.sampled_from(["> ", "- ", "1. ", "\n", "| ", "---", "```", "# ", "a", "&#x9b;", "    "])).map(
            "".join
        ),
    ),
    st.integers(10, 90),
)
@example("|\n-\n", 60)
@example("> " * 60 + "x", 60)
@example("- " * 60 + "x", 60)
def test_any_text_is_set_within_the_width(text: str, wide: int) -> None:
    for line in lines(text, wide):
        if not re.search(r"[^\x00-\u024f\u0300-\u036f\u3040-\u30ff\u4e00-\u9fff▌•─�]", line):
            assert width(line) <= max(wide, 20) or line in text.splitlines()
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", line)


@pytest.mark.parametrize("text", ["> " * 60 + "x", "- " * 60 + "x", "|a" * 20 + "|\n" + "|-" * 20 + "|\n" + "|b" * 20])
def test_what_could_not_be_seen_if_it_were_set_is_shown_as_it_stands(text: str) -> None:
    assert lines(text) == text.splitlines()


def test_what_is_very_long_is_shown_as_it_stands() -> None:
    text = "\n".join(["*line* \x1b[2J"] * 10_000)
    assert lines(text) == ["*line* \\x1b[2J"] * 10_000


def test_show_sets_texts_on_a_terminal_alone(desk: Desk) -> None:
    ticket = desk.ok("new", "Boiler", "-m", "Since **today**:\n\n- cold\n- loud")
    desk.ok("log", ticket, "note", "-m", "See `E4`.")
    assert "Since **today**:\n\n- cold\n- loud\n" in desk.ok("show", ticket)
    shown = desk.run("show", ticket, terminal=True).out
    assert "Since \x1b[1mtoday\x1b[0m:\n\n" in shown
    assert "    See \x1b[36mE4\x1b[0m.\n" in shown


def test_without_colours_there_are_no_styles(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = desk.ok("new", "Boiler", "-m", "# Since **today**")
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk.run("show", ticket, terminal=True).out
    assert "\nSince today\n" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_text_is_no_wider_than_the_terminal_and_than_is_easy_to_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    ticket = desk.ok("new", "Boiler", "-m", "word " * 100)
    desk.ok("log", ticket, "note", "-m", "palabra " * 60)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    texts = [
        line for line in desk.run("show", ticket, terminal=True).out.splitlines() if "word" in line or "pal" in line
    ]
    assert len(texts) > 8
    assert all(width(line) <= min(int(columns), 100) for line in texts)


def test_on_a_terminal_that_cannot_draw_it_stands_as_it_was_written(desk: Desk) -> None:
    ticket = desk.ok("new", "Boiler", "-m", "> **quoted**")
    assert "> **quoted**" in seen(spawn(desk, "show", ticket, PYTHONIOENCODING="ascii"))[1]
    assert "▌ " in seen(spawn(desk, "show", ticket))[1]
