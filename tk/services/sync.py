"""Sharing a desk: bring what others did, merge it, send what was done here; again when others were faster.

Each step is whole or not at all: what was fetched stays, the merge is one change of the desk with its journal, and the
branch is sent as it then stands. So whatever interrupts it, the next sync goes on from there.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.law.difference import derive
from tk.core.merging.merge import ask, by_time
from tk.core.policy import Policy
from tk.errors import Busy, Refused, say
from tk.store import codec, git, history, remotes
from tk.store.desk import Desk
from tk.store.index_changes import TICKETS
from tk.store.merging import merger
from tk.store.merging.joining import InConflict
from tk.store.merging.merger import Plan
from tk.store.merging.tree_changes import changes, contents
from tk.store.remotes import Place
from tk.store.repo import Repo
from tk.store.revision import Changed
from tk.store.writing import exchange_lock, refs
from tk.store.writing.commit import Change, Merge, turn

TRIES = 20
"""How often the branch is merged and sent anew while others are faster."""

_NAMED = 3


class Synced(NamedTuple):
    """What an exchange did: the tickets that came and those that went, and the conflicts that stopped it, if any.

    `renamed` tells of tickets that had drawn another's id, the old one and the new.
    """

    place: Place
    came: tuple[Changed, ...]
    went: tuple[Changed, ...]
    conflicts: tuple[InConflict, ...] = ()
    renamed: Mapping[str, str] = {}
    commit: str = ""


def sync(desk: Desk, remote: str | None = None) -> Synced:
    """Bring the desk in step with `remote`, or with the branch's upstream.

    Raises:
        WrongUsage: there is no such remote, or none that is meant.
        Busy: HEAD is detached, a merge or the like is under way, another tk keeps at it.
        Refused: something is not committed, the histories have nothing in common, or only git can merge them.
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

    def run(self) -> Synced:
        """Fetch, merge and push until both sides are the same."""
        for count in range(TRIES):
            theirs = remotes.fetch(self._repo, self._place)
            conflicts = () if theirs is None else self._merged(theirs)
            if conflicts:
                return self._told(None, conflicts)
            if refs.head(self._repo).oid == theirs or remotes.push(self._repo, self._place, self._branch):
                return self._told(theirs, ())
            time.sleep(0.05 * (count + 1) * (1 + os.getpid() % 5))  # those who meet once are not to meet again
        message = say(
            "{place} moves too fast: others sent something {count} times meanwhile",
            place=self._place.shown,
            count=TRIES,
        )
        raise Busy(message, say("what was merged is kept; run tk sync again"))

    def _merged(self, theirs: str) -> tuple[InConflict, ...]:
        """Merge their commit, if it brings anything; return what people must settle first."""
        with turn(self._repo, self._desk.remark) as make:
            head = refs.fit(self._repo).oid or ""
            base = self._base(head, theirs)
            if base == theirs:
                return ()
            edited = _edited(self._repo)
            _assure_clean([path for path in edited if path.startswith(self._repo.prefix)])
            plan = self._plan(base, head, theirs)
            _assure_clean([path for path in edited if path in plan.files])
            lines = tuple(line for clash in plan.clashes for line in clash.lines())
            merge = Merge(head, theirs, base == head, lines)
            make(
                Change(plan.files, plan.expected, self._message(), self._desk.now, programs=plan.programs, merge=merge)
            )
        self._renamed.update(plan.renamed)
        return tuple(_in_conflict(self._repo, clash) for clash in plan.clashes)

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

    def _told(self, theirs: str | None, conflicts: tuple[InConflict, ...]) -> Synced:
        head = refs.head(self._repo).oid or ""
        if conflicts:
            return Synced(self._place, (), (), conflicts, self._renamed, head)
        policy = self._desk.policy
        came = tuple(_passages(self._repo, policy, self._began, head)) if theirs is not None else ()
        start = theirs or git.run(self._repo, "hash-object", "-t", "tree", "--stdin").out.decode().strip()
        went = tuple(_passages(self._repo, policy, start, head))
        return Synced(self._place, came, went, (), self._renamed, head)


def _in_conflict(repo: Repo, clash: merger.Clash) -> InConflict:
    inside = clash.path[len(repo.prefix) :] if clash.path.startswith(repo.prefix) else ""
    return InConflict(clash.path, ids.id_of(inside), clash.open)


def _passages(repo: Repo, policy: Policy, before: str, after: str) -> Iterator[Changed]:
    """Yield what became of each ticket from one commit to another."""
    steps = changes(repo, before, after, f"{repo.prefix}{TICKETS}")
    blobs = contents(repo, (leaf for path, step in steps.items() if path.endswith(".md") for leaf in step))
    for path, step in steps.items():
        inside = path[len(repo.prefix) :]
        if not ids.is_ticket_path(inside):
            continue
        was, now = (None if leaf is None else codec.read(inside, blobs[leaf.oid]).ticket for leaf in step)
        if now is not None:
            yield Changed(was, now, inside, derive(policy, was, now), after)


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
    named = ", ".join(edited[:_NAMED]) + (f", … ({len(edited)})" if len(edited) > _NAMED else "")
    raise Refused(
        "uncommitted",
        say("not committed yet: {files}", files=named),
        say("git add and git commit keep it, git restore drops it; git stash puts it aside"),
    )
