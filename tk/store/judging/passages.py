"""What passes between two clones: what became of tickets, and of what the policy governs, from one state to another.

A ticket that had drawn another's id and was given one of its own is the same ticket before and after; the other of the
two is new to whoever did not have it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action
from tk.core.law.difference import derive
from tk.core.merging.merge import is_same
from tk.core.policy import Policy
from tk.core.review.governed import FOLDERS, POLICY, is_governed
from tk.core.ticket import Link, Ticket
from tk.store import codec
from tk.store.index_changes import TICKETS
from tk.store.judging.outcome import FileChange, TicketChange, file_change
from tk.store.merging.tree_changes import changes, contents
from tk.store.repo import Repo

Contents = Mapping[str, tuple[bytes | None, bytes | None]]
"""What files of the desk hold before and after, by path; None where there is none."""


class Passage(NamedTuple):
    """What became of one ticket, and the actions that lead to it."""

    change: TicketChange
    actions: tuple[Action, ...]


class Passed(NamedTuple):
    """What became of tickets, and of what the policy governs.

    `renamed` tells of tickets that had drawn another's id: the old one and the new.
    """

    tickets: tuple[Passage, ...] = ()
    files: tuple[FileChange, ...] = ()
    renamed: Mapping[str, str] = {}


def between(repo: Repo, before: str, after: str) -> Contents:
    """Return the tickets and the files that the policy governs in which two commits or trees differ."""
    if before == after:
        return {}
    steps = changes(repo, before, after, *(f"{repo.prefix}{place}" for place in (POLICY, *FOLDERS, TICKETS)))
    told = {path[len(repo.prefix) :]: step for path, step in steps.items()}
    told = {path: step for path, step in told.items() if ids.is_ticket_path(path) or is_governed(path)}
    blobs = contents(repo, (leaf for step in told.values() for leaf in step))
    return {
        path: (blobs.get(step.before.oid) if step.before else None, blobs.get(step.after.oid) if step.after else None)
        for path, step in told.items()
    }


def passed(policy: Policy, found: Contents) -> Passed:
    """Return what became of the tickets and files that differ, in order of their paths."""
    files = (file_change(policy, path, *found[path]) for path in sorted(found) if is_governed(path))
    read = {path: _read(path, *pair) for path, pair in sorted(found.items()) if ids.is_ticket_path(path)}
    homes = {path: home for path, change in read.items() if (home := _home(read, change)) is not None}
    numbers = {read[home].ticket: read[path].ticket for path, home in homes.items()}
    tickets = []
    for path, change in read.items():
        before = read[homes[path]].before if path in homes else None if path in homes.values() else change.before
        renamed = None if before is None or change.after is None else _renamed(before, change.after, numbers)
        if renamed is not None and renamed == change.after and before != renamed:
            continue  # only its id changed, or one that it names
        told = change._replace(before=renamed if change.after is not None else before)
        actions = () if change.after is None or change.mended else derive(policy, told.before, change.after)
        tickets.append(Passage(told, actions))
    return Passed(tuple(tickets), tuple(files), numbers)


def _read(path: str, old: bytes | None, new: bytes | None) -> TicketChange:
    """Return the ticket at a path before and after; what became of it is for `derive` to say."""
    before = None if old is None else codec.read(path, old).ticket
    document = None if new is None else codec.read(path, new)
    if document is None or document.ticket is None:
        return TicketChange(path, before, None, None, broken=None if document is None else document.findings[0])
    return TicketChange(path, before, document.ticket, None, mended=old is not None and before is None)


def _home(read: Mapping[str, TicketChange], change: TicketChange) -> str | None:
    """Return the path that a ticket left to its twin, which drew the same id; None where it left none so."""
    if change.before is not None or change.after is None or change.mended:
        return None
    for alias in change.after.aliases:
        twin = read.get(ids.path_of(alias)) if ids.is_id(alias) else None
        was, now = (None, None) if twin is None else (twin.before, twin.after)
        if was is not None and now is not None and is_same(was, change.after) and not is_same(was, now):
            return ids.path_of(alias)
    return None


def _renamed(before: Ticket, after: Ticket, numbers: Mapping[str, str]) -> Ticket:
    """Return a ticket as it was before, under the id that it has after, and with the new ids of those that it links."""
    if before.id in numbers and numbers[before.id] == after.id:
        before = before._replace(id=after.id, aliases=after.aliases)
    gone = [link for link in before.links if link.id in numbers and link not in after.links]
    if not gone:
        return before
    links = dict.fromkeys(Link(link.kind, numbers[link.id]) if link in gone else link for link in before.links)
    return before._replace(links=after.links if set(links) == set(after.links) else tuple(links))
