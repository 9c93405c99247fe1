"""Two tickets that drew one id: both stay, the one whose content has the greater hash under a new id.

The old id becomes its alias; what lies beside it moves along, and tickets that it links name it anew. The new id
follows from the content, so that two clones that part the same twins come to the same. A clone that goes on with the
ticket under its old id finds it again by the alias.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from tk.core import ids
from tk.core.merging.merge import by_time, is_same
from tk.core.ticket import Link, Ticket
from tk.store import codec
from tk.store.merging.joining import join

Version = Callable[[str], bytes | None]
"""Returns what a file of the desk holds in one state of it, None where it is not there."""


class States(NamedTuple):
    """A desk where two sides parted, as we have it, as they have it, and as it is merged so far."""

    base: Version
    ours: Version
    theirs: Version
    now: Version


def are_twins(base: bytes | None, ours: bytes, theirs: bytes) -> bool:
    """Return whether three states of a file are readable, and not all of one ticket."""
    tickets = [codec.read("", data).ticket for data in (base, ours, theirs) if data is not None]
    first = tickets[0]
    return first is not None and all(tickets) and not all(other and is_same(first, other) for other in tickets)


class Parted(NamedTuple):
    """What became of twins: the files of the desk by path, and the new id."""

    files: Mapping[str, bytes | None]
    number: str


def part(states: States, path: str, added: Mapping[str, bytes]) -> Parted | None:
    """Return what becomes of the twins at `path`; None where nothing tells which of them moved.

    `added` are the tickets that either side has new: where one side has parted twins already, the one that moved is
    among them, and what the other did to it meanwhile is joined, the later change standing.
    """
    base, ours, theirs = (version(path) for version in states[:3])
    if ours is None or theirs is None:
        return None
    if base is None:
        loser = max((ours, theirs), key=lambda data: sha256(data).digest())
        holder, winner = (states.ours, theirs) if loser == ours else (states.theirs, ours)
        number = _free(states, path, loser)
        moved = renumbered(path, loser, number)
        return Parted(_moved(states, _Move(path, number, loser, winner, holder), moved), number)
    stayed, holder, usurper = (
        (ours, states.ours, theirs) if not are_twins(None, base, ours) else (theirs, states.theirs, ours)
    )
    found = next((item for item in added.items() if _is_moved(path, base, *item)), None)
    if found is None or are_twins(None, base, stayed):
        return None
    number = ids.id_of(found[0]) or ""
    joined = join(found[0], renumbered(path, base, number), renumbered(path, stayed, number), found[1], by_time)
    if joined is None:
        return None
    return Parted(_moved(states, _Move(path, number, stayed, usurper, holder), joined.data), number)


def renumbered(path: str, data: bytes, number: str) -> bytes:
    """Return a ticket's file with another id, and the old one among its aliases."""
    document = codec.read(path, data)
    ticket = document.ticket
    if ticket is None or ticket.id == number:
        return data
    return codec.edit(document, ticket._replace(id=number, aliases=tuple(dict.fromkeys((*ticket.aliases, ticket.id)))))


class _Move(NamedTuple):
    """A ticket that leaves its path to another: the two files, and the state of the desk that held it."""

    path: str
    number: str
    loser: bytes
    winner: bytes
    holder: Version


def _moved(states: States, move: _Move, data: bytes) -> dict[str, bytes | None]:
    """Return the files by which a ticket moves to its new id, its documents and the links of others with it."""
    loser, winner = (codec.read(move.path, held).ticket for held in (move.loser, move.winner))
    files: dict[str, bytes | None] = {move.path: move.winner, ids.path_of(move.number): data}
    if loser is None or winner is None:
        return files
    kept = {held.file for held in winner.attachments}
    for name in (held.file for held in loser.attachments):
        old = f"{ids.folder_of(loser.id)}/{name}"
        files[f"{ids.folder_of(move.number)}/{name}"] = move.holder(old)
        other = states.theirs if move.holder is states.ours else states.ours
        files[old] = other(old) if name in kept else None
    for link in loser.links:
        if ids.is_id(link.id) and link.id not in {held.id for held in winner.links}:
            files |= _relinked(states, loser, link, move.number)
    return files


def _relinked(states: States, loser: Ticket, link: Link, number: str) -> dict[str, bytes | None]:
    """Return the file of a ticket that a moved one links, naming it by its new id."""
    path = ids.path_of(link.id)
    data = states.now(path)
    document = None if data is None else codec.read(path, data)
    if document is None or document.ticket is None:
        return {}
    links = tuple(Link(held.kind, number if held.id == loser.id else held.id) for held in document.ticket.links)
    if links == document.ticket.links:
        return {}
    return {path: codec.edit(document, document.ticket._replace(links=tuple(dict.fromkeys(links))))}


def _is_moved(path: str, base: bytes, there: str, data: bytes) -> bool:
    """Return whether the ticket at `there` is the one that was `base` at `path` before it moved."""
    was, now = codec.read(path, base).ticket, codec.read(there, data).ticket
    return was is not None and now is not None and was.id in now.aliases and is_same(was, now)


def _free(states: States, path: str, data: bytes) -> str:
    """Return an id of the same day that no ticket has."""
    prefix, day, _ = (ids.id_of(path) or "").rsplit("-", 2)
    seed = int.from_bytes(sha256(data).digest()[:8], "big")
    while True:
        number = f"{prefix}-{day}-{ids.tail_from(seed)}"
        there = ids.path_of(number)
        if all(version(there) is None for version in states):
            return number
        seed += 1
