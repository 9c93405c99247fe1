"""The condition language: one small vocabulary for roles, requirements, sweeps and list filters (design, section 5).

This is its front door: `compile_condition` makes a `Condition` of a table in tk.toml, `holds` asks it of a ticket.
"""

from tk.core.condition_terms import (
    REFERENCES,
    Compiled,
    Condition,
    Facts,
    FactValue,
    Operand,
    Problem,
    Table,
    Test,
)
from tk.core.conditions.compiler import compile_condition, compile_test
from tk.core.conditions.judge import describe, failing, holds
from tk.core.conditions.operands import tokens
from tk.core.conditions.testable import RESERVED, Context, own_facts

__all__ = [
    "REFERENCES",
    "RESERVED",
    "Compiled",
    "Condition",
    "Context",
    "FactValue",
    "Facts",
    "Operand",
    "Problem",
    "Table",
    "Test",
    "compile_condition",
    "compile_test",
    "describe",
    "failing",
    "holds",
    "own_facts",
    "tokens",
]
