"""The house keeps its own rules: the table is true, modules are small, nothing is switched off."""

import ast
import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from tk.cli.group import Row, rows

ROOT = Path(__file__).parents[1]

MODULES = sorted((ROOT / "tk").rglob("*.py"))

SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]

ROWS = list(rows())

SWITCHED_OFF = re.compile("#[ ]*(noqa|type: ?ignore|pragma|mypy:|ruff:|todo|fixme|xxx)", re.IGNORECASE)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def command(row: Row) -> click.Command:
    found = import_module(row.module).command
    assert isinstance(found, click.Command)
    return found


def length(function: ast.FunctionDef) -> int:
    """Return how many lines the body of a function has without its docstring (a command's is its help)."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.name))
def test_each_row_of_the_table_is_a_command_with_that_name_and_summary(row: Row) -> None:
    assert command(row).name == row.name
    assert command(row).get_short_help_str(limit=200).rstrip(".") == row.summary.rstrip(".")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.name))
def test_each_command_shows_an_example_in_its_help(row: Row) -> None:
    with click.Context(command(row), info_name=f"tk {row.name}", help_option_names=["-h", "--help"]) as context:
        told = context.get_help()
    assert re.search(rf"Examples?:\n(.*\n)*? +\$? ?tk {row.name}\b", told), told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.name))
def test_each_option_of_a_command_is_explained(row: Row) -> None:
    options = [option for option in command(row).params if isinstance(option, click.Option)]
    assert not [option.name for option in options if not option.help]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.name))
def test_the_readme_names_each_command(row: Row) -> None:
    assert re.search(rf"`tk {row.name}\b|^tk {row.name}\b", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


def test_each_command_is_in_the_table() -> None:
    files = (path for path in MODULES if path.parent.name == "commands" and "\ndef command(" in path.read_text("utf-8"))
    assert {f"tk.cli.commands.{path.stem}" for path in files} == {row.module for row in ROWS}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_no_module_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    functions = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
    assert not [function.name for function in functions if length(function) > 40]


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_no_check_is_switched_off_and_nothing_is_left_to_do(path: Path) -> None:
    if path != Path(__file__):
        assert not SWITCHED_OFF.search(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=place)
def test_the_tests_that_a_document_names_are_there(path: Path) -> None:
    named = set(re.findall(r"`(tests/[\w/*]+\.py)`", path.read_text("utf-8")))
    assert not [name for name in named if not any(ROOT.glob(name))]


def test_the_plan_of_the_house_has_every_room_and_no_other() -> None:
    plan = (ROOT / "docs" / "house.md").read_text("utf-8")
    rooms = {place(path.parent) for path in MODULES if path.parent.name != "tk"}
    assert set(re.findall(r"^\| `(tk/[a-z/]+)`", plan, re.MULTILINE)) == rooms
    for room, begin in re.findall(r"^\| `(tk/[a-z/]+)` .*\| ([^|]*) \|$", plan, re.MULTILINE):
        assert not [name for name in re.findall(r"`([a-z_]+\.py)`", begin) if not (ROOT / room / name).exists()], room
    for path in re.findall(r"`((?:cli|services|store|post|core)/[a-z_/]+\.py)`", plan):
        assert (ROOT / "tk" / path).exists(), path
