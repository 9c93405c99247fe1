"""Tickets as other programs read them: CSV for a spreadsheet, NDJSON, a SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from tk.core.policy import Policy
from tk.core.portrait import ticket_json
from tk.core.ticket import Ticket
from tk.exchange.inert import inert, row

Placed = tuple[str, Ticket]
"""A ticket and the path of its file."""

_TABLES = """
CREATE TABLE ticket ({columns}, PRIMARY KEY (id));
CREATE TABLE field (ticket TEXT REFERENCES ticket, name TEXT, value);
CREATE TABLE event (ticket TEXT REFERENCES ticket, id TEXT, at TEXT, type TEXT, by TEXT, visibility TEXT, text TEXT,
  facts TEXT);
CREATE TABLE tag (ticket TEXT REFERENCES ticket, tag TEXT);
CREATE TABLE alias (ticket TEXT REFERENCES ticket, alias TEXT);
CREATE TABLE link (ticket TEXT REFERENCES ticket, kind TEXT, other TEXT);
CREATE TABLE clock (ticket TEXT REFERENCES ticket, name TEXT, due TEXT, target TEXT, paused TEXT, breached TEXT);
"""
_EVENT = ("id", "at", "type", "by", "visibility", "text")
_CLOCK = ("due", "target", "paused", "breached")
_APART = ("fields", "events")


def as_ndjson(tickets: Iterable[Placed], policy: Policy) -> Iterator[str]:
    """Yield each ticket whole, as `tk show --json` has it, on a line of its own."""
    for path, ticket in tickets:
        yield json.dumps(ticket_json(ticket, policy, path, whole=True), ensure_ascii=False) + "\n"


def as_csv(tickets: Iterable[Placed], policy: Policy) -> Iterator[str]:
    """Yield the tickets as CSV, the fields of the desk's own as columns, lists joined; no cell is a formula."""
    own = tuple(policy.fields.entries)
    columns = [*_columns(policy), *own]
    yield row(columns)
    for path, ticket in tickets:
        portrait: dict[str, Any] = ticket_json(ticket, policy, path, whole=True)
        cells = [portrait.get(name) for name in _columns(policy)] + [portrait["fields"].get(name) for name in own]
        yield row(inert(_cell(value)) for value in cells)


def as_sqlite(tickets: Iterable[Placed], policy: Policy) -> bytes:
    """Return a SQLite file of the tickets: a row each in `ticket`, their lists and maps in tables beside it."""
    columns = _columns(policy)
    with sqlite3.connect(":memory:") as held:
        held.executescript(_TABLES.format(columns=", ".join(f'"{name}" TEXT' for name in columns)))
        marks = ", ".join("?" * len(columns))
        for path, ticket in tickets:
            portrait: dict[str, Any] = ticket_json(ticket, policy, path, whole=True)
            row = [_kept(portrait[name]) for name in columns]
            held.execute(f"INSERT OR REPLACE INTO ticket VALUES ({marks})", row)
            for table, values in _beside(ticket.id, portrait):
                held.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
        held.commit()
        return held.serialize()


def _beside(number: str, portrait: dict[str, Any]) -> Iterator[tuple[str, tuple[object, ...]]]:
    for name, value in portrait["fields"].items():
        if value is not None:
            yield "field", (number, name, _kept(value))
    for event in portrait["events"]:
        facts = {name: fact for name, fact in event.items() if name not in _EVENT}
        yield "event", (number, *(event[name] for name in _EVENT), json.dumps(facts, ensure_ascii=False))
    yield from (("tag", (number, tag)) for tag in portrait["tags"])
    yield from (("alias", (number, alias)) for alias in portrait["aliases"])
    yield from (("link", (number, link["kind"], link["id"])) for link in portrait["links"])
    for name in dict.fromkeys(clock for group in _CLOCK for clock in portrait[group]):
        yield "clock", (number, name, *(portrait[group].get(name) for group in _CLOCK))


def _columns(policy: Policy) -> list[str]:
    return [name for name in ticket_json(Ticket(""), policy, "", whole=True) if name not in _APART]


def _kept(value: object) -> object:
    """Return a value as SQLite holds it: what has parts as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    return value


def _cell(value: object) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
