"""Reading commits into rows of the chronicle: what each did to each ticket, from contents alone.

git tells all differences in one go, children before parents; contents come by one process for some thousands of them.
Most commits change a line or two of front matter and add to the end of the log, so front matter is compared as text by
text and only what was added to a log is read; anything else takes the longer way, which every file can go.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from math import floor
from typing import Any, NamedTuple

from tk.core import ids
from tk.core.instant import epoch
from tk.core.merging.merge import joined
from tk.core.ticket import Event, Plain, Ticket
from tk.store import codec, git
from tk.store.codec.body import LOG, parse_body
from tk.store.history import Commit
from tk.store.repo import Repo
from tk.store.touches import Touch

STAMPS = frozenset({"id", "updated", "activity", "status-since"})
"""Keys whose changes only follow from others."""

_AT_ONCE = 2_000
_KEPT = 20_000
_HEADING = "### "


class Rows(NamedTuple):
    """What a commit did to a ticket, as the tables hold it: steps, changes and events, by the ticket's path."""

    path: str
    step: tuple[int, int, int | None, int | None, bool]
    changes: tuple[tuple[str, str | None], ...]
    events: tuple[tuple[Any, ...], ...]


class _Half(NamedTuple):
    """A ticket's file in halves, its front matter as text and its body; in whole seconds, what its stamps say."""

    front: Mapping[str, Plain]
    body: str
    updated: int | None = None
    since: int | None = None


_NOTHING = _Half({}, "")


def _half_of(data: bytes) -> _Half | None:
    found = codec.halves(data)
    if found is None:
        return None
    front, body = found
    updated = _seconds(front.get("updated"))
    is_same = front.get("status-since") == front.get("updated")
    return _Half(front, body, updated, updated if is_same else _seconds(front.get("status-since")))


class Reader:
    """Reads what commits did; keeps the files it has read last, for those that come next."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._halves: OrderedDict[str, _Half | None] = OrderedDict()

    def read(self, walked: Iterable[tuple[int, Commit, Sequence[Touch]]]) -> Iterator[tuple[int, Commit, list[Rows]]]:
        """Yield for each commit, which comes with its place, what it did to tickets; one that did much, in parts."""
        chunk: list[tuple[int, Commit, list[Touch]]] = []
        count = 0
        for place, commit, touches in walked:
            tickets = [touch for touch in touches if ids.is_ticket_path(touch.path)]
            for start in range(0, len(tickets), _AT_ONCE):
                part = tickets[start : start + _AT_ONCE]
                chunk.append((place, commit, part))
                count += len(part)
                if count >= _AT_ONCE:
                    yield from self._chunk(chunk)
                    chunk, count = [], 0
        yield from self._chunk(chunk)

    def _chunk(self, chunk: Sequence[tuple[int, Commit, list[Touch]]]) -> Iterator[tuple[int, Commit, list[Rows]]]:
        self._fetch(touch for _, commit, touches in chunk if len(commit.parents) < 2 for touch in touches)
        for place, commit, touches in chunk:
            read = self._merged if len(commit.parents) > 1 else self._ordinary
            yield place, commit, [read(commit, touch) for touch in touches]
        while len(self._halves) > _KEPT:
            self._halves.popitem(last=False)

    def _fetch(self, touches: Iterable[Touch]) -> None:
        named = chain.from_iterable((*touch.before, touch.after) for touch in touches)
        wanted = list(dict.fromkeys(oid for oid in named if oid is not None and oid not in self._halves))
        for oid, data in zip(wanted, git.blobs(self._repo, wanted), strict=True):
            self._halves[oid] = None if data is None else _half_of(data)

    def _half(self, oid: str | None) -> _Half | None:
        if oid is None:
            return _NOTHING
        return self._halves[oid]

    def _ordinary(self, commit: Commit, touch: Touch) -> Rows:
        """Return what a commit with at most one parent did; a file that cannot be read is as it was before."""
        before, after = self._half(touch.before[0]), self._half(touch.after)
        if after is None:
            return _unread(commit, touch)
        if before is None:
            before = self._readable_before(commit, touch.path)
        return _rows(commit, touch, before, after)

    def _readable_before(self, commit: Commit, path: str) -> _Half:
        """Return the last readable ticket before a commit that mended an unreadable file."""
        found = git.run(
            self._repo, "rev-list", *commit.parents, "--", f"{self._repo.prefix}{path}", check=False
        ).out.decode()
        names = [f"{oid}:{self._repo.prefix}{path}" for oid in found.split()]
        read = (_half_of(data) for data in git.blobs(self._repo, names) if data is not None)
        return next((half for half in read if half is not None), _NOTHING)

    def _merged(self, commit: Commit, touch: Touch) -> Rows:
        """Return what a merge did to a ticket that it did not simply take from a side.

        Its changes are told as what the keys hold after it: the reader of the rows knows what they held before.
        """
        oids = [touch.base, *touch.before, touch.after]
        contents = dict(zip(oids, git.blobs(self._repo, [oid or "" for oid in oids]), strict=True))
        held = {oid: None if data is None else codec.read(touch.path, data).ticket for oid, data in contents.items()}
        sides = [side for oid in touch.before if (side := held[oid]) is not None]
        after = held[touch.after]
        if after is None:
            is_gone = touch.after is None and sides
            return _rows(commit, touch, _canonical(sides[0]), _NOTHING) if is_gone else _unread(commit, touch)
        first = joined(held[touch.base], sides, after) if len(sides) > 1 else next(iter(sides), None)
        rows = _rows(commit, touch, _canonical(first), _canonical(after))
        settled = {
            key: change for side in sides for key, change in _changes(_canonical(side).front, _canonical(after).front)
        }
        return rows._replace(changes=tuple((settled | dict(rows.changes)).items()))


def _canonical(ticket: Ticket | None) -> _Half:
    return (None if ticket is None else _half_of(codec.render(ticket))) or _NOTHING


def _rows(commit: Commit, touch: Touch, before: _Half, after: _Half) -> Rows:
    at, since = _instants(epoch(commit.at), before, after)
    events = tuple(_events(before.body, after.body))
    changes = list(_changes(before.front, after.front))
    if touch.after is None:
        changes.append(("id", None))
    elif before is _NOTHING:
        changes.append(("id", json.dumps(after.front.get("id") or ids.id_of(touch.path))))
    is_merge = len(commit.parents) > 1
    step = (at, since, None if is_merge else _short(touch.before[0]), _short(touch.after), is_merge)
    return Rows(touch.path, step, tuple(changes), events)


def _unread(commit: Commit, touch: Touch) -> Rows:
    """Return what a commit did that left nothing readable: it was there, and that is all."""
    at, is_merge = epoch(commit.at), len(commit.parents) > 1
    before = None if is_merge else _short(touch.before[0])
    return Rows(touch.path, (at, at, before, _short(touch.after), is_merge), (), ())


def _short(oid: str | None) -> int | None:
    """Return enough of a blob's name to know it again among those of one ticket, as SQLite's integers hold it."""
    return None if oid is None else int(oid[:15], 16)


def _instants(end: int, before: _Half, after: _Half) -> tuple[int, int]:
    """Return when a step happened, and when the status after it began, by the stamps where they can be true.

    A stamp that did not move, or that lies before what was there or after the commit, tells nothing.
    """
    start = before.updated or 0
    at = after.updated if after.updated is not None and start < after.updated <= end else end
    has_moved = after.since is not None and after.since != before.since and start <= after.since <= at
    return at, after.since if has_moved and after.since is not None else at


def _seconds(value: object) -> int | None:
    """Return the instant that a stamp names in whole seconds since 1970, None where it names none."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if instant is None or instant.tzinfo is None else floor(instant.timestamp())


def _changes(before: Mapping[str, Plain], after: Mapping[str, Plain]) -> Iterator[tuple[str, str | None]]:
    """Yield each key that holds something else, with what it holds now as JSON; None for nothing."""
    for key, value in after.items():
        if value != before.get(key) and key not in STAMPS and (value or before.get(key)):
            yield key, json.dumps(value, ensure_ascii=False) if value else None
    for key, value in before.items():
        if key not in after and value and key not in STAMPS:
            yield key, None


def _events(before: str, after: str) -> Iterator[tuple[Any, ...]]:
    """Yield the events that were added or altered, and those taken away without an instant."""
    if before == after:
        return
    added = _added(before, after)
    if added is not None:
        yield from map(_row, parse_body(added).events)
        return
    held = {event.id: event for event in parse_body(before).events}
    kept = {event.id: event for event in parse_body(after).events}
    yield from (_row(event) for event in kept.values() if held.get(event.id) != event)
    yield from ((gone, None, None, None, None) for gone in held.keys() - kept.keys())


def _added(before: str, after: str) -> str | None:
    """Return what was added to the end of a log, as a log of its own; None where that is not all that changed."""
    if not after.startswith(before):
        return None
    rest = after[len(before) :].lstrip("\n")
    has_log = before.startswith(f"{LOG}\n") or f"\n{LOG}\n" in before
    if has_log and before.endswith("\n"):
        return f"{LOG}\n{rest}" if rest.startswith(_HEADING) else None
    return rest if not has_log and rest.startswith(f"{LOG}\n") else None


def _row(event: Event) -> tuple[Any, ...]:
    minutes = event.facts.get("minutes", "")
    spent = int(minutes) if minutes.isdecimal() and len(minutes) < 7 else 0
    return event.id, epoch(event.at), event.type, event.by, spent
