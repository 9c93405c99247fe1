"""A ticket as programs read it: the JSON of design, section 4. A program may rely on every name here."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from tk.core.instant import format_instant
from tk.core.policy import Policy
from tk.core.ticket import KEYS, Approval, Attachment, Event, Link, Rating, Request, Ticket, attribute

Json = dict[str, object]
"""An object of JSON, its names in the order they are printed."""


_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?", re.ASCII)
"""A number that JSON can hold: a longer one would be infinite, or refused by Python."""

_BESIDE = {"aliases": "path", "status": "status_kind"}
"""The names that are no keys of the file, each by the key it follows."""


def ticket_json(ticket: Ticket, policy: Policy, path: str, *, whole: bool) -> Json:
    """Return the ticket's portrait; `path` is where its file lies, `whole` adds the description and the events.

    All names are always there: what has no value is None, [] or {}.
    """
    portrait: Json = {}
    for key in KEYS:
        portrait[attribute(key)] = plain(getattr(ticket, attribute(key)))
        if key in _BESIDE:
            name = _BESIDE[key]
            portrait[name] = path if name == "path" else policy.kind(ticket.status)
    portrait["fields"] = fields_json(ticket, policy)
    if whole:
        portrait |= {"description": ticket.description, "events": [event_json(event) for event in ticket.events]}
    return portrait


def fields_json(ticket: Ticket, policy: Policy) -> Json:
    """Return the custom fields, None where empty, typed as the policy says; unknown keys follow as written."""
    declared: Json = {key: _typed(field.type, ticket.fields.get(key)) for key, field in policy.fields.entries.items()}
    return declared | {key: plain(value) for key, value in ticket.fields.items() if key not in declared}


def event_json(event: Event) -> Json:
    """Return an event: `id at type by text visibility`, then its further facts as text."""
    portrait: Json = {
        "id": event.id,
        "at": format_instant(event.at),
        "type": event.type,
        "by": event.by,
        "text": event.text,
        "visibility": event.visibility,
    }
    return portrait | {attribute(name): fact for name, fact in event.facts.items() if attribute(name) not in portrait}


def _typed(kind: str, value: object) -> object:
    """Return a custom field's value as JSON; one that is not what the field wants stays as it was written."""
    if not isinstance(value, str):
        return plain(value)
    if kind == "flag":
        return {"true": True, "false": False}.get(value, value)
    if kind == "number":
        return _number(value)
    return value


def _number(text: str) -> object:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def plain(value: object) -> object:
    """Return a value of a ticket in the types that JSON knows: records by name, instants and days as text."""
    match value:
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case Link() | Attachment() | Request() | Approval() | Rating():
            return {name: plain(part) for name, part in value._asdict().items()}
        case tuple():
            return [plain(part) for part in value]
        case Mapping():
            return {name: plain(part) for name, part in value.items()}
    return value
