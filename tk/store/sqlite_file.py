"""A file in which SQLite keeps what may be deleted at any moment: where it lies, when it must go, and how it goes."""

import sqlite3
from contextlib import suppress
from pathlib import Path

_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH})
"""SQLite's codes for a file that is not, or no longer, what it should be; a missing table is an SQLITE_ERROR."""


class Outdated(sqlite3.DatabaseError):
    """The file was written by another version of tk."""


def file_of(state: str, prefix: str, kept: str) -> str:
    """Return the path of the file where what is `kept` lies: a repository may hold several desks, each has its own."""
    desk = prefix.strip("/").replace("%", "%25").replace("/", "%")
    return f"{state}/{kept}{desk and '-' + desk}.sqlite"


def is_damaged(failure: sqlite3.Error) -> bool:
    """Return whether the file must go, rather than its place be at fault (locked, full, read-only)."""
    code = getattr(failure, "sqlite_errorcode", None)
    return isinstance(failure, Outdated) or (code is not None and code & 0xFF in _DAMAGED)


def delete(file: str) -> None:
    """Delete the file and what SQLite keeps beside it, as far as the place allows."""
    for end in ("", "-wal", "-shm"):
        with suppress(OSError):
            Path(f"{file}{end}").unlink()
