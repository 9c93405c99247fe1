"""From a condition to SQL, as far as the index knows the facts; the rest is left over for whoever knows them all."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from tk.core.condition_terms import REFERENCES, Condition, Operand, Test
from tk.core.conditions.operands import tokens
from tk.core.instant import Duration, epoch
from tk.core.names import fold
from tk.core.policy import Policy
from tk.core.ticket import attribute

Values: TypeAlias = "tuple[str | int, ...]"


class Clause(NamedTuple):
    """An expression of SQL and the values of its marks; nothing and false are the same to it."""

    text: str
    values: Values = ()


class Split(NamedTuple):
    """A condition in two: what SQL tests, and what is left over."""

    clauses: tuple[Clause, ...]
    left: Condition


class Scale(NamedTuple):
    """What a test is measured by: the policy, which knows kinds and ranks, and the instant."""

    policy: Policy
    now: datetime

    @property
    def at(self) -> int:
        """The instant in seconds."""
        return epoch(self.now)


NEVER = Clause("0")

_NAMES = frozenset({"status", "priority", "type", "channel", "customer", "unit"})
_TEXTS = _NAMES | {"id", "creator", "owner", "team", "requester", "title"}
_INSTANTS = frozenset({"created", "updated", "activity", "status-since", "follow-up"})
_SPANS: Mapping[str, str] = {
    "age": "({now} - created_at)",
    "idle": "({now} - coalesce(activity_at, updated_at))",
    "in-status": "({now} - status_since_at)",
    "late": "CASE WHEN due_at < {now} THEN {now} - due_at END",
    "left": "CASE WHEN due_at >= {now} THEN due_at - {now} END",
}
_COMPARISONS: Mapping[str, str] = {"is": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def split(condition: Condition, scale: Scale) -> Split:
    """Return what SQL can test of `condition`, and what it cannot; both must hold."""
    clauses: list[Clause] = []
    tests: list[Test] = []
    groups: list[tuple[Condition, ...]] = []
    for test in condition.tests:
        clause = _test(test, scale)
        if clause is None:
            tests.append(test)
            clause = _implied(test, scale)
        if clause is not None:
            clauses.append(clause)
    for group in condition.groups:
        clause = _group(group, scale)
        if clause is None:
            groups.append(group)
        else:
            clauses.append(clause)
    return Split(tuple(clauses), Condition(tuple(tests), tuple(groups)))


def _implied(test: Test, scale: Scale) -> Clause | None:
    """Return what must hold of a ticket for a test that SQL cannot do, so that few files are read for it; None if any.

    A clock of a ticket that is late is not due before the first one; open hours are no longer than those of the wall.
    """
    head, _, clock = test.fact.partition(".")
    if test.negated or test.operator == "none":
        return None
    if clock and head in {"overdue", "late", "left", "due"}:
        return Clause(f"due_at < {scale.at}" if head in {"overdue", "late"} else "due_at IS NOT NULL")
    lengths = [operand for operand in test.operands if isinstance(operand, Duration) and operand.unit != "bd"]
    if head not in _SPANS or test.operator not in {">", ">="} or len(lengths) < len(test.operands):
        return None
    least = min(int(length.length.total_seconds()) for length in lengths)
    return Clause(f"({_SPANS[head].format(now=scale.at)}) >= ?", (least,))


def _group(group: tuple[Condition, ...], scale: Scale) -> Clause | None:
    """Return the clause of `any`: all of it or none, for a branch left over might hold where the others do not."""
    branches = [split(branch, scale) for branch in group]
    if any(branch.left != Condition() for branch in branches):
        return None
    return _joined([_joined(list(branch.clauses), "AND", "1") for branch in branches], "OR", "0")


def _joined(clauses: list[Clause], word: str, empty: str) -> Clause:
    text = f" {word} ".join(f"({clause.text})" for clause in clauses)
    return Clause(text or empty, tuple(value for clause in clauses for value in clause.values))


def _test(test: Test, scale: Scale) -> Clause | None:
    if test.operator != "none" and not test.operands:
        return NEVER
    if any(operand in REFERENCES for operand in test.operands):
        return None
    head, dot, _ = test.fact.partition(".")
    read = _FACTS.get(f"{head}." if dot else test.fact)
    clause = None if read is None else read(test, scale)
    if clause is None or not test.negated:
        return clause
    return Clause(f"NOT coalesce(({clause.text}), 0)", clause.values)


def _of_text(test: Test, _: Scale) -> Clause | None:
    if test.operator == "none":
        return Clause(f"{test.fact} IS NULL")
    if test.operator == "words":
        words = [Clause(f"has_words({test.fact}, ?)", (str(operand),)) for operand in test.operands]
        return _joined(words, "OR", "0")
    if test.operator not in _SAMENESS:
        return None
    expression, fold_operand = _SAMENESS[test.operator]
    return _among(expression.format(test.fact), test.operands, fold_operand)


def _among(expression: str, operands: tuple[Operand, ...], change: Callable[[str], str] = str) -> Clause | None:
    values = tuple(change(operand) for operand in operands if isinstance(operand, str))
    if len(values) < len(operands):
        return None
    return Clause(f"{expression} IN ({_marks(values)})", values)


def _marks(values: tuple[object, ...]) -> str:
    return ", ".join("?" * len(values))


def _of_kind(test: Test, scale: Scale) -> Clause | None:
    statuses = scale.policy.statuses.entries.values()
    if test.operator == "none":
        keys = tuple(status.key for status in statuses)
        return Clause(f"(status IS NULL OR status NOT IN ({_marks(keys)}))", keys)
    if test.operator != "is":
        return None
    return _among("status", tuple(status.key for status in statuses if status.kind in test.operands))


def _of_category(test: Test, _: Scale) -> Clause | None:
    if test.operator == "none":
        return Clause("category IS NULL")
    if test.operator not in {"at", "under", "child"}:
        return None
    return _joined([_on_path(test.operator, str(operand)) for operand in test.operands], "OR", "0")


def _on_path(operator: str, path: str) -> Clause:
    below = Clause("category > ? AND category < ?", (f"{path}/", f"{path}0"))  # "0" follows "/"
    if operator == "at":
        return Clause("category = ?", (path,))
    if operator == "under":
        return _joined([Clause("category = ?", (path,)), below], "OR", "0")
    return Clause(f"{below.text} AND instr(substr(category, ?), '/') = 0", (*below.values, len(path) + 2))


def _of_tags(test: Test, _: Scale) -> Clause | None:
    if test.operator == "none":
        return Clause("NOT EXISTS (SELECT 1 FROM tag WHERE tag.number = ticket.number)")
    among = _among("tag", test.operands) if test.operator == "is" else None
    if among is None:
        return None
    return Clause(f"EXISTS (SELECT 1 FROM tag WHERE tag.number = ticket.number AND {among.text})", among.values)


def _of_instant(test: Test, _: Scale) -> Clause | None:
    column = attribute(test.fact)
    if test.operator == "none":
        return Clause(f"{column} IS NULL")
    if test.operator not in _COMPARISONS:
        return None
    clauses = [_compared_instant(column, _COMPARISONS[test.operator], operand) for operand in test.operands]
    found = [clause for clause in clauses if clause is not None]
    return _joined(found, "OR", "0") if len(found) == len(clauses) else None


def _compared_instant(column: str, sign: str, operand: Operand) -> Clause | None:
    if isinstance(operand, datetime):
        return Clause(f"{column}_at {sign} ?", (epoch(operand),)) if operand.tzinfo is not None else None
    if isinstance(operand, date):
        return Clause(f"substr({column}, 1, 10) {sign} ?", (operand.isoformat(),))  # the day by its own offset
    return None


def _of_span(test: Test, scale: Scale) -> Clause | None:
    length = _SPANS[test.fact].format(now=scale.at)
    if test.operator == "none":
        return Clause(f"({length}) IS NULL")
    if test.operator not in _COMPARISONS:
        return None
    sign, values = _COMPARISONS[test.operator], []
    for operand in test.operands:
        if not isinstance(operand, Duration) or operand.is_business:
            return None
        values.append(int(operand.wall.total_seconds()))
    return _joined([Clause(f"({length}) {sign} ?", (value,)) for value in values], "OR", "0")


def _of_overdue(test: Test, scale: Scale) -> Clause | None:
    if test.operator != "is" or not all(isinstance(operand, bool) for operand in test.operands):
        return None
    late = f"coalesce(due_at < {scale.at}, 0)"
    return _joined([Clause(late if operand else f"NOT {late}") for operand in test.operands], "OR", "0")


def _of_due(test: Test, _: Scale) -> Clause | None:
    """Return the clause on the first clock to fall due, which only queries name so."""
    if test.operator == "none":
        return Clause("due_at IS NULL")
    if test.operator not in _COMPARISONS:
        return None
    instants = [operand for operand in test.operands if isinstance(operand, datetime) and operand.tzinfo is not None]
    if len(instants) < len(test.operands):
        return None
    return _joined([Clause(f"due_at {_COMPARISONS[test.operator]} ?", (epoch(at),)) for at in instants], "OR", "0")


def _of_entry(test: Test, _: Scale) -> Clause | None:
    """Return the clause on whether a map of the ticket has an entry: whether a sweep rule has acted, or one asked."""
    if test.operator != "none":
        return None
    key, name = test.fact.split(".", 1)
    there = f"SELECT 1 FROM front, json_each(front.text, '$.{key}') AS entry WHERE front.number = ticket.number"
    return Clause(f"NOT EXISTS ({there} AND entry.key = ?)", (name,))


_SAMENESS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "is": ("{}", str),
    "like": ("folded({})", fold),
    "address": ("casefolded({})", str.casefold),
}
"""Operators that look for the same text: the expression, and what the operand goes through."""


def _has_words(text: str | None, words: str) -> bool:
    return text is not None and set(words.split()) <= set(tokens(text))


FUNCTIONS: Mapping[str, tuple[int, Callable[..., str | bool | None]]] = {
    "folded": (1, lambda text: None if text is None else fold(text)),
    "casefolded": (1, lambda text: None if text is None else text.casefold()),
    "has_words": (2, _has_words),
}
"""What the expressions here call, with how many arguments, to be given to SQLite."""

_FACTS: Mapping[str, Callable[[Test, Scale], Clause | None]] = {
    **dict.fromkeys(_TEXTS, _of_text),
    **dict.fromkeys(_INSTANTS, _of_instant),
    **dict.fromkeys(_SPANS, _of_span),
    "kind": _of_kind,
    "category": _of_category,
    "tags": _of_tags,
    "overdue": _of_overdue,
    "due": _of_due,
    "fired.": _of_entry,
    "requests.": _of_entry,
}
"""The facts that SQL knows; one that ends in a dot stands for all that begin so."""
