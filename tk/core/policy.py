"""The policy, tk.toml, as typed values: what `tk.core.policy_reader` makes of the file and every rule is judged by.

Everything with a place in tk.toml carries its `line` there, so that a refusal can name it. Values are plain named
tuples: cheap to define at start-up, and kept compiled, keyed by the hash of the file (design, section 7).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Generic, NamedTuple, Protocol, TypeVar

from tk.core.condition_terms import Condition
from tk.core.names import fold, nearest

KINDS = ("new", "open", "waiting", "solved", "closed")
"""The kinds of status: all that the code knows of a status (desks.md G12)."""

FIELD_TYPES = ("text", "number", "date", "choice", "tree", "person", "flag")
"""The types of a custom field."""

Labels = Mapping[str, str]
"""Language → the desk's own words; the language "" stands for any."""


class Entry(Protocol):
    """Anything with a stable key and labels."""

    @property
    def key(self) -> str:
        """The stable key, as files hold it."""

    @property
    def labels(self) -> Labels:
        """The desk's own words for it."""


E = TypeVar("E", bound=Entry)


class Vocabulary(NamedTuple, Generic[E]):
    """The entries of one kind in the order of tk.toml; `spellings` maps each folded key and label to its key."""

    entries: Mapping[str, E]
    spellings: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """Return the key that `text` names as key or label, in any case, accents optional; None where none does."""
        return text if text in self.entries else self.spellings.get(fold_path(text))

    def nearest(self, text: str) -> str | None:
        """Return the key or label nearest to `text`, as it is written in tk.toml."""
        return nearest(text, self.names())

    def names(self) -> Iterator[str]:
        """Yield every key and label."""
        for key, entry in self.entries.items():
            yield key
            yield from entry.labels.values()

    def label(self, key: str | None, language: str) -> str:
        """Return the words for `key` in `language`, else the language-free ones, else any, else the key itself."""
        if key is None:
            return ""
        entry = self.entries.get(key)
        if entry is None or not entry.labels:
            return key
        labels = entry.labels
        return labels.get(language) or labels.get("") or next(iter(labels.values()))


def fold_path(text: str) -> str:
    """Return `text` folded as a name, the space around each `/` dropped: "Medidor / Cobranza" is `medidor/cobranza`."""
    return "/".join(map(fold, text.split("/"))) if "/" in text else fold(text)


def vocabulary(entries: Iterable[E]) -> Vocabulary[E]:
    """Return the vocabulary of `entries`; of two that share a spelling, a key goes before a label, then the first."""
    by_key = {entry.key: entry for entry in entries}
    spellings: dict[str, str] = {}
    for key in by_key:
        spellings.setdefault(fold_path(key), key)
    for key, entry in by_key.items():
        for label in entry.labels.values():
            spellings.setdefault(fold_path(label), key)
    return Vocabulary(by_key, spellings)


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


class Plain(NamedTuple):
    """A type, channel, team or choice: nothing but its name."""

    key: str
    labels: Labels
    line: int = 0


class Branch(NamedTuple):
    """A node of a tree of categories; `key` is its whole path joined by `/`, `labels` name its last step."""

    key: str
    labels: Labels
    line: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The steps from the root, as a ticket holds them."""
        return tuple(self.key.split("/"))


def tree(branches: Iterable[Branch]) -> Vocabulary[Branch]:
    """Return the vocabulary of a tree, parents before their branches; each step of a path may be key or label."""
    by_key = {branch.key: branch for branch in branches}
    spelled: dict[str, list[str]] = {}
    spellings: dict[str, str] = {}
    for key, branch in by_key.items():
        above, slash, step = key.rpartition("/")
        words = dict.fromkeys(fold_path(word) for word in (step, *branch.labels.values()))
        spelled[key] = [f"{path}/{word}" for path in spelled[above] for word in words] if slash else list(words)
        for path in spelled[key]:
            spellings.setdefault(path, key)
    return Vocabulary(by_key, spellings)


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
    """A person of the desk: `key` is the handle; `emails` are folded to lower case."""

    key: str
    labels: Labels
    emails: tuple[str, ...]
    roles: tuple[str, ...]
    team: str | None = None
    line: int = 0


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
    """What tk.toml says of the desk itself: `start` is the status a new ticket has, `zone` an IANA name."""

    name: str
    prefix: str
    zone: str
    language: str
    start: str
    format: int = 1
    subject_suffix: str = ""
    signed: bool = False


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

    def kind(self, status: str) -> str | None:
        """Return the kind of a status, None where the policy does not know it."""
        entry = self.statuses.entries.get(status)
        return None if entry is None else entry.kind

    def person_of(self, email: str) -> Person | None:
        """Return the person who has this address, in any case."""
        wanted = email.lower()
        return next((p for p in self.people.entries.values() if wanted in p.emails), None)
