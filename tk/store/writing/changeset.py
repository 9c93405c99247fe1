"""What one command does to a desk, as a value: files whole, what they were, the words of the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class Merge(NamedTuple):
    """What a change that joins another line of commits needs beyond its files.

    `head` is the commit it was worked out on, `other` the one that is merged. With `forward` the branch moves on to
    `other` itself. `open` are the files in conflict: git's entries for its index, a line each; with any, no commit is
    made, and git is told that people must settle the merge. With `ends` that one is over: what stands in git's index
    is committed with the files.
    """

    head: str
    other: str
    forward: bool = False
    open: tuple[str, ...] = ()
    ends: bool = False


class Change(NamedTuple):
    """What one command does to the desk.

    `files` gives the whole new contents by path in the desk, None for a file that goes; `expected` the contents as they
    were when read, None for a file that must not be there (a path that is only here is compared and left alone);
    `message` the commit's; `at` its author's and committer's date; without `commit` the files are written and no more.
    `programs` says of files whether they may be run, where that may change; a `merge` is of the whole repository, its
    paths relative to the top.
    `stored` are the first commit below and the last of a series (`tk.store.writing.series`) that makes the files so:
    the change lands by that one, and `message` is only what the journal and the reflog call it.
    """

    files: Mapping[str, bytes | None]
    expected: Mapping[str, bytes | None]
    message: str
    at: datetime
    commit: bool = True
    programs: Mapping[str, bool] = {}
    merge: Merge | None = None
    stored: tuple[str, str] | None = None

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]
