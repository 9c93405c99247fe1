"""Seals: tags that an audit leaves where it found nothing to refuse, and that a later one holds the history to.

A seal names a commit, and with it a tree and all that lies before it. Two things follow: the branch that was sealed
must go on holding that commit (`tk.store.judging.loss`), and a commit that comes to the same tree, as a squash of the
sealed branch does, did nothing that was not looked at. It counts where its tagger may `seal` by the policy that is
asked, and where the desk is signed, where the tag is signed by them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.facts import actor_of
from tk.core.instant import epoch
from tk.core.law.permission import may
from tk.core.policy import Policy
from tk.core.review.signing import unproven
from tk.store import git
from tk.store.judging import signatures
from tk.store.repo import Repo

PREFIX = "tk-seal-"

_FORMAT = "%00".join(
    (
        "%(refname:short)",
        "%(objectname)",
        "%(*objectname)",
        "%(*tree)",
        "%(taggeremail:trim)",
        "%(contents:trailers:key=Tk-Branch,valueonly,separator=%2C)",
    )
)


class Seal(NamedTuple):
    """A seal: the tag's name and object, the commit and the tree that it names, who set it, and the branch, or ""."""

    name: str
    oid: str
    commit: str
    tree: str
    email: str
    branch: str


def read(repo: Repo) -> list[Seal]:
    """Return all seals of the repository by name; what is called so and is no annotated tag of a commit is none."""
    told = git.run(repo, "for-each-ref", f"--format={_FORMAT}", f"refs/tags/{PREFIX}*").out.decode("utf-8", "replace")
    seals = (Seal(*line.split("\0")) for line in told.splitlines() if line.count("\0") == len(Seal._fields) - 1)
    return [seal for seal in seals if seal.commit and seal.tree]


def counts(repo: Repo, policy: Policy, seal: Seal) -> bool:
    """Return whether the policy lets the one who set the seal do so, and it is theirs."""
    actor = actor_of(policy, seal.email)
    if not may(policy, actor, "seal"):
        return False
    return not policy.desk.signed or unproven(policy, actor, signatures.of_tag(repo, seal.oid)) is None


def covering(repo: Repo, seals: Sequence[Seal], commit: str, parent: str) -> Iterator[Seal]:
    """Yield the seals that name the tree of `commit`, and before which its `parent` lies."""
    tree = git.run(repo, "rev-parse", f"{commit}^{{tree}}").out.decode().strip() if seals else ""
    for seal in seals:
        if seal.tree == tree and _lies_before(repo, parent, seal.commit):
            yield seal


def branch_of(repo: Repo, words: str) -> str:
    """Return the branch at which a range such as `main..topic` ends, here or on a remote, "" where it ends at none."""
    ends = named(repo, words)
    return ends[0] if len(ends) == 1 else ""


def named(repo: Repo, words: str) -> list[str]:
    """Return the branch of each end of a range, "" for an end that was not written as a branch."""
    told = git.run(repo, "rev-parse", "--revs-only", "--symbolic-full-name", words, check=False).out.decode()
    return [short(name) for name in told.split() if not name.startswith("^")]


def short(ref: str) -> str:
    """Return what a branch is called, be it ours or what a remote has of it; "" for what is no branch."""
    _, kind, rest = (*ref.split("/", 2), "", "")[:3]
    name = rest.partition("/")[2] if kind == "remotes" else rest if kind == "heads" else ""
    return "" if name == "HEAD" else name


def write(repo: Repo, commit: str, branch: str, at: datetime, *, signed: bool) -> str:
    """Seal a commit and return the tag's name; one that is there already stays as it is."""
    name = f"{PREFIX}{at:%Y-%m-%d}-{commit[:10]}"
    if refs(repo, f"refs/tags/{name}"):
        return name
    message = "Sealed: audited, and nothing refused\n\n" + (f"Tk-Branch: {branch}\n" if branch else "")
    sign = ("--sign",) if signed else ()
    known = ("-c", "user.useConfigOnly=true")
    date = {"GIT_COMMITTER_DATE": f"@{epoch(at)} {at:%z}"}
    git.run(repo, *known, "tag", "--annotate", *sign, "--file=-", name, commit, stdin=message.encode(), env=date)
    return name


def refs(repo: Repo, *patterns: str, asked: str = "refname") -> list[str]:
    """Return of the refs that match the patterns the names, or whatever else git tells of them under `asked`."""
    told = git.run(repo, "for-each-ref", f"--format=%({asked})", *patterns).out
    return [line for line in told.decode("utf-8", "replace").splitlines() if line]


def _lies_before(repo: Repo, earlier: str, later: str) -> bool:
    return git.run(repo, "merge-base", "--is-ancestor", earlier, later, check=False).status == 0
