"""Columns of a terminal: wide and combining characters in line, an ellipsis where something is left out."""

import pytest

from tests.world import Desk
from tk.cli.terminal.widths import cut, padded, width

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("Ñandú", 5),
        ("n\N{COMBINING TILDE}", 1),
        ("暖房", 4),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}", 2),
        ("\N{VARIATION SELECTOR-16}", 0),
        (FAMILY, 4),
        ("\N{ARABIC LETTER BEH}\N{ARABIC FATHA}", 1),
        ("…→", 2),
    ],
)
def test_text_takes_as_many_columns_as_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("暖房故障", 8, "暖房故障"),
        ("暖房故障", 7, "暖房故…"),
        ("暖房故障", 6, "暖房…"),
        ("n\N{COMBINING TILDE}n\N{COMBINING TILDE}", 2, "n\N{COMBINING TILDE}n\N{COMBINING TILDE}"),
        ("n\N{COMBINING TILDE}abc", 2, "n\N{COMBINING TILDE}…"),
    ],
)
def test_what_finds_no_room_ends_in_an_ellipsis(text: str, room: int, shown: str) -> None:
    assert cut(text, room) == shown


def test_padding_goes_by_columns() -> None:
    assert padded("暖房", 6, 4) == "暖房  "
    assert padded("7", 3, 1, right=True) == "  7"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_tables_stand_in_line_and_nothing_wraps(desk: Desk, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    titles = ["plain", "暖房故障" * 3, "n\N{COMBINING TILDE}" * 12, f"{FAMILY} family", "long " * 40]
    for title in titles:
        desk.ok("new", title)
    head, *rows = desk.run("list", terminal=True).out.splitlines()
    assert all(width(row) <= columns for row in rows)
    assert {width(row[: row.rindex("just now")]) for row in rows} == {width(head[: head.index("UPDATED")])}
