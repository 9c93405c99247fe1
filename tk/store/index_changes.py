"""What may have changed since the index was last in step: what git says of the files it tracks.

git compares every file it tracks with its own index (`diff-files`), and its own index with a tree (`diff-index`). What
git was told not to look at stays out of reach: a file left alone (`update-index --assume-unchanged`, `--skip-worktree`)
that is edited in place all the same, less of the stamp than it could compare (`core.checkStat`), or a filter that makes
one blob of files that say different things.
"""

import os
import stat
import time
from collections.abc import Mapping
from typing import NamedTuple

from tk.store import git
from tk.store.repo import Repo

TICKETS = "tickets"
"""The folder of all tickets."""

_RACY = 2_000_000_000
"""Nanoseconds within which two writes may bear one stamp: the coarsest file systems count in steps of two seconds."""

_HASH = 20
"""How many bytes at the end of git's index are surely of its hash."""


Letters = Mapping[str, str]
"""Path → git's letter for a difference: A added, D gone, M changed, T another kind of file, U in conflict."""


class Stamp(NamedTuple):
    """What `lstat` says of a file or folder; only a write within the same tick leaves all four alone."""

    modified: int
    changed: int
    size: int
    inode: int

    def settled(self, since: int) -> bool:
        """Whether every write after `since` is sure to show in another stamp."""
        return max(self.modified, self.changed) + _RACY < since


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp within the answer of a `stat`."""
    return Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def stamp(path: str) -> Stamp | None:
    """Return the stamp of the file at an absolute path, None where there is none, or a folder."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return None if stat.S_ISDIR(status.st_mode) else stamp_of(status)


class Pending(NamedTuple):
    """A question under way to git: which tracked files were edited?

    It was asked at `since` (nanoseconds of the machine's clock), when git's index was signed `signature`.
    """

    since: int
    signature: str
    question: git.Question

    def answer(self) -> Letters:
        """Wait for git; return each file that may differ from git's index, with git's letter for the difference."""
        return _letters(self.question.join().out)

    def drop(self) -> None:
        """Let git finish, where nobody waits for the answer any more."""
        drop(self.question)


def drop(question: git.Question) -> None:
    """Let git finish, where nobody waits for the answer any more."""
    if question.process.returncode is None:
        question.join(check=False)


def begin(repo: Repo) -> Pending:
    """Ask git which tracked files were edited, without waiting for it: to be called before the slow imports."""
    since = time.time_ns()  # not the handed-in time: it is held against the stamps that the machine gives files
    return Pending(since, signature(repo), _ask(repo, "diff-files"))


def ask_staged(repo: Repo, base: str) -> git.Question:
    """Ask git how its index differs from the tree `base`, without waiting."""
    return _ask(repo, "diff-index", "--cached", base)


def staged(question: git.Question) -> Letters | None:
    """Wait for the answer: each path with git's letter; None where git has no such tree."""
    result = question.join(check=False)
    return None if result.status else _letters(result.out)


def tracked(repo: Repo) -> set[str]:
    """Return every path under the tickets that git's index holds."""
    out = git.run(repo, "ls-files", "-z", "--", f"{repo.prefix}{TICKETS}").out
    return {path.removeprefix(repo.prefix) for path in os.fsdecode(out).split("\0")[:-1]}


def head_tree(repo: Repo) -> str:
    """Return the tree of the commit that is checked out, the empty tree before the first commit."""
    found = git.run(repo, "rev-parse", "--quiet", "--verify", "HEAD^{tree}", check=False)
    if found.status:
        found = git.run(repo, "hash-object", "-t", "tree", "--stdin")
    return found.out.decode().strip()


def signature(repo: Repo) -> str:
    """Return a signature of git's index: while it stays the same so does the index; "" where none can be trusted."""
    try:
        handle = os.open(f"{repo.git_dir}/index", os.O_RDONLY)
    except FileNotFoundError:
        return "none"
    except OSError:
        return ""
    try:
        status = os.fstat(handle)
        tail = os.pread(handle, _HASH, max(0, status.st_size - _HASH))
    finally:
        os.close(handle)
    if any(tail):
        return f"{status.st_size} {tail.hex()}"
    found = stamp_of(status)  # git wrote no hash (index.skipHash)
    return " ".join(map(str, found)) if found.settled(time.time_ns()) else ""


def _ask(repo: Repo, command: str, *arguments: str) -> git.Question:
    options = ["--raw", "--abbrev=4", "-z", "--no-renames", *([f"--relative={repo.prefix}"] if repo.prefix else [])]
    return git.start(repo, command, *options, *arguments, "--", f"{repo.prefix}{TICKETS}")


def _letters(raw: bytes) -> Letters:
    """Read the records `:MODE MODE OID OID LETTER NUL PATH NUL`."""
    fields = os.fsdecode(raw).split("\0")
    return {path: record[-1] for record, path in zip(fields[0::2], fields[1::2], strict=False)}
