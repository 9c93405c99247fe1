"""What tk.toml says of deadlines: which clock, how long, by which calendar, and what stops it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from tk.core.condition_terms import Path
from tk.core.conditions.language import Condition
from tk.core.instant import Duration, parse_duration
from tk.core.names import nearest
from tk.core.policy import Policy
from tk.core.rules import CLOCKS, Deadline
from tk.core.written import file
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.core.written.file_rules import Deadline as Written
from tk.core.written.grammar import Grammar
from tk.errors import say

_LONGEST = timedelta(days=3660)
"""Ten years and a little: what a desk promises later than that is a slip of the pen."""

_WORKING_DAY = timedelta(hours=8)
"""What a business day is reckoned as where only its order of size matters."""


def add_deadlines(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the deadlines that `data` writes."""
    reader = _Reader(Grammar(policy, line_of, faults))
    placed = [(path, reader.deadline(path, rule)) for path, rule in reader.grammar.rules("deadline", data.deadline)]
    _check_reach(policy, placed, faults)
    return policy._replace(deadlines=tuple(deadline for _, deadline in placed))


class _Reader:
    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._faults = grammar.faults
        self._policy = grammar.policy

    def deadline(self, path: Path, rule: Written) -> Deadline:
        calendar = self.grammar.known(rule.calendar, self._policy.calendars, (*path, "calendar"), say("calendar"))
        targets = dict(self._targets(path, rule))
        if rule.calendar is not None and targets and not any(target.is_business for target in targets.values()):
            length = next(iter(targets.values()))
            message = say(
                "{length} runs day and night; business time is written {amount}bh or {amount}bd",
                length=length,
                amount=length.amount,
            )
            self._faults.warn((*path, "calendar"), "unused-calendar", message)
        self._check_clock(path, rule)
        return Deadline(
            rule.name,
            labels(rule.label),
            rule.clock,
            targets,
            self._condition(rule.when, (*path, "when")),
            calendar,
            tuple(self._stops(path, rule)),
            self._condition(rule.start, (*path, "start")),
            self._condition(rule.end, (*path, "end")),
            rule.since,
            rule.until,
            self.grammar.line(path),
        )

    def _targets(self, path: Path, rule: Written) -> Iterator[tuple[str, Duration]]:
        here = (*path, "target")
        if isinstance(rule.target, str):
            if self._is_length(rule, rule.target, here):
                yield "", parse_duration(rule.target)
            return
        if not rule.target:
            self._faults.add(here, "bad-value", say("a deadline needs a length of time, such as 24h or 3bd"))
        for priority, text in rule.target.items():
            key = self.grammar.known(priority, self._policy.priorities, (*here, priority), say("priority"))
            if key is not None and self._is_length(rule, text, (*here, priority)):
                yield key, parse_duration(text)

    def _is_length(self, rule: Written, text: str, path: Path) -> bool:
        """Return whether a clock can run for `text`; what speaks against it is noted."""
        length = parse_duration(text)
        if not timedelta(0) < _size(length) <= _LONGEST:
            message = say("{length} is no time in which anything falls due; the longest is ten years", length=text)
            self._faults.add(path, "bad-value", message)
            return False
        if length.is_business and rule.calendar is None:
            message = say("{length} is business time: name its `calendar`", length=text)
            self._faults.add(path, "no-calendar", message)
            return False
        return True

    def _check_clock(self, path: Path, rule: Written) -> None:
        own = rule.clock not in CLOCKS
        if own and rule.start is None:
            near = nearest(rule.clock, CLOCKS)
            message = say("nobody starts the clock {clock}: say when, by `start`", clock=rule.clock)
            if near is not None:
                message = say("nobody starts the clock {clock}; did you mean {near}?", clock=rule.clock, near=near)
            self._faults.add((*path, "clock"), "no-start", message)
        for key, condition in (("start", rule.start), ("end", rule.end)):
            if not own and condition is not None:
                message = say(
                    "tk itself starts and ends the clock {clock}; `{key}` is for others", clock=rule.clock, key=key
                )
                self._faults.add_key((*path, key), "unknown-key", message)

    def _stops(self, path: Path, rule: Written) -> Iterator[str]:
        for here, name in self._faults.numbered((*path, "stops"), rule.stops):
            key = self.grammar.known(name, self._policy.statuses, here, say("status"))
            if key is not None:
                yield key

    def _condition(self, table: Mapping[str, object] | None, path: Path) -> Condition | None:
        condition = self.grammar.condition(table, path)
        for name in sorted({name for name in _facts(condition) if name.partition(".")[0] in {"actor", "new"}}):
            message = say("{fact} is nothing a clock can go by: it looks at the ticket as it stands", fact=name)
            self._faults.add(path, "bad-condition", message)
        return condition


def _facts(condition: Condition | None) -> Iterator[str]:
    if condition is not None:
        yield from (test.fact for test in condition.tests)
        for group in condition.groups:
            for branch in group:
                yield from _facts(branch)


def _size(length: Duration) -> timedelta:
    if not length.is_business:
        return length.wall
    return length.amount * _WORKING_DAY if length.unit == "bd" else length.open


def _check_reach(policy: Policy, placed: list[tuple[Path, Deadline]], faults: Faults) -> None:
    """Note a deadline behind one that always applies, and a priority for which a clock has none at all."""
    whole: dict[str, Deadline] = {}
    named: dict[str, set[str]] = {}
    first: dict[str, Path] = {}
    for path, rule in placed:
        if rule.clock in whole:
            message = say("this never applies: {rule} comes before, and always does", rule=whole[rule.clock].key)
            faults.warn(path, "dead-rule", message)
        elif rule.when is None and rule.since is None and rule.until is None and "" in rule.targets:
            whole[rule.clock] = rule
        named.setdefault(rule.clock, set()).update(rule.targets)
        first.setdefault(rule.clock, path)
    for clock, targets in named.items():
        missing = [key for key in policy.priorities.entries if key not in targets]
        if targets and missing and "" not in targets:
            names = ", ".join(missing)
            message = say("tickets of priority {priorities} have no {clock} clock", priorities=names, clock=clock)
            faults.warn(first[clock], "no-target", message)
