"""What is doubtful about rules that act by themselves: two that undo each other, two that contradict each other."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import TypeVar

from tk.core.assignee import assignment
from tk.core.condition_terms import REFERENCES, Condition, Test
from tk.core.conditions.judge import is_met
from tk.core.conditions.overlap import may_both_hold
from tk.core.facts import Facts
from tk.core.policy import Policy
from tk.core.rules import Consequence, Dated, SweepRule
from tk.core.ticket import Ticket, with_value
from tk.core.written.faults import Faults
from tk.errors import say

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_OF_STATUS = ("status", "kind", "status-since", "in-status", "events-in-status")
"""The facts that moving a ticket to another status settles."""

D = TypeVar("D", bound=Dated)


def check_sweeps(policy: Policy, faults: Faults) -> None:
    """Note what in a sweep's rules asks who acts, and rules that undo each other."""
    numbered = list(faults.numbered(("sweep",), policy.sweeps))
    for path, rule in numbered:
        if rule.assign == "@actor":
            faults.add((*path, "assign"), "bad-value", say("nobody acts in a sweep: name a person, a team or @creator"))
        if any(_asks_who_acts(test) for test in _tests(rule.when)):
            message = say("nobody acts in a sweep, and nothing is proposed: actor and new say nothing there")
            faults.add((*path, "when"), "bad-condition", message)
    for (_, one), (path, other) in combinations(numbered, 2):
        if _undo_each_other(policy, one, other):
            message = say(
                "{one} and {other} undo each other: what the one does is a case for the other", **_names(one, other)
            )
            faults.warn(path, "sweep-cycle", message)


def _names(one: Consequence | SweepRule, other: Consequence | SweepRule) -> Mapping[str, str]:
    return {"one": one.key, "other": other.key}


def _tests(condition: Condition) -> Iterator[Test]:
    yield from condition.tests
    for group in condition.groups:
        for branch in group:
            yield from _tests(branch)


def _asks_who_acts(test: Test) -> bool:
    head = test.fact.partition(".")[0]
    return head in {"actor", "new"} or "@actor" in test.operands


def _undo_each_other(policy: Policy, one: SweepRule, other: SweepRule) -> bool:
    """Return whether each of two rules makes of a ticket what may be a case for the other, to another effect."""
    first, second = _moved(policy, one), _moved(policy, other)
    if all(first[key] == second[key] for key in first.keys() & second.keys()) or not _overlap(one, other):
        return False
    if not (_may_hold_after(policy, other.when, first) and _may_hold_after(policy, one.when, second)):
        return False
    return may_both_hold(_without(one.when, second), _without(other.when, first))


def _moved(policy: Policy, rule: SweepRule) -> dict[str, object]:
    """Return the keys that a rule gives a value which is known beforehand."""
    moved = dict(rule.set)
    if rule.advance is not None:
        moved["status"] = rule.advance
    to = None if rule.assign is None else assignment(policy, Ticket(""), rule.assign)
    if to is not None:
        moved["owner"] = to.owner
    return moved


def _settled(moved: Mapping[str, object]) -> frozenset[str]:
    return frozenset({*moved, *(_OF_STATUS if "status" in moved else ())})


def _may_hold_after(policy: Policy, condition: Condition, moved: Mapping[str, object]) -> bool:
    """Return whether a condition may hold of a ticket that was just given these values."""
    ticket = Ticket("", status_since=_ANY_TIME)
    for key, value in moved.items():
        ticket = ticket._replace(description=str(value)) if key == "description" else with_value(ticket, key, value)
    facts = Facts(policy, ticket, _ANY_TIME)
    return _may_hold(condition, facts, _settled(moved))


def _may_hold(condition: Condition, facts: Facts, settled: frozenset[str]) -> bool:
    def may_be_met(test: Test) -> bool:
        is_known = test.fact.partition(".")[0] in settled and not any(o in REFERENCES for o in test.operands)
        return not is_known or is_met(test, facts)

    return all(map(may_be_met, condition.tests)) and all(
        any(_may_hold(branch, facts, settled) for branch in group) for group in condition.groups
    )


def _without(condition: Condition, moved: Mapping[str, object]) -> Condition:
    """Return what a condition asks beside the keys that were given values."""
    settled = _settled(moved)
    return Condition(tuple(test for test in condition.tests if test.fact.partition(".")[0] not in settled))


def check_consequences(policy: Policy, faults: Faults) -> None:
    """Note two consequences that may follow from one action and leave the ticket differently."""
    numbered = list(faults.numbered(("on",), policy.consequences))
    for (_, one), (path, other) in combinations(numbered, 2):
        key = next(_contested(one, other), None)
        if key is None or not _share_action(one.action, other.action) or not _overlap(one, other):
            continue
        if may_both_hold(one.when, other.when):
            message = say(
                "{one} and {other} may follow from one action, and give {key} different values",
                key=key,
                **_names(one, other),
            )
            faults.warn(path, "contradiction", message)


def _contested(one: Consequence, other: Consequence) -> Iterator[str]:
    """Yield what both give a value, and not the same."""
    first, second = _given(one), _given(other)
    return (key for key in first if key in second and first[key] != second[key])


def _given(rule: Consequence) -> dict[str, object]:
    given: dict[str, object] = {key: ("value", value) for key, value in rule.set.items()}
    given |= {key: ("fact", name) for key, name in rule.copy.items()}
    given |= {"owner": rule.assign} if rule.assign is not None else {}
    return given | ({"status": rule.advance} if rule.advance is not None else {})


def _share_action(one: str, other: str) -> bool:
    """Return whether some action is covered by both patterns."""
    ends = sorted((one, other), key=len)
    return "*" in ends or one == other or any(p.endswith(".*") and q.startswith(p[:-1]) for p, q in (ends, ends[::-1]))


def _overlap(one: D, other: D) -> bool:
    """Return whether there is a day on which both rules are in force."""
    begins = max((day for day in (one.since, other.since) if day is not None), default=None)
    ends = min((day for day in (one.until, other.until) if day is not None), default=None)
    return begins is None or ends is None or begins < ends
