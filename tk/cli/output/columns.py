"""Rows under columns: what a command has to show, before it is known how."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a table.

    `name` is for programs, `title` for people. `kind` is "text", "number" (to the right), "instant" (RFC 3339 in the
    rows, relative for people) or "deadline" (an instant that is red when past). `colors` maps a cell's text to a
    colour. A column that `shrinks` gives way where the terminal is too narrow, down to `least`; where that is not
    enough, the last ones of the others are left out.
    """

    name: str
    title: str
    kind: str = "text"
    colors: Mapping[str, str] = {}
    shrinks: bool = False
    least: int = 8


READABLE = 12
"""The least that is left of a title."""


class Table(NamedTuple):
    """Rows of text under columns; nothing is an empty string. The column called `id`, else the first, names a row."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    def ids(self) -> list[str]:
        """Return what names each row."""
        place = next((i for i, column in enumerate(self.columns) if column.name == "id"), 0)
        return [row[place] for row in self.rows]

    def objects(self) -> list[dict[str, str | None]]:
        """Return each row as names and values; an empty cell is None."""
        names = [column.name for column in self.columns]
        return [{name: text or None for name, text in zip(names, row, strict=True)} for row in self.rows]
