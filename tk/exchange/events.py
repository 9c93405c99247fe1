"""Event logs of other help desks: each row an event of a case, read by a map into what arrives here."""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action, Assignment, Draft
from tk.core.arrival import Arrival, Names, Plan
from tk.core.instant import format_instant
from tk.core.plan import assignee
from tk.core.policy import Policy
from tk.core.text import normalise, one_line, shown
from tk.core.ticket import INTERNAL, NOTE, Event, Ticket, value_of
from tk.core.values import choose
from tk.errors import Message, WrongUsage, say
from tk.exchange.inverse import Inverse, keeps
from tk.exchange.lens import ACTED, Lens, require
from tk.exchange.mapping import Activity, Map
from tk.exchange.read import Read
from tk.exchange.table import Row, Table
from tk.exchange.words import NOBODY, Unreadable, Who

OWN = ("case", "activity", "at", "who", "text")
"""What of an event a column may be, beside the fields of its ticket."""

NEEDS = ("case", "activity", "at")
ACTOR = "@who"
TITLE = "{case}"


class Told(NamedTuple):
    """What a row says, in the words of the desk."""

    case: str
    who: Who
    values: Mapping[str, object]
    start: Mapping[str, object]
    title: str
    description: str
    event: Event | None = None
    to: Assignment | None = None
    status: str | None = None


def read_events(table: Table, held: Map, policy: Policy) -> Read:
    """Return the events of a table by a map; raise WrongUsage where map, table and desk do not fit together."""
    lens = Lens(table, held, policy, OWN, needs=NEEDS)
    reader = _Reader(lens)
    arrivals: list[Arrival] = []
    findings = list(table.faults)
    skipped = 0
    for row in table.rows:
        try:
            arrival = reader.arrival(row)
        except Unreadable as error:
            findings.append(lens.finding(row, error))
        else:
            arrivals.extend([] if arrival is None else [arrival])
            skipped += arrival is None
    return Read(arrivals, [*findings, *lens.left_out()], skipped)


class _Reader:
    """Reads rows; the words of the map are looked up in the desk once."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        require([why for word in lens.map.activities for why in _wrong(lens, word)])
        self._activities = {word: _known(lens, word) for word in lens.map.activities}
        self._inverse = Inverse(lens.map, lens.policy)

    def arrival(self, row: Row) -> Arrival | None:
        lens = self._lens
        case, word = one_line(lens.cell(row, "case")), lens.cell(row, "activity")
        if not case:
            raise Unreadable("bad-row", say("the row names no case"))
        activity = self._activities.get(word) or self._unnamed(word)
        if activity.skip:
            return None
        at = lens.words.instant(lens.cell(row, "at"))
        who = lens.words.who(lens.cell(row, "who")) if "who" in lens.map.columns else NOBODY
        text = lens.cell(row, "text") if activity.text is None else lens.filled(row, activity.text)
        facts = {key: one_line(lens.column(row, name)) for key, name in lens.map.facts.items()}
        facts = {key: fact for key, fact in facts.items() if fact}
        if activity.internal:
            facts["visibility"] = INTERNAL
        event = Event(at, activity.log or NOTE, who.by, "", normalise(text))
        facts |= keeps(event, self._inverse, one_line(word), one_line(lens.cell(row, "who")))
        values = lens.values(row)
        started = start(lens, row)
        told = Told(
            case,
            who,
            {key: value for key, value in values.items() if key not in ACTED},
            started,
            one_line(str(values.get("title") or started.get("title") or case)),
            normalise(str(values.get("description") or started.get("description") or "")),
            event._replace(facts=facts),
            self._to(activity, who, values),
            activity.advance or _text(values.get("status")),
        )
        return Arrival(row.line, case, at, who.name, who.email, plan_of(told))

    def _unnamed(self, word: str) -> Activity:
        match self._lens.map.unnamed.activities:
            case "skip":
                return Activity(skip=True)
            case "note":
                return Activity(log=NOTE)
        message = say('the map does not name the activity "{activity}": [activities] can', activity=shown(word))
        raise Unreadable("unknown-activity", message)

    def _to(self, activity: Activity, who: Who, values: Mapping[str, object]) -> Assignment | None:
        if activity.assign == ACTOR:
            person = self._lens.policy.people.entries.get(who.by)
            return None if person is None else Assignment(person.key, person.team)
        if activity.assign is not None:
            return assignee(self._lens.policy, activity.assign, None, Ticket(""))
        if "owner" in values or "team" in values:
            return Assignment(_text(values.get("owner")), _text(values.get("team")))
        return None


def start(lens: Lens, row: Row) -> dict[str, object]:
    """Return what [ticket] of the map gives a new ticket; raise Unreadable for what the desk does not know."""
    try:
        given = {key: lens.words.value_of(key, lens.filled(row, text)) for key, text in lens.map.ticket.items()}
    except WrongUsage as error:
        raise Unreadable("unknown-value", error.message) from None
    return {key: value for key, value in given.items() if value is not None}


def plan_of(told: Told) -> Plan:
    """Return what is to be done to a ticket so that it comes to what a row says."""
    return partial(_planned, told)


def _planned(told: Told, policy: Policy, ticket: Ticket | None, number: str, _: Names) -> list[Action]:
    actions = [_new(told, number)] if ticket is None else _sets(told, ticket)
    if told.event is not None:
        taken = set() if ticket is None else {event.id for event in ticket.events}
        event = told.event._replace(id=_event_id(told, taken))
        actions.append(Action("log", event.type, event))
    held = Ticket("") if ticket is None else ticket
    if told.to is not None and told.to != Assignment(held.owner, held.team):
        actions.append(Action("assign", "", told.to))
    if told.status is not None and told.status != (policy.desk.start if ticket is None else ticket.status):
        actions.append(Action("advance", "", told.status))
    return actions


def _new(told: Told, number: str) -> Action:
    values = {**told.start, **{key: value for key, value in told.values.items() if value is not None}}
    kept = {key: value for key, value in values.items() if key not in {"title", "description", *ACTED}}
    aliases = {} if told.case == number else {"aliases": (told.case,)}
    return Action("new", "", Draft(number, told.title, told.description, {**kept, **aliases}))


def _sets(told: Told, ticket: Ticket) -> list[Action]:
    actions = []
    for key, value in told.values.items():
        held: object = ticket.description if key == "description" else value_of(ticket, key)
        if key == "title" and value is None:
            continue
        if (held or None) != value:
            actions.append(Action("set", key, value))
    return actions


def _event_id(told: Told, taken: set[str]) -> str:
    """Return an id for the event that follows from what it is, so that two clones that import it agree."""
    event = told.event
    assert event is not None
    for turn in range(ids.TAILS):
        words = "\n".join((told.case, format_instant(event.at), event.type, event.by, str(turn)))
        made = ids.event_id(int.from_bytes(sha256(words.encode()).digest()[:4]))
        if made not in taken:
            return made
    raise WrongUsage(say("{case} has more events than a ticket can have", case=told.case))


def _wrong(lens: Lens, word: str) -> Iterator[Message]:
    try:
        _known(lens, word)
    except WrongUsage as error:
        yield say('[activities] in the map, "{activity}": {why}', activity=word, why=error.message)


def _known(lens: Lens, word: str) -> Activity:
    """Return what the map says of an activity in the keys of the desk; raise WrongUsage for what it does not know."""
    found, policy = lens.map.activity(word) or Activity(), lens.policy
    log = None if found.log is None else choose(policy.events, found.log, "event type")
    advance = None if found.advance is None else str(lens.words.value_of("status", found.advance))
    if found.assign is not None and found.assign != ACTOR:
        assignee(policy, found.assign, None, Ticket(""))
    return Activity(log, advance, found.assign, found.text, found.internal, found.skip)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
