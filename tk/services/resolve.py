"""Settling what a merge left open, and mending what one without tk's driver got wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.errors import WrongUsage, say
from tk.store import codec
from tk.store.desk import Desk
from tk.store.merging import leftover, unmerged
from tk.store.merging.answers import Answers
from tk.store.merging.joining import InConflict
from tk.store.merging.settle import Settled, settled
from tk.store.merging.unmerged import States
from tk.store.repairs import Repairs
from tk.store.writing import merge_state, refs
from tk.store.writing.commit import Change, Merge, turn
from tk.store.writing.files import content

__all__ = ["Resolved", "resolve"]


class Resolved(NamedTuple):
    """What was settled, by path in the repository, and what is still open; the commit, None where none was made.

    `goes_on` names the git command that is to be continued, if one is.
    """

    settled: tuple[str, ...]
    open: tuple[InConflict, ...]
    commit: str | None = None
    goes_on: str | None = None


def resolve(desk: Desk, wanted: Sequence[str], answers: Answers) -> Resolved:
    """Settle the tickets that `wanted` names, or all that need it; end the merge under way once nothing is open.

    Raises:
        WrongUsage: a value is given for no ticket or several, or is none.
        Refused: the law does not allow a value; nothing was changed.
        UnknownTicket, UnreadableTicket, Busy, GitFailed, DiskFailed: so the sentence says.
    """
    if answers.values and len(wanted) != 1:
        raise WrongUsage(say("KEY=VALUE is for one ticket"), say("name it: tk resolve ID KEY=VALUE"))
    bench = _Bench(desk, answers, unmerged.files(desk.repo))
    done = list(bench.done([_path(desk, text) for text in wanted]))
    with turn(desk.repo, desk.remark) as make:  # not before: people take their time to answer
        return bench.kept(done, make)


def _path(desk: Desk, text: str) -> str:
    """Return the path of the ticket that a whole id names, readable or not, or else an abbreviation."""
    number = text.upper()
    if ids.is_id(number) and (desk.repo.root / ids.path_of(number)).exists():
        return ids.path_of(number)
    return desk.locate(text)


class _Bench:
    """Where files are settled: the desk, what is said beforehand, and what git waits for."""

    def __init__(self, desk: Desk, answers: Answers, waiting: Mapping[str, States]) -> None:
        self._desk = desk
        self._repo = desk.repo
        self._answers = answers
        self._waiting = waiting
        self._other = merge_state.other(desk.repo)
        self._repairs = Repairs(desk, answers)

    def done(self, wanted: Sequence[str]) -> Iterator[Settled]:
        """Yield what becomes of the tickets wanted; without any, of all that git waits for, or else that need it."""
        paths = [self._repo.prefix + path for path in wanted] or self._waiting
        seen: set[str] = set()
        for path in sorted(paths, key=lambda each: not each.endswith(".md")):  # papers follow tickets
            for one in self._settled(path) if path not in seen else ():
                seen.add(one.path)
                yield one
        if not wanted and self._is_at_rest:
            yield from self._repairs.of_all()

    @property
    def _is_at_rest(self) -> bool:
        """Whether no merge waits for people."""
        return not self._waiting and not self._other

    def _settled(self, path: str) -> Iterable[Settled]:
        inside = path[len(self._repo.prefix) :]
        document = codec.read(inside, content(self._repo, inside) or b"")
        if self._is_at_rest and not leftover.stands_in(self._repo, document):
            return self._repairs.of_one(inside)
        return settled(self._desk, path, self._waiting, self._answers)

    def kept(self, done: Sequence[Settled], make: Callable[[Change], str | None]) -> Resolved:
        """Write what was settled, and make the commit that ends it."""
        named = {one.path for one in done}
        still = [one.open for one in done if one.open is not None]
        still += [_waits(self._repo.prefix, path) for path in self._waiting if path not in named]
        paths = tuple(one.path for one in done if one.open is None)
        if self._other and not still:
            head = refs.fit(self._repo, merging=self._other)
            merge = Merge(head.oid or "", self._other, ends=True)
            new, old = {one.path: one.new for one in done}, {one.path: one.old for one in done}
            return Resolved(paths, (), make(Change(new, old, _words(self._desk), self._desk.now, merge=merge)))
        commit = self._written(done, make)
        if self._waiting and not self._other:
            unmerged.settle(self._repo, [path for path in paths if path in self._waiting])
        return Resolved(paths, tuple(still), commit, None if still or self._other else refs.under_way(self._repo))

    def _written(self, done: Sequence[Settled], make: Callable[[Change], str | None]) -> str | None:
        """Write the desk's own files; commit them where no git command that waits for people will."""
        prefix = self._repo.prefix
        changed = [one for one in done if one.new != one.old and one.path.startswith(prefix)]
        if not changed:
            return None
        new = {one.path[len(prefix) :]: one.new for one in changed}
        old = {one.path[len(prefix) :]: one.old for one in changed}
        is_alone = not self._other and refs.under_way(self._repo) is None
        message = _message(self._desk, sorted(new), self._repairs.merges)
        return make(Change(new, old, message, self._desk.now, commit=is_alone))


def _waits(prefix: str, path: str) -> InConflict:
    inside = path[len(prefix) :] if path.startswith(prefix) else ""
    return InConflict(path, ids.id_of(inside))


def _message(desk: Desk, paths: Sequence[str], merges: Sequence[str]) -> str:
    """Return the message of a commit that mends tickets, by making `merges` again; as ever, no words of theirs."""
    numbers = [number for number in map(ids.id_of, paths) if number]
    suffix = f" {desk.policy.desk.subject_suffix}" if desk.policy.desk.subject_suffix else ""
    subject = f"{numbers[0]}: resolve" if len(numbers) == 1 else f"Resolve {len(paths)} files"
    trailers = [*(f"Tk-Ticket: {number}\n" for number in numbers), *(f"Tk-Merge: {oid}\n" for oid in merges)]
    return f"{subject}{suffix}\n\n" + "".join(trailers)


def _words(desk: Desk) -> str:
    """Return the message that git has ready for the merge."""
    lines = [line for line in merge_state.words(desk.repo).splitlines() if not line.startswith("#")]
    return "\n".join(lines).strip() + "\n" if any(map(str.strip, lines)) else "Merge\n"
