"""The tables of the index as a refresh reads and writes them: what was known, and what takes its place."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from tk.store.index.schema import COLUMNS, add_indexes
from tk.store.index_changes import Letters, Stamp

_BATCH = 2000


class Entry(NamedTuple):
    """What the index keeps of a file.

    `texts` and `instants` follow `TEXTS` and `INSTANTS`; `due` is the earliest of the running clocks; `front` is the
    front matter as JSON; `broken` is the first finding, as JSON, of a file that is no ticket; `checksum` is of its
    bytes.
    """

    path: str
    texts: tuple[str | None, ...]
    instants: tuple[int | None, ...]
    due: int | None
    front: str
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    broken: str | None = None
    checksum: int = 0


class Exempt(NamedTuple):
    """An exception: a path that need not be as the base has it.

    `based` tells whether the base has the path (False where that is unknown: it costs but does not mislead), `letter`
    how git's index differs from the base there, `stamp` what the file looked like when it was read (None: there was
    none), and `fresh` whether that was too short after a change for the stamp to be trusted.
    """

    based: bool
    letter: str
    stamp: Stamp | None
    fresh: bool

    def stands(self, now: Stamp | None) -> bool:
        """Whether a file that looks like `now` is still what was read."""
        return self.stamp == now and not self.fresh


class Known(NamedTuple):
    """What the index knows: `base` is "" while that is nothing, `signature` is of git's index as it was compared."""

    generation: int
    base: str
    signature: str
    folders: Mapping[str, Stamp | None]
    exceptions: Mapping[str, Exempt]

    def letters(self) -> Letters:
        """How git's index differed from the base."""
        return {path: exempt.letter for path, exempt in self.exceptions.items() if exempt.letter}


class Tables:
    """The tables behind one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self) -> Known:
        """Return what the index knows, all of it as of one moment."""
        ask = self._connection.execute
        if self._connection.in_transaction:
            return self._known()
        ask("BEGIN")
        try:
            return self._known()
        finally:
            ask("COMMIT")

    def _known(self) -> Known:
        ask = self._connection.execute
        row = ask("SELECT generation, base, signature FROM state").fetchone()
        if row is None:
            return Known(0, "", "", {}, {})
        generation, base, signature = row
        folders = ask("SELECT path, modified, changed, size, inode FROM folder")
        exceptions = ask("SELECT path, modified, changed, size, inode, based, letter, fresh FROM exception")
        return Known(
            generation,
            base,
            signature,
            {name(path): _stamp(stamp) for path, *stamp in folders},
            {
                name(path): Exempt(bool(based), letter, _stamp(stamp), bool(fresh))
                for path, *stamp, based, letter, fresh in exceptions
            },
        )

    def files_in(self, folder: str) -> set[str]:
        """Return the files directly in `folder` that have a row."""
        start = len(folder) + 1
        found = self._connection.execute(
            "SELECT path FROM ticket WHERE path > ? AND path < ?", (bound(f"{folder}/"), bound(f"{folder}0"))
        )
        return {path for path in map(name, (row[0] for row in found)) if "/" not in path[start:]}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, and make all of it or nothing happen; within another `writing`, be part of that."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def generation(self) -> int:
        """Return how often the index has been written."""
        row = self._connection.execute("SELECT generation FROM state").fetchone()
        return 0 if row is None else int(row[0])

    def clear(self) -> None:
        """Take away every row."""
        for table in ("ticket", "front", "tag", "alias"):
            self._connection.execute(f"DELETE FROM {table}")

    def take(self, paths: Iterable[str]) -> None:
        """Take away the rows of these files."""
        for path in paths:
            found = self._connection.execute("SELECT number FROM ticket WHERE path = ?", (bound(path),)).fetchone()
            if found is not None:
                for table in ("ticket", "front", "tag", "alias"):
                    self._connection.execute(f"DELETE FROM {table} WHERE number = ?", found)

    def put(self, entries: Iterable[Entry]) -> None:
        """Add the rows of files that have none, under numbers that no row ever had."""
        last = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'ticket'").fetchone()
        numbered = enumerate(entries, 1 if last is None else last[0] + 1)
        while batch := list(islice(numbered, _BATCH)):
            self._put(batch)

    def _put(self, batch: list[tuple[int, Entry]]) -> None:
        many = self._connection.executemany
        marks = ", ".join("?" * (len(COLUMNS) + 2))
        many(
            f"INSERT INTO ticket(number, path, {', '.join(COLUMNS)}) VALUES ({marks})",
            [(number, bound(e.path), *e.texts, *e.instants, e.due, e.broken, e.checksum) for number, e in batch],
        )
        many("INSERT INTO front VALUES (?, ?)", [(number, e.front) for number, e in batch])
        many("INSERT OR IGNORE INTO tag VALUES (?, ?)", [(number, tag) for number, e in batch for tag in e.tags])
        many(
            "INSERT OR IGNORE INTO alias VALUES (?, ?)", [(number, alias) for number, e in batch for alias in e.aliases]
        )

    def keep(self, known: Known) -> None:
        """Keep `known`, under the next generation, as what the index knows."""
        ask, many = self._connection.execute, self._connection.executemany
        for table in ("state", "folder", "exception"):
            ask(f"DELETE FROM {table}")
        many(
            "INSERT INTO folder VALUES (?, ?, ?, ?, ?)",
            [(bound(path), *(stamp or _NONE)) for path, stamp in known.folders.items()],
        )
        many(
            "INSERT INTO exception VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(bound(path), e.based, e.letter, e.fresh, *(e.stamp or _NONE)) for path, e in known.exceptions.items()],
        )
        ask("INSERT INTO state VALUES (?, ?, ?)", (known.generation + 1, known.base, known.signature))
        add_indexes(self._connection)


_NONE = (None, None, None, None)


def _stamp(values: list[int | None]) -> Stamp | None:
    modified, changed, size, inode = values
    if modified is None or changed is None or size is None or inode is None:
        return None
    return Stamp(modified, changed, size, inode)


def bound(path: str) -> str | bytes:
    """Return a path as SQLite takes it: bytes where it is not UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def name(value: str | bytes) -> str:
    """Return a path as `bound` gave it to SQLite."""
    return os.fsdecode(value)
