"""The shape of tk.toml: every section and key, its type and what it means; the JSON Schema for editors follows.

A struct here is a table there. Of what `Meta(extra=…)` holds, `instead` is what a key that must be there is read as
when it is not, so that one mistake does not hide the rest of the file; `rule` is the message that says what a
pattern asks.
"""

import atexit
import gc
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from tk.errors import say

# What msgspec keeps of nested types, once asked for them, ends one process in four by a fault of memory when the
# interpreter collects it at its very end (msgspec issue 717). What is frozen is not collected.
atexit.register(gc.freeze)

WORDS = "x-tk-words"
"""Marks in the schema where a string or a table of languages may stand for a whole entry."""

Language = Annotated[str, Meta(pattern="^[a-z]{2}$", extra={"rule": say("a language is two letters, such as en")})]
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", extra={"rule": say("it must be one line of text")})]
Words: TypeAlias = Annotated[
    Line | dict[Language, Line], Meta(description="The desk's own words: text, or a table from language to text.")
]
Key = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z0-9-]*$",
        extra={"rule": say("a key is lower case letters, digits and hyphens, a letter first")},
    ),
]
Step = Annotated[
    str,
    Meta(
        pattern=r"^[^\s/*\x00-\x1f\x7f]([^/*\x00-\x1f\x7f]*[^\s/*\x00-\x1f\x7f])?$",
        extra={"rule": say("a name has no / and no *, and no space around it")},
    ),
]
Prefix = Annotated[
    str, Meta(pattern="^[A-Z][A-Z0-9]{0,9}$", extra={"rule": say("a prefix is up to ten capital letters and digits")})
]
Size = Annotated[
    str,
    Meta(
        pattern="^[1-9][0-9]{0,8} ?(B|KB|MB|GB)$",
        extra={"rule": say("a size is a number and B, KB, MB or GB, such as 25MB")},
    ),
]
Condition: TypeAlias = Annotated[
    dict[str, Any], Meta(description="Facts and what they must be; all must hold.", examples=[{"status": "solved"}])
]
Kind = Literal["new", "open", "waiting", "solved", "closed"]
FieldType = Literal["text", "number", "date", "choice", "tree", "person", "flag"]


class Table(Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table of tk.toml, with no keys but its own."""


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


class Entry(Table):
    """Something with a label and nothing else; it may be written as the label alone."""

    label: Words = ""


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


class Requirement(Table):
    """What must hold before an action."""

    name: Annotated[Key, Meta(description="What refusals call the rule.", extra={"instead": "require"})]
    action: Annotated[str, Meta(description="The action it stands before, such as advance or new.")]
    label: Words = ""
    when: Annotated[Condition | None, Meta(description="In which cases it applies; else in all.")] = None
    that: Annotated[Condition | None, Meta(description="What must hold.")] = None
    fields: Annotated[list[str], Meta(description="Fields that must have a value.")] = []
    since: Annotated[date | None, Meta(description="The first day on which it applies.")] = field(
        name="from", default=None
    )
    until: Annotated[date | None, Meta(description="The day from which it no longer applies.")] = None


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


_SHORT = Meta(extra_json_schema={WORDS: True})
ShortEntry = Annotated[str | Entry, _SHORT]
ShortCategory = Annotated[str | Category, _SHORT]
ShortEventType = Annotated[str | EventType, _SHORT]
ShortLinkKind = Annotated[str | LinkKind, _SHORT]
ShortRequestKind = Annotated[str | RequestKind, _SHORT]


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
    require: Annotated[list[Requirement], Meta(description="What must hold before an action.")] = []


LATER = ("calendars", "customers", "deadline", "decision", "mail", "notify", "on", "route", "survey", "sweep", "units")
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
