"""The SQLite file of the index: its tables, opening it, and what to do when that does not work.

The index is a cache. A file of another version, a corrupt or an unreadable one is deleted and built again; where it
cannot be written, it is worked on in memory.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from tk.core.ticket import attribute
from tk.store.sqlite_file import Outdated

VERSION = 3
"""The version of the tables: in the file's name, so that an older and a newer tk do not fight over one, and in it."""

KEPT = f"index-{VERSION}"
"""What the file is called, after what is kept in it."""

PATIENCE = 10.0
"""Seconds to wait for another process that writes the index: longer than building it takes on a large desk."""

TEXTS = (
    "id",
    "title",
    "status",
    "status-since",
    "priority",
    "type",
    "category",
    "channel",
    "requester",
    "customer",
    "unit",
    "creator",
    "owner",
    "team",
    "created",
    "updated",
    "activity",
    "follow-up",
)
"""The keys kept as text: what a list shows, and what tests compare by the day."""

INSTANTS = ("created", "updated", "activity", "status-since", "follow-up")
"""The keys kept as whole seconds too, to be compared."""

TEXT_COLUMNS = tuple(map(attribute, TEXTS))
"""The columns of `TEXTS`."""

INSTANT_COLUMNS = tuple(f"{attribute(key)}_at" for key in INSTANTS)
"""The columns of `INSTANTS`, in whole seconds since 1970."""

COLUMNS = (*TEXT_COLUMNS, *INSTANT_COLUMNS, "due_at", "broken", "checksum")
"""The columns of a ticket after its number and path."""

_TYPED = ", ".join([*(f"{name} TEXT" for name in TEXT_COLUMNS), *(f"{name} INTEGER" for name in INSTANT_COLUMNS)])

_TABLES = f"""
CREATE TABLE birth(token TEXT NOT NULL);
INSERT INTO birth VALUES (hex(randomblob(16)));
CREATE TABLE state(generation INTEGER NOT NULL, base TEXT NOT NULL, signature TEXT NOT NULL);
CREATE TABLE folder(
    path TEXT PRIMARY KEY, modified INTEGER, changed INTEGER, size INTEGER, inode INTEGER
) WITHOUT ROWID;
CREATE TABLE exception(
    path TEXT PRIMARY KEY, based INTEGER NOT NULL, letter TEXT NOT NULL, fresh INTEGER NOT NULL,
    modified INTEGER, changed INTEGER, size INTEGER, inode INTEGER
) WITHOUT ROWID;
CREATE TABLE ticket(
    number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, {_TYPED},
    due_at INTEGER, broken TEXT, checksum INTEGER NOT NULL
);
CREATE TABLE front(number INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE tag(number INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (number, tag)) WITHOUT ROWID;
CREATE TABLE alias(number INTEGER NOT NULL, alias TEXT NOT NULL, PRIMARY KEY (number, alias)) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""

_INDEXES = """
CREATE INDEX IF NOT EXISTS ticket_id ON ticket(id);
CREATE INDEX IF NOT EXISTS ticket_tail ON ticket(substr(id, -5));
CREATE INDEX IF NOT EXISTS ticket_status ON ticket(status);
CREATE INDEX IF NOT EXISTS ticket_owner ON ticket(owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS ticket_broken ON ticket(path) WHERE broken IS NOT NULL;
CREATE INDEX IF NOT EXISTS alias_alias ON alias(alias);
"""


def connect(file: str) -> sqlite3.Connection:
    """Open the index at `file`, made where it is not there; raise sqlite3.Error where that does not work."""
    connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    version = _version(connection)
    if version == 0:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:  # nobody else was quicker
            for statement in _TABLES.strip().split(";\n"):
                connection.execute(statement)
        connection.execute("COMMIT")
        version = _version(connection)
    if version != VERSION:
        raise Outdated(version)


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def add_indexes(connection: sqlite3.Connection) -> None:
    """Add SQLite's own indexes: quicker after the rows of a whole desk than before them."""
    for statement in _INDEXES.strip().split(";\n"):
        connection.execute(statement)


def in_memory(file: str | None) -> sqlite3.Connection:
    """Return an index in memory: a copy of the one at `file` where that can be read and nobody is writing it."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    if file is not None and os.access(file, os.R_OK) and not _is_in_use(file):
        address = f"{Path(file).as_uri()}?mode=ro&immutable=1"  # leaves nothing behind in a read-only folder
        with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as original:
            original.backup(copy)
    try:
        _prepare(copy)
    except sqlite3.Error:
        copy.close()
        raise
    return copy


def _is_in_use(file: str) -> bool:
    """Whether changes wait beside the file: without them a copy might be torn."""
    try:
        return Path(f"{file}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True
