"""The journal of a change under way: enough to put it right after its process was killed, and no more.

It lies in `state/journal/`: `entry`, written whole, and beside it the old contents of the files that will change. The
change is under way exactly while `entry` is there; removing it ends the change.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from tk import errors
from tk.errors import Busy
from tk.store.repo import Repo

_FORMAT = 2


class Touched(NamedTuple):
    """A file of the change.

    `path` in the desk; `copy` the name of its old contents in the journal's folder, None where there was no file;
    `old` and `new` the digests of its contents before and after, None where there is no file.
    """

    path: str
    copy: str | None
    old: str | None
    new: str | None


class Journal(NamedTuple):
    """A change under way.

    `pid` of the command; `subject` of its message; `commits` whether it makes a commit; `files` in the order they are
    written; `folders` that it makes, outermost first; `head` the commit it builds on, None before the first; `mark` the
    device and inode of the file that is its index lock; `oid` its own commit once there is one: from then on the
    branch may have moved to it. Of a merge, `other` is the commit that is merged; where it `opens` one that people must
    settle, there will be no commit. The paths are relative to the top of the work tree where it is of the `whole`.
    """

    pid: int
    subject: str
    commits: bool
    files: tuple[Touched, ...]
    folders: tuple[str, ...]
    head: str | None
    mark: tuple[int, int] | None
    oid: str | None = None
    other: str | None = None
    opens: bool = False
    whole: bool = False

    @property
    def paths(self) -> list[str]:
        """The files of the change."""
        return [file.path for file in self.files]

    def temporary(self, number: int) -> str:
        """Return the path in the desk at which file `number` is written before it takes its place."""
        folder, slash, _ = self.files[number].path.rpartition("/")
        return f"{folder}{slash}.tk-{self.pid}-{number}"


def step(name: str) -> None:
    """Pass between two steps of a change, called `name`.

    Nothing happens here. It is the seam at which the tests kill the process or fill the disk.
    """


def folder(repo: Repo) -> Path:
    """Return the journal's folder."""
    return repo.state / "journal"


def is_there(repo: Repo) -> bool:
    """Whether a change is under way, or was when its process ended."""
    return os.access(repo.state / "journal" / "entry", os.F_OK)


def written_at(repo: Repo) -> float:
    """Return when the journal was last written, by the file system's clock."""
    return (folder(repo) / "entry").stat().st_mtime


def write(repo: Repo, journal: Journal) -> None:
    """Write the journal, whole and through to the disk."""
    text = json.dumps({"format": _FORMAT, **journal._asdict()})
    new = folder(repo) / "entry.new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    with os.fdopen(descriptor, "wb") as target:
        target.write(text.encode("ascii"))
        target.flush()
        os.fsync(descriptor)
    new.replace(folder(repo) / "entry")


def read(repo: Repo) -> Journal:
    """Return the journal that is there; raise Busy where another version of tk wrote it."""
    try:
        values = json.loads((folder(repo) / "entry").read_bytes())
        _ = {_FORMAT: True}[values.pop("format")]
        values["files"] = tuple(Touched(*file) for file in values["files"])
        values["folders"] = tuple(values["folders"])
        values["mark"] = values["mark"] and tuple(values["mark"])
        return Journal(**values)
    except (ValueError, KeyError, TypeError):
        raise Busy(
            errors.say("{file}: an interrupted command of another version of tk", file=folder(repo) / "entry"),
            errors.say("run that version once more, or remove the file after `git status` has shown what it left"),
        ) from None


def clear(repo: Repo) -> None:
    """End the change: remove the journal, then the old contents."""
    (folder(repo) / "entry").unlink(missing_ok=True)
    step("journal removed")
    sweep(repo)


def sweep(repo: Repo) -> None:
    """Make the journal's folder, and empty it of what a killed process left there before its journal or after it."""
    folder(repo).mkdir(parents=True, exist_ok=True)
    for file in folder(repo).iterdir():
        if file.name != "entry":
            file.unlink(missing_ok=True)
