"""From a condition as tk.toml writes it to tests that rules hold; total: anything ends as tests or as problems."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core.condition_terms import Compiled, Condition, Path, Problem, Test
from tk.core.conditions.operands import Misread, Read, read_operand
from tk.core.conditions.testable import Context, Fact, NoFact, look_up
from tk.errors import Message, say

_DEEPEST = 8
"""How deep tables and groups may lie in one another; nobody means more, and recursion must end."""

_ANY = "any"
_NOT = "not."

Group = tuple[Condition, ...]


def compile_condition(table: object, context: Context) -> Compiled:
    """Return the condition that `table` writes, labels turned into keys, with every problem found in it."""
    problems: list[Problem] = []
    return Compiled(_compile_table(table, context, (), problems), tuple(problems))


def compile_test(fact: str, value: object, context: Context) -> Compiled:
    """Return the condition that one entry `fact = value` writes; `not.FACT` turns it round."""
    problems: list[Problem] = []
    tests, groups = _compile_entry(_Entry(fact, value, (fact,)), context, problems)
    return Compiled(Condition(tuple(tests), tuple(groups)), tuple(problems))


class _Entry(NamedTuple):
    name: str
    value: object
    path: Path


def _never(name: str) -> Test:
    """Return a test that is never met, for what could not be understood: a mistake must not grant anything."""
    return Test(name, "is")


def _compile_table(table: object, context: Context, path: Path, problems: list[Problem]) -> Condition:
    if not isinstance(table, Mapping) or len(path) > _DEEPEST:
        wrong = say("a condition is a table of facts and values, at most {deepest} levels deep", deepest=_DEEPEST)
        problems.append(Problem(path, "bad-condition", wrong))
        return Condition((_never(""),))
    tests: list[Test] = []
    groups: list[Group] = []
    for entry in _entries(table, path, ""):
        more = _compile_any if entry.name == _ANY else _compile_entry
        found, grouped = more(entry, context, problems)
        tests += found
        groups += grouped
    return Condition(tuple(tests), tuple(groups))


def _entries(table: Mapping[object, object], path: Path, above: str) -> Iterator[_Entry]:
    """Yield each entry under its dotted name: `events.note` in TOML is a table in a table."""
    for key, value in table.items():
        name = f"{above}{key}"
        here = (*path, str(key))
        if isinstance(value, Mapping) and value and len(here) <= _DEEPEST:
            yield from _entries(value, here, f"{name}.")
        else:
            yield _Entry(name, value, here)


def _compile_any(entry: _Entry, context: Context, problems: list[Problem]) -> tuple[list[Test], list[Group]]:
    if not isinstance(entry.value, list | tuple) or not entry.value:
        message = say("any is a list of conditions, as in any = [{{…}}, {{…}}]")
        problems.append(Problem(entry.path, "bad-condition", message))
        return [_never(_ANY)], []
    branches = (
        _compile_table(branch, context, (*entry.path, position), problems)
        for position, branch in enumerate(entry.value)
    )
    return [], [tuple(branches)]


def _compile_entry(entry: _Entry, context: Context, problems: list[Problem]) -> tuple[list[Test], list[Group]]:
    negated = entry.name.startswith(_NOT)
    name = entry.name.removeprefix(_NOT)
    fact = look_up(name, context)
    if isinstance(fact, NoFact):
        problems.append(Problem(entry.path, "unknown-name", _unknown(name, fact.near)))
        return [_never(name)], []
    read = _read_values(fact, entry, problems)
    if not read:
        return [_never(fact.name)], []
    tests = _merged(fact, read, negated)
    if negated or len(tests) == 1:
        return tests, []
    return [], [tuple(Condition((test,)) for test in tests)]


def _unknown(name: str, near: str | None) -> Message:
    if near is None:
        return say('there is no fact "{name}"', name=name)
    return say('there is no fact "{name}"; did you mean "{near}"?', name=name, near=near)


def _read_values(fact: Fact, entry: _Entry, problems: list[Problem]) -> list[Read]:
    """Return the operands that can be understood, none of them when one cannot: `any of` must not widen a `not`."""
    listed = isinstance(entry.value, list | tuple)
    values = list(entry.value) if isinstance(entry.value, list | tuple) else [entry.value]
    if not values:
        message = say("an empty list is met by nothing; write ! for no value")
        problems.append(Problem(entry.path, "bad-condition", message))
    read: list[Read] = []
    wrong: list[Problem] = []
    for position, value in enumerate(values):
        try:
            read.append(read_operand(fact, value))
        except Misread as misread:
            path = (*entry.path, position) if listed else entry.path
            wrong.append(Problem(path, misread.code, misread.message))
    problems += wrong
    return [] if wrong else read


def _merged(fact: Fact, read: list[Read], negated: bool) -> list[Test]:
    """Return one test for all operands of one operator; comparisons stay apart, having one operand each."""
    tests: list[Test] = []
    together: dict[tuple[str, bool], int] = {}
    for operator, operand, turned in read:
        operands = () if operand is None else (operand,)
        place = together.get((operator, turned))
        if place is not None and operator[0] not in "<>":
            held = tests[place]
            tests[place] = held._replace(operands=tuple(dict.fromkeys((*held.operands, *operands))))
        else:
            together[operator, turned] = len(tests)
            tests.append(Test(fact.name, operator, operands, negated is not turned))
    return tests
