"""Sealed commits that a branch lost: what tells a history that was rewritten from one that is only behind.

A branch has several refs, the one of this clone and what each remote had of it when it was last asked. One that does
not hold a sealed commit may be behind (a commit that is not pushed, or not fetched yet), may have parted from another
that holds it (not merged yet), or was rewritten. Commits alone do not tell these apart; but git notes in a reflog where
a ref has been, and one that held the commit once and does not now was rewritten. So was a branch that went another way
and of which no ref holds the commit. Where what was sealed is in the branch that it was to go into, merged or squashed,
it is done with, and the name free for another branch.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from tk.store import git, policies
from tk.store.judging import seals
from tk.store.judging.seals import PREFIX, Seal, refs, short
from tk.store.repo import Repo

_BRANCHES = ("refs/heads", "refs/remotes")
_SEALS = f"refs/tags/{PREFIX}*"


class Loss(NamedTuple):
    """A seal, and the branch that does not hold it any more: `main`, or `origin/main` as a remote had it."""

    seal: Seal
    branch: str


def ends(repo: Repo, words: str, tips: Sequence[str]) -> list[str]:
    """Return the branches at which a range ends: as it was written, else all that are at its last commits, `tips`."""
    named = seals.named(repo, words) or [
        short(name) for tip in tips for name in _told(repo, "--format=%(refname)", f"--points-at={tip}", *_BRANCHES)
    ]
    return list(dict.fromkeys(filter(None, named)))


def lost(repo: Repo, held: Sequence[Seal], branches: Sequence[str], bases: Sequence[str]) -> Iterator[Loss]:
    """Yield the seals that count and that a branch of theirs lost.

    Args:
        repo: the repository.
        held: all seals.
        branches: the branches that are looked at.
        bases: the commits that the audited range builds on.
    """
    for name in branches:
        sealed = [seal for seal in held if seal.branch == name]
        if sealed:
            branch = _Branch(repo, name, bases)
            yield from (Loss(seal, ref) for seal in sealed if _counts(repo, seal) for ref in branch.without(seal))


def _counts(repo: Repo, seal: Seal) -> bool:
    """Return whether a seal counts by the policy of the commit that it names.

    Whoever rewrote the branch has written the policies that stand there now, so these are not asked.
    """
    for revision in (seal.commit, f"{seal.commit}^"):
        data = next(git.blobs(repo, [f"{revision}:{repo.prefix}{policies.NAME}"]))
        policy = None if data is None else policies.load(repo.state, data).policy
        if policy is not None:
            return seals.counts(repo, policy, seal)
    return False


class _Branch:
    """One branch and its refs."""

    def __init__(self, repo: Repo, name: str, bases: Sequence[str]) -> None:
        self._repo = repo
        self._name = name
        self._bases = bases
        self._refs = refs(repo, f"refs/heads/{name}", f"refs/remotes/*/{name}")
        self._holding = {ref: _seals(repo, f"--merged={ref}") for ref in self._refs}
        self._behind = {ref: _seals(repo, f"--contains={ref}") for ref in self._refs}

    def without(self, seal: Seal) -> Iterator[str]:
        """Yield the refs, as people call them, that lost the commit of a seal."""
        for ref in self._refs:
            if self._has_lost(ref, seal) and not self._is_done_with(seal):
                yield ref.partition("/")[2].partition("/")[2]

    def _has_lost(self, ref: str, seal: Seal) -> bool:
        if seal.name in self._holding[ref]:
            return False
        is_held = any(seal.name in holding for holding in self._holding.values())
        is_behind = seal.name in self._behind[ref]
        if is_behind and is_held and ref.startswith("refs/heads/"):
            return False  # set back behind its remote, which the next fetch mends
        return not (is_behind or is_held) or _has_held(self._repo, ref, seal.commit)

    def _is_done_with(self, seal: Seal) -> bool:
        """Return whether what was sealed is in a branch that this one was to go into, by a merge or by a squash."""
        if not self._aims:
            return False
        limits = "".join(f"^{aim}\n" for aim in self._aims)
        if not _any(self._repo, f"{seal.commit}\n{limits}"):
            return True
        walked = git.run(self._repo, "log", "--format=%T", *self._aims, f"^{seal.commit}", "--").out.decode()
        return seal.tree in walked.split()

    @cached_property
    def _aims(self) -> Sequence[str]:
        """The branches that this one may go into: the trunk, and what the range builds on; a trunk goes into none."""
        trunks = {short(ref) for ref in refs(self._repo, "refs/remotes/*/HEAD", asked="symref")}
        if not trunks:
            trunks = {git.run(self._repo, "var", "GIT_DEFAULT_BRANCH", check=False).out.decode().strip()}
        if self._name in trunks:
            return ()
        patterns = [pattern for trunk in trunks for pattern in (f"refs/heads/{trunk}", f"refs/remotes/*/{trunk}")]
        return [*refs(self._repo, *patterns), *filter(self._is_elsewhere, self._bases)]

    def _is_elsewhere(self, commit: str) -> bool:
        """Return whether a commit lies in another branch: what this one was before it was rewritten is no aim of it."""
        found = _told(self._repo, "--format=%(refname)", f"--contains={commit}", *_BRANCHES)
        return any(short(ref) not in ("", self._name) for ref in found)


def _has_held(repo: Repo, ref: str, commit: str) -> bool:
    """Return whether a ref was once at a commit that builds on `commit`, as far as its reflog goes back."""
    walked = git.run(repo, "log", "--walk-reflogs", "--format=%H", ref, "--", check=False).out.decode().split()
    oldest = f"{ref}@{{{len(walked)}}}"  # where it was before the first entry
    first = git.run(repo, "rev-parse", "--verify", "--quiet", oldest, check=False).out.decode().split()
    limits = "".join(f"^{name}\n" for name in (*walked, *first))
    return bool(limits) and not _any(repo, f"{commit}\n{limits}")


def _any(repo: Repo, asked: str) -> bool:
    """Return whether there is a commit by what git is asked, a name or a limit (`^name`) a line."""
    limits = ("--max-count=1", "--ignore-missing", "--stdin")
    return bool(git.run(repo, "rev-list", *limits, stdin=asked.encode()).out)


def _seals(repo: Repo, which: str) -> set[str]:
    return set(_told(repo, "--format=%(refname:short)", which, _SEALS))


def _told(repo: Repo, *args: str) -> list[str]:
    return git.run(repo, "for-each-ref", *args).out.decode("utf-8", "replace").splitlines()
