"""The policy, tk.toml, as typed values: what `tk.core.written.reader` makes of the file and every rule is judged by.

Everything with a place in tk.toml carries its `line` there, so that a refusal can name it. Values are plain named
tuples: cheap to define at start-up, and kept compiled, keyed by the hash of the file (design, section 7).
"""

from datetime import date
from typing import NamedTuple

from tk.core.condition_terms import Condition
from tk.core.rules import Calendar, Consequence, Deadline, Decision, Mail, Notice, Register, Route, SweepRule
from tk.core.vocabulary import Branch, E, Entry, Labels, Plain, Vocabulary, fold_path, tree, vocabulary

__all__ = [
    "FIELD_TYPES",
    "KINDS",
    "Attachments",
    "Branch",
    "Desk",
    "E",
    "Entry",
    "EventType",
    "Field",
    "Labels",
    "LinkKind",
    "Permission",
    "Person",
    "Plain",
    "Policy",
    "Priority",
    "RequestKind",
    "Requirement",
    "Role",
    "Status",
    "Vocabulary",
    "fold_path",
    "tree",
    "vocabulary",
]

KINDS = ("new", "open", "waiting", "solved", "closed")
"""The kinds of status: all that the code knows of a status (desks.md G12)."""

FIELD_TYPES = ("text", "number", "date", "choice", "tree", "person", "flag")
"""The types of a custom field."""


class Status(NamedTuple):
    """A status: its kind, and the statuses it may be advanced to."""

    key: str
    labels: Labels
    kind: str
    to: tuple[str, ...]
    line: int = 0


class Priority(NamedTuple):
    """A priority; `rank` counts from 0, the lowest."""

    key: str
    labels: Labels
    rank: int
    line: int = 0


class EventType(NamedTuple):
    """A type of event: `contact` is "from" or "to" the requester, or None; `follow_up` whether it counts as one."""

    key: str
    labels: Labels
    contact: str | None = None
    follow_up: bool = False
    line: int = 0


class Field(NamedTuple):
    """A custom field of one of `FIELD_TYPES`; a choice has `choices`, a tree has `tree`."""

    key: str
    labels: Labels
    type: str
    choices: Vocabulary[Plain] | None = None
    tree: Vocabulary[Branch] | None = None
    line: int = 0


class LinkKind(NamedTuple):
    """A kind of link: `inverse` is the kind that the other end bears, itself where both ends say the same.

    Of an `acyclic` kind no chain of links leads back to where it began.
    """

    key: str
    labels: Labels
    inverse: str
    acyclic: bool = False
    line: int = 0


class RequestKind(NamedTuple):
    """Something that may be asked for by name; the value wanted is one of `field`, any text where there is none."""

    key: str
    labels: Labels
    field: str | None = None
    line: int = 0


class Attachments(NamedTuple):
    """What may be attached: the kinds of document, and how many bytes may lie beside one ticket in all, if limited."""

    kinds: Vocabulary[Plain]
    limit: int | None = None
    line: int = 0


class Person(NamedTuple):
    """A person of the desk: `key` is the handle; `emails` are folded to lower case; `shift` names a calendar.

    `signing_keys` are the fingerprints of the keys that prove a commit to be this person's.
    """

    key: str
    labels: Labels
    emails: tuple[str, ...]
    roles: tuple[str, ...]
    team: str | None = None
    line: int = 0
    shift: str | None = None
    signing_keys: tuple[str, ...] = ()


class Permission(NamedTuple):
    """What a role may do: a pattern of action names and, where needed, a condition."""

    pattern: str
    when: Condition | None = None
    line: int = 0


class Role(NamedTuple):
    """A role and what it may do."""

    key: str
    labels: Labels
    may: tuple[Permission, ...]
    line: int = 0


class Requirement(NamedTuple):
    """What must hold before an action: `that` must hold and each of `fields` have a value, whenever `when` does.

    In force from the day `since` and before the day `until`, in the desk's zone. `key` is the rule's name.
    """

    key: str
    labels: Labels
    action: str
    when: Condition | None = None
    that: Condition | None = None
    fields: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    line: int = 0


class Desk(NamedTuple):
    """What tk.toml says of the desk itself: `start` is the status a new ticket has, `zone` an IANA name.

    `language` is the one spoken to whoever reads now, `own_language` that of what the desk itself writes; business time
    in conditions goes by `calendar`; where two clones disagree, `conflicts` says whether to "ask" people or let the
    "later" change stand.
    """

    name: str
    prefix: str
    zone: str
    language: str
    start: str
    format: int = 1
    subject_suffix: str = ""
    signed: bool = False
    own_language: str = "en"
    calendar: str | None = None
    conflicts: str = "ask"


NO_CALENDARS: Vocabulary[Calendar] = Vocabulary({}, {})
NO_REGISTERS: Vocabulary[Register] = Vocabulary({}, {})
NO_DECISIONS: Vocabulary[Decision] = Vocabulary({}, {})


class Policy(NamedTuple):
    """The whole policy of a desk; `digest` is the hash of the text it was read from."""

    desk: Desk
    statuses: Vocabulary[Status]
    priorities: Vocabulary[Priority]
    types: Vocabulary[Plain]
    categories: Vocabulary[Branch]
    channels: Vocabulary[Plain]
    events: Vocabulary[EventType]
    fields: Vocabulary[Field]
    people: Vocabulary[Person]
    teams: Vocabulary[Plain]
    roles: Vocabulary[Role]
    requirements: tuple[Requirement, ...]
    links: Vocabulary[LinkKind]
    requests: Vocabulary[RequestKind]
    approvals: Vocabulary[Plain]
    attachments: Attachments
    digest: str = ""
    calendars: Vocabulary[Calendar] = NO_CALENDARS
    registers: Vocabulary[Register] = NO_REGISTERS
    mail: Mail | None = None
    consequences: tuple[Consequence, ...] = ()
    routes: tuple[Route, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    sweeps: tuple[SweepRule, ...] = ()
    decisions: Vocabulary[Decision] = NO_DECISIONS
    notices: tuple[Notice, ...] = ()

    def kind(self, status: str) -> str | None:
        """Return the kind of a status, None where the policy does not know it."""
        entry = self.statuses.entries.get(status)
        return None if entry is None else entry.kind

    def person_of(self, email: str) -> Person | None:
        """Return the person who has this address, in any case."""
        wanted = email.lower()
        return next((p for p in self.people.entries.values() if wanted in p.emails), None)
