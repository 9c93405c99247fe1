"""A merge that tk had no hand in, made again: what it lost or mixed up of a ticket, brought into it as it is now.

What the merge chose where both sides had changed one thing stays chosen; all else is as tk would have joined it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tk.core.merging.merge import STANDING, Choose, Conflict, Side, decided_by, nobody
from tk.core.ticket import Ticket
from tk.store import codec, git, history
from tk.store.history import Commit
from tk.store.merging import merge_twins
from tk.store.merging.joining import Joined, Sides, join
from tk.store.merging.merge_twins import Version
from tk.store.repo import Repo

Rejoin = Callable[[str, Sides, Choose], Joined | None]
"""Joins the file at a path of its sides, settling first as told; None where one of them cannot be read so well."""


class Remade(NamedTuple):
    """What becomes of files of the desk by path, None for one that goes; `open` are conflicts that keep it so."""

    files: Mapping[str, bytes | None]
    open: tuple[Conflict, ...] = ()


class Merging(NamedTuple):
    """A merge of two sides, and the commit where they parted, None where they have none in common."""

    repo: Repo
    commit: Commit
    base: str | None

    def version(self, revision: str | None) -> Version:
        """Return what the desk's files hold at one of its commits; nothing at None."""

        def there(path: str) -> bytes | None:
            return next(git.blobs(self.repo, [f"{revision}:{self.repo.prefix}{path}"])) if revision else None

        return there


def merging(repo: Repo, commit: Commit) -> Merging | None:
    """Return a commit as what can be made again; None where it did not merge two sides."""
    return Merging(repo, commit, history.base_of(repo, commit.parents)) if len(commit.parents) == 2 else None


def remade(merging: Merging, path: str, now: Version, rejoin: Rejoin) -> Remade | None:
    """Return what becomes of the ticket at `path` once the merge is made again.

    None where that changes nothing or cannot be done, as the file has become another since.

    Args:
        merging: the merge.
        path: where the ticket lies.
        now: the desk into which it is brought.
        rejoin: joins files, and says who settles what is in question.
    """
    versions = [merging.version(revision) for revision in (merging.base, *merging.commit.parents, merging.commit.oid)]
    base, ours, theirs, found = (version(path) for version in versions)
    current = now(path)
    if ours is None or theirs is None:
        kept = ours if theirs is None else theirs
        is_lost = found is None and current is None and kept is not None
        return Remade({path: kept}) if is_lost else None
    if merge_twins.are_twins(base, ours, theirs):
        states = merge_twins.States(versions[0], versions[1], versions[2], now)
        parted = merge_twins.part(states, path, {}) if current == found else None
        return None if parted is None else Remade(parted.files)
    held = None if found is None else codec.read(path, found).ticket
    joined = rejoin(path, Sides(ours, theirs, base), nobody if held is None else taken(held))
    if joined is None or (held is None and current != found):
        return None
    if not joined.open and current not in (None, found):
        joined = rejoin(path, Sides(current or b"", joined.data, found), nobody)
    if joined is None or joined.data == current:
        return None
    return Remade({}, joined.open) if joined.open else Remade({path: joined.data})


def taken(found: Ticket) -> Choose:
    """Return what chooses as a merge did that made `found`.

    A status and a priority that are one side's name that side, however the clocks beside them were mixed up.
    """
    exact = decided_by(found)

    def choose(conflict: Conflict) -> Side | None:
        side = exact(conflict)
        if side is not None or conflict.key != STANDING[0]:
            return side
        sides: tuple[Side, Side] = ("ours", "theirs")
        held = {side: (values[0], values[2]) for side, values in zip(sides, conflict[3:], strict=True)}
        same = [side for side in sides if held[side] == (found.status, found.priority)]
        return same[0] if len(same) == 1 else None

    return choose


def by_choice(*choices: Choose) -> Rejoin:
    """Return what joins files by the first of `choices` that knows, and by our side where none does."""

    def rejoin(path: str, sides: Sides, decided: Choose) -> Joined | None:
        def choose(conflict: Conflict) -> Side | None:
            return next((side for each in (*choices, decided) if (side := each(conflict)) is not None), "ours")

        return join(path, sides.base, sides.ours, sides.theirs, lambda *_: choose)

    return rejoin
