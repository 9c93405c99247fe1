"""A map read the other way: what the words of a desk are in the file that the map speaks of.

Where several words come to the same, the way back leads to the first of them; an event keeps as facts what would be
told otherwise (`activity`, `who`), so that a log goes out as it came in.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tk.core.instant import format_instant
from tk.core.policy import Policy
from tk.core.review.done import Done
from tk.core.ticket import Event, Ticket, value_of
from tk.errors import WrongUsage, say
from tk.exchange.log import Line, Log
from tk.exchange.mapping import Map

ACTIVITY, WHO = "activity", "who"
"""The facts of an event that keep a word of the file."""


class Inverse:
    """The way back from a desk's words to those of a file."""

    def __init__(self, held: Map, policy: Policy) -> None:
        self._map = held
        self._policy = policy
        self._activities: dict[str, str] = {}
        for word in held.activities:
            found = held.activity(word)
            key = None if found is None or found.log is None else policy.events.find(found.log)
            self._activities.setdefault(key or "", word)
        self._people: dict[str, str] = {}
        for word, target in held.people.items():
            person = policy.person_of(target)
            handle = policy.people.find(target) or (target if person is None else person.key)
            self._people.setdefault(handle, word)
        self._values = {key: {value: word for word, value in reversed(w.items())} for key, w in held.values.items()}

    def activity(self, kind: str) -> str:
        """Return the activity that events of a type were."""
        return self._activities.get(kind) or self._policy.events.label(kind, self._policy.desk.language)

    def who(self, by: str) -> str:
        """Return the word for whoever a log calls `by`."""
        if by in self._people:
            return self._people[by]
        person = self._policy.people.entries.get(by)
        return by if person is None else next(iter(person.labels.values()), by)

    def value(self, ticket: Ticket, key: str) -> str:
        """Return the word for what a ticket has under a key, "" where it has nothing."""
        held: object = ticket.description if key == "description" else value_of(ticket, key)
        if held is None:
            return ""
        text = (", " if key == "tags" else "/").join(held) if isinstance(held, tuple) else str(held)
        return self._values.get(key, {}).get(text, text)


def mapped(done: Iterable[Done], held: Map, policy: Policy) -> Log:
    """Return the events of all logs as the file that a map speaks of would tell them.

    Raises:
        WrongUsage: the map does not say where case, activity and instant go.
    """
    for key in ("case", "activity", "at"):
        if key not in held.columns:
            raise WrongUsage(say("[columns] in the map must say which column is the {key}", key=key))
    named = [
        (name, key) for key, names in held.columns.items() for name in ([names] if isinstance(names, str) else names)
    ]
    named += [(name, f"fact.{key}") for key, name in held.facts.items()]
    return Log(tuple(name for name, _ in named), _lines(done, held, policy, [key for _, key in named]))


def _lines(done: Iterable[Done], held: Map, policy: Policy, keys: list[str]) -> Iterator[Line]:
    inverse = Inverse(held, policy)
    for each in done:
        ticket = each.after
        case = next(iter(ticket.aliases), ticket.id)
        for event in each.events:
            activity = event.facts.get(ACTIVITY) or inverse.activity(event.type)
            who = event.facts.get(WHO) or inverse.who(event.by)
            own = {"case": case, "activity": activity, "at": _written(held, policy, event.at), "who": who}
            own |= {"text": event.text, **{f"fact.{key}": fact for key, fact in event.facts.items()}}
            cells = (own[key] if key in own else _cell(inverse, ticket, key) for key in keys)
            yield Line(case, activity, event.at, who, tuple(cells))


def _cell(inverse: Inverse, ticket: Ticket, key: str) -> str:
    return "" if key.startswith("fact.") else inverse.value(ticket, key)


def _written(held: Map, policy: Policy, at: datetime) -> str:
    """Return an instant as the map has them, in its zone."""
    formats = held.time.format
    form = formats if isinstance(formats, str) else formats[0]
    local = at.astimezone(ZoneInfo(held.time.zone or policy.desk.zone))
    return format_instant(local) if form == "iso" else local.strftime(form)


def keeps(event: Event, inverse: Inverse, activity: str, who: str) -> dict[str, str]:
    """Return the facts by which an event keeps those of the file's words that it would not lead back to."""
    kept = {}
    if inverse.activity(event.type) != activity:
        kept[ACTIVITY] = activity
    if who and inverse.who(event.by) != who:
        kept[WHO] = who
    return kept
