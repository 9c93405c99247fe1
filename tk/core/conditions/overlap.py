"""Whether two conditions can hold at once, as far as their tests alone tell; what cannot be told may be."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations
from math import inf
from typing import NamedTuple

from tk.core.condition_terms import REFERENCES, Condition, Operand, Test
from tk.core.instant import Duration, epoch

_SAME = frozenset({"is", "at"})
_SEVERAL = frozenset({"tags", "actor.role"})
"""Facts that have several values at once: what one of them is says nothing of the others."""

_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def may_both_hold(one: Condition | None, other: Condition | None) -> bool:
    """Return whether there may be a ticket for which both conditions hold; None is a condition that always holds."""
    conditions = [condition for condition in (one, other) if condition is not None]
    tests = [test for condition in conditions for test in condition.tests]
    if any(_exclude(*pair) for pair in combinations(tests, 2)):
        return False
    groups = (group for condition in conditions for group in condition.groups)
    return all(any(_fits(branch, tests) for branch in group) for group in groups)


def _fits(branch: Condition, tests: list[Test]) -> bool:
    return not any(_exclude(own, test) for own in branch.tests for test in tests)


def _exclude(one: Test, other: Test) -> bool:
    """Return whether no value of one fact meets both tests."""
    if one.fact != other.fact or one.fact in _SEVERAL or (one.negated and other.negated):
        return False
    if "none" in (one.operator, other.operator):
        return _on_nothing(one, other) or _on_nothing(other, one)
    if one.operator in _SAME and other.operator in _SAME and not (_refers(one) or _refers(other)):
        return _on_names(one, other)
    first, second = _interval(one), _interval(other)
    return first is not None and second is not None and first.misses(second)


def _on_nothing(one: Test, other: Test) -> bool:
    """Return whether `one` asks for no value where `other` asks for one."""
    if one.operator != "none" or one.negated:
        return False
    return other.negated if other.operator == "none" else not other.negated


def _refers(test: Test) -> bool:
    return any(operand in REFERENCES for operand in test.operands)


def _on_names(one: Test, other: Test) -> bool:
    first, second = set(one.operands), set(other.operands)
    if one.negated:
        return second <= first
    return first <= second if other.negated else not first & second


class _Interval(NamedTuple):
    """What values a comparison leaves: from `low` to `high`, each with whether it is itself left out."""

    low: float
    above: bool
    high: float
    below: bool

    def misses(self, other: "_Interval") -> bool:
        """Return whether no value lies in both."""
        low, above = max((self.low, self.above), (other.low, other.above))
        high, within = min((self.high, not self.below), (other.high, not other.below))
        return low > high or (low == high and (above or not within))


def _interval(test: Test) -> _Interval | None:
    if len(test.operands) != 1:
        return None
    size = next(_sizes(test.operands[0]), None)
    if size is None or (test.negated and test.operator not in _TURNED):
        return None
    match _TURNED[test.operator] if test.negated else test.operator:
        case "<":
            return _Interval(-inf, False, size, True)
        case "<=":
            return _Interval(-inf, False, size, False)
        case ">":
            return _Interval(size, True, inf, False)
        case ">=":
            return _Interval(size, False, inf, False)
        case "is":
            return _Interval(size, False, size, False)
    return None


def _sizes(operand: Operand) -> Iterator[float]:
    match operand:
        case Duration() if not operand.is_business:
            yield operand.wall.total_seconds()
        case bool() | str() | Duration():
            return
        case datetime():
            yield epoch(operand)
        case date():
            return  # a day and an instant are compared by the day
        case int() | float():
            yield operand
