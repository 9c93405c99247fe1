"""Which ticket files there are: a walk of the folders that have changed since they were last walked.

A file under `tickets/` whose name ends in `.md` is a ticket, whatever it is called; what lies in a folder named like an
id is attached to a ticket; what begins with a dot is nobody's (editors keep their locks and copies under such names).
Symbolic links to folders are not followed.
"""

import os
import stat
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tk.core.ids import is_id
from tk.store.index_changes import TICKETS, Stamp, stamp_of

Folders = dict[str, Stamp | None]
"""Each folder with its stamp when it was last walked; None where it was too fresh for the stamp to be trusted."""


class Walk(NamedTuple):
    """What a walk came upon: the folders there are, files not known before, and known files that are gone."""

    folders: Folders
    found: set[str]
    lost: set[str]


def is_ticket_name(name: str) -> bool:
    """Return whether a file so named is a ticket."""
    return name.endswith(".md") and not name.startswith(".")


def walk(root: str, known: Mapping[str, Stamp | None], files_in: Callable[[str], set[str]], since: int) -> Walk:
    """Walk the folders of tickets.

    Args:
        root: the desk's folder, an absolute path
        known: the folders of the last walk
        files_in: returns the ticket files that the index knows directly in a folder
        since: nanoseconds; a folder changed shortly before, or later, is walked again next time
    """
    seen = Walk({}, set(), set())
    waiting = sorted({TICKETS, *known}, reverse=True)  # taken from the end: parents come first
    while waiting:
        folder = waiting.pop()
        # Below a symbolic link that took a folder's place the stamps may still look right: the parent must be there.
        if folder == TICKETS or folder.rpartition("/")[0] in seen.folders:
            new = _visit(root, folder, known, files_in, since, seen)
            waiting.extend(new)
    for folder in known.keys() - seen.folders.keys():
        seen.lost.update(files_in(folder))
    return seen


def _visit(
    root: str,
    folder: str,
    known: Mapping[str, Stamp | None],
    files_in: Callable[[str], set[str]],
    since: int,
    seen: Walk,
) -> list[str]:
    """Look at one folder, list it where it changed, and return the folders in it that were not known."""
    try:
        status = os.lstat(f"{root}/{folder}")
        if not stat.S_ISDIR(status.st_mode):
            return []
        now = stamp_of(status)
        if known.get(folder) == now:
            seen.folders[folder] = now
            return []
        with os.scandir(f"{root}/{folder}") as listing:
            entries = [entry for entry in listing if not entry.name.startswith(".")]
    except OSError:
        return []
    seen.folders[folder] = now if now.settled(since) else None
    folders = {f"{folder}/{entry.name}" for entry in entries if entry.is_dir(follow_symlinks=False)}
    files = {f"{folder}/{entry.name}" for entry in entries if is_ticket_name(entry.name)} - folders
    there = files_in(folder)
    seen.found.update(files - there)
    seen.lost.update(there - files)
    return [path for path in folders - known.keys() if not is_id(path.rpartition("/")[2])]
