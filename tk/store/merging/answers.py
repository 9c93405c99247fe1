"""Who settles what a merge left open in a ticket: what was said beforehand, what people answer, values of their own.

Nothing is chosen that nobody said. The keys of a group change together, but each that the sides have otherwise is in
question: values that leave one of them out settle nothing.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple, TypeAlias

from tk.core import plan
from tk.core.action import Action, Assignment
from tk.core.merging.merge import ASSIGNMENT, STANDING, Choose, Conflict, Side, nobody
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.values import choose, parse
from tk.errors import TkError, WrongUsage, say
from tk.store.desk import Desk


class Given(NamedTuple):
    """A value of one's own for what is in conflict, in people's words."""

    text: str


Ask: TypeAlias = Callable[[str, Conflict], "Side | Given | None"]
"""Asks a person about a conflict of the ticket with an id: a side, a value, or None where it is to stay open."""


def never(_: str, __: Conflict) -> None:
    """Ask nobody."""


def silent(_: TkError) -> None:
    """Tell nobody."""


class Answers(NamedTuple):
    """What is said beforehand: the side that is right in all that is open, values by key; `ask` is for the rest.

    Whoever is asked is told by `tell` what is wrong with an answer, and asked again.
    """

    side: Side | None = None
    values: Mapping[str, str] = {}
    ask: Ask = never
    tell: Callable[[TkError], None] = silent


_SIDES: tuple[Side, Side] = ("ours", "theirs")


class Settling:
    """The conflicts of one ticket being settled, each once; `decided` has those that were settled beforehand.

    What is neither side's is noted, to be asked of the law once the sides are joined.
    """

    def __init__(self, desk: Desk, number: str, answers: Answers, decided: Choose = nobody) -> None:
        self._desk = desk
        self._number = number
        self._answers = answers
        self._decided = decided
        self._chosen: dict[str, Side | None] = {}
        self._own: dict[str, dict[str, str]] = {}
        self._asked: set[str] = set()
        self._used: set[str] = set()

    @property
    def _policy(self) -> Policy:
        return self._desk.reading.usable()

    def __call__(self, conflict: Conflict) -> Side | None:
        """Return the side that is right, None where that is to stay open."""
        if conflict.label not in self._chosen:
            self._chosen[conflict.label] = self._answer(conflict)
        return self._chosen[conflict.label]

    @property
    def values(self) -> dict[str, str]:
        """The values that neither side has, by key."""
        return {key: text for values in self._own.values() for key, text in values.items()}

    @property
    def used(self) -> frozenset[str]:
        """The keys of the values given beforehand that were in question."""
        return frozenset(self._used)

    def told(self, error: TkError) -> bool:
        """Tell people what is wrong with the values that they answered, to be asked again; False where nobody did."""
        again = self._asked & self._own.keys()
        if again:
            self._answers.tell(error)
        for label in again:
            del self._chosen[label], self._own[label]
        return bool(again)

    def _answer(self, conflict: Conflict) -> Side | None:
        given = {key: text for key, text in self._answers.values.items() if key in _keys(conflict)}
        self._used.update(given)
        if given:
            return self._by_values(conflict, given)
        return self._decided(conflict) or self._answers.side or self._by_asking(conflict)

    def _by_asking(self, conflict: Conflict) -> Side | None:
        while True:
            said = self._answers.ask(self._number, conflict)
            if not isinstance(said, Given):
                return said
            self._asked.add(conflict.label)
            try:
                values = _understood(self._policy, conflict, said.text)
                side = self._by_values(conflict, values)
            except WrongUsage as error:
                self._answers.tell(error)
                continue
            if side is not None:
                return side
            self._answers.tell(self._too_little(conflict, values))

    def _by_values(self, conflict: Conflict, given: Mapping[str, str]) -> Side | None:
        """Return the side that has the values given, or the nearer one, the values noted; None where they are too few.

        Raises:
            WrongUsage: one is no value of this desk.
        """
        wanted = self._wanted(conflict, given)
        sides = {side: _parts(conflict, side) for side in _SIDES}
        open_keys = [key for key in sides["ours"] if sides["ours"][key] != sides["theirs"][key]]
        if conflict.key == STANDING[0] and any(key not in wanted for key in open_keys):
            return None
        agreeing = {side: sum(sides[side].get(key) == value for key, value in wanted.items()) for side in _SIDES}
        best: Side = "theirs" if agreeing["theirs"] > agreeing["ours"] else "ours"
        if agreeing[best] < len(wanted) or agreeing["ours"] == agreeing["theirs"]:
            self._own[conflict.label] = dict(given)
        return best

    def _wanted(self, conflict: Conflict, given: Mapping[str, str]) -> dict[str, object]:
        """Return the values given as a ticket holds them; a person or a team, of whoever has it."""
        if conflict.key != ASSIGNMENT[0]:
            status = {"status": choose(self._policy.statuses, given["status"], "status")} if "status" in given else {}
            return {**{key: parse(self._policy, key, text) for key, text in given.items() if key != "status"}, **status}
        wanted: dict[str, object] = {}
        for text in given.values():
            held = plan.assignee(self._policy, text, self._desk.actor.handle, Ticket(""))
            wanted |= {key: value for key, value in zip(ASSIGNMENT, held, strict=True) if value is not None}
            wanted.setdefault("owner", None)
        return wanted

    def _too_little(self, conflict: Conflict, given: Mapping[str, str]) -> WrongUsage:
        missing = next(key for key in _parts(conflict, "ours") if key not in given)
        return WrongUsage(
            say("{id}: {key} is in question too", id=self._number, key=missing),
            say("give both, such as =solved / high"),
        )

    def actions(self, ticket: Ticket) -> list[Action]:
        """Return the actions by which the ticket comes to the values of people's own."""
        actions: list[Action] = []
        for key, text in self.values.items():
            if key == "status":
                to = plan.next_status(self._policy, ticket, text)
                actions += [Action("advance", "", to)] if to != ticket.status else []
            elif key in ASSIGNMENT:
                to_whom = plan.assignee(self._policy, text, self._desk.actor.handle, ticket)
                actions += [Action("assign", "", to_whom)] if to_whom != Assignment(ticket.owner, ticket.team) else []
            else:
                actions += plan.sets(self._policy, ticket, [f"{key}={text}"])
        return actions


def assure_used(number: str, answers: Answers, used: Container[str] = ()) -> None:
    """Raise WrongUsage where a value was given for what is not in question in the ticket `number`."""
    left = next((key for key in answers.values if key not in used), None)
    if left is not None:
        message = say("{id}: {key} is not in question", id=number, key=left)
        raise WrongUsage(message, say("`tk resolve {id}` says what is; `tk set` changes the rest", id=number))


def _keys(conflict: Conflict) -> tuple[str, ...]:
    """Return the keys that a person may give a value for; none for an entry of a map or of the log."""
    if conflict.key == STANDING[0]:
        return ("status", "priority")
    if conflict.key == ASSIGNMENT[0]:
        return ASSIGNMENT
    return () if conflict.name or conflict.key == "events" else (conflict.key,)


def _parts(conflict: Conflict, side: Side) -> dict[str, Any]:
    """Return what a side has of that, by key."""
    held = conflict.ours if side == "ours" else conflict.theirs
    groups = {STANDING[0]: STANDING, ASSIGNMENT[0]: ASSIGNMENT}
    group = groups.get(conflict.key)
    parts = {conflict.key: held} if group is None else dict(zip(group, held, strict=True))
    return {key: parts.get(key) for key in _keys(conflict)}


def _understood(policy: Policy, conflict: Conflict, text: str) -> dict[str, str]:
    """Return what people answered as values by key: of a group, names in any order with a stroke between."""
    if conflict.key == ASSIGNMENT[0]:
        return {"owner": text}
    if conflict.key != STANDING[0]:
        keys = _keys(conflict)
        if not keys:
            raise WrongUsage(say("only one side or the other can be right here"), say("answer o or t"))
        return {keys[0]: text}
    values: dict[str, str] = {}
    for word in filter(None, (part.strip() for part in text.split("/"))):
        is_priority = policy.statuses.find(word) is None and policy.priorities.find(word) is not None
        values["priority" if is_priority else "status"] = word
    return values
