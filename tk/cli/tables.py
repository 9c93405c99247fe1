"""Tables for people: on a terminal and in Markdown, by tabulate."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from tabulate import tabulate

from tk.cli.app import App
from tk.cli.columns import Column, Table
from tk.cli.safe import cell
from tk.cli.times import relative
from tk.core.instant import parse_instant

_GAP = 2
_LEAST = 8
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~])")


def for_people(app: App, table: Table) -> str:
    """Return the table as a person on a terminal reads it; "" where there are no rows."""
    if not table.rows:
        return ""
    held = list(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    shown = [[_shown(column, text, app.now) for text in texts] for column, texts in held]
    room = _room(app.width, table.columns, shown)
    # The headings are a row like the others: tabulate would make a column of headings wider than what stands in it.
    painted = [
        [
            app.styled(column.title.upper(), bold=True),
            *(_painted(app, column, _cut(brief, most), text) for brief, text in zip(briefs, texts, strict=True)),
        ]
        for (column, texts), briefs, most in zip(held, shown, room, strict=True)
        if most
    ]
    sides = [side for side, most in zip(_sides(table), room, strict=True) if most]
    text = tabulate(list(zip(*painted, strict=True)), tablefmt="plain", disable_numparse=True, colalign=sides)
    return "\n".join(line.rstrip() for line in text.splitlines())


def markdown(table: Table) -> str:
    """Return the table in Markdown, as a pull request shows it, instants as programs read them."""
    rows = [[_MARKUP.sub(r"\\\1", cell(text)) for text in row] for row in table.rows]
    titles = [_MARKUP.sub(r"\\\1", column.title) for column in table.columns]
    return tabulate(rows, titles, tablefmt="github", disable_numparse=True, colalign=_sides(table) if rows else None)


def _sides(table: Table) -> list[str]:
    return ["right" if column.kind == "number" else "left" for column in table.columns]


def _room(width: int, columns: Sequence[Column], shown: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column may be for all to fit into `width`, 0 for one that is left out.

    From the right, those that cannot shrink are left out where even shrunken ones find no room, then the others shrink.
    """
    room = [max(map(_width, [column.title, *texts])) for column, texts in zip(columns, shown, strict=True)]
    least = [min(wide, _LEAST) if column.shrinks else wide for column, wide in zip(columns, room, strict=True)]
    for place in range(len(columns) - 1, 0, -1):
        if _excess(least, width) > 0 and not columns[place].shrinks:
            room[place] = least[place] = 0
    for place in range(len(columns) - 1, -1, -1):
        room[place] = max(least[place], room[place] - max(0, _excess(room, width)))
    return room


def _excess(room: Sequence[int], width: int) -> int:
    """Return by how much columns so wide are too wide together."""
    return sum(room) + _GAP * (sum(map(bool, room)) - 1) - width


def _shown(column: Column, text: str, now: datetime) -> str:
    if not text or column.kind not in {"instant", "deadline"}:
        return cell(text)
    try:
        return relative(parse_instant(text), now)
    except ValueError:
        return cell(text)  # a file edited by hand may hold anything


def _painted(app: App, column: Column, shown: str, text: str) -> str:
    color = column.colors.get(text)
    if column.kind == "deadline" and _is_past(text, app.now):
        color = "red"
    return shown if color is None else app.styled(shown, color)


def _is_past(text: str, now: datetime) -> bool:
    try:
        return parse_instant(text) < now
    except ValueError:
        return False


def _width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _cut(text: str, room: int) -> str:
    """Return `text` in at most `room` columns, with … where something was left out."""
    if _width(text) <= room:
        return text
    used = 0
    for place, letter in enumerate(text):
        used += _columns(letter)
        if used > room - 1:
            return text[:place] + "…"
    return text
