"""The door stays fast: what help and version may import, told by a child interpreter that lists its imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import Desk
from tk.store import index_changes

ROOT = Path(__file__).parents[1]

DOOR = {
    "tk",
    "tk.__main__",
    "tk.cli",
    "tk.cli.boundary",
    "tk.cli.completing",
    "tk.cli.completing.complete",
    "tk.cli.group",
    "tk.cli.language",
    "tk.cli.opening",
    "tk.cli.main",
    "tk.cli.terminal",
    "tk.cli.terminal.safe",
    "tk.cli.terminal.screen",
    "tk.errors",
}
"""The modules of tk that stand open before any command is called."""

HEAVY = {
    "csv",
    "difflib",
    "email",
    "importlib.metadata",
    "jinja2",
    "json",
    "logging",
    "msgspec",
    "pathlib",
    "shutil",
    "sqlite3",
    "subprocess",
    "tabulate",
    "tempfile",
    "tomllib",
    "traceback",
    "tree_sitter",
    "yaml",
    "zoneinfo",
}
"""What costs a millisecond or more, and only some commands need."""


def imported(*argv: str) -> set[str]:
    """Return the modules that a process of `tk` imports, beyond those that Python starts with."""
    return loaded("-m", "tk", *argv) - loaded("-c", "pass")


def loaded(*argv: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *argv],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = [line.split("|") for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line[2].strip() for line in lines}


@pytest.mark.parametrize("argv", [("--help",), ("--version",)])
def test_help_and_version_open_no_room_of_the_house(argv: tuple[str, ...]) -> None:
    found = imported(*argv)
    assert "click" in found
    assert {name for name in found if name.split(".")[0] == "tk"} <= DOOR
    assert not found & HEAVY


def test_an_unknown_command_opens_no_command() -> None:
    rooms = {".".join(name.split(".")[:2]) for name in imported("xyzzy") if name.startswith("tk.")}
    assert not rooms & {"tk.store", "tk.services"}


def test_a_pipe_does_without_what_only_a_terminal_needs(desk: Desk) -> None:
    ticket = desk.ok("new", "Boiler", "-m", "Since **today**.")
    for argv in (("list",), ("show", ticket), ("search", "boiler"), ()):
        found = imported("-C", str(desk.root), *argv)
        assert not found & {"rich", "markdown_it", "pygments", "tabulate", "tk.cli.output.prose"}, argv


def test_a_list_of_which_nothing_changed_reads_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_changes, "_RACY", -60_000_000_000)  # else what has just been written is read once more
    desk.ok("new", "Boiler")
    desk.ok("search", "boiler")
    for argv in (("list",), ("search", "boiler"), ("list", "status:open", "owner:none", "limit:50")):
        found = imported("-C", str(desk.root), *argv)
        assert not {name for name in found if name.startswith("tk.store.codec")}, argv


def test_who_changes_a_ticket_needs_neither_the_index_nor_letters(desk: Desk) -> None:
    ticket = desk.ok("new", "Boiler")
    for argv in (("new", "Pump"), ("log", ticket, "note", "-m", "Called."), ("advance", ticket, "solved")):
        found = imported("-C", str(desk.root), *argv)
        assert "tk.store.writing.commit" in found, argv
        assert not found & {"tempfile", "sqlite3", "jinja2", "email", "yaml", "msgspec", "tk.store.index"}, argv


def test_a_ticket_is_shown_without_what_judges_or_finds_it(desk: Desk) -> None:
    ticket = desk.ok("new", "Boiler")
    found = imported("-C", str(desk.root), "show", ticket)
    assert "tk.store.codec" in found
    assert not found & {"hashlib", "sqlite3", "subprocess", "yaml", "tk.core.conditions.language", "tk.core.law.judge"}


def test_a_report_in_a_pipe_draws_nothing(desk: Desk) -> None:
    found = imported("-C", str(desk.root), "report", "time")
    assert "tk.services.report" in found
    assert not {name.split(".")[0] for name in found} & {"matplotlib", "jinja2", "tabulate"}
