"""The terms of the condition language, as values: what compiling makes, what rules hold, what judging reads."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeAlias

from tk.core.instant import Duration
from tk.errors import Message

FactValue: TypeAlias = "str | bool | int | float | date | datetime | timedelta | tuple[str, ...] | None"
"""What a fact may be: nothing, text, a flag, a number, a day, an instant, a length of time, a list or path of text."""

Operand: TypeAlias = "str | bool | int | float | date | datetime | Duration"

REFERENCES = ("@actor", "@owner", "@creator", "@requester")
"""The operands that stand for the value of another fact."""


BUSINESS = "@"
"""What stands between the name of a fact that is a length of time and `bh` or `bd`, where it is asked for in those.

Business hours are a length of time, business days a number: between 2 and 3 of them it is 2.5.
"""


class Facts(Protocol):
    """What answers for the facts of one ticket at one instant: any function from a fact's name to its value."""

    def __call__(self, name: str, /) -> FactValue:
        """Return the value of the fact called `name`, None where it has none or there is no such fact."""


class Test(NamedTuple):
    """One test of one fact; it is met when any of `operands` answers, and `negated` turns that round.

    | operator | met when the fact |
    | --- | --- |
    | is | equals an operand as it stands, or is a list that contains it |
    | like | reads the same as an operand, case and accents aside (titles, free text) |
    | address | equals an operand in any case |
    | at, under, child | is the path, lies at or below it (`a/**`), or one step below it (`a/*`) |
    | words | contains all words of an operand as whole words, case and accents aside |
    | <, <=, >, >= | is less, … (one operand) |
    | none | has no value (no operand) |

    A fact without a value meets nothing but "none". An operand in `REFERENCES` stands for the value of that fact. A
    test that could not be understood has no operands and is never met.
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

Path: TypeAlias = "tuple[str | int, ...]"
"""Where in a table something stands: keys, and positions in lists."""


class Problem(NamedTuple):
    """What is wrong at `path` in a condition; `code` is "bad-condition" or "unknown-name"."""

    path: Path
    code: str
    message: Message


class Compiled(NamedTuple):
    """A condition and what was wrong with its table; what could not be understood never holds."""

    condition: Condition
    problems: tuple[Problem, ...] = ()
