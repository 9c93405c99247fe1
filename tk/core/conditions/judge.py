"""Whether a condition holds, which of its tests do not, and how to say a test in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce

from tk.core.condition_terms import BUSINESS, REFERENCES, Condition, Facts, FactValue, Operand, Test
from tk.core.conditions.operands import parse_flag, parse_number, tokens
from tk.core.instant import Duration, epoch, format_instant, parse_date, parse_duration, parse_instant
from tk.core.names import fold
from tk.errors import Message, say


def holds(condition: Condition, fact: Facts) -> bool:
    """Return whether all tests of `condition` hold, and of each group at least one condition."""
    return all(is_met(test, fact) for test in condition.tests) and all(
        any(holds(branch, fact) for branch in group) for group in condition.groups
    )


def failing(condition: Condition, fact: Facts) -> tuple[Test, ...]:
    """Return the tests that do not hold; of a group of which none holds, those of the branch that lacks least.

    There are none exactly when the condition holds.
    """
    missing = [test for test in condition.tests if not is_met(test, fact)]
    for group in condition.groups:
        least: tuple[Test, ...] = min((failing(branch, fact) for branch in group), key=len, default=())
        missing += least
    return tuple(missing)


def is_met(test: Test, fact: Facts) -> bool:
    """Return whether one test holds; one that could not be understood never does."""
    if test.operator == "none":
        return (fact(test.fact) in (None, (), "")) is not test.negated
    if not test.operands:
        return False
    return _answers(test, fact) is not test.negated


def _answers(test: Test, fact: Facts) -> bool:
    value = fact(test.fact)
    if value is None:
        return False
    compare = _COMPARE[test.operator]
    business = [operand for operand in test.operands if isinstance(operand, Duration) and operand.is_business]
    if any(compare(fact(_in_business(test.fact, length)), length) for length in business):
        return True
    operands = (bare for operand in test.operands if operand not in business for bare in _resolved(operand, fact))
    if isinstance(value, tuple) and test.operator not in _WHOLE:
        return any(compare(member, operand) for operand in operands for member in value)
    return any(compare(value, operand) for operand in operands)


def _in_business(fact: str, length: Duration) -> str:
    """Return the name of the fact that is a length of time, told in business hours or days as `length` is."""
    return f"{fact}{BUSINESS}{'bd' if length.unit == 'bd' else 'bh'}"


def _resolved(operand: Operand, fact: Facts) -> Iterator[Operand]:
    if operand not in REFERENCES:
        yield operand
        return
    value = fact(str(operand)[1:])
    if isinstance(value, tuple):
        yield from value
    elif value is not None and not isinstance(value, timedelta):
        yield value


def _equal(value: FactValue, operand: Operand) -> bool:
    if isinstance(operand, str):
        return value == operand
    if isinstance(operand, bool):
        return _flag(value) is operand
    return _ordered(value, operand, lambda left, right: left == right)


def _flag(value: FactValue) -> bool | None:
    if not isinstance(value, str):
        return value if isinstance(value, bool) else None
    try:
        return parse_flag(value)
    except ValueError:
        return None


def _like(value: FactValue, operand: Operand) -> bool:
    text = str(operand)
    if isinstance(value, str):
        return fold(value) == fold(text)
    if isinstance(value, bool):
        return _flag(text) is value
    try:
        return _typed(text, value) == value
    except ValueError:
        return False


def _address(value: FactValue, operand: Operand) -> bool:
    return isinstance(value, str) and value.casefold() == str(operand).casefold()


def _path(value: FactValue) -> tuple[str, ...]:
    return tuple(value.split("/")) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def _at(value: FactValue, operand: Operand) -> bool:
    return _path(value) == _path(str(operand))


def _under(value: FactValue, operand: Operand) -> bool:
    above = _path(str(operand))
    return _path(value)[: len(above)] == above


def _child(value: FactValue, operand: Operand) -> bool:
    return _path(value)[:-1] == _path(str(operand))


def _words(value: FactValue, operand: Operand) -> bool:
    held = value if isinstance(value, tuple) else tokens(str(value))
    return set(str(operand).split()) <= set(held)


def _ordered(value: FactValue, operand: Operand, compare: Callable[[float, float], bool]) -> bool:
    """Compare two lengths, times or numbers; what cannot be compared answers no."""
    try:
        typed = _typed(value, operand) if isinstance(value, str) else value
    except ValueError:
        return False
    if isinstance(operand, datetime) and isinstance(typed, datetime):
        measures = (_epoch(typed), _epoch(operand))
    elif isinstance(operand, date) and isinstance(typed, date):
        # A day against an instant: the day that the instant has in its own offset.
        measures = (typed.toordinal(), operand.toordinal())
    else:
        measures = (_size(typed), _size(operand))
    left, right = measures
    return left is not None and right is not None and compare(left, right)


def _epoch(instant: datetime) -> float | None:
    return None if instant.tzinfo is None else epoch(instant)


def _size(value: "FactValue | Operand") -> float | None:
    """Return a length in seconds, business days and numbers as they are; None for anything that has no size."""
    if isinstance(value, Duration):
        return value.amount if value.unit == "bd" else value.length.total_seconds()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _typed(text: str, other: "FactValue | Operand") -> FactValue:
    """Return what `text` writes, read as what it is compared with; raise ValueError where it is no such thing."""
    if isinstance(other, Duration):
        return parse_duration(text).wall
    if isinstance(other, date):
        return parse_date(text) if len(text) == 10 else parse_instant(text)
    return parse_number(text)


_WHOLE = frozenset({"at", "under", "child", "words"})
"""The operators that look at a list as a whole; the others ask its members."""

_COMPARE: Mapping[str, Callable[[FactValue, Operand], bool]] = {
    "is": _equal,
    "like": _like,
    "address": _address,
    "at": _at,
    "under": _under,
    "child": _child,
    "words": _words,
    "<": lambda value, operand: _ordered(value, operand, lambda left, right: left < right),
    "<=": lambda value, operand: _ordered(value, operand, lambda left, right: left <= right),
    ">": lambda value, operand: _ordered(value, operand, lambda left, right: left > right),
    ">=": lambda value, operand: _ordered(value, operand, lambda left, right: left >= right),
}

_IS = ("{fact} is {values}", "{fact} is not {values}")

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "is": _IS,
    "like": _IS,
    "address": _IS,
    "at": _IS,
    "under": ("{fact} is {values} or below", "{fact} is neither {values} nor below"),
    "child": ("{fact} is one step below {values}", "{fact} is not one step below {values}"),
    "words": ("{fact} has the words {values}", "{fact} has not the words {values}"),
    "none": ("{fact} has no value", "{fact} has a value"),
    "<": ("{fact} is less than {values}", "{fact} is not less than {values}"),
    "<=": ("{fact} is at most {values}", "{fact} is not at most {values}"),
    ">": ("{fact} is more than {values}", "{fact} is not more than {values}"),
    ">=": ("{fact} is at least {values}", "{fact} is not at least {values}"),
}


def describe(what: Test | Condition) -> Message:
    """Return a test, or all of a condition, in words: "priority is high or urgent"."""
    if isinstance(what, Test):
        if what.operator != "none" and not what.operands:
            return say("{fact} is something tk.toml does not say rightly", fact=what.fact or say("this"))
        template = _SENTENCES[what.operator][what.negated]
        return say(template, fact=what.fact, values=_any_of([_written(operand) for operand in what.operands]))
    parts: list[Message | str] = [describe(test) for test in what.tests]
    parts += [_any_of([say("({condition})", condition=describe(branch)) for branch in group]) for group in what.groups]
    return say("{tests}", tests=_all_of(parts)) if parts else say("always")


def _any_of(parts: Sequence[Message | str]) -> Message | str:
    """Return "a or b or c" in the language spoken when it is read, "" where there is nothing to choose from."""
    return reduce(lambda first, second: say("{first} or {second}", first=first, second=second), parts) if parts else ""


def _all_of(parts: Sequence[Message | str]) -> Message | str:
    return reduce(lambda first, second: say("{first} and {second}", first=first, second=second), parts)


def _written(operand: Operand) -> Message | str:
    if isinstance(operand, bool):
        return say("yes") if operand else say("no")
    return format_instant(operand) if isinstance(operand, datetime) else str(operand)
