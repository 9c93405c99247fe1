"""One file that a merge left open, or got wrong, and what becomes of it by what people say."""

from collections.abc import Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.merging.merge import Side
from tk.core.merging.parts import without_doubles
from tk.errors import TkError, say
from tk.store import codec, git
from tk.store.desk import Desk, ticket_of
from tk.store.merging import merge_twins
from tk.store.merging.answers import Answers, Settling, assure_used
from tk.store.merging.joining import InConflict, Joined, Sides, join, marked, sides_of
from tk.store.merging.tree_changes import Leaf
from tk.store.merging.unmerged import States
from tk.store.revision import revise
from tk.store.writing.files import content


class Settled(NamedTuple):
    """One file, by its path from the top: what stands there, what is to, what is still open in it."""

    path: str
    old: bytes | None
    new: bytes | None
    open: InConflict | None = None


def settled(desk: Desk, path: str, waiting: Mapping[str, States], answers: Answers) -> list[Settled]:
    """Return what becomes of the file at `path`, from the top, and of others with it; `waiting` are those in conflict.

    Raises:
        Refused: the law does not allow a value.
        WrongUsage: a value is none.
    """
    repo, states = desk.repo, waiting.get(path)
    old = content(repo.whole(), path)
    inside = path[len(repo.prefix) :] if path.startswith(repo.prefix) else ""
    if not ids.is_ticket_path(inside):
        return [_any_file(desk, path, old, states, answers.side)]
    sides = _sides(desk, inside, old, states)
    are_twins = sides is not None and merge_twins.are_twins(sides.base, sides.ours, sides.theirs)
    if sides is None or are_twins:
        assure_used(ids.id_of(inside) or inside, answers)
    if sides is None:
        kept = old if old is not None else _first(desk, states)
        return [Settled(path, old, None if kept is None else mended(inside, kept))]
    if are_twins:
        return _twins(desk, inside, old, sides, waiting)
    return [_ticket(desk, path, inside, old, sides, answers)]


def _any_file(desk: Desk, path: str, old: bytes | None, states: States | None, side: Side | None) -> Settled:
    """Return what becomes of a file that is no ticket: one side of it, or what people have made of it."""
    sides = None if old is None else sides_of(old)
    _, ours, theirs = states or (None, None, None)
    if side is not None:
        if sides is not None:
            return Settled(path, old, sides.ours if side == "ours" else sides.theirs)
        return Settled(path, old, _blob(desk, ours if side == "ours" else theirs))
    is_untouched = sides is not None or (ours is not None and theirs is not None and old == _blob(desk, ours))
    return Settled(path, old, old, InConflict(path, None) if is_untouched else None)


def _sides(desk: Desk, inside: str, old: bytes | None, states: States | None) -> Sides | None:
    """Return the two states of a ticket in conflict; None where it is in none, or people have settled it by hand."""
    base, ours, theirs = (_blob(desk, leaf) for leaf in states or (None, None, None))
    marked = None if old is None else sides_of(old)
    if marked is not None:
        return marked._replace(base=marked.base if base is None else base)
    if ours is None or theirs is None:
        return None
    by_hand = old is not None and old != ours and codec.read(inside, old).ticket is not None
    return None if by_hand else Sides(ours, theirs, base)


def _first(desk: Desk, states: States | None) -> bytes | None:
    """Return the file of the side that has one, where the other has removed it."""
    found = (_blob(desk, leaf) for leaf in (states or (None, None, None))[1:])
    return next((data for data in found if data is not None), None)


def _blob(desk: Desk, leaf: Leaf | None) -> bytes | None:
    return None if leaf is None else next(git.blobs(desk.repo, [leaf.oid]))


def mended(inside: str, data: bytes) -> bytes:
    """Return a ticket's file with no id twice in its log: what is there twice goes, what only shares an id stays."""
    document = codec.read(inside, data)
    if document.ticket is None:
        return data
    events = without_doubles(document.ticket.events)
    return data if events == document.ticket.events else codec.edit(document, document.ticket._replace(events=events))


def _ticket(desk: Desk, path: str, inside: str, old: bytes | None, sides: Sides, answers: Answers) -> Settled:
    number = ids.id_of(inside) or inside
    settling = Settling(desk, number, answers)
    joined = rejoined(desk, inside, sides, settling)
    if joined is not None:
        assure_used(number, answers, settling.used)
    if joined is None:
        one = None if answers.side is None else sides.ours if answers.side == "ours" else sides.theirs
        return Settled(path, old, old if one is None else one, None if one is not None else InConflict(path, number))
    return Settled(path, old, joined.data, InConflict(path, number, joined.open) if joined.open else None)


def rejoined(desk: Desk, inside: str, sides: Sides, settling: Settling) -> Joined | None:
    """Return a ticket's file joined of its sides by what people say; None where it cannot be read so well.

    Raises:
        Refused: the law does not allow a value.
        WrongUsage: a value is none.
    """
    ours, theirs = mended(inside, sides.ours), mended(inside, sides.theirs)
    while True:
        joined = join(inside, sides.base, ours, theirs, lambda *_: settling)
        if joined is None:
            return None
        try:
            return joined._replace(data=_with_values(desk, inside, joined, settling))
        except TkError as error:
            if not settling.told(error):
                raise


def _with_values(desk: Desk, inside: str, joined: Joined, settling: Settling) -> bytes:
    """Return a ticket's file with values of people's own set, as the law gives it; on both sides of what is open."""
    if not settling.values:
        return joined.data
    sides = sides_of(joined.data) if joined.open else None
    if sides is None:
        return _revised(desk, inside, joined.data, settling)
    return marked(*(_revised(desk, inside, data, settling) for data in (sides.ours, sides.theirs)))


def _revised(desk: Desk, inside: str, data: bytes, settling: Settling) -> bytes:
    document = codec.read(inside, data)
    return revise(desk, desk.reading.usable(), document, settling.actions(ticket_of(document))).new


def _twins(desk: Desk, inside: str, old: bytes | None, sides: Sides, waiting: Mapping[str, States]) -> list[Settled]:
    """Return the files of two tickets that have drawn one id, one of them under another."""
    repo = desk.repo
    path = repo.prefix + inside

    def version(data: bytes | None, number: int) -> merge_twins.Version:
        def there(other: str) -> bytes | None:
            if other == inside:
                return data
            states = waiting.get(repo.prefix + other)
            return content(repo, other) if states is None else _blob(desk, states[number])

        return there

    states = (version(sides.base, 0), version(sides.ours, 1), version(sides.theirs, 2), version(old, 1))
    found = merge_twins.part(merge_twins.States(*states), inside, {})
    if found is None:
        return [Settled(path, old, old, InConflict(path, ids.id_of(inside)))]
    message = say(
        "{old}: two tickets had drawn this id; one of them is now {new}", old=ids.id_of(inside), new=found.number
    )
    desk.remark(message)
    return [Settled(repo.prefix + there, content(repo, there), data) for there, data in found.files.items()]
