"""Putting right what a command left when it was killed or failed: finished if its commit landed, undone if not.

Everything here may itself be killed and is then done again: each step looks first whether it is needed.
"""

from collections.abc import Callable
from typing import NamedTuple

from tk import errors
from tk.core.reasons import of_system
from tk.errors import DiskFailed, Message, TkError
from tk.store.repo import Repo
from tk.store.writing import files, journal, lock, merge_state, refs, staging
from tk.store.writing.journal import Journal


class Outcome(NamedTuple):
    """What became of an interrupted change: its commit, None when it was undone, and the files left as they were.

    Left as they were are files that somebody else has changed since.
    """

    oid: str | None
    left: list[str]


def settle(repo: Repo, say: Callable[[Message], None], *, wait: float | None = None) -> bool:
    """Put right what an earlier command left, say so, and return whether there was anything; tk's lock must be held.

    `wait` is how long, in seconds, to wait for an index lock that is not ours.
    """
    if not journal.is_there(repo):
        return False
    entry = journal.read(repo)
    outcome = _put_right(repo, entry, wait)
    if outcome.oid is not None:
        say(errors.say("finished an interrupted command: {subject}", subject=entry.subject))
    else:
        say(errors.say("undid an interrupted command: {subject}", subject=entry.subject))
    _name(outcome, say)
    return True


def after(repo: Repo, error: BaseException, say: Callable[[Message], None]) -> str:
    """Put right what this very command leaves as it fails; return its commit if that had landed, else raise `error`."""
    try:
        outcome = Outcome(None, [])
        if journal.is_there(repo):
            outcome = _put_right(repo, journal.read(repo), None)
        else:
            _tidy(repo)
    except (OSError, TkError) as second:
        say(errors.say("could not undo it now ({reason}); the next tk command will", reason=second))
        raise _told(error) from error
    if outcome.oid is None:
        _name(outcome, say)
        raise _told(error) from error
    return outcome.oid


def _put_right(repo: Repo, entry: Journal, wait: float | None) -> Outcome:
    repo = repo.whole() if entry.whole else repo
    if entry.opens and merge_state.other(repo) == entry.other:
        _open(repo, entry)
        return Outcome(entry.other, [])
    refs.drop_left_locks(repo, entry)
    if entry.oid is not None and refs.landed(repo, entry.oid):
        _finish(repo, entry, wait)
        return Outcome(entry.oid, [])
    return Outcome(None, _undo(repo, entry))


def _finish(repo: Repo, entry: Journal, wait: float | None) -> None:
    """Bring the index up to the commit, from the commit: the files may have been edited since."""
    files.drop_temporaries(repo, entry)
    mark = entry.mark
    if mark is None or not lock.owns_index(repo, mark):
        mark = lock.make_mark(repo)
        journal.write(repo, entry._replace(mark=mark))
        journal.step("lock announced again")
        mark = lock.take_index(repo, mark, wait=wait)
    journal.step("lock taken again")
    staging.reset(repo, entry)
    journal.step("index made again")
    staging.place(repo)
    journal.step("index placed again")
    merge_state.end(repo, entry.other)
    files.prune(repo, entry)
    lock.drop_index(repo, mark)
    journal.step("lock dropped again")
    journal.clear(repo)
    _tidy(repo)


def _open(repo: Repo, entry: Journal) -> None:
    """Go on to a merge that people must settle: all it needs was ready when git was told of it."""
    if lock.owns_index(repo, entry.mark):  # else the index is in place
        staging.place(repo)
    journal.step("index placed again")
    files.prune(repo, entry)
    lock.drop_index(repo, entry.mark)
    journal.step("lock dropped again")
    journal.clear(repo)
    _tidy(repo)


def _undo(repo: Repo, entry: Journal) -> list[str]:
    """Put the old contents back, but into no file that somebody has committed or changed since."""
    if entry.opens:
        merge_state.drop_words(repo)
    left = files.put_back(repo, entry, _committed_since(repo, entry) if entry.commits else frozenset())
    lock.drop_index(repo, entry.mark)
    journal.step("lock given back")
    journal.clear(repo)
    _tidy(repo)
    return left


def _committed_since(repo: Repo, entry: Journal) -> frozenset[str]:
    """Return the files that stand in HEAD as the change wrote them, by a commit that somebody else has made since."""
    now = refs.head(repo).oid
    moved = sorted(refs.changed_between(repo, entry.head, now, entry.paths))
    if not moved:
        return frozenset()
    leaves = staging.leaves(repo, entry, modes=False)
    on_disk = (leaves[repo.prefix + path] for path in moved)
    in_head = refs.blobs(repo, now, moved)
    return frozenset(
        path
        for path, leaf, blob in zip(moved, on_disk, in_head, strict=True)
        if blob == (None if leaf is None else leaf.oid)
    )


def _tidy(repo: Repo) -> None:
    journal.sweep(repo)
    staging.clean(repo)
    lock.drop_mark(repo)


def _name(outcome: Outcome, say: Callable[[Message], None]) -> None:
    for path in outcome.left:
        say(errors.say("{path} was changed since, and is left as it is", path=path))


def _told(error: BaseException) -> BaseException:
    """Return `error` as it is told to people: what the system says of the disk becomes a sentence."""
    if not isinstance(error, OSError):
        return error
    name = error.filename2 or error.filename
    reason = of_system(error)
    if name is None:
        return DiskFailed(errors.say("the disk refused: {reason}; nothing was changed", reason=reason))
    return DiskFailed(errors.say("{file}: {reason}; nothing was changed", file=name, reason=reason))
