"""Questions to the full text: what is looked for in SQLite's words, what ranks first, and where it was found."""

import sqlite3
from collections.abc import Iterator, Sequence

from tk.core.terms import Match, Term
from tk.store.index.fulltext import FIELDS, TOKENS

_WEIGHTS = (50.0, 3.0, 1.0, 20.0)
"""How much a word weighs in each of `FIELDS`."""

AMONG = "number IN (SELECT rowid FROM search.words WHERE words MATCH ?)"
"""The clause of the tickets in which an expression is found."""

_RANKED = f"""
SELECT ticket.number FROM search.words JOIN main.ticket ON ticket.number = words.rowid WHERE words MATCH ?
ORDER BY bm25(words, {", ".join(map(str, _WEIGHTS))}), ticket.updated_at DESC, ticket.id, ticket.path LIMIT ?
"""

_OPEN, _CLOSE = "\x02", "\x03"
"""What SQLite puts around a word it found; the texts hold neither."""


def expression(terms: Sequence[Term]) -> str:
    """Return `terms`, all of which must occur, as FTS5 writes them.

    A word as it stands is looked for beside its beginning, so that it ranks before longer ones.
    """
    return " AND ".join(map(_written, terms))


def _written(term: Term) -> str:
    text = term.text.encode(errors="replace").decode().replace('"', '""')
    return f'("{text}" OR "{text}" *)' if term.begins else f'"{text}"'


def ranked(connection: sqlite3.Connection, terms: Sequence[Term], limit: int | None) -> list[int]:
    """Return the numbers of the tickets in which `terms` occur, what fits best first, then the latest."""
    found = connection.execute(_RANKED, (expression(terms), -1 if limit is None else limit))
    return [number for (number,) in found]


def count(connection: sqlite3.Connection, terms: Sequence[Term]) -> int:
    """Return in how many tickets `terms` occur."""
    found = connection.execute(f"SELECT count(*) FROM main.ticket WHERE {AMONG}", (expression(terms),))
    return int(found.fetchone()[0])


def matches(
    connection: sqlite3.Connection, terms: Sequence[Term], numbers: Sequence[int], length: int
) -> dict[int, tuple[Match, ...]]:
    """Return what was found in each of these tickets: the title whole, of other fields a piece of `length` words.

    The texts go into a table of their own, small enough for SQLite to look for the pieces in it.
    """
    ask, many = connection.execute, connection.executemany
    columns = ", ".join(FIELDS)
    ask(f"CREATE VIRTUAL TABLE temp.shown USING fts5({columns}, {TOKENS})")
    held = ", ".join(f"replace(replace({field}, ?2, ' '), ?3, ' ')" for field in FIELDS)
    many(
        f"INSERT INTO temp.shown(rowid, {columns}) SELECT rowid, {held} FROM search.words WHERE rowid = ?1",
        [(number, _OPEN, _CLOSE) for number in numbers],
    )
    pieces = ", ".join(f"snippet(shown, {place}, ?2, ?3, '…', ?4)" for place in range(1, len(FIELDS)))
    found = ask(
        f"SELECT rowid, highlight(shown, 0, ?2, ?3), {pieces} FROM temp.shown WHERE shown MATCH ?1",
        (expression(terms), _OPEN, _CLOSE, length),
    ).fetchall()
    ask("DROP TABLE temp.shown")
    return {number: tuple(_found(texts)) for number, *texts in found}


def _found(texts: Sequence[str | None]) -> Iterator[Match]:
    for field, text in zip(FIELDS, texts, strict=True):
        if text and _OPEN in text:
            yield _match(field, " ".join(text.split()))


def _match(field: str, marked: str) -> Match:
    text = ""
    spans: list[tuple[int, int]] = []
    for place, part in enumerate(marked.split(_OPEN)):
        inside, _, behind = part.partition(_CLOSE) if place else ("", "", part)
        if place:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + behind
    return Match(field, text, tuple(spans))
