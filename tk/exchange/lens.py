"""A map laid over a table for one desk: what each row says, in the desk's own words, or why it says nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tk.core.finding import Finding
from tk.core.instant import in_zone, parse_instant
from tk.core.names import fold, nearest
from tk.core.policy import Policy
from tk.core.text import shown
from tk.core.values import SETTABLE, choose, is_name, parse
from tk.errors import Message, WrongUsage, say
from tk.exchange.mapping import Map
from tk.exchange.table import Row, Table

_PLACE = re.compile(r"\{([^{}]+)\}")
_KIND = re.compile(r"@(new|open|waiting|solved|closed)")
_UNSLUG = re.compile(r"[^a-z0-9.-]+")
_LINES = 10

ACTED = ("status", "owner", "team")
"""Keys of a ticket that a column may give though they are acted on, not set."""


def require(wrong: Sequence[Message]) -> None:
    """Raise WrongUsage where something is wrong, and name all of it."""
    if wrong:
        more = [str(each) for each in wrong[1:_LINES]]
        if len(wrong) > _LINES:
            more.append(str(say("and {count} more", count=len(wrong) - _LINES)))
        raise WrongUsage(wrong[0], say("{lines}", lines="\n".join(more)) if more else None)


class Who(NamedTuple):
    """Who did something: name and address as git writes them, and what a log calls them."""

    name: str
    email: str
    by: str


class Unreadable(Exception):
    """A row says nothing that the desk could understand; for a code and a sentence see `args`."""


class Lens:
    """The map and the policy that a table is read by; `own` are words for columns that are no fields of a ticket."""

    def __init__(self, table: Table, held: Map, policy: Policy, own: Iterable[str], *, needs: Iterable[str]) -> None:
        """Look whether map, table and desk fit together.

        Raises:
            WrongUsage: they do not; the sentence says each way in which.
        """
        self.map = held
        self.policy = policy
        self.zone = ZoneInfo(policy.desk.zone)
        self._table = table
        self._places = {name: place for place, name in enumerate(table.columns)}
        self._own = tuple(own)
        self._values: dict[tuple[str, str], object] = {}
        self._people: dict[str, Who] = {}
        wrong = [*self._wrong_columns(needs), *self._wrong_words()]
        require(wrong)
        self.fields = {key: names for key in held.columns if key not in self._own for names in [self.columns(key)]}
        self._foreign_zone: tzinfo = ZoneInfo(held.time.zone) if held.time.zone else self.zone

    def columns(self, key: str) -> list[str]:
        """Return the columns that the map names for a key."""
        names = self.map.columns.get(key, [])
        return [names] if isinstance(names, str) else names

    def cell(self, row: Row, key: str) -> str:
        """Return what a row has for a key: "" where no column is named; raise Unreadable where two columns disagree."""
        found = {row.cells[self._places[name]].strip(): name for name in self.columns(key)}
        if len(found) > 1:
            names = " and ".join(found.values())
            raise Unreadable("bad-row", say("the columns {names} say different things of {key}", names=names, key=key))
        return next(iter(found), "")

    def column(self, row: Row, name: str) -> str:
        """Return the cell of a column."""
        return row.cells[self._places[name]].strip()

    def filled(self, row: Row, template: str) -> str:
        """Return a text of the map with the cells of a row for the {columns} or {keys} in it."""

        def word(found: re.Match[str]) -> str:
            name = found[1]
            return self.cell(row, name) if name in self.map.columns else self.column(row, name)

        return _PLACE.sub(word, template)

    def instant(self, text: str) -> datetime:
        """Return the instant that a cell writes, in the desk's zone; raise Unreadable where it is none."""
        formats = self.map.time.format
        for form in [formats] if isinstance(formats, str) else formats:
            try:
                return self._moment(text, form)
            except (ValueError, OverflowError):
                continue
        raise Unreadable("bad-date", say('"{text}" is no instant as the map writes them', text=shown(text)))

    def _moment(self, text: str, form: str) -> datetime:
        if form != "iso":
            found = datetime.strptime(text, form).replace(tzinfo=self._foreign_zone)
            found = datetime.strptime(text, form).astimezone(self.zone) if "%z" in form else found
        else:
            try:
                found = parse_instant(text)
            except ValueError:
                found = datetime.fromisoformat(text)
                found = found if found.tzinfo is not None else found.replace(tzinfo=self._foreign_zone)
        at = in_zone(found, self.zone)
        if at.year // 100 != 20:  # ids tell two digits of the year
            raise ValueError(text)
        return at

    def values(self, row: Row) -> dict[str, object]:
        """Return what a row says of each field of the ticket, None for a field that it leaves empty.

        Raises:
            Unreadable: the desk does not know a word.
        """
        found = {}
        for key in self.fields:
            text = self.cell(row, key)
            if (key, text) not in self._values:
                self._values[key, text] = self._value(key, text)
            value = self._values[key, text]
            if value is not ...:
                found[key] = value
        return found

    def _value(self, key: str, text: str) -> object:
        word = self.map.values.get(key, {}).get(text, text)
        try:
            return self.value_of(key, word)
        except WrongUsage as error:
            if self.map.unnamed.values == "leave-out":
                return ...
            raise Unreadable("unknown-value", error.message) from None

    def value_of(self, key: str, word: str) -> object:
        """Return what a ticket keeps for a word of the map; raise WrongUsage for one that the desk does not know."""
        policy = self.policy
        if not word.strip():
            return None
        if key == "status":
            return self._status(word)
        if key == "team":
            return choose(policy.teams, word, "team")
        if key == "owner":
            return choose(policy.people, word, "person")
        if key == "requester" and policy.people.find(word) is not None:
            return next(iter(policy.people.entries[policy.people.find(word) or ""].emails), word)
        return parse(policy, key, word)

    def _status(self, word: str) -> str:
        """Return the status that a word names; `@solved` names the first of that kind."""
        kind = _KIND.fullmatch(word)
        if kind is None:
            return choose(self.policy.statuses, word, "status")
        held = [status.key for status in self.policy.statuses.entries.values() if status.kind == kind[1]]
        if not held:
            raise WrongUsage(say("no status of this desk is {kind}", kind=kind[1]))
        return self.policy.desk.start if self.policy.desk.start in held else held[0]

    def who(self, word: str) -> Who:
        """Return whom a word names; raise Unreadable where it names nobody known and strangers are refused."""
        if word not in self._people:
            self._people[word] = self._known(self.map.people.get(word, word)) or self._stranger(word)
        return self._people[word]

    def _known(self, target: str) -> Who | None:
        handle = self.policy.people.find(target)
        person = self.policy.person_of(target) if handle is None else self.policy.people.entries[handle]
        if person is not None and person.emails:
            return Who(next(iter(person.labels.values()), person.key), person.emails[0], person.key)
        if person is None and "@" in target.strip("@") and len(target.split()) == 1:
            return Who(target, target, target)
        return None

    def _stranger(self, word: str) -> Who:
        if self.map.unnamed.people == "refuse":
            near = nearest(word, self.map.people) if word else None
            hint = "" if near is None else say('; did you mean "{near}"?', near=near)
            message = say('nobody knows who "{who}" is: [people] in the map can say{hint}', who=shown(word), hint=hint)
            raise Unreadable("unknown-person", message)
        slug = _UNSLUG.sub("-", fold(word)).strip("-.") or "nobody"
        email = self.map.unnamed.address.replace("{who}", slug)
        return Who(word or "nobody", email, "".join(email.split()))

    def finding(self, row: Row, error: Unreadable) -> Finding:
        """Return the finding that a row cannot be understood."""
        code, message = error.args
        return Finding(self._table.name, row.line, 1, code, "error", message)

    def _wrong_columns(self, needs: Iterable[str]) -> Iterator[Message]:
        held, file = self.map, self._table.name
        for key in needs:
            if key not in held.columns:
                yield say("[columns] in the map must say which column is the {key}", key=key)
        known = (*self._own, *ACTED, *SETTABLE, "description", *self.policy.fields.entries)
        for key in held.columns:
            if key not in known:
                yield _no_such(say("[columns] in the map: a ticket of this desk has no {key}", key=key), key, known)
        named = [(name, key) for key in held.columns for name in self.columns(key)]
        named += [(name, key) for key, name in held.facts.items()] + [(name, "ignore") for name in held.ignore]
        for name, key in named:
            if name not in self._places:
                message = say(
                    '{file} has no column "{column}", which the map names for {key}', file=file, column=name, key=key
                )
                yield _no_such(message, name, self._places)
        if held.unnamed.columns == "refuse":
            used = {name for name, _ in named} | set(_names([*held.ticket.values(), *_texts(held)]))
            for name in self._places:
                if name not in used:
                    yield say(
                        '{file}: the map names the column "{column}" nowhere: give it a key under [columns], or '
                        "add it to ignore",
                        file=file,
                        column=name,
                    )

    def _wrong_words(self) -> Iterator[Message]:
        held = self.map
        yield from self._wrong_settings()
        for name in _names([*held.ticket.values(), *_texts(held)]):
            if name not in self._places and name not in held.columns:
                message = say("{{{name}}} in the map is no column of {file}", name=name, file=self._table.name)
                yield _no_such(message, name, (*self._places, *held.columns))
        for key, words in held.values.items():
            for word in words.values():
                yield from _tried(f"[values.{key}]", self.value_of, key, word)
        for key, text in held.ticket.items():
            if not _PLACE.search(text):
                yield from _tried("[ticket]", self.value_of, key, text)
        for word, target in held.people.items():
            if self._known(target) is None:
                yield say(
                    '[people] in the map: "{target}", for "{word}", is neither a person of this desk who has an '
                    "address nor an address",
                    target=target,
                    word=word,
                )

    def _wrong_settings(self) -> Iterator[Message]:
        held, zone = self.map, self.map.time.zone
        for name in held.facts:
            if not is_name(name) or name in {"id", "visibility", "logged", "who", "activity"}:
                yield say('"{key}" cannot be the name of a fact', key=name)
        try:
            _ = ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield say('"{zone}" is no zone that this machine knows; write one like Europe/Madrid', zone=zone)


def _texts(held: Map) -> list[str]:
    """Return the texts of the map that activities log."""
    return [found.text for word in held.activities if (found := held.activity(word)) and found.text]


def _names(templates: Iterable[str]) -> Iterator[str]:
    for template in templates:
        yield from _PLACE.findall(template)


def _tried(where: str, reader: Callable[[str, str], Any], key: str, word: str) -> Iterator[Message]:
    try:
        reader(key, word)
    except WrongUsage as error:
        yield say("{where} in the map: {why}", where=where, why=error.message)


def _no_such(message: Message, name: str, known: Iterable[str] | Mapping[str, int]) -> Message:
    near = nearest(name, known)
    return message if near is None else say('{sentence}; did you mean "{near}"?', sentence=message, near=near)
