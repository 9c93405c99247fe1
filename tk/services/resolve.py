"""Settling what a merge left open, and mending what one without tk's driver got wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action
from tk.core.links import other_end
from tk.core.ticket import Link, Ticket
from tk.errors import WrongUsage, say
from tk.store import codec
from tk.store.desk import Desk
from tk.store.index_changes import tracked
from tk.store.merging import unmerged
from tk.store.merging.joining import InConflict
from tk.store.merging.settle import Answers, Settled, mended, settled
from tk.store.merging.unmerged import States
from tk.store.revision import revise
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
    done = list(bench.done([desk.repo.prefix + _path(desk, text) for text in wanted]))
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

    def done(self, wanted: Sequence[str]) -> Iterator[Settled]:
        """Yield what becomes of the files wanted; without any, of all that git waits for, or else that need mending."""
        seen: set[str] = set()
        for path in sorted(wanted or self._waiting, key=lambda each: not each.endswith(".md")):  # papers follow tickets
            for one in settled(self._desk, path, self._waiting, self._answers) if path not in seen else ():
                seen.add(one.path)
                yield one
        if not wanted and not self._waiting and not self._other:
            yield from self._mended()

    def _mended(self) -> Iterator[Settled]:
        """Yield the tickets of the desk that a merge without tk's driver left in conflict, or got wrong."""
        new: dict[str, tuple[bytes, bytes]] = {}
        tickets: dict[str, Ticket] = {}
        for path in sorted(filter(ids.is_ticket_path, tracked(self._repo))):
            data = content(self._repo, path)
            if data is None:
                continue
            document = codec.read(path, data)
            if any(finding.code == "conflict" and finding.is_error for finding in document.findings):
                yield from settled(self._desk, self._repo.prefix + path, {}, self._answers)
            elif document.ticket is not None:
                tickets[path] = document.ticket
                better = mended(path, data)
                if better != data:
                    new[path] = data, better
        for path, data in self._relinked(tickets, {path: data for path, (_, data) in new.items()}):
            new[path] = new.get(path, (content(self._repo, path) or b"", b""))[0], data
        for path, (old, data) in new.items():
            yield Settled(self._repo.prefix + path, old, data)

    def _relinked(self, tickets: Mapping[str, Ticket], new: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """Yield the tickets that lack the other end of a link, with it, as far as the law allows that."""
        policy = self._desk.reading.usable()
        lacking: dict[str, list[Link]] = {}
        for ticket in tickets.values():
            for link in ticket.links:
                there = ids.path_of(link.id) if ids.is_id(link.id) else ""
                back = Link(other_end(policy, link.kind), ticket.id)
                if there in tickets and back not in tickets[there].links:
                    lacking.setdefault(there, []).append(back)
        for path, links in lacking.items():
            document = codec.read(path, new.get(path) or content(self._repo, path) or b"")
            actions = [Action("link", link.kind, link.id) for link in links]
            yield path, revise(self._desk, policy, document, actions).new

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
        return make(Change(new, old, _message(self._desk, sorted(new)), self._desk.now, commit=is_alone))


def _waits(prefix: str, path: str) -> InConflict:
    inside = path[len(prefix) :] if path.startswith(prefix) else ""
    return InConflict(path, ids.id_of(inside))


def _message(desk: Desk, paths: Sequence[str]) -> str:
    """Return the message of a commit that mends tickets; as ever, no words of theirs."""
    numbers = [number for number in map(ids.id_of, paths) if number]
    suffix = f" {desk.policy.desk.subject_suffix}" if desk.policy.desk.subject_suffix else ""
    subject = f"{numbers[0]}: resolve" if len(numbers) == 1 else f"Resolve {len(paths)} files"
    return f"{subject}{suffix}\n\n" + "".join(f"Tk-Ticket: {number}\n" for number in numbers)


def _words(desk: Desk) -> str:
    """Return the message that git has ready for the merge."""
    lines = [line for line in merge_state.words(desk.repo).splitlines() if not line.startswith("#")]
    return "\n".join(lines).strip() + "\n" if any(map(str.strip, lines)) else "Merge\n"
