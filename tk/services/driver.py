"""What git's merge driver for tickets does: three files in, one out; the law of `tk.core.merging.merge`."""

from contextlib import suppress
from pathlib import Path

from tk.core.merging.merge import Choose, Conflict, Side, by_time, nobody
from tk.core.ticket import Ticket
from tk.errors import DiskFailed, GitFailed, TkError, say
from tk.store.merging.joining import apart, join
from tk.store.merging.merge_twins import are_twins

_MOST = 127
"""`git merge-file` ends with the number of conflicts, and with more than this when it can do nothing."""


def drive(folder: Path, states: tuple[Path, Path, Path], path: str) -> bool:
    """Merge the ticket whose states, as it was, ours and theirs, stand in three files; return whether nothing is open.

    The result takes the place of ours. `path` is where the ticket lies from the top of the repository, `folder` that
    top. What cannot be merged by meaning git merges by lines; of two tickets that have drawn one id both are kept.

    Raises:
        DiskFailed: a file cannot be read or written.
        GitFailed: git cannot merge it either.
    """
    try:
        base, ours, theirs = (file.read_bytes() for file in states)
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=error.filename, reason=error.strerror or error)) from error
    started = base or None  # git gives an empty file where there was none
    joined = join(path, started, ours, theirs, lambda *sides: _choosing(folder / path, *sides))
    if joined is not None:
        _write(states[1], joined.data)
        return not joined.open
    if are_twins(started, ours, theirs):
        _write(states[1], apart(ours, theirs))
        return False
    return _by_lines(folder, states)


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=file, reason=error.strerror or error)) from error


def _choosing(file: Path, ours: Ticket, theirs: Ticket) -> Choose:
    """Return what settles conflicts, by the policy of the commit that is merged into; read only if there is one."""
    decided: list[Choose] = []

    def choose(conflict: Conflict) -> Side | None:
        if not decided:
            decided.append(by_time(ours, theirs) if _lets_later_stand(file) else nobody)
        return decided[0](conflict)

    return choose


def _lets_later_stand(file: Path) -> bool:
    from tk.store import git, policies, repo  # only a conflict pays for them

    with suppress(TkError):
        found = repo.find(next(place for place in file.parents if place.exists()))
        data = next(git.blobs(found, [f"HEAD:{found.prefix}{policies.NAME}"]))
        policy = None if data is None else policies.load(found.state, data).policy
        return policy is not None and policy.desk.conflicts == "later"
    return False


def _by_lines(folder: Path, states: tuple[Path, Path, Path]) -> bool:
    from tk.store import git
    from tk.store.merging import merge_text

    base, ours, theirs = map(str, states)
    found = git.run(folder, "merge-file", *merge_text.LABELS, ours, base, theirs, check=False)
    if found.status > _MOST:
        raise GitFailed(say("git {command} failed: {reason}", command="merge-file", reason=found.reason))
    return found.status == 0
