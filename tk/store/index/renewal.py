"""Bringing the index in step with the files: only what may have changed is read again.

The tables describe a tree of git, the *base*, and exceptions to it. Between two refreshes this holds of every path that
is no exception: when git's index was last compared it had the path as the base has it (or both lacked it), and the
ticket's row was made of just that content (or there is no row). So four things can be out of step: what git's index
has otherwise than the base, what the files have otherwise than git's index, what came and went in the folders, and the
exceptions of last time. An exception ends when git reports nothing of it any more and its stamp is old enough for
git's answer to be about the content that was read.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

from tk.store.index.folders import Walk, is_ticket_name, walk
from tk.store.index.tables import Entry, Exempt, Known, Tables
from tk.store.index_changes import (
    Letters,
    Pending,
    Stamp,
    ask_staged,
    begin,
    drop,
    head_tree,
    signature,
    staged,
    stamp,
    tracked,
)
from tk.store.progress import Progress, told, unseen
from tk.store.repo import Repo

_ATTEMPTS = 6
"""How often git's index or this one may change under a refresh before it locks this one first, and drops nothing."""

_MANY = 256
"""With more differences from the base than these a newer base is chosen."""


def refresh(
    connection: sqlite3.Connection, repo: Repo, pending: Pending | None = None, progress: Progress = unseen
) -> None:
    """Bring the index in step with the files as they are now; a `pending` question is used up, whatever happens."""
    tables = Tables(connection)
    for _ in range(_ATTEMPTS):
        found = _look(tables, repo, pending or begin(repo))
        pending = None
        if found.steady and _write(tables, found, progress):
            return
    with tables.writing():
        _write(tables, _look(tables, repo, begin(repo)), progress)


class _Round(NamedTuple):
    """What one look around found.

    `before` and `after` tell how git's index differs from the base so far and from the next one (mostly the same),
    `edited` how the files differ from git's index; `tracked` is known only while building from nothing; `steady` tells
    whether git's index stayed the same meanwhile, so that the three may be taken together.
    """

    root: str
    since: int
    signature: str
    known: Known
    building: bool
    base: str
    before: Letters
    after: Letters
    edited: Letters
    tracked: set[str]
    seen: Walk
    steady: bool

    def candidates(self) -> list[str]:
        """Return every path that may be out of step, in order."""
        seen = self.seen
        return sorted({*self.before, *self.after, *self.edited, *seen.found, *seen.lost, *self.known.exceptions})

    def may_be(self, path: str) -> bool:
        """Whether a ticket file of that path would be one: its folder was walked."""
        folder, _, name = path.rpartition("/")
        return folder in self.seen.folders and is_ticket_name(name)

    def _held(self, path: str) -> bool:
        """Whether git's index holds the path."""
        if path in self.before:
            return self.before[path] in "AMT"
        if path in self.edited:
            return self.edited[path] not in "AU"
        if path in self.known.exceptions:
            return self.known.exceptions[path].based
        return path in (self.tracked if self.building else self.seen.lost)

    def exempt(self, path: str, found: Stamp | None) -> Exempt | None:
        """Return what to remember of a path that was read with the stamp `found`; None where it needs no exception."""
        based = self.after[path] in "DMT" if path in self.after else self._held(path)
        fresh = found is not None and not found.settled(self.since)
        reported = path in self.after or path in self.edited
        if self.steady and not reported and not fresh and based == (found is not None):
            return None
        return Exempt(based, self.after.get(path, ""), found, fresh)


class _Asked(NamedTuple):
    """What is known, and what was found by it; `before` is None where nothing is known, or git lacks the base."""

    known: Known
    before: Letters | None
    edited: Letters
    seen: Walk


def _ask(tables: Tables, repo: Repo, pending: Pending) -> _Asked:
    with ExitStack() as asked:
        asked.callback(pending.drop)
        known = tables.known()
        if not known.base:
            return _Asked(known, None, pending.answer(), Walk({}, set(), set()))
        question = None
        if not known.signature or known.signature != pending.signature:
            question = ask_staged(repo, known.base)
            asked.callback(drop, question)
        seen = walk(str(repo.root), known.folders, tables.files_in, pending.since)  # while git is at work
        edited = pending.answer()
        return _Asked(known, known.letters() if question is None else staged(question), edited, seen)


def _look(tables: Tables, repo: Repo, pending: Pending) -> _Round:
    known, before, edited, seen = _ask(tables, repo, pending)
    building = before is None
    held: set[str] = set()
    if before is None:
        known = Known(known.generation, head_tree(repo), "", {}, {})
        before, held = staged(ask_staged(repo, known.base)) or {}, tracked(repo)
        seen = walk(str(repo.root), {}, lambda _: set(), pending.since)
    base, after = _next_base(repo, known.base, before)
    steady = signature(repo) == pending.signature
    return _Round(
        root=str(repo.root),
        since=pending.since,
        signature=pending.signature if steady else "",
        known=known,
        building=building,
        base=base if steady else known.base,
        before=before,
        after=after if steady else before,
        edited=edited,
        tracked=held,
        seen=seen,
        steady=steady,
    )


def _next_base(repo: Repo, base: str, before: Letters) -> tuple[str, Letters]:
    """Return a base nearer to git's index where many differences have gathered, else the same one."""
    if len(before) <= _MANY:
        return base, before
    head = head_tree(repo)
    after = None if head == base else staged(ask_staged(repo, head))
    return (base, before) if after is None else (head, after)


def _write(tables: Tables, now: _Round, progress: Progress) -> bool:
    """Bring the tables in step with what was found; return False where another process has written them meanwhile."""
    stale: list[str] = []
    exceptions: dict[str, Exempt] = {}
    for path in now.candidates():
        held = now.known.exceptions.get(path)
        found = stamp(f"{now.root}/{path}") if held is not None and now.may_be(path) else None
        if held is None or not held.stands(found):
            stale.append(path)
        elif (exempt := now.exempt(path, found)) is not None:
            exceptions[path] = exempt
    known = Known(now.known.generation, now.base, now.signature, now.seen.folders, exceptions)
    if not stale and not now.building and known == now.known:
        return True
    with tables.writing():
        if tables.generation() != known.generation:
            return False
        if now.building:
            tables.clear()
        else:
            tables.take(stale)
        tables.put(_entries(now, told(stale, progress), exceptions))
        tables.keep(known)
    return True


def _entries(now: _Round, stale: Iterable[str], exceptions: dict[str, Exempt]) -> Iterator[Entry]:
    """Read the files, and note in `exceptions` those that need to be looked at again next time."""
    from tk.store.index.rows import read_entry  # the codec is for those who have something to read

    for path in stale:
        read = read_entry(now.root, path) if now.may_be(path) else None
        exempt = now.exempt(path, None if read is None else read[1])
        if exempt is not None:
            exceptions[path] = exempt
        if read is not None:
            yield read[0]
