"""The whole history of a desk, one commit after another: what each did to which ticket, from contents alone."""

from collections.abc import Iterator
from itertools import islice

from tk.core import ids
from tk.core.facts import Outside, actor_of
from tk.core.instant import in_zone
from tk.core.law.difference import derive
from tk.core.merging.merge import joined
from tk.core.review.done import Done
from tk.core.ticket import Ticket
from tk.store import codec, git, history, policies
from tk.store.desk import Desk
from tk.store.history import Commit
from tk.store.progress import Progress, unseen
from tk.store.touches import Touch

_AT_ONCE = 500
"""How many commits' contents are in memory at a time."""


def happenings(desk: Desk, progress: Progress = unseen) -> Iterator[Done]:
    """Yield what every commit of the current branch did to tickets, parents before children.

    A merge is told by what none of its sides had; what left a file unreadable, or took it away, is not told.
    """
    repo = desk.repo
    tip = git.run(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False)
    if tip.status != 0:
        return
    whole = history.Range((tip.out.decode().strip(),))
    total = 0 if progress is unseen else history.count(repo, whole)
    teller = _Teller(desk)
    done = 0
    walked = history.of_range(repo, whole)
    while chunk := list(islice(walked, _AT_ONCE)):
        progress(done, total)
        done += len(chunk)
        yield from teller.told(chunk)
    progress(done, done)


class _Teller:
    """Tells commits one after another; `read` holds each path's content last read, which most commits build on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._zone = policies.zone_of(desk.policy)
        self._outside = Outside(desk.registers)
        self._read: dict[str, tuple[str, Ticket | None]] = {}
        self._blobs: dict[str, bytes] = {}

    def told(self, chunk: list[tuple[Commit, list[Touch]]]) -> Iterator[Done]:
        touched = [(commit, [t for t in touches if ids.is_ticket_path(t.path)]) for commit, touches in chunk]
        known = {oid for oid, _ in self._read.values()}
        oids = {oid for _, touches in touched for t in touches for oid in (*t.before, t.after, t.base) if oid}
        names = sorted(oids - known)
        found = zip(names, git.blobs(self._desk.repo, names), strict=True)
        self._blobs = {oid: data for oid, data in found if data is not None}
        for commit, touches in touched:
            for touch in touches:
                done = self._done(commit, touch)
                if done is not None:
                    yield done

    def _done(self, commit: Commit, touch: Touch) -> Done | None:
        before = self._before(touch)
        after = None if touch.after is None else self._ticket(touch.path, touch.after)
        if after is None or after == before:
            return None
        actor = actor_of(self._desk.policy, commit.email)
        actions = derive(self._desk.policy, before, after, actor, self._outside)
        at = in_zone(commit.at, self._zone)
        return Done(commit.oid, at, actor.name, commit.name, commit.email, before, after, actions)

    def _before(self, touch: Touch) -> Ticket | None:
        sides = [self._ticket(touch.path, oid) for oid in touch.before if oid is not None]
        found = [side for side in sides if side is not None]
        if len(found) < 2 or touch.after is None:
            return next(iter(found), None)
        after = self._ticket(touch.path, touch.after)
        base = None if touch.base is None else self._ticket(touch.path, touch.base)
        return found[0] if after is None else joined(base, found, after)

    def _ticket(self, path: str, oid: str) -> Ticket | None:
        last = self._read.get(path)
        if last is None or last[0] != oid:
            last = (oid, codec.read(path, self._blobs.get(oid, b"")).ticket)
            self._read[path] = last
        return last[1]
