"""The index of a desk: what is where, in step with the files whenever it is opened, and answers to queries.

It is a cache beside git's own (`state/index-2.sqlite`) and never trusted further than it was checked: deleting it costs
the time to read the tickets again, and nothing else.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

from tk.core.condition_terms import Condition
from tk.core.finding import Finding, in_order
from tk.core.ids import Abbreviation, matches
from tk.core.terms import Term
from tk.store.index import schema as index_schema
from tk.store.index.query import FUNCTIONS, Clause, Split, split
from tk.store.index.renewal import refresh
from tk.store.index.sorting import order
from tk.store.index.tables import Entry, Tables, name
from tk.store.index.values import Found, Hit, Residual, Row, Selection
from tk.store.index_changes import Pending
from tk.store.progress import Progress, unseen
from tk.store.repo import Repo
from tk.store.sqlite_file import delete, file_of, is_damaged

T = TypeVar("T")

__all__ = ["Found", "Hit", "Index", "Residual", "Row", "Selection"]

_SHOWN = ", ".join(
    f"coalesce({column}, '')" if column in {"id", "title", "status"} else column for column in Row._fields[:-1]
)


class Index:
    """The index of one desk, opened; to be closed, or used in a `with`."""

    def __init__(
        self,
        repo: Repo,
        connection: sqlite3.Connection,
        file: str,
        content: Callable[[str], bytes | None] | None = None,
        progress: Progress = unseen,
    ) -> None:
        """Hold an index in step; `content` returns what stands in a ticket's file where that is not the desk's own."""
        self._repo = repo
        self._file = file
        self._content = content
        self._progress = progress
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
        file = file_of(str(repo.state), repo.prefix, index_schema.KEPT)
        with suppress(OSError):
            repo.state.mkdir(exist_ok=True)
        try:
            return cls(repo, _in_step(index_schema.connect(file), repo, pending, progress), file, None, progress)
        except sqlite3.Error as failure:
            if pending is not None:
                pending.drop()
            return cls(repo, _made_anew(repo, file, failure, progress), file, None, progress)

    @classmethod
    def of(cls, repo: Repo, entries: Iterable[Entry], content: Callable[[str], bytes | None]) -> Self:
        """Return an index in memory of these entries, whatever the files say now; `content` as for an index."""
        connection = index_schema.in_memory(None)
        tables = Tables(connection)
        with tables.writing():
            tables.put(entries)
            index_schema.add_indexes(connection)
        return cls(repo, connection, "", content)

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
        if selection.words or selection.without:
            return self._with_text(lambda: self._rows(selection, parts, residual))
        return self._rows(selection, parts, residual)

    def _rows(self, selection: Selection, parts: Split, residual: Residual | None) -> list[Row]:
        whole = parts.left == Condition()
        where, sort = _where(selection, parts), order(selection.sort, selection.scale.policy)
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
        where = _where(selection, parts)
        question = f"SELECT count(*) FROM ticket WHERE {where.text}"
        if selection.words or selection.without:
            return int(self._with_text(lambda: self._ask(question, where.values))[0][0])
        return int(self._ask(question, where.values)[0][0])

    def search(self, terms: Sequence[Term], limit: int | None, length: int) -> Found:
        """Return the tickets in whose text all `terms` occur; pieces of it have `length` words, 0 for none."""
        return self._with_text(lambda: self._search(terms, limit, length))

    def _search(self, terms: Sequence[Term], limit: int | None, length: int) -> Found:
        from tk.store.index import fulltext_query

        numbers = fulltext_query.ranked(self._connection, terms, limit)
        total = len(numbers) if len(numbers) != limit else fulltext_query.count(self._connection, terms)
        pieces = fulltext_query.matches(self._connection, terms, numbers, length) if length and numbers else {}
        rows = (self._ask(f"SELECT number, {_SHOWN} FROM ticket WHERE number = ?", (number,)) for number in numbers)
        return Found([(self._row(row, front=False), pieces.get(row[0], ())) for (row,) in rows], total)

    def broken(self) -> list[Finding]:
        """Return the first finding of each file that is no ticket, by path."""
        found = self._ask("SELECT path, broken FROM ticket WHERE broken IS NOT NULL")
        if not found:
            return []
        from tk.store.index.rows import finding_of

        return in_order([finding_of(name(path), told) for path, told in found])

    def total(self) -> int:
        """Return how many ticket files there are, broken ones included."""
        return int(self._ask("SELECT count(*) FROM ticket")[0][0])

    def find(self, wanted: Abbreviation) -> list[Hit]:
        """Return the tickets that answer to an id: those whose id it is, else whose alias, else whose id it begins."""
        exact = self._hits("id IN (?, ?)", (wanted.text, wanted.id))
        return exact or self._aliased(wanted.text) or self._begun(wanted)

    def named(self, text: str) -> list[Hit]:
        """Return the tickets whose id this is, else whose alias."""
        return self._hits("id = ?", (text,)) or self._aliased(text)

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

    def bearers(self, name: str) -> list[tuple[str, bool]]:
        """Return the paths of the tickets whose id is `name`, and of those that have it for an alias, which is told."""
        exact = [(hit.path, False) for hit in self._hits("id = ?", (name,))]
        return exact + [(hit.path, True) for hit in self._aliased(name)]

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
            # In a transaction there is more to be asked anew than this.
            if self._connection.in_transaction or not is_damaged(failure):
                raise
            self._connection.close()
            self._use(_made_anew(self._repo, self._file, failure))
            return self._connection.execute(question, values).fetchall()

    def _with_text(self, answer: Callable[[], T]) -> T:
        """Return what `answer` finds with the full text at hand; where its file is at fault, of one made anew."""
        from tk.store.index import fulltext

        (file,) = self._connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
        file = file and file_of(str(self._repo.state), self._repo.prefix, fulltext.KEPT)
        try:
            return self._tried(file, answer)
        except sqlite3.Error as error:
            failure = error
        if file and is_damaged(failure):
            delete(file)
            with suppress(sqlite3.Error):
                return self._tried(file, answer)
        with suppress(sqlite3.Error):
            return self._tried("", answer)
        if self._content is not None:  # it cannot be made anew of the files
            raise failure
        self._connection.close()
        self._use(_made_anew(self._repo, self._file, failure))
        return self._tried("", answer)

    def _tried(self, file: str, answer: Callable[[], T]) -> T:
        from tk.store.index import fulltext

        content = self._content or fulltext.from_files(str(self._repo.root))
        with fulltext.attached(self._connection, file, content, self._progress):
            return answer()


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
    if is_damaged(failure):
        delete(file)
        with suppress(sqlite3.Error):
            return _in_step(index_schema.connect(file), repo, None, progress)
    with suppress(sqlite3.Error):
        return _in_step(index_schema.in_memory(file), repo, None, progress)
    return _in_step(index_schema.in_memory(None), repo, None, progress)


def _where(selection: Selection, parts: Split) -> Clause:
    clauses = (*parts.clauses, *_in_text(selection))
    texts = " AND ".join(["broken IS NULL", *(f"({clause.text})" for clause in clauses)])
    return Clause(texts, tuple(value for clause in clauses for value in clause.values))


def _in_text(selection: Selection) -> Iterator[Clause]:
    """Yield what is asked of the full text."""
    if not selection.words and not selection.without:
        return
    from tk.store.index.fulltext_query import AMONG, expression  # few lists look for words

    if selection.words:
        yield Clause(AMONG, (expression(selection.words),))
    for terms in selection.without:
        yield Clause(f"NOT {AMONG}", (expression(terms),))
