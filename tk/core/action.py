"""Actions: what can be done to a ticket, as values that the law judges and the audit derives (design, section 5)."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from tk.core.ticket import Attachment, Event, Plain


class Draft(NamedTuple):
    """What a new ticket starts with: its id, title, description and the values of keys that a `new` may fill.

    `values` is keyed as the front matter is (`priority`, `category`, …, custom fields); owner, team, links and
    attachments are actions of their own beside it.
    """

    id: str
    title: str
    description: str = ""
    values: Mapping[str, object] = {}


class Assignment(NamedTuple):
    """To whom a ticket goes: a person, a team, both, or nobody."""

    owner: str | None = None
    team: str | None = None


Value: TypeAlias = "Draft | Assignment | Event | Attachment | Plain | object"


class Action(NamedTuple):
    """One thing done to a ticket.

    | verb | object | value |
    | --- | --- | --- |
    | new | | a `Draft` |
    | set | the key, `description` included | the new value, typed as `Ticket` holds it; None takes it away |
    | attach | the document's kind, "" where none | an `Attachment` |
    | request | its name | the value wanted, or None |
    | approve | its name | |
    | link | its kind | the other ticket's id |
    | log, log-for | the event's type | an `Event`; `log-for` when it is by someone else than the actor |
    | assign | | an `Assignment` |
    | schedule | | the instant of the follow-up, or None |
    | advance | | the status |
    | rate | | `good` or `bad` |
    """

    verb: str
    object: str = ""
    value: Value = None

    @property
    def name(self) -> str:
        """The name that roles and rules call it by: `log.call-in`, `advance`."""
        return f"{self.verb}.{self.object}" if self.verb in WITH_OBJECT else self.verb


ORDER = (
    "new",
    "set",
    "attach",
    "request",
    "approve",
    "log-for",
    "log",
    "link",
    "assign",
    "schedule",
    "advance",
    "rate",
)
"""The order in which the actions of one command are judged: what prepares comes before what depends on it."""

WITH_OBJECT = frozenset({"set", "attach", "request", "approve", "link", "log", "log-for"})
"""The verbs whose name carries the object: roles allow `log.*` or `log.note`."""

DESK_WIDE = ("undo", "erase", "policy", "seal", "import")
"""Actions on more than a ticket's present state, which roles name too."""


def matches(pattern: str, name: str) -> bool:
    """Return whether a role's or rule's `pattern` (`*`, `log.*`, `advance`) covers the action called `name`."""
    if pattern in ("*", name):
        return True
    return pattern.endswith(".*") and name.startswith(pattern[:-1])
