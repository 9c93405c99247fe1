"""Tk's own event log: an action a row, whole, so that reading it gives back the history that it was written from."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, groupby
from typing import Any
from zoneinfo import ZoneInfo

from tk.core.action import Action, Assignment, Draft
from tk.core.arrival import Arrival, Names, Plan
from tk.core.instant import format_instant, in_zone, parse_instant
from tk.core.policy import Policy
from tk.core.portrait import plain
from tk.core.review.done import Done
from tk.core.text import shown
from tk.core.ticket import Attachment, Event, Ticket, value_of
from tk.errors import Message, say
from tk.exchange.log import Line, Log
from tk.exchange.read import Read
from tk.exchange.table import Row, Table
from tk.exchange.words import is_address

COLUMNS = ("case", "activity", "at", "who", "name", "address", "change", "number", "value")
"""What an action is told by: `change` is its commit, `number` its place in the history, which XES loses.

The columns behind these tell the ticket after it, for those who only read.
"""

_SHOWN = ("status", "owner", "team", "priority", "type", "category", "channel", "customer", "unit")
_SHORT = 16


def is_own(table: Table) -> bool:
    """Return whether tk wrote the table."""
    return set(COLUMNS) <= set(table.columns)


def written(done: Iterable[Done], policy: Policy) -> Log:
    """Return the log of what was done."""
    fields = tuple(policy.fields.entries)
    return Log((*COLUMNS, *_SHOWN, *fields), _lines(done, fields))


def _lines(done: Iterable[Done], fields: tuple[str, ...]) -> Iterator[Line]:
    numbers = count(1)
    for each in done:
        shown = tuple(_shown(value_of(each.after, key)) for key in (*_SHOWN, *fields))
        who = (format_instant(each.at), each.by, each.name, each.email, each.commit[:_SHORT])
        for action in each.actions:
            name = action.name.rstrip(".")
            cells = (each.after.id, name, *who, str(next(numbers)), _value(action), *shown)
            yield Line(each.after.id, name, each.at, each.by, cells)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return "" if value is None else str(value)


def _value(action: Action) -> str:
    """Return what an action is about as JSON."""
    value: object = action.value
    match value:
        case Draft():
            value = {**value._asdict(), "values": plain(dict(value.values))}
        case Assignment():
            value = value._asdict()
        case Event():
            value = {**value._asdict(), "at": format_instant(value.at), "facts": dict(value.facts)}
        case _:
            value = plain(value)
    return json.dumps(value, ensure_ascii=False)


def read_own(table: Table, policy: Policy) -> Read:
    """Return what arrives from a log that tk wrote: rows of one change and case are one arrival."""
    log = _Own(table, ZoneInfo(policy.desk.zone))
    rows = sorted(table.rows, key=log.place)
    groups = groupby(rows, key=lambda row: (log.cell(row, "change"), log.cell(row, "case")))
    arrivals = [log.arrival(list(group)) for _, group in groups]
    return Read([arrival for arrival in arrivals if arrival is not None], log.findings)


class _Own:
    """A log that tk wrote, and what is found wrong in it while it is read."""

    def __init__(self, table: Table, zone: ZoneInfo) -> None:
        self.findings = list(table.faults)
        self._table = table
        self._zone = zone
        self._places = {name: table.columns.index(name) for name in COLUMNS}

    def cell(self, row: Row, name: str) -> str:
        return row.cells[self._places[name]]

    def place(self, row: Row) -> int:
        number = self.cell(row, "number")
        return int(number) if number.isdecimal() else row.line

    def arrival(self, rows: Sequence[Row]) -> Arrival | None:
        """Return what the rows of one change tell of a ticket; None where that is nothing."""
        first = rows[0]
        actions = tuple(action for row in rows for action in self._actions(row))
        case, change, name, address = (self.cell(first, key) for key in ("case", "change", "name", "address"))
        if not is_address(address):
            self._note(first, "unknown-person", say('"{text}" is no address', text=shown(address)))
            return None
        try:
            at = in_zone(parse_instant(self.cell(first, "at")), self._zone)
        except (ValueError, OverflowError):
            self._note(first, "bad-date", say('"{text}" is no instant', text=shown(self.cell(first, "at"))))
            return None
        return Arrival(first.line, case, at, name, address, _plan(actions), change) if actions else None

    def _actions(self, row: Row) -> Iterator[Action]:
        try:
            action = _action(self.cell(row, "activity"), self.cell(row, "value"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._note(row, "bad-row", say("this is no row as tk writes it"))
            return
        if isinstance(action.value, Attachment):
            message = say("{file} is not in a log of events: tk attach puts it there", file=action.value.file)
            self._note(row, "missing-attachment", message)
        else:
            yield action

    def _note(self, row: Row, code: str, message: Message) -> None:
        self.findings.append(self._table.finding(row.line, code, "error", message))


def _plan(actions: tuple[Action, ...]) -> Plan:
    def planned(_: Policy, __: Ticket | None, number: str, names: Names) -> list[Action]:
        return [_at_home(action, number, names) for action in actions]

    return planned


def _at_home(action: Action, number: str, names: Names) -> Action:
    """Return the action by the ids that tickets have here; the one that a new ticket had elsewhere stays an alias."""
    draft = action.value
    if action.verb == "link":
        return action._replace(value=names(str(draft)) or draft)
    if not isinstance(draft, Draft) or draft.id == number:
        return action
    aliases = (draft.id, *_texts(draft.values.get("aliases")))
    return Action("new", "", draft._replace(id=number, values={**draft.values, "aliases": aliases}))


def _action(name: str, text: str) -> Action:
    verb, _, about = name.partition(".")
    value = json.loads(text)
    read = _READERS.get(verb)
    return Action(verb, about, value if read is None else read(about, value))


def _draft(_: str, value: Any) -> Draft:
    values = {str(key): _set(str(key), held) for key, held in value["values"].items()}
    return Draft(str(value["id"]), str(value["title"]), str(value["description"]), values)


def _set(_: str, value: Any) -> object:
    """Return a value of a ticket: text or a list of texts, as every key that is set holds."""
    return _texts(value) if isinstance(value, list) else value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value or ()))


def _event(_: str, value: Any) -> Event:
    facts = {str(key): str(fact) for key, fact in value["facts"].items()}
    kind, by, number, text = (str(value[key]) for key in ("type", "by", "id", "text"))
    return Event(parse_instant(str(value["at"])), kind, by, number, text, facts)


def _attachment(_: str, value: Any) -> Attachment:
    day = value["date"]
    return Attachment(str(value["file"]), value["kind"], None if day is None else date.fromisoformat(day))


def _assignment(_: str, value: Any) -> Assignment:
    return Assignment(**value)


def _instant(_: str, value: Any) -> object:
    return None if value is None else parse_instant(value)


_READERS: Mapping[str, Callable[[str, Any], object]] = {
    "new": _draft,
    "set": _set,
    "log": _event,
    "log-for": _event,
    "attach": _attachment,
    "assign": _assignment,
    "schedule": _instant,
}
