"""What the readers of all rules share: names looked up, actions, conditions and words checked, faults noted."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from tk.core.action import DESK_WIDE, ORDER, WITH_OBJECT
from tk.core.condition_terms import Path
from tk.core.conditions.language import REFERENCES, Condition, Context, Table, compile_condition, own_facts
from tk.core.names import nearest
from tk.core.policy import Labels, Policy, Vocabulary
from tk.core.values import SETTABLE, parse
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.errors import Message, WrongUsage, say

_NO_FIELD = ("id", "status-since", "created", "updated", "activity", "kind", "rating")
"""What a ticket holds but nobody sets."""


class Written(Protocol):
    """A rule as tk.toml writes it."""

    name: str
    since: date | None
    until: date | None


W = TypeVar("W", bound=Written)


class Grammar:
    """What `policy` knows, against which the rules of its tk.toml are read."""

    def __init__(self, policy: Policy, line_of: LineOf, faults: Faults) -> None:
        self.policy = policy
        self.line = line_of
        self.faults = faults
        self._context = Context.of(policy)

    def rules(self, section: str, written: Iterable[W]) -> Iterator[tuple[Path, W]]:
        """Yield each rule of a section with its path, its name known to be its own and its days in order."""
        names: set[str] = set()
        for path, rule in self.faults.numbered((section,), written):
            if rule.name in names:
                message = say(
                    'another rule of [[{section}]] is called "{name}" already', section=section, name=rule.name
                )
                self.faults.add((*path, "name"), "duplicate-name", message)
            names.add(rule.name)
            if rule.since is not None and rule.until is not None and rule.until <= rule.since:
                message = say("until {until} is not after from {since}", until=rule.until, since=rule.since)
                self.faults.add((*path, "until"), "bad-value", message)
            yield path, rule

    def condition(self, table: Table | None, path: Path) -> Condition | None:
        """Return the condition that `table` writes; None where there is no table."""
        if table is None:
            return None
        compiled = compile_condition(table, self._context)
        for problem in compiled.problems:
            self.faults.add((*path, *problem.path), problem.code, problem.message)
        return compiled.condition

    def fact(self, name: str, path: Path) -> str | None:
        """Return the name of the fact that `name` is; None, noted, where there is none."""
        compiled = compile_condition({name: "!"}, self._context)
        for problem in compiled.problems:
            self.faults.add(path, problem.code, problem.message)
        return None if compiled.problems else name

    def known(self, name: str | None, names: Vocabulary[Any], path: Path, what: Message) -> str | None:
        """Return the key that `name` is; None, noted with the nearest, where there is none."""
        if name is None or name in names.entries:
            return name
        key = names.find(name)
        self.faults.unknown(path, what, name, key or nearest(name, names.entries))
        return None

    def assignee(self, name: str | None, path: Path) -> str | None:
        """Return the person, team or reference to a person that `name` is."""
        people = [*self.policy.people.entries, *self.policy.teams.entries, *REFERENCES[:3]]
        return self._one_of(name, people, path, say("person or team"))

    def group(self, name: str, path: Path) -> str | None:
        """Return the person, team or role that `name` is."""
        known = [*self.policy.people.entries, *self.policy.teams.entries, *self.policy.roles.entries]
        return self._one_of(name, known, path, say("person, team or role"))

    def _one_of(self, name: str | None, known: list[str], path: Path, what: Message) -> str | None:
        if name is None or name in known:
            return name
        self.faults.unknown_of(path, what, name, known)
        return None

    def values(self, written: Mapping[str, str], path: Path) -> dict[str, object]:
        """Return the values that a rule sets, as a ticket holds them, keyed by field."""
        made: dict[str, object] = {}
        for key, text in written.items():
            try:
                made[key] = parse(self.policy, key, text)
            except WrongUsage as wrong:
                reason = (
                    wrong.message
                    if wrong.hint is None
                    else say("{why}; {instead}", why=wrong.message, instead=wrong.hint)
                )
                self.faults.add((*path, key), "bad-value", reason)
        return made

    def words(self, written: "str | Mapping[str, str] | None") -> Labels | None:
        """Return the words of a note or report by language; None where there are none."""
        return None if written is None else labels(written) or None

    def fillable(self) -> list[str]:
        """Return the fields that can have a value which somebody gives."""
        return ["description", *(name for name in own_facts(self._context) if name not in _NO_FIELD)]

    def settable(self) -> tuple[str, ...]:
        """Return the keys that `set` may name."""
        return ("description", *SETTABLE, *self.policy.fields.entries)

    def check_pattern(self, pattern: str, path: Path) -> None:
        """Note a pattern that no action of this desk can match."""
        verb, dot, rest = pattern.partition(".")
        if pattern == "*" or (not dot and verb in (*_ALONE, *DESK_WIDE)):
            return
        if verb in WITH_OBJECT and dot and self._has_object(verb, rest):
            return
        if verb in WITH_OBJECT and not dot:
            message = say('"{action}" needs an object; write {action}.* for all', action=verb)
            self.faults.add(path, "unknown-name", message)
            return
        self.faults.unknown(path, say("action"), pattern, nearest(pattern, self._actions()))

    def _has_object(self, verb: str, name: str) -> bool:
        if name == "*":
            return True
        if verb in {"log", "log-for"}:
            return name in self.policy.events.entries
        if verb == "set":
            return name in self.settable()
        return name in _named(self.policy, verb).entries

    def _actions(self) -> Iterator[str]:
        yield from (*_ALONE, *DESK_WIDE)
        yield from (f"{verb}.*" for verb in sorted(WITH_OBJECT))
        yield from (f"{verb}.{event}" for verb in ("log", "log-for") for event in self.policy.events.entries)
        yield from (f"set.{name}" for name in self.settable())
        yield from (f"{verb}.{name}" for verb in _NAMED for name in _named(self.policy, verb).entries)


def _named(policy: Policy, verb: str) -> Vocabulary[Any]:
    """Return the names that what is attached, linked, requested or approved may have."""
    names: dict[str, Vocabulary[Any]] = {
        "attach": policy.attachments.kinds,
        "link": policy.links,
        "request": policy.requests,
        "approve": policy.approvals,
    }
    return names[verb]


_NAMED = ("attach", "link", "request", "approve")
_ALONE = tuple(verb for verb in ORDER if verb not in WITH_OBJECT)
