"""Tk's own event log: an action a row, whole, so that reading it gives back the history that it was written from."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import count, groupby
from typing import Any
from zoneinfo import ZoneInfo

from tk.core.action import Action, Assignment, Draft
from tk.core.arrival import Arrival, Names, Plan
from tk.core.done import Done
from tk.core.finding import Finding
from tk.core.instant import format_instant, in_zone, parse_instant
from tk.core.policy import Policy
from tk.core.portrait import plain
from tk.core.text import shown
from tk.core.ticket import Attachment, Event, Ticket, value_of
from tk.errors import say
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
    places = {name: table.columns.index(name) for name in COLUMNS}
    zone = ZoneInfo(policy.desk.zone)
    findings = list(table.faults)
    arrivals = []

    def cell(row: Row, name: str) -> str:
        return row.cells[places[name]]

    def place(row: Row) -> int:
        number = cell(row, "number")
        return int(number) if number.isdecimal() else row.line

    for _, group in groupby(sorted(table.rows, key=place), key=lambda row: (cell(row, "change"), cell(row, "case"))):
        rows = list(group)
        first, actions = rows[0], []
        for row in rows:
            try:
                actions.append(_action(cell(row, "activity"), cell(row, "value")))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                message = say("this is no row as tk writes it")
                findings.append(Finding(table.name, row.line, 1, "bad-row", "error", message))
        attached = [action for action in actions if action.verb == "attach"]
        for action in attached:
            message = say(
                "{file} is not in a log of events: tk attach puts it there", file=getattr(action.value, "file", "")
            )
            findings.append(Finding(table.name, first.line, 1, "missing-attachment", "warning", message))
        kept = tuple(action for action in actions if action.verb != "attach")
        try:
            at = in_zone(parse_instant(cell(first, "at")), zone)
        except (ValueError, OverflowError):
            message = say('"{text}" is no instant', text=cell(first, "at"))
            findings.append(Finding(table.name, first.line, 1, "bad-date", "error", message))
            continue
        if not is_address(cell(first, "address")):
            message = say('"{text}" is no address', text=shown(cell(first, "address")))
            findings.append(Finding(table.name, first.line, 1, "unknown-person", "error", message))
        elif kept:
            who = (cell(first, "name"), cell(first, "address"))
            arrivals.append(Arrival(first.line, cell(first, "case"), at, *who, _plan(kept), cell(first, "change")))
    return Read(arrivals, findings)


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
