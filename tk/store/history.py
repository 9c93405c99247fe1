"""History as git keeps it: who committed what when, read from contents; nothing here is believed of a message.

A merge is read against the commit where its sides parted: it changed a path only where it did not simply take what one
side, and one alone, had made of it.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, NamedTuple

from tk.core.instant import parse_instant
from tk.errors import WrongUsage, say
from tk.store import git
from tk.store.repo import Repo
from tk.store.touches import Touch, around, beyond, touch_of, touches_of

_TRAILER = "%(trailers:key={},valueonly,separator=%x2c)"
_FIELDS = "%x00".join(
    ("%x01%H", "%P", "%aI", "%ae", "%an", _TRAILER.format("Tk-Rule"), "%ce", _TRAILER.format("Tk-Merge"))
)
_LOG = ("log", "-z", f"--format={_FIELDS}", "--encoding=UTF-8", "--no-show-signature", "--no-follow")
"""A log in a form of our own, whatever the user's configuration says about logs."""

_RAW = ("--raw", "--no-renames", "--no-abbrev")
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CHUNK = 1 << 16
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Commit(NamedTuple):
    """A commit: its id and its parents', the author's date, address and name, and the sweep rule it names, if any.

    `committer` is the address of who made the commit of what the author did; `remakes` are the merges that it says it
    makes again.
    """

    oid: str
    parents: tuple[str, ...]
    at: datetime
    email: str
    name: str
    rule: str | None
    committer: str = ""
    remakes: tuple[str, ...] = ()


class Range(NamedTuple):
    """A range of commits by the names of objects: where it ends, what is not in it, and where it builds on, if told.

    `base` is None where the range goes back to the beginning, or leaves out more than one line of commits.
    """

    tips: tuple[str, ...]
    without: tuple[str, ...] = ()

    @property
    def base(self) -> str | None:
        """The one commit that the range builds on."""
        return self.without[0] if len(self.without) == 1 else None


def range_of(repo: Repo, words: str) -> Range:
    """Return the range that words such as `main..topic` name; raise WrongUsage for what git does not know."""
    # git reads a word that begins with a dash as an option, of which some write files
    told = "" if words.startswith("-") else git.run(repo, "rev-parse", "--revs-only", words, check=False).out.decode()
    names = told.split()
    tips = tuple(name for name in names if not name.startswith("^"))
    if not tips:
        message = say('git knows no revision or range "{words}"', words=words)
        raise WrongUsage(message, say("write it as for git log: main..topic, HEAD~20.., a branch or a commit"))
    return Range(tips, tuple(name[1:] for name in names if name.startswith("^")))


def unpublished(repo: Repo) -> Range | None:
    """Return what the current branch has and its upstream has not; all of it without an upstream.

    None where nothing is committed yet.
    """
    asked = git.run(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False)
    if asked.status == 1:
        return None
    if asked.status != 0:
        raise git.failed(repo, "rev-parse", asked)
    upstream = git.run(repo, "rev-parse", "--verify", "--quiet", "@{upstream}", check=False)
    without = tuple(upstream.out.decode().split()) if upstream.status == 0 else ()
    return Range((asked.out.decode().strip(),), without)


def of_path(
    repo: Repo, path: str, revision: str = "HEAD", limit: int | None = None, without: str | None = None
) -> list[Commit]:
    """Return the commits that changed the file at `path`, parents before children; merges that chose are in.

    With a `limit`, only the latest so many; those that the commit `without` builds on are left out. Of a revision that
    is not there, nothing.
    """
    # in the order of authors' dates git would read every commit there is, whatever it changed
    order = ("--full-history", "--date-order") if limit is None else (f"--max-count={limit}",)
    names = (revision,) if without is None else (revision, f"^{without}")
    result = git.run(repo, *_LOG, *order, *names, "--", repo.prefix + path, check=False)
    tokens = iter(result.out.decode("utf-8", "replace").split("\0"))
    if result.status != 0:
        git.require(repo)
        return []
    return [commit for commit, _ in _commits(repo, tokens)][::-1]


def merges_of_path(repo: Repo, path: str, revision: str = "HEAD") -> list[Commit]:
    """Return the merges in which both sides had changed the file at `path`, the latest first."""
    order = ("--simplify-merges", "--merges", "--topo-order", "--format=%H")  # its own parents, git tells not then
    result = git.run(repo, "log", *order, revision, "--", repo.prefix + path, check=False)
    return named(repo, result.out.decode().split())


def named(repo: Repo, oids: Sequence[str]) -> list[Commit]:
    """Return the commits of these names, in their order."""
    lines = "".join(f"{oid}\n" for oid in oids).encode()
    told = git.run(repo, *_LOG, "--no-walk=unsorted", "--stdin", stdin=lines).out if oids else b""
    return [commit for commit, _ in _commits(repo, iter(told.decode("utf-8", "replace").split("\0")))]


def descends(repo: Repo, tip: str, ancestor: str) -> bool:
    """Return whether the commit `tip` builds on `ancestor`, or is it."""
    return git.run(repo, "merge-base", "--is-ancestor", ancestor, tip, check=False).status == 0


def undone_by(repo: Repo, path: str, commit: Commit, made: str | None) -> Commit | None:
    """Return the commit that `commit` took back: the latest on the file at `path` before it, by whomever.

    None where it took none back: `made`, the blob that it left there, must be what was there before that one.
    """
    if len(commit.parents) != 1:
        return None
    latest = of_path(repo, path, commit.parents[0], limit=1)
    if not latest or len(latest[0].parents) > 1 or latest[0].oid in shallow_ends(repo):
        return None
    return latest[0] if blob_of(repo, f"{latest[0].oid}^", path) == made else None


def blob_of(repo: Repo, revision: str, path: str) -> str | None:
    """Return the blob of the file at `path` in a commit, None where there is none."""
    found = next(git.objects(repo, [f"{revision}:{repo.prefix}{path}"]))
    return None if found is None else found.oid


def of_range(repo: Repo, revisions: Range) -> Iterator[tuple[Commit, list[Touch]]]:
    """Yield each commit of a range with what it changed in the desk, parents before children, one at a time."""
    names = (*revisions.tips, *(f"^{name}" for name in revisions.without))
    args = (*_LOG, *_RAW, "--topo-order", "--reverse", "--root", "--diff-merges=off", *names, "--")
    with git.conversation(repo, *args) as (_, answers):
        for commit, touches in _commits(repo, _tokens(answers)):
            yield commit, (of_merge(repo, commit) if len(commit.parents) > 1 else touches)


def walk(repo: Repo, revisions: Range) -> Iterator[tuple[Commit, list[Touch]]]:
    """Yield each commit of a range with what it changed in the desk, children before parents, while git walks on.

    A merge comes without: `tk.store.merging.merges` tells what many of them did at once.
    """
    names = (*revisions.tips, *(f"^{name}" for name in revisions.without))
    with git.conversation(repo, *_LOG, *_RAW, "--topo-order", "--root", "--diff-merges=off", *names, "--") as (_, told):
        yield from _commits(repo, _tokens(told))


def back(repo: Repo, start: str, paths: Sequence[str]) -> Generator[tuple[Commit, list[Touch]], None, None]:
    """Yield all commits from `start` on back with what each changed at `paths`, a merge against its first parent.

    While git walks on, whoever has seen enough closes the iterator.
    """
    args = (*_LOG, *_RAW, "--full-history", "--sparse", "--root", "--diff-merges=first-parent", start, "--")
    with git.conversation(repo, *args, *(f"{repo.prefix}{path}" for path in paths)) as (_, told):
        yield from _commits(repo, _tokens(told))


def count(repo: Repo, revisions: Range) -> int:
    """Return how many commits a range has."""
    names = (*revisions.tips, *(f"^{name}" for name in revisions.without))
    return int(git.run(repo, "rev-list", "--count", *names, "--").out)


def base_of(repo: Repo, parents: Sequence[str]) -> str | None:
    """Return the commit where the sides of a merge parted; None where they have none in common."""
    found = git.run(repo, "merge-base", "--octopus", *parents, check=False)
    return next(iter(found.out.decode().split()), None)


def shallow_ends(repo: Repo) -> frozenset[str]:
    """Return the commits where a shallow clone's history ends; nothing in a whole clone."""
    try:
        return frozenset((repo.common_dir / "shallow").read_text(encoding="ascii").split())
    except OSError:
        return frozenset()


def of_merge(repo: Repo, merge: Commit) -> list[Touch]:
    """Return what a merge did beyond taking each path from the one side that had changed it.

    A path that both sides changed is always looked at: whatever the merge made of it, somebody chose.
    """
    base = base_of(repo, merge.parents) or git.run(repo, "hash-object", "-t", "tree", "--stdin").out.decode().strip()
    *sides, made = _differences(repo, base, (*merge.parents, merge.oid))
    return beyond(sides, made)


def _differences(repo: Repo, base: str, oids: Iterable[str]) -> list[dict[str, Touch]]:
    """Return what each commit has otherwise than `base`, by path; the questions run side by side."""
    where = ("--", *around(repo)) if repo.prefix else ()
    asked = [git.start(repo, "diff-tree", "-r", "-z", *_RAW, base, oid, *where) for oid in oids]
    found = []
    for question in asked:
        tokens = question.join().out.decode("utf-8", "surrogateescape").split("\0")
        found.append({touch.path: touch for touch in touches_of(repo, iter(tokens))})
    return found


def _tokens(stream: IO[bytes]) -> Iterator[str]:
    """Yield what stands between the NULs of a stream, reading no further than asked."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "surrogateescape")
    yield rest.decode("utf-8", "surrogateescape")


def _commits(repo: Repo, tokens: Iterator[str]) -> Iterator[tuple[Commit, list[Touch]]]:
    commit: Commit | None = None
    found: list[Touch] = []
    for token in tokens:
        text = token.lstrip("\n")
        if text.startswith("\x01"):
            if commit is not None:
                yield commit, found
            commit, found = _commit(text[1:], *(next(tokens) for _ in range(7))), []
        elif text.startswith(":"):
            found.extend(touch_of(repo, text, next(tokens)))
    if commit is not None:
        yield commit, found


def _commit(oid: str, parents: str, at: str, *told: str) -> Commit:
    try:
        when = parse_instant(at)
    except ValueError:  # git keeps any number; a date that no calendar has must not stop those who review the commit
        when = _LONG_AGO
    email, name, rule, committer, merges = told
    remakes = tuple(name for name in map(str.strip, merges.split(",")) if _OID.fullmatch(name))
    return Commit(oid, tuple(parents.split()), when, email, name, rule.strip() or None, committer.strip(), remakes)
