"""Giving a desk the workflows that check, audit and sweep it on a forge, in one commit."""

from typing import NamedTuple

from tk.store import workflows
from tk.store.desk import Desk
from tk.store.writing.commit import Change, apply


class Given(NamedTuple):
    """The files that were written, from the top of the repository, and those that were there already and stay."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def give(desk: Desk, forge: str, source: str) -> Given:
    """Write the workflows for a forge of `tk.store.workflows.FORGES`, where there are none by their names.

    `source` is where pip finds tk, "" where that is still to be said.

    Raises:
        Busy, FileChanged, Refused, DiskFailed, GitFailed, NoIdentity: nothing was changed then.
    """
    new = workflows.missing(desk.repo, forge, source)
    if new:
        message = f"Check, audit and sweep the desk on {forge}\n"
        apply(desk.repo.whole(), Change(dict(new), dict.fromkeys(new), message, desk.now), desk.remark)
    return Given(tuple(new), tuple(path for path in workflows.FORGES[forge] if path not in new))
