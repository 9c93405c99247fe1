"""The repository's remotes: where a branch is shared, bringing what is there, sending what is here."""

import re
import time
from contextlib import suppress
from typing import NamedTuple

from tk.errors import GitFailed, Message, WrongUsage, say
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing.refs import LOCK_REST

_MISSING = re.compile(r"couldn't find remote ref")
_BEATEN = re.compile(r"\[rejected\]|cannot lock ref|failed to update ref|reference already exists|incorrect old value")


_NO_CARE = ("-c", "maintenance.auto=false", "-c", "gc.auto=0")
"""git tidies up in a process of its own, which would keep tk's lock."""


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


def fetch(repo: Repo, place: Place) -> str | None:
    """Bring what is there; return its commit, None where the remote has no such branch yet. Raises GitFailed."""
    refspec = f"+refs/heads/{place.branch}:{place.tracking}"
    answer = git.run(repo, *_NO_CARE, "fetch", "--quiet", place.remote, refspec, check=False)
    told = answer.err.decode("utf-8", "replace")
    if answer.status != 0:
        if _MISSING.search(told):
            return None
        raise _failed(repo, place, answer)
    return git.run(repo, "rev-parse", "--verify", f"{place.tracking}^{{commit}}").out.decode().strip()


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
    lines = [line for line in answer.err.decode("utf-8", "replace").splitlines() if line.strip()]
    reason = "\n".join(lines[:4]) or answer.reason
    return GitFailed(
        say("{place} cannot be reached: {reason}", place=place.shown, reason=reason),
        say("what you have done is committed here and not lost; tk sync tries again"),
    )


def drop_left_lock(repo: Repo, place: Place, since: float) -> None:
    """Remove the lock that a killed tk's git left on what it remembers of a remote.

    Nobody else of tk's is at it, and git itself holds one for some milliseconds: one made after that tk began, at
    `since` by the file system's clock, and older than `LOCK_REST`, is left over.
    """
    file = repo.common_dir / f"{place.tracking}.lock"
    with suppress(OSError):
        made = file.stat()
        if made.st_mtime >= since:
            time.sleep(LOCK_REST)
            if (file.stat().st_ino, file.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns):
                file.unlink()
