"""Filling the chronicle: the commits that it lacks, read and written as rows within one transaction."""

import os
import sqlite3
from collections.abc import Iterator
from itertools import islice

from tk.core.instant import epoch
from tk.store import history
from tk.store.chronicle.read import Reader, Rows
from tk.store.history import Commit, Range
from tk.store.merging.merges import own_touches
from tk.store.progress import Progress
from tk.store.repo import Repo
from tk.store.touches import Touch

_AT_ONCE = 1_000
_TOLD = 256


def fill(connection: sqlite3.Connection, repo: Repo, base: str | None, tip: str, progress: Progress) -> None:
    """Write what the commits from `base`, up to which the tables are filled, to `tip` did to tickets."""
    revisions = Range((tip,), () if base is None else (base,))
    total = history.count(repo, revisions)
    (before,) = connection.execute("SELECT coalesce(max(commits), 0) FROM state").fetchone()
    reader, writer = Reader(repo), _Writer(connection)
    merges: list[tuple[int, Commit]] = []

    def walked() -> Iterator[tuple[int, Commit, list[Touch]]]:
        for number, (commit, touches) in enumerate(history.walk(repo, revisions)):
            if not number % _TOLD:
                progress(number, total)
            place = before + total - number  # children come before parents, and places the other way round
            if len(commit.parents) > 1:
                merges.append((place, commit))
            else:
                yield place, commit, touches

    writer.write(reader.read(walked()))
    places = {commit.oid: place for place, commit in merges}
    own = own_touches(repo, [commit for _, commit in merges], tip)
    writer.write(reader.read((places[commit.oid], commit, touches) for commit, touches in own))
    progress(total, total)
    connection.execute("DELETE FROM state")
    connection.execute("INSERT INTO state VALUES (?, '', ?)", (tip, before + total))


class _Writer:
    """Writes rows, and gives each ticket its number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[bytes, int] = {
            path: number for number, path in connection.execute("SELECT number, path FROM ticket")
        }

    def write(self, read: Iterator[tuple[int, Commit, list[Rows]]]) -> None:
        """Write what was read."""
        many = self._connection.executemany
        while rows := list(islice(read, _AT_ONCE)):
            deeds = [(place, commit.oid, epoch(commit.at), commit.email, commit.rule) for place, commit, _ in rows]
            many("INSERT OR IGNORE INTO deed VALUES (?, ?, ?, ?, ?)", deeds)
            told = [(self._number(row.path), place, row) for place, _, each in rows for row in each]
            many("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?)", [(n, place, *row.step) for n, place, row in told])
            changes = [(field, n, place, after) for n, place, row in told for field, after in row.changes]
            many("INSERT INTO change VALUES (?, ?, ?, ?)", changes)
            events = [(n, place, i, *event) for n, place, row in told for i, event in enumerate(row.events)]
            many("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", events)

    def _number(self, path: str) -> int:
        name = os.fsencode(path)
        if name not in self._numbers:
            self._numbers[name] = len(self._numbers) + 1
            self._connection.execute("INSERT INTO ticket VALUES (?, ?)", (self._numbers[name], name))
        return self._numbers[name]
