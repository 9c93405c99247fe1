"""The index of a desk: what is where, in step with the files whenever it is opened, and answers to queries.

It is a cache beside git's own (`state/index-1.sqlite`) and never trusted further than it was checked: deleting it costs
the time to read the tickets again, and nothing else.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeAlias

from tk.core.condition_terms import Condition
from tk.core.finding import Finding, in_order
from tk.core.ids import Abbreviation, matches
from tk.store import index_schema
from tk.store.index_changes import Pending
from tk.store.index_query import FUNCTIONS, Clause, Scale, Split, order, split
from tk.store.index_refresh import refresh
from tk.store.index_tables import Entry, Tables, name
from tk.store.progress import Progress, unseen
from tk.store.repo import Repo


class Row(NamedTuple):
    """A ticket as a list shows it: texts as in the file, the category's steps joined by `/`, `due_at` in seconds.

    `front` is the front matter as JSON, "" where the selection does not ask for it.
    """

    path: str
    id: str
    title: str
    status: str
    status_since: str | None
    priority: str | None
    type: str | None
    category: str | None
    channel: str | None
    requester: str | None
    customer: str | None
    unit: str | None
    creator: str | None
    owner: str | None
    team: str | None
    created: str | None
    updated: str | None
    activity: str | None
    follow_up: str | None
    due_at: int | None
    front: str


class Selection(NamedTuple):
    """Which tickets, in which order, how many; kinds, ranks and lengths of time go by the policy and the instant."""

    condition: Condition
    scale: Scale
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    front: bool = False


class Hit(NamedTuple):
    """A ticket that answers to an id: `title` is "" where the file cannot be read."""

    id: str
    path: str
    title: str


Residual: TypeAlias = Callable[[Row, Condition], bool]
"""Whether a ticket meets a condition that the index cannot test."""

_SHOWN = ", ".join(
    f"coalesce({column}, '')" if column in {"id", "title", "status"} else column for column in Row._fields[:-1]
)


class Index:
    """The index of one desk, opened; to be closed, or used in a `with`."""

    def __init__(self, repo: Repo, connection: sqlite3.Connection, file: str) -> None:
        self._repo = repo
        self._file = file
        self._use(connection)

    def _use(self, connection: sqlite3.Connection) -> None:
        for called, (arguments, function) in FUNCTIONS.items():
            connection.create_function(called, arguments, function, deterministic=True)
        self._connection = connection

    @classmethod
    def open(cls, repo: Repo, pending: Pending | None = None, progress: Progress = unseen) -> Self:
        """Return the index of a desk, in step with its files.

        `pending` is what `index_changes.begin` returned; `progress` is told of what takes long.
        """
        file = index_schema.file_of(str(repo.state), repo.prefix)
        with suppress(OSError):
            repo.state.mkdir(exist_ok=True)
        try:
            return cls(repo, _in_step(index_schema.connect(file), repo, pending, progress), file)
        except sqlite3.Error as failure:
            if pending is not None:
                pending.drop()
            return cls(repo, _made_anew(repo, file, failure, progress), file)

    @classmethod
    def of(cls, repo: Repo, entries: Iterable[Entry]) -> Self:
        """Return an index in memory of these entries, whatever the files say now."""
        connection = index_schema.in_memory(None)
        tables = Tables(connection)
        with tables.writing():
            tables.put(entries)
            index_schema.add_indexes(connection)
        return cls(repo, connection, "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, selection: Selection, residual: Residual | None = None) -> list[Row]:
        """Return the tickets selected; raise ValueError where only a `residual`, which is missing, could tell."""
        parts = split(selection.condition, selection.scale)
        whole = parts.left == Condition()
        if not whole and residual is None:
            raise ValueError(parts.left)
        where, sort = _where(parts), order(selection.sort, selection.scale.policy)
        limit = selection.limit if whole and selection.limit is not None else -1
        chosen = self._ask(
            f"SELECT number, {_SHOWN} FROM ticket WHERE {where.text} ORDER BY {sort.text} LIMIT ?",
            (*where.values, *sort.values, limit),
        )
        found = (self._row(values, front=selection.front or not whole) for values in chosen)
        if residual is not None and not whole:
            found = (row for row in found if residual(row, parts.left))
        return list(islice(found, selection.limit))

    def _row(self, values: tuple[Any, ...], *, front: bool) -> Row:
        number, path, *texts = values
        text = self._ask("SELECT text FROM front WHERE number = ?", (number,))[0][0] if front else ""
        return Row._make((name(path), *texts, text))

    def count(self, selection: Selection, residual: Residual | None = None) -> int:
        """Return how many tickets a selection holds, whatever its limit."""
        parts = split(selection.condition, selection.scale)
        if parts.left != Condition():
            return len(self.rows(selection._replace(limit=None, sort=()), residual))
        where = _where(parts)
        return int(self._ask(f"SELECT count(*) FROM ticket WHERE {where.text}", where.values)[0][0])

    def broken(self) -> list[Finding]:
        """Return the first finding of each file that is no ticket, by path."""
        found = self._ask("SELECT path, broken FROM ticket WHERE broken IS NOT NULL")
        if not found:
            return []
        from tk.store.index_rows import finding_of

        return in_order([finding_of(name(path), told) for path, told in found])

    def total(self) -> int:
        """Return how many ticket files there are, broken ones included."""
        return int(self._ask("SELECT count(*) FROM ticket")[0][0])

    def find(self, wanted: Abbreviation) -> list[Hit]:
        """Return the tickets that answer to an id: those whose id it is, else whose alias, else whose id it begins."""
        exact = self._hits("id IN (?, ?)", (wanted.text, wanted.id))
        return exact or self._aliased(wanted.text) or self._begun(wanted)

    def _aliased(self, text: str) -> list[Hit]:
        return self._hits("number IN (SELECT number FROM alias WHERE alias = ?)", (text,))

    def _begun(self, wanted: Abbreviation) -> list[Hit]:
        if not wanted.id and not wanted.tail:
            return []
        column = "id" if wanted.id else "substr(id, -5)"
        hits = self._hits(f"{column} >= ? AND {column} < ?", wanted.span)
        return [hit for hit in hits if matches(wanted, hit.id)]

    def _hits(self, where: str, values: tuple[str, ...]) -> list[Hit]:
        found = self._ask(f"SELECT id, path, coalesce(title, '') FROM ticket WHERE {where} ORDER BY id, path", values)
        return [Hit(taken, name(path), title) for taken, path, title in found]

    def begun(self, wanted: Abbreviation, closed: Sequence[str], limit: int) -> list[Hit]:
        """Return tickets whose id `wanted` begins, any where it is empty: the `closed` last, then the latest first."""
        column = "id" if wanted.id else "substr(id, -5)"
        start, end = wanted.span
        found = self._ask(
            f"SELECT id, path, coalesce(title, '') FROM ticket WHERE {column} >= ? AND {column} < ? "
            f"ORDER BY coalesce(status IN ({', '.join('?' * len(closed))}), 0), id DESC LIMIT ?",
            (start, end, *closed, limit),
        )
        return [Hit(taken, name(path), title) for taken, path, title in found]

    def near(self, wanted: Abbreviation) -> list[str]:
        """Return up to three ids that differ in one character from what was asked for, the latest first."""
        text, column = (wanted.id, "id") if wanted.id else (wanted.tail, "substr(id, -5)")
        patterns = tuple(f"{text[:place]}_{text[place + 1 :]}%" for place in range(len(text)))
        if not patterns:
            return []
        where = " OR ".join([f"{column} LIKE ?"] * len(patterns))
        found = self._ask(f"SELECT DISTINCT id FROM ticket WHERE {where} ORDER BY id DESC LIMIT 3", patterns)
        return [taken for (taken,) in found]

    def duplicates(self) -> dict[str, list[str]]:
        """Return the ids that several files bear, each with their paths."""
        twice = "SELECT id FROM ticket WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        found: dict[str, list[str]] = {}
        for hit in self._hits(f"id IN ({twice})", ()):
            found.setdefault(hit.id, []).append(hit.path)
        return found

    def _ask(self, question: str, values: tuple[str | int, ...] = ()) -> list[tuple[Any, ...]]:
        """Return what SQLite answers; where the file turns out to be damaged, of an index made anew."""
        try:
            return self._connection.execute(question, values).fetchall()
        except sqlite3.Error as failure:
            if not index_schema.is_damaged(failure):
                raise
            self._connection.close()
            self._use(_made_anew(self._repo, self._file, failure))
            return self._connection.execute(question, values).fetchall()


def _in_step(
    connection: sqlite3.Connection, repo: Repo, pending: Pending | None = None, progress: Progress = unseen
) -> sqlite3.Connection:
    try:
        refresh(connection, repo, pending, progress)
    except BaseException:
        connection.close()
        raise
    return connection


def _made_anew(repo: Repo, file: str, failure: sqlite3.Error, progress: Progress = unseen) -> sqlite3.Connection:
    """Return an index for one that failed: a new file for a damaged one, else one in memory."""
    if index_schema.is_damaged(failure):
        index_schema.delete(file)
        with suppress(sqlite3.Error):
            return _in_step(index_schema.connect(file), repo, None, progress)
    with suppress(sqlite3.Error):
        return _in_step(index_schema.in_memory(file), repo, None, progress)
    return _in_step(index_schema.in_memory(None), repo, None, progress)


def _where(parts: Split) -> Clause:
    texts = " AND ".join(["broken IS NULL", *(f"({clause.text})" for clause in parts.clauses)])
    return Clause(texts, tuple(value for clause in parts.clauses for value in clause.values))
