"""Where the branch stands: reading it, moving it, and whether a commit may be made here at all."""

import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tk import errors
from tk.errors import Busy
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing import journal, lock, merge_state
from tk.store.writing.journal import Journal

LOCK_WAIT = 5.0
"""How long to wait for a lock on a branch that is not ours, in seconds."""
LOCK_WINDOW = 5.0
"""How soon after the journal's last word a branch's lock must have been made to be ours."""
LOCK_REST = 1.0
"""How old it must be before it is thought to be left over."""

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_UNDER_WAY = (
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("rebase-merge", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
)


class Head(NamedTuple):
    """Where HEAD points: the branch (None when detached) and its commit (None before the first)."""

    branch: str | None
    oid: str | None


def head(repo: Repo) -> Head:
    """Return where HEAD points, from the files where they say it plainly, else from git."""
    text = (repo.git_dir / "HEAD").read_text(encoding="utf-8", errors="surrogateescape").strip()
    if not text.startswith("ref: "):
        return Head(None, text)
    branch = text.removeprefix("ref: ")
    if branch.endswith("/.invalid"):  # refs kept in reftables: only git can read them
        answer = git.run(repo, "symbolic-ref", "-q", "HEAD", check=False)
        branch = answer.out.decode("utf-8", "surrogateescape").strip()
    with suppress(OSError):
        oid = (repo.common_dir / branch).read_text(encoding="ascii", errors="replace").strip()
        if _OID.fullmatch(oid):
            return Head(branch, oid)
    return Head(
        branch or None, git.run(repo, "rev-parse", "-q", "--verify", "HEAD", check=False).out.decode().strip() or None
    )


def under_way(repo: Repo) -> str | None:
    """Return the git command that waits for people to go on with it, None where none does."""
    return next((command for name, command in _UNDER_WAY if (repo.git_dir / name).exists()), None)


def fit(repo: Repo, merging: str | None = None) -> Head:
    """Return where HEAD points; raise Busy where a commit made now would belong to no branch or to a merge.

    The merge of commit `merging` may be under way: the commit is to end it.
    """
    for name, command in _UNDER_WAY:
        if (repo.git_dir / name).exists() and not (
            merging and name == "MERGE_HEAD" and merging == merge_state.other(repo)
        ):
            raise Busy(
                errors.say("git is in the middle of a {command}: tk makes no commit in it", command=command),
                _way_out(command),
            )
    found = head(repo)
    if found.branch is None:
        raise Busy(
            errors.say("HEAD is detached: a commit made here would belong to no branch"),
            errors.say("`git switch NAME` goes to a branch; with `--no-commit` tk writes the files only"),
        )
    return found


def _way_out(command: str) -> errors.Message:
    if command == "merge":
        return errors.say(
            "`tk resolve` goes through its conflicts and finishes it, `git merge --abort` gives it up; "
            "with `--no-commit` tk writes the files only"
        )
    return errors.say(
        "`tk resolve` goes through its conflicts, `git {command} --continue` finishes it, "
        "`git {command} --abort` gives it up; with `--no-commit` tk writes the files only",
        command=command,
    )


def advance(repo: Repo, old: str | None, new: str, subject: str) -> bool:
    """Move the branch from `old` to `new`, with a line in the reflog; False when it is no longer at `old`."""
    until = time.monotonic() + LOCK_WAIT
    for pause in lock.pauses():
        answer = git.run(repo, "update-ref", "-m", f"tk: {subject}", "HEAD", new, old or "", check=False)
        if answer.status == 0:
            return True
        now = head(repo).oid
        if now != old:
            return now == new
        locked = re.search(r"Unable to create '(.*\.lock)': File exists", answer.err.decode("utf-8", "replace"))
        if locked is None:
            raise git.failed(repo, "update-ref", answer)
        if time.monotonic() > until:
            raise Busy(
                errors.say("{file} exists: another git command is at work here, or was killed", file=locked[1]),
                errors.say("remove it by hand only when no git is running in this repository"),
            )
        time.sleep(pause)
    return False


def landed(repo: Repo, oid: str) -> bool:
    """Whether the branch has been at commit `oid`: it is in HEAD's history, or HEAD's reflog remembers it."""
    if git.run(repo, "merge-base", "--is-ancestor", oid, "HEAD", check=False).status == 0:
        return True
    remembered = git.run(repo, "rev-list", "--walk-reflogs", "--max-count=1000", "HEAD", check=False)
    return oid.encode() in remembered.out.split()


def changed_between(repo: Repo, old: str | None, new: str | None, paths: Iterable[str]) -> frozenset[str]:
    """Return which of the desk's `paths` differ between commits `old` and `new` (None: no commit, no file)."""
    asked = list(paths)
    if old == new or not asked:
        return frozenset()
    sides = (blobs(repo, commit, asked) for commit in (old, new))
    return frozenset(path for path, before, after in zip(asked, *sides, strict=True) if before != after)


def blobs(repo: Repo, commit: str | None, paths: list[str]) -> list[str | None]:
    """Return the names of the blobs that commit has at the desk's `paths`, None where it has no file."""
    if commit is None:
        return [None] * len(paths)
    found = git.objects(repo, [f"{commit}:{repo.prefix}{path}" for path in paths])
    return [None if blob is None else blob.oid for blob in found]


def drop_left_locks(repo: Repo, entry: Journal) -> None:
    """Remove the locks on HEAD and its branch that our own killed `git update-ref` has left.

    git writes the new commit's name into the branch's lock and nothing into that of HEAD, and neither says who made it.
    Ours is one that holds our commit's name or nothing, was made within `LOCK_WINDOW` after the journal announced the
    move, and has stayed for `LOCK_REST`, a long time for what lasts some milliseconds in a living git. Since tk's lock
    falls only when our last git child has ended, none of ours is alive by now; any other lock is left alone.
    """
    if entry.oid is None:
        return
    announced = journal.written_at(repo)
    branch = head(repo).branch
    for file in (repo.git_dir / "HEAD.lock", *([repo.common_dir / f"{branch}.lock"] if branch else [])):
        if _is_left(file, entry.oid, announced):
            file.unlink(missing_ok=True)


def _is_left(file: Path, oid: str, announced: float) -> bool:
    until = time.monotonic() + LOCK_REST
    try:
        first = file.stat()
        if not announced - 0.1 <= first.st_mtime <= announced + LOCK_WINDOW:
            return False
        while time.monotonic() < until:
            time.sleep(0.02)
            now = file.stat()
            if (now.st_ino, now.st_mtime_ns) != (first.st_ino, first.st_mtime_ns):
                return False
        return file.read_text(encoding="ascii", errors="replace").strip() in {"", oid}
    except FileNotFoundError:
        return False
