"""A desk whose tk.toml is gone from the files: where it was, as git remembers."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from tk.errors import GitFailed, NotADesk, say
from tk.store import git

_BACK = 1000
"""How many of the latest commits are looked into."""


class Former(NamedTuple):
    """The folder of the desk, its tk.toml as seen from the top of the work tree, and the last commit that had it.

    `is_last` says that this is the commit on which the files are: then it is gone from the files alone.
    """

    root: Path
    path: str
    commit: str
    is_last: bool

    def refusal(self) -> NotADesk:
        """Return the refusal of whoever needs the desk, with what brings it back."""
        where = quote(f":/{self.path}")
        if self.is_last:
            message = say("the desk in {folder} has lost its tk.toml, which git still has", folder=self.root)
            return NotADesk(message, say("git checkout HEAD -- {path} brings it back", path=where))
        message = say("the desk in {folder} has no tk.toml any more: a commit removed it", folder=self.root)
        commit = self.commit[:10]
        hint = say("tk audit tells which; git checkout {commit} -- {path} brings it back", commit=commit, path=where)
        return NotADesk(message, hint)


def lost_desk(top: Path | None, start: Path, name: str) -> Former | None:
    """Return the desk in `start` or above, up to `top`, whose file `name` is gone; None where there was none.

    The latest commits are looked into, as far as the clone has them; where there is no repository `top` is None.
    """
    if top is None:
        return None
    try:
        listed = git.run(top, "rev-list", f"--max-count={_BACK}", "HEAD", "--", check=False).out.decode().split()
        places = (place for place in (start, *start.parents) if place.is_relative_to(top))
        return next(filter(None, (_lost_at(top, place / name, listed) for place in places)), None)
    except GitFailed:
        return None


def _lost_at(top: Path, file: Path, listed: Sequence[str]) -> Former | None:
    path = file.relative_to(top).as_posix()
    held = zip(listed, git.objects(top, [f"{oid}:{path}" for oid in listed]), strict=True)
    commit = next((oid for oid, found in held if found is not None and found.kind == "blob"), None)
    return None if commit is None else Former(file.parent, path, commit, commit == listed[0])
