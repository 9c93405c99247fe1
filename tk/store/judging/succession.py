"""Which policy is in force at each commit (design, section 5, Guard).

A commit is judged by the policy in force after its first parent. A changed tk.toml comes into force only by a commit of
somebody who may do `policy`; until then, and where it is gone, cannot be read or is newly broken, the one before stays.
What lies before a range is judged once: everything that builds on it from outside starts from the policy of the range's
base, the last that can be read there. So no commit can grant itself, or the next one, a right, and neither can the
choice of a parent, nor that of where a range begins.
"""

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from tk.core.policy import Policy
from tk.store import git, history, policies
from tk.store.history import Commit
from tk.store.judging.beginning import beginning
from tk.store.repo import Repo


class Force(NamedTuple):
    """A policy in force, with the hash of its text.

    Without a `digest` there is no tk.toml; without a `policy`, but with a digest, there is one that cannot be read.
    """

    policy: Policy | None = None
    digest: bytes | None = None


NONE = Force()
"""Where no desk stands yet."""


class Succession:
    """The policies in force along a range that is walked parents first.

    `base` is the commit it builds on, if one; `tip` where it ends, for those who must tell where the desk began.
    """

    def __init__(self, repo: Repo, base: str | None, tip: str | None = None) -> None:
        self._repo = repo
        self._base = base
        self._tip = tip
        self._known: dict[str, Force] = {}
        self._read: dict[bytes, Force] = {}
        self._looked: tuple[str, Force] = "", NONE

    def standing(self, commit: Commit) -> Force:
        """Return what the commit is judged by: what is in force after the first of its parents that has a desk.

        What brings a second one is judged by the policy that the first has come to: at its beginning it may have been
        anybody's.
        """
        force = self._before(commit)
        return self._last(self._tip) if self._tip and self.is_second(commit) else force

    def is_second(self, commit: Commit) -> bool:
        """Return whether a commit brings a desk where none stood, though there is one that began elsewhere."""
        if self._before(commit) != NONE or self.own(commit.oid) == NONE:
            return False
        return self.origin not in (None, commit.oid)

    @cached_property
    def origin(self) -> str | None:
        """The commit by which the desk began that stands at the end of the range."""
        return None if self._tip is None else beginning(self._repo, self._tip)

    def _before(self, commit: Commit) -> Force:
        if not commit.parents:
            return NONE if self._base is None else self._last(self._base)
        return next((force for force in self.sides(commit) if force != NONE), NONE)

    def sides(self, commit: Commit) -> Iterator[Force]:
        """Yield what is in force after each parent of a commit."""
        return (self._after(parent) for parent in commit.parents)

    def own(self, oid: str) -> Force:
        """Return what the commit's own tk.toml says."""
        if self._looked[0] == oid:
            return self._looked[1]
        data = next(git.blobs(self._repo, [f"{oid}:{self._repo.prefix}{policies.NAME}"]))
        digest = None if data is None else sha256(data).digest()
        if data is not None and digest is not None and digest not in self._read:
            self._read[digest] = Force(policies.load(self._repo.state, data).policy, digest)
        self._looked = oid, NONE if digest is None else self._read[digest]
        return self._looked[1]

    def found(self, commit: Commit) -> Force:
        """Note that the commit begins a desk, by the policy it brings, and return that."""
        self._known[commit.oid] = self.own(commit.oid)
        return self._known[commit.oid]

    def succeed(self, commit: Commit, *, changes: bool, allowed: bool) -> None:
        """Note what is in force after the commit.

        `changes` says that it changed tk.toml, `allowed` that it may and left one that can be gone by.
        """
        force = self.standing(commit)
        if changes and allowed:
            force = self._readable(commit.oid, force)
        elif not changes and len(commit.parents) > 1:
            force = self._taken(commit, force, allowed=allowed)
        self._known[commit.oid] = force

    def _taken(self, merge: Commit, standing: Force, *, allowed: bool) -> Force:
        """Return what is in force after a merge that took its tk.toml from one side as it was."""
        sides = list(self.sides(merge))
        if all(side == standing for side in sides):
            return standing
        own = self.own(merge.oid)
        lawful = next((side for side in sides if side.digest == own.digest), standing)
        return self._readable(merge.oid, lawful) if allowed else lawful

    def _readable(self, oid: str, otherwise: Force) -> Force:
        own = self.own(oid)
        return otherwise if own.policy is None else own

    def _after(self, oid: str) -> Force:
        if oid not in self._known:
            # before the range: nothing noted it, and nothing will
            self._known[oid] = self._last(oid if self._base is None else self._base)
        return self._known[oid]

    def _last(self, oid: str) -> Force:
        """Return what the tk.toml of a commit says or, where that makes no policy, the last one before it that does."""
        own = self.own(oid)
        if own.policy is not None:
            return own
        before = (self.own(commit.oid) for commit in reversed(history.of_path(self._repo, policies.NAME, oid)))
        return next((force for force in before if force.policy is not None), own)
