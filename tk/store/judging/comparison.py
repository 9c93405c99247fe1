"""Two states of a desk side by side: commits, or a commit and the files as they lie there."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tk.errors import Refused, TkError, WrongUsage, say
from tk.store import codec, git, history
from tk.store.history import Commit, Range
from tk.store.repo import Repo, read_file


class Sides(NamedTuple):
    """What is compared: two commits by name; `old` is the empty tree before the first, `new` None for the files."""

    old: str
    new: str | None


def sides(repo: Repo, words: str | None) -> Sides:
    """Return what words as for git diff mean: none, a revision, `OLD..NEW`, or `OLD...NEW` from where the two parted.

    Raises:
        WrongUsage: git does not know one of them, or they part nowhere.
    """
    if words is None:
        return Sides(_commit(repo, "HEAD") if _is_born(repo) else _empty(repo), None)
    for dots in ("...", ".."):
        left, found, right = words.partition(dots)
        if found:
            old, new = _commit(repo, left or "HEAD"), _commit(repo, right or "HEAD")
            return Sides(old if dots == ".." else _parting(repo, old, new, words), new)
    return Sides(_commit(repo, words), None)


class Place(NamedTuple):
    """A path that may differ: git's letter for that (A, M, D, T), and the mode of what stands there, 0 for nothing."""

    letter: str
    mode: int


def paths(repo: Repo, compared: Sides) -> dict[str, Place]:
    """Return the files of the desk that may differ, in order."""
    where = ("--", repo.prefix) if repo.prefix else ()
    options = ("-z", "--raw", "--no-abbrev", "--no-renames")
    if compared.new is not None:
        return _by_path(repo, git.run(repo, "diff-tree", "-r", *options, compared.old, compared.new, *where).out)
    told = git.run(repo, "diff-index", *options, compared.old, *where).out
    others = git.run(repo, "ls-files", "-z", "--full-name", "--others", "--exclude-standard", *where).out
    new = {name: Place("A", _mode(repo.top / name)) for name in os.fsdecode(others).split("\0") if name}
    return _by_path(repo, told, new)


def _by_path(repo: Repo, told: bytes, new: Mapping[str, Place] | None = None) -> dict[str, Place]:
    parts = os.fsdecode(told).split("\0")
    places = {
        name: Place(entry.split()[-1], int(entry.split()[1], 8))
        for entry, name in zip(parts[0::2], parts[1::2], strict=False)
    }
    whole = sorted({**places, **(new or {})}.items())
    return {name.removeprefix(repo.prefix): place for name, place in whole if name.startswith(repo.prefix)}


def _mode(file: Path) -> int:
    try:
        return file.lstat().st_mode
    except OSError:
        return 0


def contents(repo: Repo, side: str | None, wanted: Sequence[str]) -> Mapping[str, bytes | None]:
    """Return what each of the paths holds in a commit, or in the files where that is None; None for nothing there."""
    if side is None:
        return {path: _file(repo, path) for path in wanted}
    return dict(zip(wanted, git.blobs(repo, [f"{side}:{repo.prefix}{path}" for path in wanted]), strict=True))


def movers(repo: Repo, compared: Sides, wanted: Mapping[str, str]) -> dict[str, Commit]:
    """Return for each path the commit between the two that gave its ticket the status `wanted` for it.

    None is named for a status that no commit gave, since it stands in the files alone.
    """
    if not wanted or compared.old == _empty(repo):
        return {}
    between = Range((compared.new or "HEAD",), (compared.old,))
    touched = [
        (commit, touch)
        for commit, touches in history.of_range(repo, between)
        for touch in touches
        if touch.path in wanted and touch.after is not None
    ]
    names = list(dict.fromkeys(oid for _, touch in touched for oid in (touch.before[0], touch.after) if oid))
    statuses = {oid: _status(data) for oid, data in zip(names, git.blobs(repo, names), strict=True)}
    found = {}
    for commit, touch in touched:
        before, after = statuses.get(touch.before[0] or ""), statuses.get(touch.after or "")
        if before != after:
            found[touch.path] = commit, after
    return {path: commit for path, (commit, status) in found.items() if status == wanted[path]}


def _status(data: bytes | None) -> object:
    return None if data is None else (codec.raw(data) or {}).get("status")


def _file(repo: Repo, path: str) -> bytes | None:
    try:
        return None if (repo.root / path).is_symlink() else read_file(repo, path)
    except (Refused, TkError):
        return None


def _is_born(repo: Repo) -> bool:
    return next(git.objects(repo, ["HEAD"])) is not None


def _empty(repo: Repo) -> str:
    return git.run(repo, "hash-object", "-t", "tree", "--stdin").out.decode().strip()


def _commit(repo: Repo, words: str) -> str:
    found = next(git.objects(repo, [f"{words}^{{commit}}"])) if words else None
    if found is None or found.kind != "commit":
        hint = say("write it as for git diff: HEAD~20, main..topic, main...topic")
        raise WrongUsage(say('git knows no revision "{words}"', words=words), hint)
    return found.oid


def _parting(repo: Repo, old: str, new: str, words: str) -> str:
    base = history.base_of(repo, (old, new))
    if base is None:
        raise WrongUsage(say("{words}: the two have no commit in common", words=words), say("write OLD..NEW"))
    return base
