"""Blobs and git's index for the files of a change: only theirs, whatever else is staged stays as it is.

The new index is made from a second name of the real one, in `state/`: git never writes into an index but puts a new
file in its place, so that the real one stays as it is until `place` puts ours there, while `index.lock` is ours.
"""

import errno
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from tk.store import git
from tk.store.repo import Repo
from tk.store.writing import files
from tk.store.writing.journal import Journal
from tk.store.writing.trees import Leaf

_UPDATE = ("update-index", "--add", "--remove", "-z", "--stdin")


def leaves(repo: Repo, entry: Journal, *, modes: bool) -> Mapping[str, Leaf | None]:
    """Store the files of the change as blobs, through git's filters, and return what a tree says of each.

    With `modes` the disk says whether a file may be run, as git has it with `core.fileMode`.
    """
    there = {path: runs for path in entry.paths if (runs := files.runs(repo, path)) is not None}
    asked = "".join(f"{_quoted(repo.prefix + path)}\n" for path in there)
    oids: list[str] = []
    if there:
        answer = git.run(repo, "hash-object", "-w", "--stdin-paths", stdin=asked.encode("utf-8", "surrogateescape"))
        oids = answer.out.decode().split()
    found: dict[str, Leaf | None] = {repo.prefix + path: None for path in entry.paths}
    for (path, runs), oid in zip(there.items(), oids, strict=True):
        found[repo.prefix + path] = Leaf(oid, runs if modes else None)
    return found


def preparing(repo: Repo, entry: Journal) -> AbstractContextManager[git.Question]:
    """Let git prepare, meanwhile, the index in which the files of the change stand as they are on the disk."""
    _second_name(repo)
    return git.asking(repo, *_UPDATE, stdin=_list(repo, entry), env=_apart(_index(repo)))


def tree(repo: Repo) -> str:
    """Return the tree of the prepared index."""
    return git.run(repo, "write-tree", env=_apart(_index(repo))).out.decode().strip()


def disagreeing(repo: Repo, entry: Journal, lines: tuple[str, ...]) -> None:
    """Prepare an index in which the files of the change stand as on the disk, but those in conflict as `lines` say."""
    clean(repo)
    with preparing(repo, entry) as index:
        index.join()
    told = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
    git.run(repo, "update-index", "-z", "--index-info", stdin=told, env=_apart(_index(repo)))


def reset(repo: Repo, entry: Journal) -> None:
    """Prepare an index in which the files of the change stand as in HEAD, whatever they have become on the disk."""
    clean(repo)
    _second_name(repo)
    paths = ("--pathspec-from-file=-", "--pathspec-file-nul")
    git.run(repo, "reset", "-q", *paths, "HEAD", stdin=_list(repo, entry), env=_apart(_index(repo)))


def place(repo: Repo) -> None:
    """Put the prepared index into the place of the real one; `index.lock` must be ours."""
    if _index(repo).exists():
        _index(repo).replace(repo.git_dir / "index")
        _index(repo).unlink(missing_ok=True)  # still there where git found nothing to change: two names of one file


def for_hooks(repo: Repo, entry: Journal) -> Path:
    """Return an index that holds HEAD and the files of the change: what `git commit --only` shows to its hooks."""
    index = repo.state / "index-for-hooks"
    git.run(repo, "read-tree", entry.head or "--empty", env=_apart(index))
    git.run(repo, *_UPDATE, stdin=_list(repo, entry), env=_apart(index))
    return index


def clean(repo: Repo) -> None:
    """Remove what a killed process may have left of its own indexes; only who holds tk's lock may."""
    for name in ("index", "index.lock", "index-for-hooks", "index-for-hooks.lock"):
        (repo.state / name).unlink(missing_ok=True)


def _index(repo: Repo) -> Path:
    return repo.state / "index"


def _apart(index: Path) -> dict[str, str]:
    return {"GIT_INDEX_FILE": str(index)}


def _list(repo: Repo, entry: Journal) -> bytes:
    return "".join(f"{repo.prefix}{path}\0" for path in entry.paths).encode("utf-8", "surrogateescape")


def _second_name(repo: Repo) -> None:
    real = repo.git_dir / "index"
    try:
        os.link(real, _index(repo))
    except FileNotFoundError:  # nothing was ever staged here
        return
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        _index(repo).write_bytes(real.read_bytes())


def _quoted(path: str) -> str:
    """Quote a path for a list that is read line by line, as git itself would."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
