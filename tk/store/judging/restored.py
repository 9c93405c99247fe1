"""What a commit put back: files that are again, to the byte, as they were before the latest commit on each.

Which commit that is, is found as git finds it (`git log -1 -- PATH`): from the parent on back, at a merge to the first
of its sides that had the file as it is. One walk finds it for all the files of a commit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from tk.store import git, history
from tk.store.history import Commit
from tk.store.repo import Repo
from tk.store.touches import Touch

_FEW = 32
"""Up to so many paths git is asked for by name; beyond, looking for each in every commit would cost more."""

_FOLDER = "tickets"

_Blob = Callable[[str, str], str | None]
"""Which blob a commit has at a path, None for none."""

_Step = tuple[Commit, list[Touch]]
_Latest = tuple[str, Commit, str | None]
"""A path, the latest commit that changed it, and the blob before."""


def undone(repo: Repo, commit: Commit, touches: Sequence[Touch]) -> dict[str, Commit]:
    """Return by path the commit that `commit` took back there, by whomever that was.

    A merge is never taken back, nor what begins a shallow clone.
    """
    if len(commit.parents) != 1 or not touches:
        return {}
    made = {touch.path: touch.after for touch in touches}
    ends = history.shallow_ends(repo)
    latest = _latest(repo, commit.parents[0], list(made))
    return {path: found for path, found, before in latest if before == made[path] and found.oid not in ends}


def _latest(repo: Repo, start: str, paths: Sequence[str]) -> Iterator[_Latest]:
    """Yield for each path the latest commit that changed it, unless that is a merge."""
    where = paths if len(paths) <= _FEW else [_FOLDER]
    with (
        closing(history.back(repo, start, where)) as steps,
        git.conversation(repo, "cat-file", "--batch-check") as (asked, answers),
    ):

        def blob(commit: str, path: str) -> str | None:
            asked.write(f"{commit}:{repo.prefix}{path}\n".encode("utf-8", "surrogateescape"))
            asked.flush()
            told = answers.readline().decode("utf-8", "surrogateescape").split()
            return told[0] if told[1:2] == ["blob"] else None

        yield from _followed(steps, start, paths, blob)


def _followed(steps: Iterator[_Step], start: str, paths: Sequence[str], blob: _Blob) -> Iterator[_Latest]:
    """Follow each path back from `start`; git may tell of a commit before it has told of all that lead to it."""
    seen: dict[str, tuple[Commit, dict[str, Touch]]] = {}
    waiting = {start: list(paths)}
    while waiting and (step := next(steps, None)) is not None:
        seen[step[0].oid] = step[0], {touch.path: touch for touch in step[1]}
        ready = [step[0].oid]
        while ready:
            commit, touches = seen[ready.pop()]
            for path in waiting.pop(commit.oid, ()):
                touch = touches.get(path)
                onward = _unchanged(commit, touch, path, blob)
                if onward is not None:
                    waiting.setdefault(onward, []).append(path)
                    ready += [onward] if onward in seen else []
                elif touch is not None and len(commit.parents) < 2:
                    yield path, commit, touch.before[0]


def _unchanged(commit: Commit, touch: Touch | None, path: str, blob: _Blob) -> str | None:
    """Return the first parent that had the file as the commit has it; `touch` is what it did against the first one."""
    if touch is None:
        return next(iter(commit.parents), None)
    return next((parent for parent in commit.parents[1:] if blob(parent, path) == touch.after), None)
