"""What two lines of commits made of the same tree, path by path, and the contents that stand there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tk.errors import Refused, say
from tk.store import git
from tk.store.repo import Repo

_FILES = frozenset({"100644", "100755"})
_ABSENT = frozenset("0")
_ATTRIBUTES = ("text", "eol", "filter", "ident", "working-tree-encoding", "crlf")


class Leaf(NamedTuple):
    """A file of a tree: its mode and its blob."""

    mode: str
    oid: str


class Step(NamedTuple):
    """What became of a path: its file before and after, None where there is none."""

    before: Leaf | None
    after: Leaf | None


def changes(repo: Repo, base: str, oid: str, *within: str) -> dict[str, Step]:
    """Return what commit `oid` has otherwise than `base`, by path from the top, in all or `within` some folders."""
    where = ("--", *within) if within else ()
    out = git.run(repo, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, oid, *where).out
    fields = out.decode("utf-8", "surrogateescape").split("\0")
    return {path: _step(told) for told, path in zip(fields[0::2], fields[1::2], strict=False)}


def _step(told: str) -> Step:
    old_mode, new_mode, old, new, _ = told.removeprefix(":").split()
    before = None if set(old) == _ABSENT else Leaf(old_mode, old)
    return Step(before, None if set(new) == _ABSENT else Leaf(new_mode, new))


def assure_plain(steps: Mapping[str, Step]) -> None:
    """Raise Refused where what changed is no ordinary file, or only who may run it."""
    for path, (before, after) in steps.items():
        odd = any(leaf is not None and leaf.mode not in _FILES for leaf in (before, after))
        if odd or (before is not None and after is not None and before.oid == after.oid):
            message = say(
                "{path} is a link or a submodule, or only who may run it changed: git must merge it", path=path
            )
            raise Refused("not-plain", message, say("git pull joins it; after that, tk sync goes on"))


def contents(repo: Repo, leaves: Iterable[Leaf | None]) -> dict[str, bytes]:
    """Return what each of these files holds, by blob."""
    names = sorted({leaf.oid for leaf in leaves if leaf is not None})
    return {name: data for name, data in zip(names, git.blobs(repo, names), strict=True) if data is not None}


def checked_out(repo: Repo, files: Mapping[str, Leaf], blobs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what stands in the work tree where these files are checked out: as git's filters make it."""
    filtered = _filtered(repo, list(files))
    return {
        path: git.run(repo, "cat-file", "--filters", f"--path={path}", leaf.oid).out
        if path in filtered
        else blobs[leaf.oid]
        for path, leaf in files.items()
    }


def _filtered(repo: Repo, paths: list[str]) -> frozenset[str]:
    """Return those paths whose files git writes otherwise than it keeps them."""
    if not paths:
        return frozenset()
    if git.run(repo, "config", "--get", "core.autocrlf", check=False).out.strip() in {b"true", b"input"}:
        return frozenset(paths)
    asked = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    out = git.run(repo, "check-attr", "-z", "--stdin", *_ATTRIBUTES, stdin=asked).out
    fields = out.decode("utf-8", "surrogateescape").split("\0")
    told = zip(fields[0::3], fields[2::3], strict=False)
    return frozenset(path for path, value in told if value not in {"unspecified", "unset"})
