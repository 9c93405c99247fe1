"""docs/codes.md lists every code that a finding, a refusal or an error bears, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"[a-z]+(?:-[a-z']+)*")

BEARERS = frozenset(
    {"Fault", "Finding", "Flaw", "Misread", "Objection", "Problem", "Refusal", "Refused", "Trouble"}
    | {
        "note",
        "_unreadable",
        "refuse",
        "_refused",
        "finding",
        "_finding",
        "add",
        "add_key",
        "_flaw",
        "_trouble",
        "_fault",
    }
)
"""What is called with a code among its arguments."""

NOT_CODES = frozenset(
    {
        "error",
        "warning",
        "note",
        "allowed",
        "refused",
        "unverifiable",
        "id",
        "title",
        "updated",
        "attachments",
        "due",
        "paused",
    }
)
"""Words that the same calls take and that are no codes: severities, verdicts, keys of a ticket."""


def documented() -> set[str]:
    """Return the codes in the first column of the tables of docs/codes.md."""
    rows = re.findall(r"^\| (`.*?`) \|", (ROOT / "docs/codes.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {code for row in rows for code in re.findall(r"`([a-z'-]+)`", row)}


def modules() -> Iterator[ast.Module]:
    for path in sorted((ROOT / "tk").rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def borne() -> set[str]:
    """Return the codes that calls in the code give, and those that error classes name."""
    found: set[str] = set()
    for node in (node for module in modules() for node in ast.walk(module)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in BEARERS:
                given = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                found |= {value for value in given if isinstance(value, str) and CODE.fullmatch(value)}
        elif isinstance(node, ast.ClassDef):
            found |= set(class_code(node))
    return found - NOT_CODES


def class_code(node: ast.ClassDef) -> Iterator[str]:
    """Yield the value of `code = "…"` in a class."""
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name) and target.id == "code" and isinstance(statement.value.value, str):
                yield statement.value.value


def written() -> set[str]:
    """Return every string in the code: a documented code must be one of them, or begin as one does."""
    return {
        node.value
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_is_documented() -> None:
    assert sorted(borne() - documented()) == []


def test_every_documented_code_is_borne() -> None:
    strings = written()
    assert sorted(code for code in documented() if code not in strings and not code.startswith("unknown-")) == []
