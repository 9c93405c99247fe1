"""The files on which git waits for people: in its index they stand in up to three states."""

from collections.abc import Iterable, Mapping

from tk.store import git
from tk.store.merging.tree_changes import Leaf
from tk.store.repo import Repo

States = tuple[Leaf | None, Leaf | None, Leaf | None]
"""A file where two sides parted, as we have it, as they have it."""


def files(repo: Repo) -> Mapping[str, States]:
    """Return the files in conflict by path from the top, in order."""
    out = git.run(repo, "ls-files", "--unmerged", "-z").out.decode("utf-8", "surrogateescape")
    found: dict[str, list[Leaf | None]] = {}
    for entry in filter(None, out.split("\0")):
        told, _, path = entry.partition("\t")
        mode, oid, stage = told.split()
        found.setdefault(path, [None, None, None])[int(stage) - 1] = Leaf(mode, oid)
    return {path: (base, ours, theirs) for path, (base, ours, theirs) in sorted(found.items())}


def settle(repo: Repo, paths: Iterable[str]) -> None:
    """Tell git that these files, by paths from the top, are as they should be."""
    told = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    git.run(repo.whole(), "update-index", "--add", "--remove", "-z", "--stdin", stdin=told)
