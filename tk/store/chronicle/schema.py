"""The SQLite file of the chronicle: what each commit did to each ticket, kept by commit.

It is a cache of git's history, which is the truth: a file of another version, a damaged one, or one of a history that
was rewritten is thrown away and made anew; where it cannot be written it is worked on in memory.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tk.store.sqlite_file import Outdated

VERSION = 1
"""The version of the tables: in the file's name, and in it."""

KEPT = f"history-{VERSION}"
"""What the file is called, after what is kept in it."""

PATIENCE = 60.0
"""Seconds to wait for another process that fills it: a long history takes as long as git needs to tell it."""

_TABLES = (
    "CREATE TABLE state(tip TEXT NOT NULL, ends TEXT NOT NULL, commits INTEGER NOT NULL)",
    "CREATE TABLE ticket(number INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE)",
    "CREATE TABLE deed(place INTEGER PRIMARY KEY, oid TEXT NOT NULL, at INTEGER NOT NULL, email TEXT NOT NULL, "
    "rule TEXT)",
    "CREATE TABLE step(ticket INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL, "
    "before INTEGER, after INTEGER, merge INTEGER NOT NULL, PRIMARY KEY (ticket, place)) WITHOUT ROWID",
    "CREATE TABLE change(field TEXT NOT NULL, ticket INTEGER NOT NULL, place INTEGER NOT NULL, after TEXT, "
    "PRIMARY KEY (field, ticket, place)) WITHOUT ROWID",
    "CREATE TABLE event(ticket INTEGER NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, "
    "at INTEGER, type TEXT, by TEXT, minutes INTEGER, PRIMARY KEY (ticket, place, number)) WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)
"""An event without an instant is one that was taken away; `before` and `after` are the first bytes of a blob's name."""

_NAMES = ("event", "change", "step", "deed", "ticket", "state")


def connect(file: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the file (":memory:" for none), made where it is not there; raise sqlite3.Error where that fails."""
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in {0, VERSION}:
            raise Outdated(version)
        if version == 0:
            with writing(connection):
                if connection.execute("PRAGMA user_version").fetchone() == (0,):
                    create(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, empty, whatever was there; within a transaction."""
    for name in _NAMES:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in _TABLES:
        connection.execute(statement)


def share(connection: sqlite3.Connection) -> None:
    """Let others read while one writes, from now on: what is filled for the first time nobody can read yet."""
    with suppress(sqlite3.OperationalError):  # another process is reading it now
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction that keeps other writers out, and end it; what fails in between leaves nothing behind."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
