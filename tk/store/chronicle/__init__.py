"""The chronicle of a desk: what each commit did to each ticket, kept by commit so that reports need not ask git again.

It is a cache beside git's own (`state/history-1.sqlite`), good for the commit it was filled up to and whatever builds
on that; for a history that was rewritten, or that a shallow clone has got more of, it is made anew. Nothing relies on
it for one ticket's sake: who asks about one is answered by git, unless the chronicle happens to know already.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tk.core.chronicle import Change, Happened, Life, Step, lived
from tk.core.ids import id_of
from tk.core.instant import epoch, parse_instant
from tk.store import git, history
from tk.store.chronicle import schema
from tk.store.progress import Progress, unseen
from tk.store.repo import Repo
from tk.store.sqlite_file import delete, file_of, is_damaged

T = TypeVar("T")

_FIRST, _LAST = epoch(datetime(1, 1, 3, tzinfo=UTC)), epoch(datetime(9999, 12, 29, tzinfo=UTC))
_JOINED = "FROM step JOIN ticket ON number = ticket JOIN deed USING (place)"


class Deed(NamedTuple):
    """A commit that touched a ticket: the ticket's path, the commit's name."""

    path: str
    commit: str


class Chronicle:
    """What became of the tickets up to one commit, for as long as its connection is open."""

    def __init__(self, connection: sqlite3.Connection, without: frozenset[str] = frozenset()) -> None:
        """Hold a chronicle that is filled; commits in `without` lie beyond the one it is asked about."""
        self._connection = connection
        self._without = without

    def lives(self, zone: tzinfo, fields: Sequence[str] | None = None) -> Iterator[Life]:
        """Yield the life of each ticket that is still there; of its changes only those of `fields`, if given.

        Instants are told in `zone`. One ticket at a time is held.
        """
        changes, events = _Rows(self._changes(fields)), _Rows(self._events())
        for (ticket, path), rows in groupby(self._steps(), key=lambda row: row[:2]):
            changed, happened = changes.of(ticket), events.of(ticket)
            held = [row[2:] for row in rows if row[3] not in self._without]
            steps = [_step(row, changed.get(row[1], ()), happened.get(row[1], ()), zone) for row in _in_order(held)]
            life = _life(_path(path), steps, zone)
            if life is not None and life.state.get("id") is not None:
                yield life

    def _steps(self) -> Iterator[tuple[Any, ...]]:
        return self._connection.execute(
            "SELECT ticket, path, place, oid, step.at, since, email, rule, before, after, merge "
            f"{_JOINED} ORDER BY ticket, place"
        )

    def _changes(self, fields: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
        wanted = () if fields is None else tuple(dict.fromkeys(("id", "created", *fields)))
        where = f"WHERE field IN ({', '.join('?' * len(wanted))})" if wanted else ""
        question = f"SELECT ticket, place, field, after FROM change {where} ORDER BY ticket, place"
        return self._connection.execute(question, wanted)

    def _events(self) -> Iterator[tuple[Any, ...]]:
        return self._connection.execute(
            "SELECT ticket, place, id, at, type, by, minutes FROM event ORDER BY ticket, place, number"
        )

    def commits(self, path: str) -> list[str]:
        """Return the commits that changed the ticket at `path`, parents before children."""
        asked = f"SELECT oid {_JOINED} WHERE path = ? ORDER BY place"
        return [oid for (oid,) in self._connection.execute(asked, (os.fsencode(path),)) if oid not in self._without]

    def deeds(
        self, since: datetime | None = None, until: datetime | None = None, emails: Sequence[str] | None = None
    ) -> list[Deed]:
        """Return which commits touched which tickets: written at or after `since`, before `until`, by one of `emails`.

        The oldest first; without a bound there is none.
        """
        bounds = (0 if since is None else epoch(since), 1 << 62 if until is None else epoch(until))
        within = "WHERE deed.at >= ? AND deed.at < ? ORDER BY deed.at, place, path"
        rows = self._connection.execute(f"SELECT path, oid, lower(email) {_JOINED} {within}", bounds)
        return [
            Deed(_path(path), oid)
            for path, oid, email in rows
            if (emails is None or email in emails) and oid not in self._without
        ]


class _Rows:
    """Rows in the order of their tickets, their first column; each ticket is asked for once, in that order."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, ticket: int) -> dict[int, list[tuple[Any, ...]]]:
        """Return the rows of a ticket by their second column, its place, without these two."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        while self._next is not None and self._next[0] <= ticket:
            for number, place, *row in self._next[1]:
                if number == ticket:
                    found.setdefault(place, []).append(tuple(row))
            self._next = next(self._groups, None)
        return found


def asked(repo: Repo, tip: str, answer: Callable[[Chronicle], T], progress: Progress = unseen) -> T:
    """Return what `answer` finds in the chronicle up to the commit `tip`, filled with what it lacks.

    Where its file turns out to be damaged, it is thrown away, and the question put to one made anew.
    """
    file = file_of(str(repo.state), repo.prefix, schema.KEPT)
    with suppress(OSError):
        repo.state.mkdir(exist_ok=True)
    try:
        return _answered(file, repo, tip, answer, progress)
    except sqlite3.Error as failure:
        if is_damaged(failure):
            delete(file)
            with suppress(sqlite3.Error):
                return _answered(file, repo, tip, answer, progress)
    return _answered(":memory:", repo, tip, answer, progress)


def _answered(file: str, repo: Repo, tip: str, answer: Callable[[Chronicle], T], progress: Progress) -> T:
    connection = schema.connect(file)
    try:
        without = _brought(connection, repo, tip, progress)
        return answer(Chronicle(connection, without))
    finally:
        connection.close()


class Known(NamedTuple):
    """What the chronicle knows of one ticket: the commits up to `tip` that changed it, parents before children."""

    tip: str
    commits: list[str]


def known(repo: Repo, path: str) -> Known | None:
    """Return what the chronicle, as far as it is filled, knows of a ticket; None where there is none to be asked."""
    file = file_of(str(repo.state), repo.prefix, schema.KEPT)
    if not Path(file).exists():
        return None
    try:
        connection = schema.connect(file, patience=0)
    except sqlite3.Error:
        return None
    try:
        stood = _stands(connection)
        is_sound = stood is not None and stood[1] == _ends(repo)
        return Known(stood[0], Chronicle(connection).commits(path)) if stood is not None and is_sound else None
    except sqlite3.Error:
        return None
    finally:
        connection.close()


def _brought(connection: sqlite3.Connection, repo: Repo, tip: str, progress: Progress) -> frozenset[str]:
    """Bring the tables in step with `tip`; return the commits they hold that are none of its ancestors."""
    ends = _ends(repo)
    stood = _stands(connection)
    if stood == (tip, ends):
        return frozenset()
    if stood is not None and stood[1] == ends and history.descends(repo, stood[0], tip):
        return _beyond(repo, tip, stood[0])
    with schema.writing(connection):
        stood = _stands(connection)  # perhaps another process was quicker
        if stood is not None and (stood[1] != ends or not history.descends(repo, tip, stood[0])):
            schema.create(connection)
            stood = None
        if stood is None or stood[0] != tip:
            from tk.store.chronicle.filling import fill  # mostly nothing is new

            fill(connection, repo, None if stood is None else stood[0], tip, progress)
            connection.execute("UPDATE state SET ends = ?", (ends,))
    schema.share(connection)
    return frozenset()


def _stands(connection: sqlite3.Connection) -> tuple[str, str] | None:
    row = connection.execute("SELECT tip, ends FROM state").fetchone()
    return None if row is None else (row[0], row[1])


def _ends(repo: Repo) -> str:
    """Return what tells a shallow clone's history from one that reaches further back."""
    return " ".join(sorted(history.shallow_ends(repo)))


def _beyond(repo: Repo, tip: str, filled: str) -> frozenset[str]:
    return frozenset(git.run(repo, "rev-list", filled, f"^{tip}").out.decode().split())


def _path(name: bytes) -> str:
    return os.fsdecode(name)


def _in_order(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the steps of one ticket in time order, none before the one that it builds on, whatever its clock said.

    What it builds on is told by what it found in the file; a merge builds on all that went before.
    """
    ends: dict[int | None, int] = {}
    timed = []
    for place, oid, at, since, email, rule, before, after, merge in rows:
        start = max(ends.values(), default=0) if merge else ends.get(before, 0)
        ends[after] = max(at, start)
        timed.append((ends[after], place, oid, since, email, rule))
    return sorted(timed)


def _step(
    row: tuple[Any, ...], changes: Sequence[tuple[str, Any]], events: Sequence[tuple[Any, ...]], zone: tzinfo
) -> Step:
    at, _, oid, since, email, rule = row
    return Step(
        commit=oid,
        at=_instant(at, zone),
        since=_instant(min(since, at), zone),
        email=email,
        rule=rule,
        changes=tuple(Change(field, None, None if text is None else json.loads(text)) for field, text in changes),
        events=tuple(
            Happened(name, _instant(when, zone), kind, by, minutes)
            for name, when, kind, by, minutes in events
            if when is not None
        ),
        gone=tuple(name for name, when, *_ in events if when is None),
    )


def _instant(count: int, zone: tzinfo) -> datetime:
    """Return the instant of so many seconds since 1970, the first or last of all years for what no zone can tell."""
    try:
        return datetime.fromtimestamp(count, zone)
    except (OverflowError, ValueError):
        return datetime.fromtimestamp(min(max(count, _FIRST), _LAST), zone)


def _life(path: str, steps: Sequence[Step], zone: tzinfo) -> Life | None:
    life = lived(id_of(path) or path, steps)
    created = None if life is None else life.state.get("created")
    if life is None or not isinstance(created, str):
        return life
    try:
        return life._replace(begun=min(parse_instant(created).astimezone(zone), life.begun))
    except (ValueError, OverflowError):
        return life
