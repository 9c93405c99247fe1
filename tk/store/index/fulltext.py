"""The full text of a desk: a file of its own beside the index, made by the first search and in step with the index.

A number of the index is one ticket file as it was read once, and never given twice; so the text of a number never
changes, and what has to be read or forgotten are the numbers that only one of the two knows. Like the index the file is
a cache: whatever is wrong with it, it is made anew, in memory where there is no place for it.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias
from zlib import crc32

from tk.store.index.tables import name
from tk.store.progress import Progress, told, unseen
from tk.store.sqlite_file import Outdated

VERSION = 1
"""The version of the tables: in the file's name, and in it."""

KEPT = f"search-{VERSION}"
"""What the file is called, after what is kept in it."""

FIELDS = ("title", "description", "log", "requester")
"""What is searched: the columns of the full text."""

TOKENS = "tokenize = 'unicode61 remove_diacritics 2'"
"""How text falls into words: letters and digits, without case and accents."""

Content: TypeAlias = Callable[[str], bytes | None]
"""What returns the content of the ticket file at a path, None where there is none."""

_GATHERED = 16 * 1024 * 1024
"""How many bytes of words SQLite gathers before it writes them."""

_PAGE = 8192
"""The size of a page of the file: two tickets and more find room on one."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS search.state(birth TEXT NOT NULL, generation INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS search.held(number INTEGER PRIMARY KEY, sure INTEGER NOT NULL)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS search.words USING fts5({', '.join(FIELDS)}, {TOKENS})",
    f"INSERT INTO search.words(words, rank) VALUES ('hashsize', {_GATHERED})",
)
_CLEARED = ("DROP TABLE IF EXISTS search.words", "DELETE FROM search.held", "DELETE FROM search.state")

_GONE = "SELECT number FROM search.held WHERE NOT sure OR number NOT IN (SELECT number FROM main.ticket)"
_KNOWN = "SELECT coalesce(min(CASE WHEN NOT sure THEN number - 1 END), max(number), 0) FROM search.held"
_NEW = """
SELECT number, path, checksum, title, requester FROM main.ticket
WHERE broken IS NULL AND number > ? AND number NOT IN (SELECT number FROM search.held)
"""


@contextmanager
def attached(
    connection: sqlite3.Connection, file: str, content: Content, progress: Progress = unseen
) -> Iterator[None]:
    """Attach the full text in `file`, or in memory where that is "", as `search`; it and the index stay in step."""
    connection.execute("ATTACH ? AS search", (file or ":memory:",))
    try:
        connection.execute("PRAGMA search.synchronous = NORMAL")
        with _in_step(connection, content, progress):
            yield
    finally:
        with suppress(sqlite3.Error):
            connection.execute("DETACH search")


@contextmanager
def _in_step(connection: sqlite3.Connection, content: Content, progress: Progress) -> Iterator[None]:
    """Begin a transaction in which the two are in step, and end it."""
    ask = connection.execute
    version = _version(connection)
    if version not in {0, VERSION}:
        raise Outdated(version)
    is_behind = version == 0
    if is_behind:
        ask(f"PRAGMA search.page_size = {_PAGE}")
    ask("BEGIN")
    try:
        if is_behind or _held(connection) != _wanted(connection):
            is_behind = True
            ask("COMMIT")
            ask("BEGIN")
            _bring(connection, content, progress)
        yield
    except BaseException:
        if connection.in_transaction:
            ask("ROLLBACK")
        raise
    ask("COMMIT")
    if is_behind:  # a new file is written at once and only then gets a log, through which all would go twice
        with suppress(sqlite3.OperationalError):  # another process is reading it
            ask("PRAGMA search.journal_mode = WAL")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA search.user_version").fetchone()
    return int(version)


def _wanted(connection: sqlite3.Connection) -> tuple[str, int]:
    """Return of which index this is, and as of which of its writes."""
    (birth,) = connection.execute("SELECT token FROM main.birth").fetchone()
    generation = connection.execute("SELECT generation FROM main.state").fetchone()
    return birth, 0 if generation is None else generation[0]


def _held(connection: sqlite3.Connection) -> tuple[str, int] | None:
    """Return with which index, and which of its writes, the full text is in step; None for none."""
    row = connection.execute("SELECT birth, generation FROM search.state").fetchone()
    return None if row is None else (row[0], row[1])


def _bring(connection: sqlite3.Connection, content: Content, progress: Progress) -> None:
    """Bring the full text in step with the index, within a transaction."""
    ask, many = connection.execute, connection.executemany
    # It is written first, so that others wait, and the index is looked at no earlier than whoever wrote it last did.
    ask(f"PRAGMA search.user_version = {VERSION}")
    wanted = _wanted(connection)
    for statement in _TABLES:
        ask(statement)
    held = _held(connection)
    if held == wanted:
        return
    if held is None or held[0] != wanted[0]:
        for statement in (*_CLEARED, *_TABLES):
            ask(statement)
    known = ask(_KNOWN).fetchone()  # up to here no number is new
    gone = ask(_GONE).fetchall()
    many("DELETE FROM search.words WHERE rowid = ?", gone)
    many("DELETE FROM search.held WHERE number = ?", gone)
    doubted: list[int] = []
    rows = ask(_NEW, known).fetchall()
    many(
        f"INSERT INTO search.words(rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?, ?)",
        _texts(told(rows, progress), content, doubted),
    )
    many("INSERT INTO search.held VALUES (?, 1)", [(number,) for number, *_ in rows])
    many("UPDATE search.held SET sure = 0 WHERE number = ?", [(number,) for number in doubted])
    ask("DELETE FROM search.state")
    ask("INSERT INTO search.state VALUES (?, ?)", (wanted[0], -1 if doubted else wanted[1]))


def _texts(
    rows: Iterable[tuple[Any, ...]], content: Content, doubted: list[int]
) -> Iterator[tuple[int, str, str, str, str | None]]:
    """Yield number and texts of each row; note as `doubted` what the file no longer says as the index read it."""
    from tk.store import codec  # a search of what is in step reads no file

    for number, path, checksum, title, requester in rows:
        data = content(name(path))
        if data is None or crc32(data) != checksum:
            doubted.append(number)
        description, log = ("", "") if data is None else codec.texts(data)
        yield number, title, description, log, requester


def from_files(root: str) -> Content:
    """Return what reads ticket files of the desk at `root`, regular ones alone."""

    def read(path: str) -> bytes | None:
        try:
            handle = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return None
            data = os.read(handle, status.st_size + 1)
            while more := os.read(handle, 1 << 20):
                data += more
        except OSError:
            return None
        finally:
            os.close(handle)
        return data

    return read
