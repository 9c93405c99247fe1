"""Files that are no tickets, or cannot be read as such, merged by git line by line."""

import os
from contextlib import suppress

from tk.store import git
from tk.store.repo import Repo

_MOST = 127
"""`git merge-file` ends with the number of conflicts, and with more than this when it can do nothing."""

LABELS = ("-L", "ours", "-L", "base", "-L", "theirs")


def merged(repo: Repo, base: bytes | None, ours: bytes, theirs: bytes) -> tuple[bytes, bool] | None:
    """Return the text with both sides' changes, and whether nothing in it is in conflict; None for what is no text."""
    folder = repo.state / "merge"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{os.getpid()}-{name}" for name in ("ours", "base", "theirs")]
    try:
        for file, data in zip(files, (ours, base or b"", theirs), strict=True):
            file.write_bytes(data)
        found = git.run(repo, "merge-file", "-p", *LABELS, *map(str, files), check=False)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
        with suppress(OSError):  # another process is at it
            folder.rmdir()
    return None if found.status > _MOST else (found.out, found.status == 0)
