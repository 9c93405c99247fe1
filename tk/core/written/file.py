"""The shape of tk.toml: every section and key, its type and what it means; the JSON Schema for editors follows.

A struct here is a table there; `file_terms` has what they are built of, `file_rules` the tables of rules.
"""

import atexit
import gc
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from tk.core.written.file_rules import (
    Calendar,
    Consequence,
    Deadline,
    Decision,
    Mail,
    Notice,
    Register,
    Requirement,
    Route,
    SweepRule,
)
from tk.core.written.file_terms import (
    SHORT,
    WORDS,
    Condition,
    FieldType,
    Key,
    Kind,
    Language,
    Line,
    Prefix,
    ShortEntry,
    Size,
    Step,
    Table,
    Words,
)

# What msgspec keeps of nested types, once asked for them, ends one process in four by a fault of memory when the
# interpreter collects it at its very end (msgspec issue 717). What is frozen is not collected.
atexit.register(gc.freeze)


class Desk(Table):
    """What the desk is called and where it stands."""

    name: Annotated[Line, Meta(description="What the desk is called.", extra={"instead": ""})]
    zone: Annotated[str, Meta(description="The time zone, an IANA name.", extra={"instead": "UTC"})]
    language: Annotated[Language, Meta(description="The language of labels and letters.", extra={"instead": "en"})]
    prefix: Annotated[Prefix, Meta(description="What every ticket's id begins with.")] = "TK"
    format: Annotated[int, Meta(ge=1, description="The version of this format.")] = 1
    start: Annotated[str | None, Meta(description="The status of a new ticket; else the first one below.")] = None
    subject_suffix: Annotated[Line, Meta(description="Added to the subject of commits, such as [skip ci].")] = ""
    signed: Annotated[bool, Meta(description="Whether only signed commits prove who acted.")] = False
    calendar: Annotated[
        str | None, Meta(description="The calendar of business time in conditions; else the first one below.")
    ] = None
    conflicts: Annotated[
        Literal["ask", "later"],
        Meta(description="Where two clones changed one thing: ask people, or let the later change stand."),
    ] = "ask"


class Status(Table):
    """A status, its kind, and where it may lead."""

    kind: Annotated[
        Kind, Meta(description="What the status means to tk: the only thing it knows of it.", extra={"instead": "open"})
    ]
    label: Words = ""
    to: Annotated[list[str], Meta(description="The statuses a ticket may be advanced to from here.")] = []


class Category(Table):
    """A category, with those below it under `sub`."""

    label: Words = ""
    sub: Annotated[
        "dict[Step, ShortCategory]", Meta(description="The categories below this one; three levels in all.")
    ] = {}


class EventType(Table):
    """A type of event."""

    label: Words = ""
    contact: Annotated[
        Literal["from", "to"] | None, Meta(description="Whether it is a contact from or to the requester.")
    ] = None
    follow_up: Annotated[bool, Meta(description="Whether it counts as a follow-up.")] = False


class Field(Table):
    """A custom field."""

    type: Annotated[FieldType, Meta(description="What its values are.", extra={"instead": "text"})]
    label: Words = ""
    values: Annotated[
        list[Step] | dict[Step, Words] | None, Meta(description="For a choice: the values, or a table of their labels.")
    ] = None
    tree: Annotated["dict[Step, ShortCategory] | None", Meta(description="For a tree: as the categories are.")] = None


class Person(Table):
    """A person of the desk, under a handle."""

    name: Annotated[Line, Meta(description="The person's name.")] = ""
    email: Annotated[str | list[str], Meta(description="The addresses git knows the person by: one, or a list.")] = []
    roles: Annotated[list[str], Meta(description="The roles the person has.")] = []
    team: Annotated[str | None, Meta(description="The person's team.")] = None
    shift: Annotated[str | None, Meta(description="The calendar of the person's own hours.")] = None
    signing_keys: Annotated[
        str | list[str], Meta(description="Keys that sign the person's commits: public SSH keys, or fingerprints.")
    ] = []


class Grant(Table):
    """An action a role may do, and when."""

    action: Annotated[str, Meta(description="An action, such as advance, log.note or log.*.")]
    when: Annotated[Condition | None, Meta(description="What must hold for it to be allowed.")] = None


class Role(Table):
    """A role and what it may do."""

    label: Words = ""
    may: Annotated[
        list[str | Grant], Meta(description="What the role may do: actions, alone or with a condition.")
    ] = []


class LinkKind(Table):
    """A kind of link between tickets, as the ticket that bears it says it of the other."""

    label: Words = ""
    inverse: Annotated[
        str | None, Meta(description="The kind that the other ticket bears; this one itself unless said.")
    ] = None
    acyclic: Annotated[bool, Meta(description="Whether no chain of such links may lead back to its beginning.")] = False


class RequestKind(Table):
    """Something that may be asked for by name."""

    label: Words = ""
    field: Annotated[
        str | None, Meta(description="The field of whose values the one wanted must be; any text unless said.")
    ] = None


class Attachments(Table):
    """What may be attached to a ticket."""

    limit: Annotated[
        Size | None, Meta(description="How much may lie beside one ticket in all, such as 25MB; no limit unless said.")
    ] = None
    kinds: Annotated["dict[Key, ShortEntry]", Meta(description="What kinds of document there are.")] = {}


ShortCategory = Annotated[str | Category, SHORT]
ShortEventType = Annotated[str | EventType, SHORT]
ShortLinkKind = Annotated[str | LinkKind, SHORT]
ShortRequestKind = Annotated[str | RequestKind, SHORT]


class PolicyFile(Table):
    """The policy of a desk: who may do what to a ticket, and the words the desk uses."""

    desk: Annotated[Desk, Meta(description="The desk itself.")]
    statuses: Annotated[
        dict[Key, Status], Meta(description="What a ticket may be, and the ways between.", min_length=1)
    ]
    priorities: Annotated[dict[Key, ShortEntry], Meta(description="How urgent a ticket is, the lowest first.")] = {}
    types: Annotated[dict[Key, ShortEntry], Meta(description="What sorts of ticket there are.")] = {}
    categories: Annotated[
        dict[Step, ShortCategory], Meta(description="What a ticket is about; up to three levels.")
    ] = {}
    channels: Annotated[dict[Key, ShortEntry], Meta(description="By which ways requests come.")] = {}
    events: Annotated[dict[Key, ShortEventType], Meta(description="What may be logged.")] = {}
    fields: Annotated[dict[Key, Field], Meta(description="Fields of the desk's own.")] = {}
    links: Annotated[dict[Key, ShortLinkKind], Meta(description="How tickets may be linked.")] = {}
    attachments: Annotated[Attachments, Meta(description="What may be attached.")] = field(default_factory=Attachments)
    requests: Annotated[dict[Key, ShortRequestKind], Meta(description="What may be asked for by name.")] = {}
    approvals: Annotated[dict[Key, ShortEntry], Meta(description="What may be approved by name.")] = {}
    people: Annotated[dict[Key, Person], Meta(description="Who works here.")] = {}
    teams: Annotated[dict[Key, ShortEntry], Meta(description="Who works together.")] = {}
    roles: Annotated[dict[Key, Role], Meta(description="Who may do what.")] = {}
    calendars: Annotated[dict[Key, Calendar], Meta(description="Hours and holidays: business time, shifts.")] = {}
    registers: Annotated[dict[Key, Register], Meta(description="Tables of the desk, by the names rules use.")] = {}
    customers: Annotated[Register | None, Meta(description="The register of customers.")] = None
    units: Annotated[Register | None, Meta(description="The register of units, by serial number.")] = None
    contacts: Annotated[Register | None, Meta(description="The register of requesters, by address.")] = None
    mail: Annotated[Mail | None, Meta(description="Who the desk's letters are from.")] = None
    require: Annotated[list[Requirement], Meta(description="What must hold before an action.")] = []
    on: Annotated[list[Consequence], Meta(description="What an action brings with it.")] = []
    route: Annotated[list[Route], Meta(description="To whom a ticket goes that nobody has; the first that fits.")] = []
    deadline: Annotated[list[Deadline], Meta(description="How long a clock may run; the first that fits.")] = []
    sweep: Annotated[list[SweepRule], Meta(description="What falls due by itself.")] = []
    decision: Annotated[dict[Key, Decision], Meta(description="Tables of decisions.")] = {}
    notify: Annotated[list[Notice], Meta(description="Who is written to, and when.")] = []


LATER = ("survey",)
"""The sections that a later version of tk will read."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of tk.toml, for editors and `tk schema policy`."""
    made = msgspec.json.schema(PolicyFile)
    words = msgspec.json.schema(dict[Language, str])
    _allow_words(made, words)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "tk.toml", **made}


def _allow_words(node: Any, words: dict[str, Any]) -> None:
    """Add the table of languages wherever an entry may be written as its label alone."""
    if isinstance(node, dict):
        if node.pop(WORDS, False):
            node["anyOf"].append(words)
        for inner in node.values():
            _allow_words(inner, words)
    elif isinstance(node, list):
        for inner in node:
            _allow_words(inner, words)
