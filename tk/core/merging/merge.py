"""Merging tickets by meaning: what two sides made of one, joined so that nothing either did is dropped.

A part that one side changed is as that side has it. Parts are the fields, one by one, but for two groups that are
changed together: where the ticket stands with its clocks, and who has it. Lists of things that come and go, and maps,
are joined entry by entry; the log is a union in time order; the description is joined by lines. What both sides
changed, each in its own way, is a conflict, unless one of them comes after the other in the nature of the thing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from tk.core.merging.parts import LONG_AGO, alike, merged_log, merged_map, merged_set, merged_times, settled
from tk.core.merging.weave import Strand, is_choice, weave
from tk.core.ticket import KEYS, Attachment, Ticket, keeps_order, value_of, with_value

STANDING = ("status", "status-since", "priority", "due", "target", "paused", "breached")
"""The keys that change together, since each follows from the others; a conflict of them is one of `status`."""

ASSIGNMENT = ("owner", "team")
"""The keys of whoever has the ticket, which every assignment sets both; a conflict of them is one of `owner`."""

CLOCKS = ("due", "target", "paused", "breached")
"""The maps of the standing that have an entry a clock."""

_SETS = ("aliases", "tags", "links")
_MAPS = ("fired", "requests", "approvals")
_TIMES = ("updated", "activity")
_ALONE = frozenset(KEYS) - {*STANDING, *ASSIGNMENT, *_SETS, *_MAPS, *_TIMES, "attachments"}

Side: TypeAlias = Literal["ours", "theirs"]
"""One of the two that are merged."""


class Conflict(NamedTuple):
    """A part of a ticket that both sides changed, each in its own way.

    `key` is the field, or the first of a group, `description`, or `events`; `name` the entry of a map, the file of an
    attachment, the id of an event. `origin`, `ours` and `theirs` are the part's values, of a group a tuple of them.
    """

    key: str
    name: str
    origin: Any
    ours: Any
    theirs: Any

    @property
    def label(self) -> str:
        """What people call it: `title`, `requests.type`, `events.e-k3q9`."""
        return f"{self.key}.{self.name}" if self.name else self.key


Choose: TypeAlias = Callable[[Conflict], Side | None]
"""Says which side is right in a conflict, None where that is to stay open."""


class Merged(NamedTuple):
    """What a merge came to; in what is still open the ticket is as it was before both sides."""

    ticket: Ticket
    open: tuple[Conflict, ...]


Settle: TypeAlias = Callable[[Ticket, Ticket], Choose]
"""Says who chooses between two states of a ticket, ours and theirs."""


def nobody(_: Conflict) -> None:
    """Leave every conflict open."""


def ask(_: Ticket, __: Ticket) -> Choose:
    """Leave every conflict to people."""
    return nobody


def by_time(ours: Ticket, theirs: Ticket) -> Choose:
    """Let the later side stand in every conflict."""
    return always(later(ours, theirs))


def always(side: Side) -> Choose:
    """Return what takes one side in every conflict."""
    return lambda _: side


def later(ours: Ticket, theirs: Ticket) -> Side:
    """Return the side that was `updated` later; of two updated at once, the one whose standing sorts behind."""
    mine, yours = (_rank(ticket) for ticket in (ours, theirs))
    return "ours" if mine >= yours else "theirs"


def is_same(one: Ticket, other: Ticket) -> bool:
    """Return whether two tickets of one id are states of one ticket, and not two that drew the same id."""
    return (one.created, one.creator) == (other.created, other.creator)


def merge(base: Ticket | None, ours: Ticket, theirs: Ticket, choose: Choose = nobody) -> Merged:
    """Return what both sides made of `base`, the ticket where they parted; None where they have none in common."""
    origin = base or Ticket(ours.id)
    if theirs in (ours, origin):
        return Merged(ours, ())
    if ours == origin:
        return Merged(theirs, ())
    merging = _Merging(origin, ours, theirs, choose)
    return Merged(merging.ticket(), tuple(merging.open))


def joined(base: Ticket | None, sides: Sequence[Ticket], found: Ticket) -> Ticket:
    """Return what a merge of `sides`, which parted at `base`, began from before anybody changed more.

    Where the sides disagree, `found`, the ticket that the merge made, is right if it took one of them; so is its order
    of things that have none, and of events as long as those of each side keep theirs. So what differs between the
    result and `found` is what the merge did on its own account.
    """
    ticket = sides[0]
    texts: list[Conflict] = []
    for side in sides[1:]:
        ticket = merge(base, ticket, side, _or_ours(decided_by(found), texts)).ticket
    for key in (*_SETS, "attachments"):
        held, made = _group(ticket, (key,))[0], _group(found, (key,))[0]
        if sorted(held, key=repr) == sorted(made, key=repr):
            ticket = with_value(ticket, key, made)
    ids = {event.id for event in ticket.events}
    known = [event for event in found.events if event.id in ids]
    if sorted(known, key=repr) == sorted(ticket.events, key=repr) and all(keeps_order(s.events, known) for s in sides):
        ticket = ticket._replace(events=tuple(known))
    is_chosen = len(sides) == 2 and any(is_choice(text.ours, text.theirs, found.description) for text in texts)
    return ticket._replace(description=found.description) if is_chosen else ticket


def decided_by(found: Ticket) -> Choose:
    """Return what takes the side that `found`, a merge of both, took in a conflict; None where it took neither."""

    def choose(conflict: Conflict) -> Side | None:
        part = _part(found, conflict)
        return "theirs" if part == conflict.theirs else "ours" if part == conflict.ours else None

    return choose


def _or_ours(choose: Choose, texts: list[Conflict]) -> Choose:
    """Return what takes ours where `choose` takes neither, and notes in `texts` the conflicts of descriptions."""

    def either(conflict: Conflict) -> Side:
        if conflict.key == "description":
            texts.append(conflict)
        return choose(conflict) or "ours"

    return either


def _part(ticket: Ticket, conflict: Conflict) -> Any:
    """Return what a ticket has of the part that a conflict is about."""
    for keys in (STANDING, ASSIGNMENT):
        if conflict.key == keys[0]:
            return _group(ticket, keys)
    if conflict.key == "events":
        return next((event for event in ticket.events if event.id == conflict.name), None)
    if conflict.key == "attachments":
        return _by_file(ticket.attachments).get(conflict.name)
    if conflict.key == "description":
        return ticket.description
    value = value_of(ticket, conflict.key)
    return value.get(conflict.name) if conflict.name and isinstance(value, Mapping) else value


def _group(ticket: Ticket, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(ticket.events if key == "events" else value_of(ticket, key) for key in keys)


def _by_file(attachments: Sequence[Attachment]) -> dict[str, Attachment]:
    return {held.file: held for held in attachments}


def _clock(standing: Sequence[Any], name: str) -> tuple[Any, ...]:
    return tuple(clocks.get(name) for clocks in standing[-len(CLOCKS) :])


def _rank(ticket: Ticket) -> tuple[datetime, str]:
    standing = (sorted(value.items()) if isinstance(value, Mapping) else value for value in _group(ticket, STANDING))
    return ticket.updated or LONG_AGO, repr(tuple(standing))


def _lines(strands: Sequence[Strand], side: Side) -> str:
    """Return woven lines as text, one side's in what is open."""
    return "\n".join(line for strand in strands for line in strand.of(side))


class _Merging:
    """One merge: the three states of the ticket, who settles conflicts, and those that stay open."""

    def __init__(self, origin: Ticket, ours: Ticket, theirs: Ticket, choose: Choose) -> None:
        self._states = (origin, ours, theirs)
        self._choose = choose
        self._later = later(ours, theirs)
        self.open: list[Conflict] = []

    def ticket(self) -> Ticket:
        """Return the merged ticket."""
        ticket = self._states[0]
        origin, *sides = self._states
        new = {key for held in sides for key in held.fields} - {*origin.fields}
        for key in (*KEYS, *origin.fields, *sorted(new)):
            if key in _ALONE or key not in KEYS:
                ticket = with_value(ticket, key, self._three(key, "", *self._values(key)))
        for key in _SETS:
            ticket = with_value(ticket, key, merged_set(*self._values(key)))
        for key in _MAPS:
            ticket = with_value(ticket, key, merged_map(*self._values(key), self._entry(key)))
        groups = ((STANDING, self._standing()), (ASSIGNMENT, self._assignment()), (_TIMES, self._times()))
        for key, value in (pair for keys, values in groups for pair in zip(keys, values, strict=True)):
            ticket = with_value(ticket, key, value)
        return ticket._replace(
            attachments=self._attachments(),
            events=merged_log(*self._values("events"), self._entry("events")),
            description=self._description(),
        )

    def _values(self, *keys: str) -> tuple[Any, Any, Any]:
        """Return what is under a key in the three states; under several, a tuple of each."""
        origin, ours, theirs = (_group(held, keys) for held in self._states)
        return (origin, ours, theirs) if len(keys) > 1 else (origin[0], ours[0], theirs[0])

    def _three(self, key: str, name: str, origin: Any, ours: Any, theirs: Any) -> Any:
        """Return what a part becomes: as the side that changed it has it, or the one that is chosen."""
        if theirs in (ours, origin):
            return ours
        return theirs if ours == origin else self._chosen(Conflict(key, name, origin, ours, theirs))

    def _chosen(self, conflict: Conflict) -> Any:
        side = self._choose(conflict)
        if side is None:
            self.open.append(conflict)
            return conflict.origin
        return conflict.ours if side == "ours" else conflict.theirs

    def _entry(self, key: str) -> Callable[[str, Any, Any, Any], Any]:
        """Return what merges an entry of the map, or of the log, under a key."""

        def three(name: str, origin: Any, ours: Any, theirs: Any) -> Any:
            stands = None if origin in (ours, theirs) or ours == theirs else settled(key, ours, theirs)
            return self._three(key, name, origin, ours, theirs) if stands is None else stands

        return three

    def _attachments(self) -> tuple[Attachment, ...]:
        origin, ours, theirs = self._values("attachments")
        same = alike(origin, ours, theirs)
        if same is not None:
            return tuple(same)
        entries = merged_map(_by_file(origin), _by_file(ours), _by_file(theirs), self._entry("attachments"))
        return tuple(entries.values())

    def _standing(self) -> tuple[Any, ...]:
        origin, ours, theirs = self._values(*STANDING)
        if alike(origin, ours, theirs) is not None or (ours[0], ours[2]) != (theirs[0], theirs[2]):
            return tuple(self._three(STANDING[0], "", origin, ours, theirs))
        status, since, priority = (self._or_later(origin[n], ours[n], theirs[n]) for n in range(3))
        known = dict.fromkeys(name for clocks in origin[3:] for name in clocks)
        new = {name for held in (ours, theirs) for clocks in held[3:] for name in clocks} - {*known}
        names = (*known, *sorted(new))  # in an order that does not tell who merges
        clocks = {name: self._or_later(*(_clock(held, name) for held in (origin, ours, theirs))) for name in names}
        maps = ({name: clock[n] for name, clock in clocks.items() if clock[n] is not None} for n in range(len(CLOCKS)))
        return (status, since, priority, *maps)

    def _or_later(self, origin: Any, ours: Any, theirs: Any) -> Any:
        """Return what a part of the standing becomes where both sides came to the same status and priority."""
        if theirs in (ours, origin):
            return ours
        return theirs if ours == origin or self._later == "theirs" else ours

    def _assignment(self) -> tuple[Any, ...]:
        return tuple(self._three(ASSIGNMENT[0], "", *self._values(*ASSIGNMENT)))

    def _times(self) -> tuple[Any, ...]:
        return merged_times(*self._values(*_TIMES))

    def _description(self) -> str:
        origin, ours, theirs = (held.description for held in self._states)
        same = alike(origin, ours, theirs)
        if same is not None:
            return same
        strands = weave(*(text.split("\n") for text in (origin, ours, theirs)))
        mine, yours = _lines(strands, "ours"), _lines(strands, "theirs")
        return mine if mine == yours else str(self._chosen(Conflict("description", "", origin, mine, yours)))
