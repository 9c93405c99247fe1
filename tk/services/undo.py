"""Undoing: tickets put back to before one's own latest commit on them, by a new commit (design, section 3).

What that commit did is taken back whole: what it attached goes, and both ends of a link it made. The content of a
ticket afterwards is, to the byte, what it was before: that is how an audit knows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core import ids
from tk.core.facts import actor_of
from tk.core.instant import format_instant, in_zone
from tk.core.law import undoing
from tk.core.notice import letter_of
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.errors import Refused, say
from tk.store import codec, git, history, policies
from tk.store.desk import Desk
from tk.store.history import Commit
from tk.store.repo import read_file
from tk.store.touches import Touch
from tk.store.writing.commit import Change, turn

_AT_ONCE = 100
"""How many commits are looked through at first for one's own latest."""

_SHORT = 7
"""How much of a commit's name a sentence shows."""


class Undone(NamedTuple):
    """A ticket put back: its path and what it is now, None where the commit had made it and it is gone."""

    id: str
    path: str
    ticket: Ticket | None


class Undoing(NamedTuple):
    """What was taken back: of which commit, which tickets, and the commit that did (None with `--no-commit`)."""

    undone: str
    tickets: tuple[Undone, ...]
    commit: str | None


def undo(desk: Desk, text: str | None = None, *, commit: bool = True) -> Undoing:
    """Take back one's own latest commit on the ticket that `text` names; without one, on whichever tickets it was.

    Of a commit on many tickets, the one that is named is put back, and those that it linked with that one.

    Raises:
        Refused: there is no such commit, somebody has changed a ticket since, it is edited and not committed, or the
            policy does not allow it.
        UnknownTicket, AmbiguousTicket, PolicyBroken, FileChanged, Busy, GitFailed, DiskFailed: so the sentence says.
    """
    policy = desk.reading.usable()
    path = None if text is None else desk.locate(text)
    with turn(desk.repo, desk.remark) as make:
        back = _own_latest(desk, policy) if path is None else _latest(desk, policy, path)
        case = _Case(desk, policy, back, _touches(desk, back))
        tickets = list(case.tickets(path))
        for touch in tickets:
            case.assure(touch)
        touches = [touch for ticket in tickets for touch in (ticket, *case.beside(ticket), *case.letters(ticket))]
        blobs = _blobs(desk, touches)
        number = make(_change(desk, policy, [ids.id_of(touch.path) or "" for touch in tickets], touches, blobs, commit))
    return Undoing(back.oid, tuple(_undone(touch, blobs) for touch in tickets), number)


def _undone(touch: Touch, blobs: Mapping[str, bytes]) -> Undone:
    data = None if touch.before[0] is None else blobs[touch.before[0]]
    ticket = None if data is None else codec.read(touch.path, data).ticket
    return Undone(ids.id_of(touch.path) or "", touch.path, ticket)


def _change(
    desk: Desk, policy: Policy, named: Sequence[str], touches: Sequence[Touch], blobs: Mapping[str, bytes], commit: bool
) -> Change:
    suffix = f" {policy.desk.subject_suffix}" if policy.desk.subject_suffix else ""
    trailers = "\n".join([*(f"Tk-Ticket: {number}" for number in named), "Tk-Action: undo"])
    message = f"{named[0]}: undo{suffix}\n\n{trailers}\n"
    return Change(
        {touch.path: None if touch.before[0] is None else blobs[touch.before[0]] for touch in touches},
        {
            **{touch.path: None if touch.after is None else blobs[touch.after] for touch in touches},
            policies.NAME: desk.policy_data,
        },
        message,
        desk.now,
        commit=commit,
    )


class _Case(NamedTuple):
    """A commit to be taken back, and what it did in the desk."""

    desk: Desk
    policy: Policy
    back: Commit
    touches: Mapping[str, Touch]

    def tickets(self, path: str | None) -> Iterator[Touch]:
        """Yield the tickets to be put back: the one at `path` and those linked with it then, or all."""
        if path is None:
            yield from (touch for touch in self.touches.values() if ids.is_ticket_path(touch.path))
            return
        yield self.touches[path]
        for other in sorted(self._linked(self.touches[path])):
            if other in self.touches and other != path:
                yield self.touches[other]

    def _linked(self, touch: Touch) -> set[str]:
        """Return the paths of the tickets to which the commit made (or took) a link of the one that it touched."""
        sides = [self._links(touch, oid) for oid in (touch.before[0], touch.after)]
        return {ids.path_of(number) for number in sides[0] ^ sides[1] if ids.is_id(number)}

    def _links(self, touch: Touch, oid: str | None) -> set[str]:
        data = None if oid is None else next(git.blobs(self.desk.repo, [oid]))
        ticket = None if data is None else codec.read(touch.path, data).ticket
        return set() if ticket is None else {link.id for link in ticket.links}

    def beside(self, ticket: Touch) -> Iterator[Touch]:
        """Yield what the commit did in the folder of a ticket's documents."""
        folder = ticket.path.removesuffix(".md") + "/"
        return (touch for touch in self.touches.values() if touch.path.startswith(folder))

    def letters(self, ticket: Touch) -> Iterator[Touch]:
        """Yield what the commit did to letters about a ticket; refuse where it wrote one that has been sent since."""
        number = ids.id_of(ticket.path)
        for touch in self.touches.values():
            if number is None or letter_of(touch.path) != number:
                continue
            if touch.after is not None and self.desk.content(touch.path) is None:
                message = say("{id}: a letter that the commit wrote has been sent: {path}", id=number, path=touch.path)
                raise Refused(
                    "sent", message, say("what was sent cannot be taken back; tk reply {id} writes another", id=number)
                )
            yield touch

    def assure(self, touch: Touch) -> None:
        """Refuse a ticket that was changed since, is edited, or that the actor may not put back."""
        number, desk = ids.id_of(touch.path) or touch.path, self.desk
        since = history.of_path(desk.repo, touch.path, limit=1)[0]
        if since.oid != self.back.oid:
            raise _changed_since(self.policy, number, since)
        held = read_file(desk.repo, touch.path)
        if held != (None if touch.after is None else next(git.blobs(desk.repo, [touch.after]))):
            raise Refused(
                "uncommitted",
                say("{id}: {path} was edited since, and that is not committed", id=number, path=touch.path),
                say("commit the edit, or drop it by git restore {path}", path=touch.path),
            )
        ticket = (None if held is None else codec.read(touch.path, held).ticket) or Ticket(number)
        refusal = undoing.against(self.policy, desk.outside(ticket), ticket, desk.actor, desk.now)
        if refusal is not None:
            raise Refused(refusal.code, refusal.message, refusal.instead)


def _touches(desk: Desk, back: Commit) -> dict[str, Touch]:
    _, touches = next(history.of_range(desk.repo, history.Range((back.oid,), back.parents)))
    return {touch.path: touch for touch in touches}


def _blobs(desk: Desk, touches: Sequence[Touch]) -> dict[str, bytes]:
    names = sorted({oid for touch in touches for oid in (touch.before[0], touch.after) if oid is not None})
    found = zip(names, git.blobs(desk.repo, names), strict=True)
    return {oid: data for oid, data in found if data is not None}


def _latest(desk: Desk, policy: Policy, path: str) -> Commit:
    """Return the latest commit on a ticket, if it is the actor's own and can be taken back."""
    number = ids.id_of(path) or path
    found = history.of_path(desk.repo, path, limit=1)
    if found and _is_own(desk, policy, found[0]):
        return _undoable(desk, number, found[0])
    if any(_is_own(desk, policy, commit) for commit in history.of_path(desk.repo, path)):
        raise _changed_since(policy, number, found[0])
    message = say("{id}: nothing on it was committed by {actor}", id=number, actor=desk.actor.name)
    raise Refused("nothing-to-undo", message, say("tk history {id} tells who changed what", id=number))


def _own_latest(desk: Desk, policy: Policy) -> Commit:
    """Return the actor's latest commit on any ticket."""
    limit, seen = _AT_ONCE, 0
    while len(found := history.of_path(desk.repo, "tickets", limit=limit)) > seen:
        for commit in reversed(found[: len(found) - seen]):
            if _is_own(desk, policy, commit) and any(map(ids.is_ticket_path, _touches(desk, commit))):
                return _undoable(desk, commit.oid[:_SHORT], commit)
        seen, limit = len(found), limit * 10
    message = say("no ticket was committed by {actor}", actor=desk.actor.name)
    raise Refused("nothing-to-undo", message, say("tk undo ID takes back your latest commit on that ticket"))


def _is_own(desk: Desk, policy: Policy, commit: Commit) -> bool:
    return actor_of(policy, commit.email).name == desk.actor.name


def _undoable(desk: Desk, what: str, commit: Commit) -> Commit:
    if len(commit.parents) > 1:
        message = say("{what}: the latest commit is a merge, which undo does not take back", what=what)
        raise Refused("merge", message, say("change by the usual commands what it made wrong"))
    if commit.oid in history.shallow_ends(desk.repo):
        message = say("{what}: this clone is shallow, and what was before is not here", what=what)
        raise Refused("shallow", message, say("git fetch --unshallow brings it"))
    return commit


def _changed_since(policy: Policy, number: str, since: Commit) -> Refused:
    by = actor_of(policy, since.email).name
    at = format_instant(in_zone(since.at, ZoneInfo(policy.desk.zone)))
    message = say(
        "{id}: {by} has changed it since, at {at} ({commit})", id=number, by=by, at=at, commit=since.oid[:_SHORT]
    )
    return Refused("changed-since", message, say("tk history {id} tells what was changed", id=number))
