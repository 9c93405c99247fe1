"""What many merges did beyond taking each path from the one side that had changed it, asked of git all at once.

`history.of_range` asks four questions of git for each merge, which is right for a branch under review; a desk whose
clones sync all day has a merge in every ten commits.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from tk.store import git, history
from tk.store.history import Commit
from tk.store.repo import Repo
from tk.store.touches import Touch, beyond, touches_of

_FEW = 32
"""Up to so many merges git is asked for the base of each; beyond, the whole graph is read once."""

_AT_ONCE = 256


def own_touches(repo: Repo, merges: Sequence[Commit], tip: str) -> Iterator[tuple[Commit, list[Touch]]]:
    """Yield each of `merges`, ancestors of `tip`, that did something of its own, with what that was."""
    bases = _asked(repo, merges) if len(merges) <= _FEW else _found(repo, merges, tip)
    parted = [(merge, base) for merge, base in zip(merges, bases, strict=True) if base is not None]
    for start in range(0, len(parted), _AT_ONCE):
        yield from _compared(repo, parted[start : start + _AT_ONCE])
    for merge, base in zip(merges, bases, strict=True):
        if base is None:  # two histories with nothing in common
            yield merge, history.of_merge(repo, merge)


def _asked(repo: Repo, merges: Sequence[Commit]) -> list[str | None]:
    return [history.base_of(repo, merge.parents) for merge in merges]


def _found(repo: Repo, merges: Sequence[Commit], tip: str) -> list[str | None]:
    """Return where the sides of each merge parted, from the graph that git tells of all commits in one go."""
    rows = git.run(repo, "rev-list", "--topo-order", "--parents", tip).out.splitlines()
    oids = [row.partition(b" ")[0] for row in rows]
    places = {oid: place for place, oid in enumerate(oids)}
    parents = [tuple(places[oid] for oid in row.split()[1:] if oid in places) for row in rows]
    bases = (_parted(parents, [places[oid.encode()] for oid in merge.parents]) for merge in merges)
    return [None if base is None else oids[base].decode() for base in bases]


def _parted(parents: Sequence[tuple[int, ...]], sides: Sequence[int]) -> int | None:
    """Return the latest commit that all sides have among their ancestors.

    Commits are numbered so that children come before parents: whatever is met first with every side's mark is it.
    """
    whole = (1 << len(sides)) - 1
    marks: dict[int, int] = {}
    waiting: list[int] = []

    def mark(commit: int, by: int) -> None:
        if commit not in marks:
            heappush(waiting, commit)
        marks[commit] = marks.get(commit, 0) | by

    for number, side in enumerate(sides):
        mark(side, 1 << number)
    while waiting:
        commit = heappop(waiting)
        if marks[commit] == whole:
            return commit
        for parent in parents[commit]:
            mark(parent, marks[commit])
    return None


def _compared(repo: Repo, parted: Sequence[tuple[Commit, str]]) -> Iterator[tuple[Commit, list[Touch]]]:
    asked = [(oid, base) for merge, base in parted for oid in (*merge.parents, merge.oid)]
    lines = "".join(f"{oid} {base}\n" for oid, base in asked).encode()
    where = ("--", repo.prefix) if repo.prefix else ()
    command = ("diff-tree", "--stdin", "--always", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", *where)
    tokens = git.run(repo, *command, stdin=lines).out.decode("utf-8", "surrogateescape").split("\0")
    differences = _differences(repo, iter(tokens))
    for merge, _ in parted:
        *sides, made = (next(differences) for _ in (*merge.parents, merge.oid))
        found = beyond(sides, made)
        if found:
            yield merge, found


def _differences(repo: Repo, tokens: Iterator[str]) -> Iterator[Mapping[str, Touch]]:
    """Yield each difference, by path; every one begins with the name of its commit."""
    held: list[str] | None = None
    for token in tokens:
        if token.startswith(":"):
            assert held is not None
            held += [token, next(tokens)]
        else:
            if held is not None:
                yield {touch.path: touch for touch in touches_of(repo, iter(held))}
            held = []
