"""Tables for people: on a terminal, and in Markdown by tabulate.

tabulate counts characters, of which a terminal shows some over two columns and some over none: what stands in line on
a terminal is padded here.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from tk.cli.app import App
from tk.cli.output.columns import Column, Table
from tk.cli.output.times import relative
from tk.cli.terminal.safe import cell
from tk.cli.terminal.widths import cut, padded, width
from tk.core.instant import parse_instant

_GAP = 2
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~])")


def for_people(app: App, table: Table) -> str:
    """Return the table as a person on a terminal reads it; "" where there are no rows."""
    if not table.rows:
        return ""
    held = list(zip(table.columns, zip(*table.rows, strict=True), strict=True))
    shown = [[_shown(column, text, app.now) for text in texts] for column, texts in held]
    room = _room(app.width, table.columns, shown)
    painted = [
        [_heading(app, column, most), *(_cell(app, column, most, *pair) for pair in zip(briefs, texts, strict=True))]
        for (column, texts), briefs, most in zip(held, shown, room, strict=True)
        if most
    ]
    return "\n".join((" " * _GAP).join(line).rstrip() for line in zip(*painted, strict=True))


def _heading(app: App, column: Column, room: int) -> str:
    title = cut(column.title.upper(), room)
    return padded(app.styled(title, bold=True), room, width(title), right=column.kind == "number")


def _cell(app: App, column: Column, room: int, brief: str, text: str) -> str:
    shown = cut(brief, room)
    return padded(_painted(app, column, shown, text), room, width(shown), right=column.kind == "number")


def markdown(table: Table) -> str:
    """Return the table in Markdown, as a pull request shows it, instants as programs read them."""
    from tabulate import tabulate  # takes as long to import as Python to start

    rows = [[_MARKUP.sub(r"\\\1", cell(text)) for text in row] for row in table.rows]
    titles = [_MARKUP.sub(r"\\\1", column.title) for column in table.columns]
    return tabulate(rows, titles, tablefmt="github", disable_numparse=True, colalign=_sides(table) if rows else None)


def _sides(table: Table) -> list[str]:
    return ["right" if column.kind == "number" else "left" for column in table.columns]


def _room(wide: int, columns: Sequence[Column], shown: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column may be for all to fit into `width`, 0 for one that is left out.

    Where even shrunken ones find no room, those that say nothing are left out, and then from the right those that
    cannot shrink; the others shrink.
    """
    room = [max(map(width, [column.title, *texts])) for column, texts in zip(columns, shown, strict=True)]
    least = [min(most, column.least) if column.shrinks else most for column, most in zip(columns, room, strict=True)]
    right = range(len(columns) - 1, 0, -1)
    empty = [place for place in right if not any(shown[place])]
    for place in [*empty, *(place for place in right if not columns[place].shrinks)]:
        if _excess(least, wide) > 0:
            room[place] = least[place] = 0
    for place in range(len(columns) - 1, -1, -1):
        room[place] = max(least[place], room[place] - max(0, _excess(room, wide)))
    return room


def _excess(room: Sequence[int], wide: int) -> int:
    """Return by how much columns so wide are too wide together."""
    return sum(room) + _GAP * (sum(map(bool, room)) - 1) - wide


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
