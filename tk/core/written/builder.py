"""From the shape of tk.toml to the policy: entries, labels and vocabularies.

`beside` and `rules` add the rest.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from tk.core.condition_terms import Path
from tk.core.conditions.language import RESERVED
from tk.core.keys import fingerprint
from tk.core.names import nearest
from tk.core.policy import (
    Attachments,
    Branch,
    Desk,
    E,
    EventType,
    Field,
    Labels,
    Person,
    Plain,
    Policy,
    Priority,
    Role,
    Status,
    Vocabulary,
    tree,
    vocabulary,
)
from tk.core.ticket import KEYS
from tk.core.written import file
from tk.core.written.faults import Faults
from tk.core.written.file_terms import Entry
from tk.errors import Message, say

LineOf: TypeAlias = Callable[[Path], int]
"""Answers in which line the key at a path stands."""

_ZONE = re.compile(r"UTC|[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){1,2}")
_EMAIL = re.compile(r"[^\s@<>,;{}]+@[^\s@<>,;{}]+")
_LEVELS = 3


def build(data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return the policy that `data` makes, its rules still empty, and what `beside` adds."""
    return _Builder(line_of, faults).policy(data)


def labels(words: str | Mapping[str, str]) -> Labels:
    """Return the labels that `words` write; text alone stands for any language."""
    if isinstance(words, str):
        return {"": words} if words else {}
    return {language: label for language, label in words.items() if label}


def check_zone(zone: str, path: Path, faults: Faults) -> None:
    """Note what cannot be the name of a zone; whether this machine knows it, `tk.store.policies` asks."""
    if not _ZONE.fullmatch(zone):
        message = say('"{zone}" is no time zone; write one such as Europe/Madrid, or UTC', zone=zone)
        faults.add(path, "bad-zone", message)


class _Builder:
    def __init__(self, line_of: LineOf, faults: Faults) -> None:
        self._line = line_of
        self._faults = faults

    def policy(self, data: file.PolicyFile) -> Policy:
        statuses = self._statuses(data.statuses)
        roles = vocabulary(Role(k, labels(r.label), (), self._line(("roles", k))) for k, r in data.roles.items())
        teams = self._plain("teams", data.teams)
        return Policy(
            desk=self._desk(data.desk, statuses),
            statuses=statuses,
            priorities=self._priorities(data.priorities),
            types=self._plain("types", data.types),
            categories=self._tree(("categories",), data.categories),
            channels=self._plain("channels", data.channels),
            events=self._events(data.events),
            fields=vocabulary(self._field(key, field) for key, field in data.fields.items()),
            people=self._people(data.people, roles, teams),
            teams=teams,
            roles=roles,
            requirements=(),
            links=vocabulary(()),
            requests=vocabulary(()),
            approvals=vocabulary(()),
            attachments=Attachments(vocabulary(())),
        )

    def _desk(self, desk: file.Desk, statuses: Vocabulary[Status]) -> Desk:
        check_zone(desk.zone, ("desk", "zone"), self._faults)
        start = next(iter(statuses.entries))
        if desk.start is not None:
            start = self._known(desk.start, statuses, ("desk", "start"), say("status")) or start
        return Desk(
            desk.name,
            desk.prefix,
            desk.zone,
            desk.language,
            start,
            desk.format,
            desk.subject_suffix,
            desk.signed,
            desk.language,
            conflicts=desk.conflicts,
        )

    def _statuses(self, written: Mapping[str, file.Status]) -> Vocabulary[Status]:
        bare = vocabulary(Status(key, labels(status.label), status.kind, ()) for key, status in written.items())
        return vocabulary(
            bare.entries[key]._replace(
                to=self._all_known(status.to, bare, ("statuses", key, "to"), say("status")),
                line=self._line(("statuses", key)),
            )
            for key, status in written.items()
        )

    def _priorities(self, written: Mapping[str, "str | Entry"]) -> Vocabulary[Priority]:
        plain = self._plain("priorities", written).entries.values()
        return vocabulary(Priority(entry.key, entry.labels, rank, entry.line) for rank, entry in enumerate(plain))

    def _plain(self, section: str, written: Mapping[str, "str | Entry"]) -> Vocabulary[Plain]:
        return vocabulary(
            Plain(key, labels(_words(entry)), self._line((section, key))) for key, entry in written.items()
        )

    def _events(self, written: Mapping[str, "str | file.EventType"]) -> Vocabulary[EventType]:
        return vocabulary(
            EventType(key, labels(_words(entry)), None, False, self._line(("events", key)))
            if isinstance(entry, str)
            else EventType(key, labels(entry.label), entry.contact, entry.follow_up, self._line(("events", key)))
            for key, entry in written.items()
        )

    def _tree(self, path: Path, written: "Mapping[str, str | file.Category]") -> Vocabulary[Branch]:
        return tree(self._branches(path, "", written, 1))

    def _branches(
        self, path: Path, above: str, written: "Mapping[str, str | file.Category]", level: int
    ) -> Iterator[Branch]:
        for step, entry in written.items():
            here = (*path, step)
            key = f"{above}{step}"
            yield Branch(key, labels(_words(entry)), self._line(here))
            if isinstance(entry, str) or not entry.sub:
                continue
            if level == _LEVELS:
                message = say("a tree has {levels} levels; this would be one more", levels=_LEVELS)
                self._faults.add_key((*here, "sub"), "bad-value", message)
            else:
                yield from self._branches((*here, "sub"), f"{key}/", entry.sub, level + 1)

    def _field(self, key: str, field: file.Field) -> Field:
        path: Path = ("fields", key)
        if key in KEYS or key in RESERVED:
            message = say("a field of the desk's own cannot be called {key}: tk has one of that name", key=key)
            self._faults.add_key(path, "duplicate-name", message)
        for name, wanted, value in (("values", "choice", field.values), ("tree", "tree", field.tree)):
            if field.type == wanted and not value:
                message = say("a field of type {type} needs {key}", type=wanted, key=name)
                self._faults.add_key(path, "missing-key", message)
            elif field.type != wanted and value is not None:
                message = say("`{key}` belongs to a field of type {type}", key=name, type=wanted)
                self._faults.add_key((*path, name), "unknown-key", message)
        return Field(
            key,
            labels(field.label),
            field.type,
            choices=self._choices((*path, "values"), field.values or {}) if field.type == "choice" else None,
            tree=self._tree((*path, "tree"), field.tree or {}) if field.type == "tree" else None,
            line=self._line(path),
        )

    def _choices(self, path: Path, values: "list[str] | Mapping[str, str | dict[str, str]]") -> Vocabulary[Plain]:
        if isinstance(values, list):
            return vocabulary(Plain(name, {}, self._line(here)) for here, name in self._once(path, values))
        return vocabulary(Plain(key, labels(words), self._line((*path, key))) for key, words in values.items())

    def _people(
        self, written: Mapping[str, file.Person], roles: Vocabulary[Role], teams: Vocabulary[Plain]
    ) -> Vocabulary[Person]:
        owners: dict[str, str] = {}
        people = []
        for key, person in written.items():
            path: Path = ("people", key)
            team = None if person.team is None else self._known(person.team, teams, (*path, "team"), say("team"))
            people.append(
                Person(
                    key,
                    labels(person.name),
                    self._emails(key, person.email, owners),
                    self._all_known(person.roles, roles, (*path, "roles"), say("role")),
                    team,
                    self._line(path),
                    signing_keys=self._keys(key, person.signing_keys),
                )
            )
        return vocabulary(people)

    def _keys(self, key: str, written: str | list[str]) -> tuple[str, ...]:
        path: Path = ("people", key, "signing-keys")
        numbered = [(path, written)] if isinstance(written, str) else self._faults.numbered(path, written)
        prints: dict[str, None] = {}
        for here, text in numbered:
            found = fingerprint(text)
            if found is None:
                message = say("this is no public SSH key, and no whole fingerprint of one or of an OpenPGP key")
                self._faults.add(here, "bad-value", message)
            else:
                prints[found] = None
        return tuple(prints)

    def _emails(self, key: str, written: str | list[str], owners: dict[str, str]) -> tuple[str, ...]:
        path: Path = ("people", key, "email")
        numbered = [(path, written)] if isinstance(written, str) else self._faults.numbered(path, written)
        emails: dict[str, None] = {}
        for here, email in numbered:
            if not _EMAIL.fullmatch(email):
                self._faults.add(here, "bad-value", say('"{email}" is no address', email=email))
                continue
            owner = owners.setdefault(email.lower(), key)
            if owner != key:
                message = say("{email} is the address of {owner} already", email=email, owner=owner)
                self._faults.add(here, "duplicate-name", message)
            emails[email.lower()] = None
        return tuple(emails)

    def _known(self, name: str, names: Vocabulary[E], path: Path, what: Message) -> str | None:
        if name in names.entries:
            return name
        key = names.find(name)
        self._faults.unknown(path, what, name, key or nearest(name, names.entries))
        return key

    def _all_known(self, written: list[str], names: Vocabulary[E], path: Path, what: Message) -> tuple[str, ...]:
        known = (self._known(name, names, here, what) for here, name in self._once(path, written))
        return tuple(dict.fromkeys(key for key in known if key is not None))

    def _once(self, path: Path, written: Iterable[str]) -> Iterator[tuple[Path, str]]:
        seen: set[str] = set()
        for here, name in self._faults.numbered(path, written):
            if name in seen:
                self._faults.add(here, "duplicate-name", say('"{name}" stands here twice', name=name))
                continue
            seen.add(name)
            yield here, name


def _words(entry: "str | Entry | file.Category | file.EventType") -> str | Mapping[str, str]:
    return entry if isinstance(entry, str) else entry.label
