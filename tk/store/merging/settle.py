"""One file that a merge left open, or got wrong, and what becomes of it by what people say."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from tk.core import ids, plan
from tk.core.action import Action
from tk.core.merging.merge import ASSIGNMENT, STANDING, Choose, Conflict, Side
from tk.core.merging.parts import without_doubles
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.errors import say
from tk.store import codec, git
from tk.store.desk import Desk, ticket_of
from tk.store.merging import merge_twins
from tk.store.merging.joining import InConflict, Sides, join, sides_of
from tk.store.merging.tree_changes import Leaf
from tk.store.merging.unmerged import States
from tk.store.revision import revise
from tk.store.writing.files import content


class Given(NamedTuple):
    """A value of one's own for what is in conflict, in people's words."""

    text: str


Ask: TypeAlias = Callable[[str, Conflict], "Side | Given | None"]
"""Asks a person about a conflict of the ticket with an id: a side, a value, or None where it is to stay open."""


def never(_: str, __: Conflict) -> None:
    """Ask nobody."""


class Answers(NamedTuple):
    """What is said beforehand: the side that is right in all that is open, values by key; `ask` is for the rest."""

    side: Side | None = None
    values: Mapping[str, str] = {}
    ask: Ask = never


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
    if sides is None:
        kept = old if old is not None else _first(desk, states)
        return [Settled(path, old, None if kept is None else mended(inside, kept))]
    if merge_twins.are_twins(sides.base, sides.ours, sides.theirs):
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
    given: dict[str, str] = {}
    ours, theirs = mended(inside, sides.ours), mended(inside, sides.theirs)
    joined = join(inside, sides.base, ours, theirs, lambda *_: _choosing(number, answers, given))
    if joined is None:
        one = None if answers.side is None else sides.ours if answers.side == "ours" else sides.theirs
        return Settled(path, old, old if one is None else one, None if one is not None else InConflict(path, number))
    if joined.open:
        return Settled(path, old, joined.data, InConflict(path, number, joined.open))
    return Settled(path, old, _with_values(desk, inside, joined.data, given or dict(answers.values)))


def _choosing(number: str, answers: Answers, given: dict[str, str]) -> Choose:
    """Return what settles a ticket's conflicts, each once; values that are neither side's are noted in `given`."""
    chosen: dict[str, Side | None] = {}

    def choose(conflict: Conflict) -> Side | None:
        if conflict.label not in chosen:
            chosen[conflict.label] = answer(conflict)
        return chosen[conflict.label]

    def answer(conflict: Conflict) -> Side | None:
        values = {key: answers.values[key] for key in _keys(conflict) if key in answers.values}
        if values:
            given.update(values)
            return next((side for side in _SIDES if _has(conflict, side, values)), "ours")
        if answers.side is not None:
            return answers.side
        said = answers.ask(number, conflict)
        if not isinstance(said, Given):
            return said
        given[conflict.key] = said.text
        return next((side for side in _SIDES if _has(conflict, side, {conflict.key: said.text})), "ours")

    return choose


_SIDES: tuple[Side, Side] = ("ours", "theirs")


def _keys(conflict: Conflict) -> tuple[str, ...]:
    """Return the keys that a person may give a value for."""
    if conflict.key == STANDING[0]:
        return ("status", "priority")
    return ASSIGNMENT if conflict.key == ASSIGNMENT[0] else (conflict.key,)


def _has(conflict: Conflict, side: Side, values: Mapping[str, str]) -> bool:
    """Return whether a side has the values given."""
    held = conflict.ours if side == "ours" else conflict.theirs
    parts = {conflict.key: held}
    if conflict.key in (STANDING[0], ASSIGNMENT[0]):
        keys = STANDING if conflict.key == STANDING[0] else ASSIGNMENT
        parts = dict(zip(keys, held, strict=True))
    return all(str(parts.get(key) or "") == text for key, text in values.items())


def _with_values(desk: Desk, inside: str, data: bytes, values: Mapping[str, str]) -> bytes:
    """Return a ticket's file with values set, if the law allows that."""
    if not values:
        return data
    policy = desk.reading.usable()
    document = codec.read(inside, data)
    actions = list(_actions(desk, policy, ticket_of(document), values))
    return revise(desk, policy, document, actions).new


def _actions(desk: Desk, policy: Policy, ticket: Ticket, values: Mapping[str, str]) -> list[Action]:
    actions: list[Action] = []
    for key, text in values.items():
        if key == "status":
            to = plan.next_status(policy, ticket, text)
            actions += [Action("advance", "", to)] if to != ticket.status else []
        elif key in ASSIGNMENT:
            to_whom = plan.assignee(policy, text, desk.actor.handle, ticket)
            actions += [Action("assign", "", to_whom)] if to_whom != (ticket.owner, ticket.team) else []
        else:
            actions += plan.sets(policy, ticket, [f"{key}={text}"])
    return actions


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
