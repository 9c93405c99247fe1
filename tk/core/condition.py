"""The condition language: one small vocabulary for roles, requirements, sweeps and list filters (design, section 5)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias

from tk.core.instant import Duration

FactValue: TypeAlias = "None | str | bool | int | float | date | datetime | timedelta | tuple[str, ...]"
"""What a fact may be: nothing, text, a flag, a number, a day, an instant, a length of time, or a list (or path) of text."""

Operand: TypeAlias = "str | bool | int | float | date | datetime | Duration"


class Test(NamedTuple):
    """One test of one fact.

    `operator`: "is" (equal to any of `operands`), "none" (has no value), "under" (a path at or below an operand),
    "<", "<=", ">", ">=" (one operand). `negated` turns the answer round. An operand such as "@actor" stands for the
    value of that fact.
    """

    fact: str
    operator: str
    operands: tuple[Operand, ...] = ()
    negated: bool = False


class Condition(NamedTuple):
    """All `tests` must hold, and of each group in `groups` (from `any = [...]`) at least one condition."""

    tests: tuple[Test, ...] = ()
    groups: tuple[tuple["Condition", ...], ...] = ()


Table: TypeAlias = Mapping[str, object]
"""A condition as tk.toml writes it."""
