"""The rules of a policy: what roles may do and what actions require, their conditions compiled."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from tk.core import policy_file as file
from tk.core.action import DESK_WIDE, ORDER, WITH_OBJECT
from tk.core.condition import Condition, Context, Table, compile_condition, own_facts
from tk.core.condition_terms import Path
from tk.core.names import nearest
from tk.core.policy import Permission, Policy, Requirement, Vocabulary, vocabulary
from tk.core.policy_builder import LineOf, labels
from tk.core.policy_faults import Faults
from tk.core.values import SETTABLE
from tk.errors import say

_NO_FIELD = ("id", "status-since", "created", "updated", "activity", "kind", "rating")
"""What a ticket holds but nobody sets."""

D = TypeVar("D", str, date)


def add_rules(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the rules that `data` writes: roles with what they may do, and requirements."""
    rules = _Rules(policy, line_of, faults)
    entries = policy.roles.entries
    roles = [entries[key]._replace(may=tuple(rules.permissions(key, role))) for key, role in data.roles.items()]
    return policy._replace(roles=vocabulary(roles), requirements=tuple(rules.requirements(data.require)))


class _Rules:
    def __init__(self, policy: Policy, line_of: LineOf, faults: Faults) -> None:
        self._policy = policy
        self._context = Context.of(policy)
        self._line = line_of
        self._faults = faults

    def permissions(self, key: str, role: file.Role) -> Iterator[Permission]:
        for path, grant in self._faults.numbered(("roles", key, "may"), role.may):
            if isinstance(grant, str):
                self._check_pattern(grant, path)
                yield Permission(grant, None, self._line(path))
            else:
                self._check_pattern(grant.action, (*path, "action"))
                yield Permission(grant.action, self._condition(grant.when, (*path, "when")), self._line(path))

    def requirements(self, written: list[file.Requirement]) -> Iterator[Requirement]:
        names: set[str] = set()
        for path, rule in self._faults.numbered(("require",), written):
            if rule.name in names:
                message = say('another requirement is called "{name}" already', name=rule.name)
                self._faults.add((*path, "name"), "duplicate-name", message)
            names.add(rule.name)
            yield self._requirement(path, rule)

    def _requirement(self, path: Path, rule: file.Requirement) -> Requirement:
        self._check_pattern(rule.action, (*path, "action"))
        if rule.that is None and not rule.fields:
            self._faults.add_key(path, "missing-key", say("a requirement needs `that` or `fields`: what must hold"))
        if rule.since is not None and rule.until is not None and rule.until <= rule.since:
            message = say("until {until} is not after from {since}", until=rule.until, since=rule.since)
            self._faults.add((*path, "until"), "bad-value", message)
        for here, name in self._faults.numbered((*path, "fields"), rule.fields):
            if name not in self._fillable():
                self._faults.unknown(here, say("field"), name, nearest(name, self._fillable()))
        return Requirement(
            rule.name,
            labels(rule.label),
            rule.action,
            self._condition(rule.when, (*path, "when")),
            self._condition(rule.that, (*path, "that")),
            tuple(name for name in rule.fields if name in self._fillable()),
            rule.since,
            rule.until,
            self._line(path),
        )

    def _condition(self, table: Table | None, path: Path) -> Condition | None:
        if table is None:
            return None
        compiled = compile_condition(table, self._context)
        for problem in compiled.problems:
            self._faults.add((*path, *problem.path), problem.code, problem.message)
        return compiled.condition

    def _check_pattern(self, pattern: str, path: Path) -> None:
        """Note a pattern that no action of this desk can match."""
        verb, dot, rest = pattern.partition(".")
        if pattern == "*" or (not dot and verb in (*_ALONE, *DESK_WIDE)):
            return
        if verb in WITH_OBJECT and dot and self._has_object(verb, rest):
            return
        if verb in WITH_OBJECT and not dot:
            message = say('"{action}" needs an object; write {action}.* for all', action=verb)
            self._faults.add(path, "unknown-name", message)
            return
        self._faults.unknown(path, say("action"), pattern, nearest(pattern, self._actions()))

    def _has_object(self, verb: str, name: str) -> bool:
        if name == "*":
            return True
        if verb in {"log", "log-for"}:
            return name in self._policy.events.entries
        if verb == "set":
            return name in self._settable()
        return name in _named(self._policy, verb).entries

    def _actions(self) -> Iterator[str]:
        yield from (*_ALONE, *DESK_WIDE)
        yield from (f"{verb}.*" for verb in sorted(WITH_OBJECT))
        yield from (f"{verb}.{event}" for verb in ("log", "log-for") for event in self._policy.events.entries)
        yield from (f"set.{name}" for name in self._settable())
        yield from (f"{verb}.{name}" for verb in _NAMED for name in _named(self._policy, verb).entries)

    def _settable(self) -> tuple[str, ...]:
        return ("description", *SETTABLE, *self._policy.fields.entries)

    def _fillable(self) -> list[str]:
        return [name for name in own_facts(self._context) if name not in _NO_FIELD]


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
