"""The repository's remotes: where a branch is shared, bringing what is there, sending what is here.

The tags of seals are shared along with it, as far as that goes: what stands in their way is told and stops nothing.
"""

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from tk.errors import GitFailed, Message, WrongUsage, say
from tk.store import git, history
from tk.store.judging.seals import PREFIX
from tk.store.repo import Repo
from tk.store.writing.refs import LOCK_REST

_MISSING = re.compile(r"couldn't find remote ref")
_BEATEN = re.compile(r"\[rejected\]|cannot lock ref|failed to update ref|reference already exists|incorrect old value")


_PLAIN = ("-c", "maintenance.auto=false", "-c", "gc.auto=0", "-c", "fetch.output=full")
"""git tidies up in a process of its own, which would keep tk's lock; and is to tell as ever what it brought."""

_TAGS = "refs/tags/"
_SEALS = f"{_TAGS}{PREFIX}*"
_FETCHED = re.compile(r" (?P<flag>.) (?:\[[^]]*\]|\S+) +(?P<there>\S+) +-> (?P<here>\S+)(?: +\((?P<why>.*)\))?")
_PUSHED = re.compile(rf"(?P<flag>.)\t\S+:{_TAGS}(?P<there>\S+)\t(?P<summary>.*)")
_CLOBBERS = "would clobber existing tag"


class Place(NamedTuple):
    """Where a branch is shared: the remote, the branch there, and whether git knows that it is the upstream."""

    remote: str
    branch: str
    is_upstream: bool

    @property
    def tracking(self) -> str:
        """The ref that remembers what was there."""
        return f"refs/remotes/{self.remote}/{self.branch}"

    @property
    def shown(self) -> str:
        """What people call it: `origin/main`."""
        return f"{self.remote}/{self.branch}"


def place(repo: Repo, branch: str, remote: str | None) -> Place:
    """Return where `branch` (a whole ref) is shared: on `remote`, else on its upstream, else on the only remote.

    Raises:
        WrongUsage: there is no such remote, none at all, or several and nothing says which.
    """
    name = branch.removeprefix("refs/heads/")
    remotes = git.run(repo, "remote").out.decode("utf-8", "replace").split()
    upstream = _setting(repo, f"branch.{name}.remote")
    merges = _setting(repo, f"branch.{name}.merge").removeprefix("refs/heads/")
    if remote is not None and remote not in remotes:
        known = say("git remote lists them: {remotes}", remotes=", ".join(remotes)) if remotes else _add(remote)
        raise WrongUsage(say('there is no remote "{name}"', name=remote), known)
    if remote in (None, upstream) and upstream in remotes and merges:
        return Place(upstream, merges, is_upstream=True)
    if remote is None and len(remotes) != 1 and "origin" not in remotes:
        if not remotes:
            raise WrongUsage(say("this desk is shared with nobody: there is no remote"), _add("origin"))
        listed = ", ".join(remotes)
        message = say("nothing says with which remote {branch} is shared: {remotes}", branch=name, remotes=listed)
        raise WrongUsage(message, say("tk sync REMOTE names it"))
    return Place(remote or (remotes[0] if len(remotes) == 1 else "origin"), name, is_upstream=False)


def _add(name: str) -> Message:
    return say("git remote add {name} URL names where the desk is shared", name=name)


def _setting(repo: Repo, name: str) -> str:
    return git.run(repo, "config", "--get", name, check=False).out.decode("utf-8", "surrogateescape").strip()


class Fetched(NamedTuple):
    """What the remote has: the branch's commit, None where it has no such branch yet, and seals, by name.

    Of the seals, `came` are those that were not here, `others` those of which another is here under the same name, and
    `lacking` those that are here and not there.
    """

    oid: str | None
    came: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def fetch(repo: Repo, place: Place) -> Fetched:
    """Bring what is there: the branch, and the seals that are not here. Raises GitFailed.

    No tag is ever moved. A shallow clone is not brought seals by name: with them came all the history before them.
    """
    wanted = [f"+refs/heads/{place.branch}:{place.tracking}"]
    wanted += [] if history.shallow_ends(repo) else [f"{_SEALS}:{_SEALS}"]
    answer = git.run(repo, *_PLAIN, "fetch", "--verbose", "--no-prune", place.remote, *wanted, check=False)
    told = answer.err.decode("utf-8", "replace")
    lines = [found.groupdict() for found in map(_FETCHED.fullmatch, told.splitlines()) if found]
    is_there = answer.status == 0 or any(line["here"] == place.shown and line["flag"] != "!" for line in lines)
    is_missing = answer.status != 0 and _MISSING.search(told) is not None
    seals = {
        line["there"]: line for line in lines if line["there"].startswith(PREFIX) and line["there"] == line["here"]
    }
    refs = _refs(repo, place.tracking, _SEALS)
    tracked = None if is_missing else refs.get(place.tracking)
    if not is_missing and (answer.status > 1 or not is_there or tracked is None):
        raise _failed(repo, place, answer)
    here = {name.removeprefix(_TAGS): kind for name, (_, kind) in refs.items() if name.startswith(_TAGS)}
    return Fetched(
        None if tracked is None else tracked[0],
        tuple(name for name, line in seals.items() if line["flag"] == "*" and name in here),
        tuple(name for name, line in seals.items() if line["why"] == _CLOBBERS),
        tuple(name for name, kind in here.items() if name not in seals and kind == "tag"),
    )


def _refs(repo: Repo, *patterns: str, merged: Sequence[str] = ()) -> dict[str, tuple[str, str]]:
    """Return the refs of these names, whole ones, with object and its kind; those `merged` into one of some, if any."""
    within = [f"--merged={ref}" for ref in merged]
    wanted = "--format=%(refname) %(objectname) %(objecttype)"
    told = git.run(repo, "for-each-ref", wanted, *within, *patterns, check=False).out
    lines = (line.rsplit(" ", 2) for line in told.decode("utf-8", "surrogateescape").splitlines())
    return {name: (oid, kind) for name, oid, kind in lines}


class Sent(NamedTuple):
    """What became of seals that were to be sent: by name those that went, those of which the remote has others.

    `refused` is why the remote did not want the rest, "" where it took them.
    """

    went: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    refused: str = ""


def send_seals(repo: Repo, place: Place, names: Sequence[str]) -> Sent:
    """Send those seals whose commit the remote has; what it does not want of them is told and no failure."""
    branches = list(_refs(repo, f"refs/remotes/{place.remote}/")) if names else []
    known = _refs(repo, *(f"{_TAGS}{name}" for name in names), merged=branches) if branches else {}
    if not known:
        return Sent()
    answer = git.run(repo, "push", "--porcelain", place.remote, *(f"{name}:{name}" for name in known), check=False)
    told = answer.out.decode("utf-8", "replace")
    lines = [found.groupdict() for found in map(_PUSHED.fullmatch, told.splitlines()) if found]
    others = tuple(line["there"] for line in lines if line["flag"] == "!" and "already exists" in line["summary"])
    refused = [line["summary"] for line in lines if line["flag"] == "!" and line["there"] not in others]
    if answer.status != 0 and not lines:
        refused = [_reason(answer)]
    return Sent(tuple(line["there"] for line in lines if line["flag"] == "*"), others, "\n".join(refused[:1]))


def push(repo: Repo, place: Place, branch: str) -> bool:
    """Send the branch; False where others were faster, and what they sent must be merged first. Raises GitFailed."""
    more = () if place.is_upstream else ("--set-upstream",)
    refspec = f"{branch}:refs/heads/{place.branch}"
    answer = git.run(repo, "push", "--porcelain", *more, place.remote, refspec, check=False)
    if answer.status == 0:
        return True
    told = (answer.out + answer.err).decode("utf-8", "replace")
    refused = [line for line in told.splitlines() if line.startswith("!")]
    if refused and _BEATEN.search(refused[0]):
        return False
    if refused:
        reason = refused[0][refused[0].find("[") :]
        raise GitFailed(
            say("{place} refused it: {reason}", place=place.shown, reason=f"{reason}\n{_said(answer)}".strip()),
            say("what you have done is committed here and not lost; tk sync tries again"),
        )
    raise _failed(repo, place, answer)


def _said(answer: git.Result) -> str:
    """Return what the other side had to say, without git's own summary."""
    lines = answer.err.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if line.startswith("remote:"))


def _failed(repo: Repo, place: Place, answer: git.Result) -> GitFailed:
    git.require(repo)
    return GitFailed(
        say("{place} cannot be reached: {reason}", place=place.shown, reason=_reason(answer)),
        say("what you have done is committed here and not lost; tk sync tries again"),
    )


def _reason(answer: git.Result) -> str:
    """Return what git had to complain of, without what it tells of each ref."""
    lines = answer.err.decode("utf-8", "replace").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith((" ", "From ", "To ", "POST "))]
    return "\n".join(told[:4]) or str(answer.reason)


def drop_left_lock(repo: Repo, place: Place, since: float) -> None:
    """Remove the locks that a killed tk's git left on what it remembers of a remote, and on seals.

    Nobody else of tk's is at it, and git itself holds one for some milliseconds: one made after that tk began, at
    `since` by the file system's clock, and older than `LOCK_REST`, is left over.
    """
    for file in (repo.common_dir / f"{place.tracking}.lock", *repo.common_dir.glob(f"{_SEALS}.lock")):
        with suppress(OSError):
            made = file.stat()
            if made.st_mtime >= since:
                time.sleep(LOCK_REST)
                if (file.stat().st_ino, file.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns):
                    file.unlink()
