"""History as git keeps it: who committed what when, read from contents; nothing here is believed of a message.

Merges are read against all their parents: a path counts as changed by a merge only where it differs from every one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tk.core.instant import parse_instant
from tk.store import git
from tk.store.repo import Repo

_FIELDS = "%x01%H%x1f%P%x1f%aI%x1f%ae%x1f%an%x1f%(trailers:key=Tk-Rule,valueonly,separator=%x2c)"
_NONE = frozenset("0")


class Commit(NamedTuple):
    """A commit: its id and its parents', the author's date, address and name, and the sweep rule it names, if any."""

    oid: str
    parents: tuple[str, ...]
    at: datetime
    email: str
    name: str
    rule: str | None


class Touch(NamedTuple):
    """A path that a commit changed: its blob in each parent (None where it was not there), and in the commit."""

    path: str
    before: tuple[str | None, ...]
    after: str | None


def of_path(repo: Repo, path: str, revision: str = "HEAD") -> list[Commit]:
    """Return the commits that changed the file at `path`, merges that did included, the oldest first."""
    args = ["log", "--full-history", "--date-order", "-z", f"--format={_FIELDS}", revision, "--", repo.prefix + path]
    result = git.run(repo, *args, check=False)
    if result.status != 0:
        return []
    return [_commit(record) for record in reversed(result.out.decode("utf-8", "replace").split("\0")) if record.strip()]


def of_range(repo: Repo, revisions: Iterable[str]) -> Iterator[tuple[Commit, list[Touch]]]:
    """Yield each commit of a range with what it changed in the desk, parents before children.

    Raises:
        GitFailed: git does not know a revision.
    """
    args = ["-c", "log.showRoot=true", "log", "--topo-order", "--reverse", "-c", "--raw", "-z", "--no-renames"]
    out = git.run(repo, *args, "--no-abbrev", f"--format={_FIELDS}", *revisions, "--").out
    commit: Commit | None = None
    touches: list[Touch] = []
    tokens = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        text = token.lstrip("\n")
        if text.startswith("\x01"):
            if commit is not None:
                yield commit, touches
            commit, touches = _commit(text), []
        elif text.startswith(":"):
            path = next(tokens)
            if path.startswith(repo.prefix):
                touches.append(_touch(text, path[len(repo.prefix) :]))
    if commit is not None:
        yield commit, touches


def shallow_ends(repo: Repo) -> frozenset[str]:
    """Return the commits where a shallow clone's history ends; nothing in a whole clone."""
    try:
        return frozenset((repo.common_dir / "shallow").read_text(encoding="ascii").split())
    except OSError:
        return frozenset()


def _commit(record: str) -> Commit:
    oid, parents, at, email, name, rule = record.strip("\n").lstrip("\x01").split("\x1f")[:6]
    return Commit(oid, tuple(parents.split()), parse_instant(at), email, name, rule.strip() or None)


def _touch(entry: str, path: str) -> Touch:
    """Read git's raw entry: one colon a parent, the modes, the blobs of the parents and of the commit, the letters."""
    parents = len(entry) - len(entry.lstrip(":"))
    words = entry[parents:].split()
    blobs = [None if set(word) == _NONE else word for word in words[parents + 1 : 2 * parents + 2]]
    return Touch(path, tuple(blobs[:-1]), blobs[-1])
