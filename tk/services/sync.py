"""Sharing a desk: bring what others did, merge it, send what was done here; again when others were faster.

Each step is whole or not at all: what was fetched stays, the merge is one change of the desk with its journal, and the
branch is sent as it then stands. So whatever interrupts it, the next sync goes on from there.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.merging.merge import ask, by_time
from tk.core.review.governed import is_governed
from tk.errors import Busy, Refused, say
from tk.store import git, history, remotes
from tk.store.desk import Desk
from tk.store.judging import passages
from tk.store.judging.passages import Contents, Passed
from tk.store.merging import leftover, merger
from tk.store.merging.joining import InConflict, sides_of
from tk.store.merging.merger import Plan
from tk.store.remotes import Place
from tk.store.repo import Repo
from tk.store.writing import exchange_lock, refs
from tk.store.writing.commit import Change, Merge, turn

TRIES = 20
"""How often the branch is merged and sent anew while others are faster."""

_NAMED = 3


class Seals(NamedTuple):
    """Seals that were shared along, by name: those that came and those that went.

    Of `others` each side has one of its own under the same name, and keeps it; `refused` is why the remote did not want
    what was sent, "" where it did.
    """

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    refused: str = ""


class Synced(NamedTuple):
    """What an exchange did: what came and what went, and the conflicts that stopped it, if any.

    `renamed` tells of tickets that had drawn another's id, the old one and the new.
    """

    place: Place
    came: Passed
    went: Passed
    conflicts: tuple[InConflict, ...] = ()
    renamed: Mapping[str, str] = {}
    commit: str = ""
    seals: Seals = Seals()


def sync(desk: Desk, remote: str | None = None) -> Synced:
    """Bring the desk in step with `remote`, or with the branch's upstream.

    Raises:
        WrongUsage: there is no such remote, or none that is meant.
        Busy: HEAD is detached, a merge or the like is under way, another tk keeps at it.
        Refused: something is not committed, the histories have nothing in common, only git can merge them, or a
            conflict was committed as it is.
        GitFailed: the remote cannot be reached, or does not want it.
    """
    repo = desk.repo
    head = refs.fit(repo)
    if head.branch is None or head.oid is None:
        raise Refused("no-commit", say("nothing is committed here yet"), say("git commit, or git pull, begins it"))
    place = remotes.place(repo, head.branch, remote)
    with exchange_lock.held(repo, desk.remark) as since:
        if since is not None:
            remotes.drop_left_lock(repo, place, since)
        return _Exchange(desk, place, head.branch, head.oid).run()


class _Exchange:
    """One exchange: the branch, where it is shared, where it stood at the beginning."""

    def __init__(self, desk: Desk, place: Place, branch: str, began: str) -> None:
        self._desk = desk
        self._repo = desk.repo
        self._place = place
        self._branch = branch
        self._began = began
        self._renamed: dict[str, str] = {}
        self._seals = Seals()

    def run(self) -> Synced:
        """Fetch, merge and push until both sides are the same."""
        for count in range(TRIES):
            fetched = remotes.fetch(self._repo, self._place)
            theirs = fetched.oid
            self._seals = Seals((*self._seals.came, *fetched.came), others=fetched.others)
            plan = None if theirs is None else self._merged(theirs)
            if plan is not None and plan.clashes:
                return self._opened(plan)
            head = refs.head(self._repo).oid or ""
            going = self._sound(theirs, head)
            if head == theirs or remotes.push(self._repo, self._place, self._branch):
                self._send(fetched.lacking)
                return self._told(theirs, head, going)
            time.sleep(0.05 * (count + 1) * (1 + os.getpid() % 5))  # those who meet once are not to meet again
        message = say(
            "{place} moves too fast: others sent something {count} times meanwhile",
            place=self._place.shown,
            count=TRIES,
        )
        raise Busy(message, say("what was merged is kept; run tk sync again"))

    def _merged(self, theirs: str) -> Plan | None:
        """Merge their commit; return how, with what people must settle first; None where it brings nothing."""
        with turn(self._repo, self._desk.remark) as make:
            head = refs.fit(self._repo).oid or ""
            base = head if head == theirs else self._base(head, theirs)
            if base == theirs:
                return None
            edited = _edited(self._repo)
            _assure_clean([path for path in edited if path.startswith(self._repo.prefix)])
            if base != head:
                self._sound(base, head)
            plan = self._plan(base, head, theirs)
            _assure_clean([path for path in edited if path in plan.files])
            lines = tuple(line for clash in plan.clashes for line in clash.lines())
            merge = Merge(head, theirs, base == head, lines)
            make(
                Change(plan.files, plan.expected, self._message(), self._desk.now, programs=plan.programs, merge=merge)
            )
        self._renamed.update(plan.renamed)
        return plan

    def _sound(self, since: str | None, head: str) -> Contents:
        """Return what commit `head` has since another; raise Refused where it has conflict markers since then."""
        going = passages.between(self._repo, since or _nothing(self._repo), head)
        left = leftover.left(self._repo, going, since, head)
        if not left:
            return going
        message = say("{files}: a merge's conflict was committed as it is; nothing was sent", files=_named(left))
        numbers = [number for number in map(ids.id_of, left) if number]
        hint = say("edit out the marker lines and git commit; then tk sync sends it")
        if len(numbers) == len(left):
            hint = say("`tk resolve {ids}` settles and commits it; then tk sync sends it", ids=" ".join(numbers))
        raise Refused("unsettled", message, hint)

    def _plan(self, base: str, head: str, theirs: str) -> Plan:
        if base == head:
            return merger.forward(self._repo, head, theirs)
        settle = by_time if self._desk.policy.desk.conflicts == "later" else ask
        return merger.merge(self._repo, base, head, theirs, settle)

    def _base(self, head: str, theirs: str) -> str:
        base = history.base_of(self._repo, (head, theirs))
        if base is not None:
            return base
        if history.shallow_ends(self._repo):
            message = say(
                "this clone is shallow, and where it parted from {place} is not here", place=self._place.shown
            )
            raise Refused(
                "shallow", message, say("git fetch --unshallow {remote} brings it", remote=self._place.remote)
            )
        message = say("{place} is another history, with no commit in common", place=self._place.shown)
        raise Refused("unrelated", message, say("git remote -v shows whether it is the right one"))

    def _message(self) -> str:
        suffix = self._desk.policy.desk.subject_suffix
        return f"Merge {self._place.shown}{f' {suffix}' if suffix else ''}\n"

    def _send(self, names: Sequence[str]) -> None:
        """Send the seals that the remote lacks, and note what became of them."""
        sent = remotes.send_seals(self._repo, self._place, names)
        others = (*self._seals.others, *sent.others)
        self._seals = Seals(self._seals.came, sent.went, others, sent.refused)

    def _told(self, theirs: str | None, sound: str, going: Contents) -> Synced:
        """Tell of an exchange that sent what was `going` up to a commit, or more that was committed meanwhile."""
        head = refs.head(self._repo).oid or ""
        if head != sound:
            going = passages.between(self._repo, theirs or _nothing(self._repo), head)
        coming = passages.between(self._repo, self._began, head) if theirs is not None else {}
        came, went = (passages.passed(self._desk.policy, found) for found in (coming, going))
        renamed = {**self._renamed, **came.renamed, **went.renamed}
        return Synced(self._place, came, went, (), renamed, head, self._seals)

    def _opened(self, plan: Plan) -> Synced:
        """Tell of a merge that people must settle: what came but for that."""
        head = refs.head(self._repo).oid or ""
        before = passages.between(self._repo, self._began, head)
        coming = {**before, **{path: (before.get(path, (old,))[0], new) for path, (old, new) in self._opening(plan)}}
        came = passages.passed(self._desk.policy, coming)
        clashes = {clash.path for clash in plan.clashes}
        told = [each for each in came.tickets if each.actions or self._repo.prefix + each.change.path not in clashes]
        conflicts = tuple(_in_conflict(self._repo, clash) for clash in plan.clashes)
        renamed = {**self._renamed, **came.renamed}
        return Synced(self._place, came._replace(tickets=tuple(told)), Passed(), conflicts, renamed, head, self._seals)

    def _opening(self, plan: Plan) -> Iterator[tuple[str, tuple[bytes | None, bytes | None]]]:
        """Yield what was in the desk's files and what such a merge leaves there; our side where it is a conflict."""
        clashes = {clash.path: clash for clash in plan.clashes}
        for path, data in plan.files.items():
            inside = path[len(self._repo.prefix) :] if path.startswith(self._repo.prefix) else ""
            if not (ids.is_ticket_path(inside) or is_governed(inside)):
                continue
            new = data
            if path in clashes:
                sides = sides_of(data) if data is not None and clashes[path].open else None
                if sides is None:
                    continue
                new = sides.ours
            yield inside, (plan.expected.get(path), new)


def _in_conflict(repo: Repo, clash: merger.Clash) -> InConflict:
    inside = clash.path[len(repo.prefix) :] if clash.path.startswith(repo.prefix) else ""
    return InConflict(clash.path, ids.id_of(inside), clash.open)


def _nothing(repo: Repo) -> str:
    """Return the empty tree."""
    return git.run(repo, "hash-object", "-t", "tree", "--stdin").out.decode().strip()


def _edited(repo: Repo) -> list[str]:
    """Return the files, from the top, that differ from the last commit, and the tickets that git does not know."""
    out = git.run(repo, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all").out
    told = [(line[:2], line[3:]) for line in out.decode("utf-8", "surrogateescape").split("\0") if line]
    return [
        path
        for state, path in told
        if state != "??" or (path.startswith(repo.prefix) and ids.is_ticket_path(path[len(repo.prefix) :]))
    ]


def _assure_clean(edited: Sequence[str]) -> None:
    """Refuse to merge over what is not committed."""
    if not edited:
        return
    raise Refused(
        "uncommitted",
        say("not committed yet: {files}", files=_named(edited)),
        say("git add and git commit keep it, git restore drops it; git stash puts it aside"),
    )


def _named(paths: Sequence[str]) -> str:
    """Return the first of several paths."""
    return ", ".join(paths[:_NAMED]) + (f", … ({len(paths)})" if len(paths) > _NAMED else "")
