"""The ticket as a value, and the table of its keys that codec, index, law and schema share (design, section 2)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

Plain: TypeAlias = "str | tuple[Plain, ...] | Mapping[str, Plain]"
"""What front matter holds before the schema types it: text, a list, or a map, every scalar as written."""

Day: TypeAlias = date
"""A day, by a name that a record's field called `date` does not hide."""

INTERNAL = "internal"
"""The value of an event's fact `visibility` that keeps it from leaving the desk."""


NOTE = "note"
"""The event type that every desk has (desks.md, names fixed)."""


class Event(NamedTuple):
    """One entry of a ticket's log.

    `at` is when it happened, `type` one of the policy's event types, `by` the handle of a person, or the address of a
    requester as claimed; `id` is unique in the ticket (`e-` and base-32 characters); `text` is Markdown with LF line
    ends; `facts` are further facts in the order of the file, such as `visibility`, `minutes`, `logged`, `message-id`.
    """

    at: datetime
    type: str
    by: str
    id: str
    text: str = ""
    facts: Mapping[str, str] = {}

    @property
    def visibility(self) -> str:
        """Either "public" or "internal"."""
        return self.facts.get("visibility", "public")

    @property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it, as its fact `auto-submitted` says in the words of RFC 3834."""
        return self.facts.get("auto-submitted", "no") != "no"


class Link(NamedTuple):
    """A link to another ticket: its kind and the other's id."""

    kind: str
    id: str


class Attachment(NamedTuple):
    """A file beside the ticket: its name in the ticket's folder, the kind of document, the date it bears."""

    file: str
    kind: str | None = None
    date: Day | None = None


class Request(NamedTuple):
    """Something asked for by name: who asked, when, and the value wanted where there is one."""

    by: str
    at: datetime
    value: str | None = None


class Approval(NamedTuple):
    """Something approved by name: who, and when."""

    by: str
    at: datetime


class Rating(NamedTuple):
    """What the requester thought: `good` or `bad`, by whom, when."""

    value: str
    by: str
    at: datetime


class Ticket(NamedTuple):
    """A ticket whole.

    What has no value is None, or empty. People are handles of the policy, requesters addresses; `target` and `paused`
    are durations as written; `fields` holds the custom and the unknown keys as plain values in the order of the file.
    """

    id: str
    aliases: tuple[str, ...] = ()
    title: str = ""
    status: str = ""
    status_since: datetime | None = None
    priority: str | None = None
    type: str | None = None
    category: tuple[str, ...] = ()
    channel: str | None = None
    requester: str | None = None
    customer: str | None = None
    unit: str | None = None
    creator: str | None = None
    owner: str | None = None
    team: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    activity: datetime | None = None
    due: Mapping[str, datetime] = {}
    target: Mapping[str, str] = {}
    paused: Mapping[str, str] = {}
    breached: Mapping[str, datetime] = {}
    fired: Mapping[str, datetime] = {}
    follow_up: datetime | None = None
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    requests: Mapping[str, Request] = {}
    approvals: Mapping[str, Approval] = {}
    rating: Rating | None = None
    fields: Mapping[str, Plain] = {}
    description: str = ""
    events: tuple[Event, ...] = ()


KEYS: Mapping[str, str] = {
    "id": "text",
    "aliases": "texts",
    "title": "text",
    "status": "text",
    "status-since": "instant",
    "priority": "text",
    "type": "text",
    "category": "texts",
    "channel": "text",
    "requester": "text",
    "customer": "text",
    "unit": "text",
    "creator": "text",
    "owner": "text",
    "team": "text",
    "created": "instant",
    "updated": "instant",
    "activity": "instant",
    "due": "instants",
    "target": "durations",
    "paused": "durations",
    "breached": "instants",
    "fired": "instants",
    "follow-up": "instant",
    "tags": "texts",
    "links": "links",
    "attachments": "attachments",
    "requests": "requests",
    "approvals": "approvals",
    "rating": "rating",
}
"""The built-in keys of the front matter in their canonical order, each with the shape of its value.

Shapes: text, texts (a list), instant, instants (clock or step → instant), durations (clock → duration), and the lists
and maps of the records above. The attribute of `Ticket` is the key with `_` for `-`.
"""

REQUIRED = ("id", "title", "status", "created")
"""The keys without which a file is no ticket."""


def attribute(key: str) -> str:
    """Return the name that `Ticket` and JSON give to a key of the file: `status-since` → `status_since`."""
    return key.replace("-", "_")


def value_of(ticket: Ticket, key: str) -> object:
    """Return the value under a key of the front matter, built in or custom; None where there is none."""
    if key in KEYS:
        return getattr(ticket, attribute(key))
    return ticket.fields.get(key)


def with_value(ticket: Ticket, key: str, value: object) -> Ticket:
    """Return the ticket with `value`, shaped as `KEYS` says, under `key`; None takes the key away."""
    if key in KEYS:
        change: Any = {attribute(key): Ticket._field_defaults.get(attribute(key)) if value is None else value}
        return ticket._replace(**change)
    rest: dict[str, Any] = {**ticket.fields, key: value}
    if value is None:
        del rest[key]
    return ticket._replace(fields=rest)


def keeps_order(was: Iterable[Event], now: Iterable[Event]) -> bool:
    """Return whether the events that are in both logs stand in the same order in both."""
    one, other = (dict.fromkeys((event.id, event.at, event.by) for event in log) for log in (was, now))
    return [key for key in one if key in other] == [key for key in other if key in one]
