"""Decision tables: what one advises for the facts known, which facts it still needs, and which cases it leaves open.

A table is a total function of its facts only where it is proved to be (desks.md B19): a case that no row covers is
reported as such and never guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from tk.core.conditions.language import holds
from tk.core.facts import Facts
from tk.core.rules import Case, Decision, Question, Row

Answers = Mapping[str, str]
"""Fact → answer, both as keys."""

TABLE = "table"
ROW = "row"
"""The facts of an event that keep what was decided: the table, the row, and each answer beside them."""

MOST_CASES = 100_000
"""How many cases a table may have: more can be neither proved nor read."""


class Advice(NamedTuple):
    """What a table says: the row, None where it is silent; what is `missing` to know more."""

    decision: Decision
    answers: Answers
    row: Row | None
    missing: tuple[Question, ...] = ()


def advise(decision: Decision, answers: Answers) -> Advice:
    """Return what the table advises for the answers known."""
    row = next((row for row in decision.rows if _covers(row.case, answers)), None)
    questions = [question for question in decision.questions.entries.values() if question.key not in answers]
    possible = [] if row is not None else [row for row in decision.rows if _may_cover(row.case, answers)]
    needed = {fact for row in possible for fact in row.case}
    # What is for the record alone is not asked where the table is silent anyway.
    goes_on = row is not None or bool(needed)
    missing = tuple(q for q in questions if q.key in needed or (q.record and goes_on))
    return Advice(decision, answers, row, missing)


def found(decision: Decision, facts: Facts) -> dict[str, str]:
    """Return the answers that a ticket gives by itself."""
    answers: dict[str, str] = {}
    for key, question in decision.questions.entries.items():
        answer = next((answer for answer, condition in question.found.items() if holds(condition, facts)), None)
        if answer is not None:
            answers[key] = answer
    return answers


def _covers(case: Case, answers: Answers) -> bool:
    return all(answers.get(fact) in values for fact, values in case.items())


def _may_cover(case: Case, answers: Answers) -> bool:
    return all(fact not in answers or answers[fact] in values for fact, values in case.items())


def size(decision: Decision) -> int:
    """Return how many cases there are."""
    count = 1
    for question in _asked(decision):
        count *= len(question.values.entries)
    return count


def cases(decision: Decision) -> Iterator[dict[str, str]]:
    """Yield every case: each combination of answers to the questions that rows depend on."""
    asked = _asked(decision)
    for answers in product(*(question.values.entries for question in asked)):
        yield dict(zip((question.key for question in asked), answers, strict=True))


def _asked(decision: Decision) -> list[Question]:
    named = {fact for row in decision.rows for fact in row.case}
    return [question for key, question in decision.questions.entries.items() if key in named]


def uncovered(decision: Decision) -> list[Case]:
    """Return the cases that no row covers and that are not impossible, alike ones joined."""
    open_cases = [
        case
        for case in cases(decision)
        if not any(_covers(row.case, case) for row in decision.rows)
        and not any(_covers(other, case) for other in decision.impossible)
    ]
    return joined([{fact: (answer,) for fact, answer in case.items()} for case in open_cases])


def joined(separate: Sequence[Case]) -> list[Case]:
    """Return cases that cover the same as `separate`, those that differ in one fact alone made one."""
    held = [dict(case) for case in separate]
    for fact in reversed(list(held[0]) if held else []):
        alike: dict[tuple[tuple[str, tuple[str, ...]], ...], dict[str, tuple[str, ...]]] = {}
        for case in held:
            rest = tuple((name, values) for name, values in case.items() if name != fact)
            if rest in alike:
                alike[rest][fact] = (*alike[rest][fact], *case[fact])
            else:
                alike[rest] = case
        held = list(alike.values())
    return list(held)


class Clash(NamedTuple):
    """Two rows that answer one case differently, and the case."""

    first: Row
    second: Row
    case: Answers


def clashes(decision: Decision) -> Iterator[Clash]:
    """Yield each pair of rows that answer some case differently, with an example."""
    every = list(cases(decision))
    for position, first in enumerate(decision.rows):
        for second in decision.rows[position + 1 :]:
            if _same(first, second):
                continue
            both = (case for case in every if _covers(first.case, case) and _covers(second.case, case))
            example = next(both, None)
            if example is not None:
                yield Clash(first, second, example)


def _same(first: Row, second: Row) -> bool:
    return first._replace(key="", case={}, line=0) == second._replace(key="", case={}, line=0)


def idle_rows(decision: Decision) -> Iterator[Row]:
    """Yield the rows that can never apply: all of their cases are impossible."""
    possible = [case for case in cases(decision) if not any(_covers(other, case) for other in decision.impossible)]
    for row in decision.rows:
        if not any(_covers(row.case, case) for case in possible):
            yield row


def kept(advice: Advice) -> dict[str, str]:
    """Return the facts of an event that keep a decision (desks.md B8)."""
    row = {} if advice.row is None else {ROW: advice.row.key}
    return {TABLE: advice.decision.key, **row, **advice.answers}


def read_back(decisions: Mapping[str, Decision], facts: Mapping[str, str]) -> Advice | None:
    """Return what the facts of an event say was decided, by the table as it is; None where they keep no decision."""
    decision = decisions.get(facts.get(TABLE, ""))
    if decision is None:
        return None
    questions = decision.questions.entries
    known = {name: text for name, text in facts.items() if name in questions and text in questions[name].values.entries}
    return advise(decision, known)
