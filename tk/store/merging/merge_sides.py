"""What a merge commit made a ticket of, for those who judge it: its sides, wherever they lay, come together.

A ticket lies in each parent at its path, but for one of two that had drawn one id: the merge that parts them finds it
there under the old id, and so does one that joins work on the ticket under its old id.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.merging.merge import is_same, joined
from tk.core.ticket import Link, Ticket
from tk.errors import Message, say
from tk.store import codec, git, history
from tk.store.history import Commit
from tk.store.merging.joining import sides_of
from tk.store.repo import Repo
from tk.store.touches import Touch


class Merging(NamedTuple):
    """A merge commit, and the tickets that it touched as it left them, by path."""

    repo: Repo
    commit: Commit
    made: Mapping[str, Ticket]


def merging(repo: Repo, commit: Commit, touches: Iterable[Touch], blobs: Mapping[str, bytes]) -> Merging | None:
    """Return the commit as a merge, None where it is none; `blobs` are what files hold."""
    if len(commit.parents) < 2:
        return None
    made = {}
    for touch in touches:
        data = None if touch.after is None else blobs.get(touch.after)
        ticket = None if data is None else codec.read(touch.path, data).ticket
        if ticket is not None and ids.is_ticket_path(touch.path):
            made[touch.path] = ticket
    return Merging(repo, commit, made)


def began(merge: Merging, base: Ticket | None, sides: Sequence[Ticket], after: Ticket) -> Ticket | None:
    """Return what the sides of a ticket come to by themselves; None where no side has it."""
    own = [side for side in sides if is_same(side, after)]
    start = base if base is not None and is_same(base, after) else None
    for number in filter(ids.is_id, after.aliases if len(own) < len(merge.commit.parents) else ()):
        moved = _moved(merge, merge.commit.parents, number, after)
        own += moved
        origin = history.base_of(merge.repo, merge.commit.parents) if moved and start is None else None
        start = start or next(iter(_moved(merge, [origin] if origin else [], number, after)), None)
    if not own:
        return next(iter(sides), None)
    return _with_papers(merge, _relinked(merge, joined(start, own, after), after), after)


def unmarked(path: str, data: bytes, after: Ticket) -> Ticket | None:
    """Return what the two sides between the conflict markers of a committed file come to; None where there are none."""
    sides = sides_of(data)
    if sides is None:
        return None
    ours, theirs = (codec.read(path, side).ticket for side in (sides.ours, sides.theirs))
    base = None if sides.base is None else codec.read(path, sides.base).ticket
    return None if ours is None or theirs is None else joined(base, [ours, theirs], after)


def dropped(merge: Merging | None, sides: Sequence[Ticket | None], after: Ticket) -> list[Message]:
    """Return a sentence about each ticket that had the same id and that the merge kept nowhere."""
    lost = [side for side in sides if side is not None and not is_same(side, after)]
    made = () if merge is None else merge.made.values()
    return [
        say("{id}: the other ticket of this id, by {creator}, is gone", id=after.id, creator=side.creator)
        for side in (lost if merge is not None else ())
        if not any(side.id in other.aliases and is_same(side, other) for other in made)
    ]


def _moved(merge: Merging, revisions: Sequence[str], number: str, after: Ticket) -> list[Ticket]:
    """Return the states in which commits have a ticket under its old id, as they would be under the new."""
    path = ids.path_of(number)
    found = []
    for data in git.blobs(merge.repo, [f"{revision}:{merge.repo.prefix}{path}" for revision in revisions]):
        ticket = None if data is None else codec.read(path, data).ticket
        if ticket is not None and is_same(ticket, after):
            found.append(ticket._replace(id=after.id, aliases=tuple(dict.fromkeys((*ticket.aliases, number)))))
    return found


def _relinked(merge: Merging, began: Ticket, after: Ticket) -> Ticket:
    """Return a ticket that names those it links as the merge has them, under the ids that they moved to.

    A link that the merge kept was to the ticket that kept the id: the two sides may have linked one twin each.
    """
    moved = {number: other.id for other in merge.made.values() for number in other.aliases}
    now = {link: Link(link.kind, moved.get(link.id, "")) for link in began.links if link not in after.links}
    links = tuple(now[link] if now.get(link) in after.links else link for link in began.links)
    return began._replace(links=tuple(dict.fromkeys(links)))


def _with_papers(merge: Merging, began: Ticket, after: Ticket) -> Ticket:
    """Return a ticket with those documents that a side attached under a name that another had taken, too."""
    folder = ids.folder_of(after.id) if ids.is_id(after.id) else ""
    named = [held for held in after.attachments if folder and held not in began.attachments]
    held = [history.blob_of(merge.repo, merge.commit.oid, f"{folder}/{paper.file}") for paper in named]
    theirs = {
        history.blob_of(merge.repo, parent, f"{folder}/{paper.file}")
        for parent in (merge.commit.parents if named else ())
        for paper in began.attachments
    }
    came = tuple(paper for paper, blob in zip(named, held, strict=True) if blob is not None and blob in theirs)
    papers = (*began.attachments, *came)
    return began._replace(attachments=after.attachments if set(papers) == set(after.attachments) else papers)
