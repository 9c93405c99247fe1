"""The one way in which a desk changes: whole or not at all, one command, one commit.

It goes by git's own protocol. Under tk's lock and with `index.lock` in hand the files are written, hooks asked, blobs,
trees and commit stored; then the branch moves from the commit it was at to ours in one step; then the new index takes
its place. The journal tells, at every moment in between, how to go back or, once the branch has moved, how to finish.
In this order nothing that is killed leaves an index older than its branch and unlocked, from which the next commit of
a person would silently undo the ticket.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from tk import errors
from tk.core.instant import epoch
from tk.core.reasons import of_system
from tk.errors import Busy, DiskFailed, FileChanged, Message, TkError
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing import files, hooks, journal, lock, merge_state, recovery, refs, staging, trees
from tk.store.writing.changeset import Change, Merge
from tk.store.writing.hooks import Ways
from tk.store.writing.journal import Journal

__all__ = ["TRIES", "Change", "Merge", "apply", "recover", "turn"]

_OF_A_SERIES = frozenset({"pre-commit"})
"""The hook that a series is shown to, once, with the files as it leaves them."""

TRIES = 5
"""How often a commit is made anew on a branch that others move meanwhile."""


def apply(repo: Repo, change: Change, say: Callable[[Message], None]) -> str | None:
    """Make the change and return its commit; None without `commit`, or when HEAD already holds these very files.

    First puts right what an earlier command left. Raises Busy, FileChanged, Refused, WrongUsage, DiskFailed, GitFailed
    or NoIdentity; the desk is then as it was. `say` is told what a person should know meanwhile.
    """
    with turn(repo, say) as make:
        return make(change)


@contextmanager
def turn(repo: Repo, say: Callable[[Message], None]) -> Iterator[Callable[[Change], str | None]]:
    """Hold the desk against every other tk, to read what a change builds on; gives what makes it, as `apply` does.

    Who reads before takes the risk that the file changes until the lock is his, and is then refused.
    """
    landed: list[tuple[Ways, str]] = []

    def make(change: Change) -> str | None:
        found = hooks.ways(repo) if change.commit else None
        if found is not None and change.merge is not None and not change.merge.ends:
            found = found._replace(merges=True)
        try:
            oid = _change(repo, change, found, say)
        except (OSError, TkError, KeyboardInterrupt) as error:
            oid = recovery.after(repo, error, say)
        if oid is not None and found is not None and not (change.merge and change.merge.open):
            landed.append((found, oid))
        return oid

    with _disk(repo), lock.held(repo, say):
        recovery.settle(repo, say)
        journal.step("locked")
        yield make
    for found, oid in landed:
        hooks.after(repo, found, oid, say)


def recover(repo: Repo, say: Callable[[Message], None], wait: bool) -> bool:
    """Put right what a killed command left, say so, and return whether there was anything.

    Next to nothing when there is no journal. A command that only reads does not `wait`: while another tk or git is at
    work, or where nothing can be written, it goes on without.
    """
    if not journal.is_there(repo):
        return False
    if wait:
        with _disk(repo), lock.held(repo, say):
            return recovery.settle(repo, say)
    try:
        with lock.held_if_free(repo) as mine:
            return mine and recovery.settle(repo, say, wait=0.0)
    except (OSError, Busy):
        return False


@contextmanager
def _disk(repo: Repo) -> Iterator[None]:
    """Say in a sentence that the disk gives no lock, or no way to settle what was left."""
    try:
        yield
    except OSError as error:
        file = error.filename2 or error.filename or repo.state
        raise DiskFailed(errors.say("{file}: {reason}", file=file, reason=of_system(error))) from error


def _change(repo: Repo, change: Change, found: Ways | None, say: Callable[[Message], None]) -> str | None:
    head = None if found is None else _fit(repo, change)
    repo = repo if change.merge is None else repo.whole()
    journal.sweep(repo)
    staging.clean(repo)
    plan = files.plan(repo, change.files, change.expected)
    journal.step("looked at")
    mark = None if found is None else lock.make_mark(repo)
    entry = Journal(os.getpid(), change.subject, change.commit, plan.touched, plan.folders, head and head.oid, mark)
    entry = entry._replace(whole=repo.root == repo.top)
    if change.merge is not None:
        entry = entry._replace(other=change.merge.other, opens=bool(change.merge.open))
    journal.write(repo, entry)
    journal.step("journal written")
    if mark is not None:
        entry = _locked(repo, entry, mark, change)
    files.write(repo, entry, plan.marks, change.files, change.programs)
    journal.step("files written")
    oid = None if found is None else _commit(repo, entry, change, found, say)
    files.prune(repo, entry)
    journal.step("folders pruned")
    lock.drop_index(repo, entry.mark)
    journal.step("index unlocked")
    journal.clear(repo)
    lock.drop_mark(repo)
    return oid


def _fit(repo: Repo, change: Change) -> refs.Head:
    """Return where HEAD points; raise Busy where the change cannot be committed there."""
    merge = change.merge
    head = refs.fit(repo, merging=merge.other if merge is not None and merge.ends else None)
    if merge is not None and head.oid != merge.head:
        raise Busy(errors.say("the branch has moved meanwhile"), errors.say("run the command again"))
    return head


def _locked(repo: Repo, entry: Journal, mark: tuple[int, int], change: Change) -> Journal:
    taken = lock.take_index(repo, mark)
    if taken != mark:
        entry = entry._replace(mark=taken)
        journal.write(repo, entry)
    journal.step("index locked")
    head = _fit(repo, change)  # a merge may have begun, or a commit landed, while the index was theirs
    return entry._replace(head=head.oid)


def _commit(repo: Repo, entry: Journal, change: Change, found: Ways, say: Callable[[Message], None]) -> str | None:
    if change.merge is not None and change.merge.open:
        return _opened(repo, entry, change, change.merge)
    dates = _dates(change.at)
    message = change.message
    if change.merge is None or not change.merge.forward:
        ways = found if change.stored is None else found._replace(hooks=found.hooks & _OF_A_SERIES)
        try:
            message = hooks.before(repo, ways, entry, message, dates, say)
        finally:
            if found.hooks:
                entry = files.reread(repo, entry)
                journal.write(repo, entry)
    journal.step("hooks passed")
    if change.stored is not None:
        return _land(repo, entry, change, change.stored)
    with staging.preparing(repo, entry) as index:
        leaves = staging.leaves(repo, entry, modes=found.modes)
        journal.step("blobs stored")
        for _ in range(TRIES):
            oid = _made(repo, entry, change, _Made(leaves, message, dates, index, found.signs))
            index.join()
            if oid is None:
                break
            entry = entry._replace(oid=oid)
            journal.write(repo, entry)
            journal.step("commit announced")
            if refs.advance(repo, entry.head, oid, change.subject):
                break
            entry = _moved(repo, entry, change)
        else:
            raise Busy(errors.say("the branch moves too fast: {count} tries", count=TRIES), errors.say("try again"))
    journal.step("branch moved")
    staging.place(repo)
    journal.step("index in place")
    merge_state.end(repo, entry.other)
    return oid


class _Made(NamedTuple):
    """What a commit is made of: the files as trees have them, its words and dates, the index, whether it is signed."""

    leaves: Mapping[str, trees.Leaf | None]
    message: str
    dates: dict[str, str]
    prepared: git.Question
    signs: bool


def _made(repo: Repo, entry: Journal, change: Change, made: _Made) -> str | None:
    """Return the commit to which the branch is to move; None where the files are in it already."""
    merge = change.merge
    if merge is not None and merge.forward:
        return merge.other
    if merge is not None and merge.ends:
        made.prepared.join()
        tree = staging.tree(repo)
    else:
        grown = trees.grow(repo, entry.head, made.leaves)
        tree = grown.tree
        if merge is None and tree == grown.before:
            return None
    journal.step("trees stored")
    oid = _store(repo, entry, tree, made.message, made.dates, signs=made.signs)
    journal.step("commit stored")
    return oid


def _opened(repo: Repo, entry: Journal, change: Change, merge: Merge) -> str:
    """Tell git of a merge that people must settle; return the commit that is merged."""
    staging.disagreeing(repo, entry, merge.open)
    journal.step("index made")
    merge_state.begin(repo, merge.other, change.message)
    journal.step("merge begun")
    staging.place(repo)
    journal.step("index in place")
    return merge.other


def _land(repo: Repo, entry: Journal, change: Change, stored: tuple[str, str]) -> str:
    """Move the branch to the last commit of a series, and the index with it; raise Busy where the branch has moved."""
    base, tip = stored
    entry = entry._replace(oid=tip)
    with staging.preparing(repo, entry) as index:
        journal.write(repo, entry)
        index.join()
        journal.step("commit announced")
        if entry.head != base or not refs.advance(repo, base, tip, change.subject):
            raise Busy(errors.say("somebody else has committed here meanwhile"), errors.say("run the command again"))
    journal.step("branch moved")
    staging.place(repo)
    journal.step("index in place")
    return tip


def _moved(repo: Repo, entry: Journal, change: Change) -> Journal:
    """Return the journal for another try on the branch's new commit; raise FileChanged where our files changed."""
    now = _fit(repo, change).oid
    changed = refs.changed_between(repo, entry.head, now, entry.paths)
    if changed:
        raise FileChanged(
            errors.say("{path} was committed by somebody else meanwhile; it was not overwritten", path=min(changed)),
            errors.say("run the command again"),
        )
    return entry._replace(head=now, oid=None)


def _store(repo: Repo, entry: Journal, tree: str, message: str, dates: dict[str, str], *, signs: bool) -> str:
    """Store the commit; raise NoIdentity where git would make up who acts."""
    known = () if os.environ.get("EMAIL") else ("-c", "user.useConfigOnly=true")
    args = ["-c", "i18n.commitEncoding=UTF-8", *known, "commit-tree", tree]
    args += ["-S"] if signs else []
    args += [word for parent in (entry.head, entry.other) if parent for word in ("-p", parent)]
    answer = git.run(repo, *args, "-F", "-", stdin=message.encode("utf-8", "replace"), env=dates, check=False)
    if answer.status != 0:
        git.identity(repo)
        raise git.failed(repo, "commit-tree", answer)
    return answer.out.decode().strip()


def _dates(at: datetime) -> dict[str, str]:
    date = f"@{epoch(at)} {at:%z}"
    return {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
