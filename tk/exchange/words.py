"""The words of a map in one desk: what values, people and instants of a foreign file come to here."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tk.core.instant import in_zone, parse_instant
from tk.core.names import fold, nearest
from tk.core.policy import Policy
from tk.core.text import shown
from tk.core.values import choose, is_name, parse
from tk.errors import Message, WrongUsage, say
from tk.exchange.mapping import Map

PLACE = re.compile(r"\{([^{}]+)\}")
"""A column's name in a text of the map."""

_KIND = re.compile(r"@(new|open|waiting|solved|closed)")
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "new": ("new",),
    "open": ("open",),
    "waiting": ("waiting", "open"),
    "solved": ("solved", "closed"),
    "closed": ("closed", "solved"),
}
"""Of which kinds a status may be that `@KIND` names, the first there is."""

_ADDRESS = re.compile(r"[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")
_UNSLUG = re.compile(r"[^a-z0-9.-]+")


class Who(NamedTuple):
    """Who did something: name and address as git writes them, and what a log calls them."""

    name: str
    email: str
    by: str


NOBODY = Who("", "", "")
"""Whoever imports: of what nobody is said to have done."""


def is_address(text: str) -> bool:
    """Return whether git keeps `text` as an address just as it is."""
    return _ADDRESS.fullmatch(text) is not None


class Unreadable(Exception):
    """A row says nothing that the desk could understand; for a code and a sentence see `args`."""


class Words:
    """What the words of a file come to by a map and a policy."""

    def __init__(self, held: Map, policy: Policy) -> None:
        self.map = held
        self.policy = policy
        self.zone = ZoneInfo(policy.desk.zone)
        self._people: dict[str, Who] = {}

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
            found = datetime.strptime(text, form).replace(tzinfo=self._foreign)
            found = datetime.strptime(text, form).astimezone(self.zone) if "%z" in form else found
        else:
            try:
                found = parse_instant(text)
            except ValueError:
                found = datetime.fromisoformat(text)
                found = found if found.tzinfo is not None else found.replace(tzinfo=self._foreign)
        at = in_zone(found, self.zone)
        if at.year // 100 != 20:  # ids tell two digits of the year
            raise ValueError(text)
        return at

    @cached_property
    def _foreign(self) -> tzinfo:
        """The zone of instants without an offset."""
        return ZoneInfo(self.map.time.zone) if self.map.time.zone else self.zone

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
            return self._owner(word)
        if key == "requester" and policy.people.find(word) is not None:
            return next(iter(policy.people.entries[policy.people.find(word) or ""].emails), word)
        return parse(policy, key, word)

    def kind_of(self, word: str) -> str | None:
        """Return the kind of link that a word of the map names; None where the desk has none."""
        return self.policy.links.find(word)

    def _owner(self, word: str) -> str:
        """Return whom a word names as owner: as [people] says, else a handle, name or address; of several one."""
        name = word if word in self.map.people else word.partition(",")[0].strip().removeprefix("@")
        name = self.map.people.get(name, name)
        person = self.policy.person_of(name)
        return choose(self.policy.people, name, "person") if person is None else person.key

    def _status(self, word: str) -> str:
        """Return the status that a word names; `@open` names the first of that kind that tickets do not start with."""
        statuses, kind = self.policy.statuses, _KIND.fullmatch(word)
        if kind is None:
            return choose(statuses, word, "status")
        start = self.policy.desk.start
        held = [s.key for like in _INSTEAD[kind[1]] for s in statuses.entries.values() if s.kind == like]
        return start if word == "@new" else next((key for key in held if key != start), start)

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
        if person is None and is_address(target):
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
        return Who(word or "nobody", email, email)

    def wrong(self) -> Iterator[Message]:
        """Yield each way in which the map does not fit the desk."""
        held = self.map
        yield from self._wrong_settings()
        for key, words in held.values.items():
            for word in words.values():
                yield from _tried(f"[values.{key}]", self.value_of, key, word)
        for kind in held.links:
            if self.kind_of(kind) is None and held.unnamed.values == "refuse":
                yield say('[links] in the map: this desk has no kind of link "{kind}"', kind=kind)
        for key, text in held.ticket.items():
            if not PLACE.search(text):
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
        if not is_address(held.unnamed.address.replace("{who}", "x")):
            yield say('[unnamed] in the map: "{address}" makes no address', address=held.unnamed.address)
        try:
            _ = ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield say('"{zone}" is no zone that this machine knows; write one like Europe/Madrid', zone=zone)


def _tried(where: str, reader: Callable[[str, str], Any], key: str, word: str) -> Iterator[Message]:
    try:
        reader(key, word)
    except WrongUsage as error:
        yield say("{where} in the map: {why}", where=where, why=error.message)
