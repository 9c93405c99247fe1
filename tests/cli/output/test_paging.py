"""Long results go through git's pager on a terminal, and nowhere else."""

import os
from pathlib import Path

import pytest

from tests.terminal import script, seen, spawn
from tests.world import Desk


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Return a desk with more tickets than a small terminal has lines."""
    for number in range(12):
        desk.ok("new", f"Ticket number {number}", "-m", "A line.\n\n" * 20)
    return desk


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """Return a pager that marks the start and the end of what it is given."""
    return script(tmp_path, "pager", 'echo "<<$LESS>>"; cat; echo "<<end>>"')


@pytest.mark.parametrize("argv", [("list",), ("show", "TICKET"), ("history", "TICKET"), ("search", "ticket")])
def test_what_is_longer_than_the_screen_is_paged(busy: Desk, pager: str, argv: tuple[str, ...]) -> None:
    ticket = busy.ok("list", "limit:1", "--format", "ids")
    busy.ok("log", ticket, "note", "-m", "A line.\n\n" * 9)
    words = [ticket if word == "TICKET" else word for word in argv]
    status, shown = seen(spawn(busy, *words, height=10, PAGER=pager))
    assert status == 0
    assert shown.startswith("<<FRX>>\n")
    assert shown.endswith("<<end>>\n")


def test_what_fits_is_not_paged(busy: Desk, pager: str) -> None:
    _, shown = seen(spawn(busy, "list", height=40, PAGER=pager))
    assert "<<" not in shown
    assert shown.count("Ticket number") == 12


def test_lines_that_the_terminal_wraps_count_for_as_many_as_they_take(desk: Desk, pager: str) -> None:
    ticket = desk.ok("new", "Long", "-m", "word " * 300)
    assert "<<" in seen(spawn(desk, "show", ticket, height=20, PAGER=pager))[1]
    assert "<<" not in seen(spawn(desk, "show", ticket, height=40, PAGER=pager))[1]


def test_no_pager_does_without(busy: Desk, pager: str) -> None:
    _, shown = seen(spawn(busy, "--no-pager", "list", height=5, PAGER=pager))
    assert "<<" not in shown
    assert shown.count("Ticket number") == 12


def test_a_pipe_is_never_paged(busy: Desk, pager: str) -> None:
    assert "<<" not in busy.tk("list", PAGER=pager).out


@pytest.mark.parametrize(
    "given",
    [("GIT_PAGER", "core.pager", "PAGER"), ("core.pager", "PAGER"), ("PAGER",)],
    ids=lambda given: str(given[0]),
)
def test_the_pager_is_gits(busy: Desk, given: tuple[str, ...]) -> None:
    env: dict[str, str] = {}
    for name in given:
        command = f"sed 's/^/{name}: /'"
        if name == "core.pager":
            busy.git("config", name, command)
        else:
            env[name] = command
    assert seen(spawn(busy, "list", height=5, env=env))[1].startswith(f"{given[0]}: ")


@pytest.mark.parametrize("pager", ["cat", ""])
def test_cat_is_no_pager(busy: Desk, pager: str) -> None:
    assert seen(spawn(busy, "list", height=5, PAGER=pager))[1].count("Ticket number") == 12


def test_a_pager_that_is_not_there_leaves_the_result(busy: Desk) -> None:
    status, shown = seen(spawn(busy, "list", height=5, PAGER="no-such-pager"))
    assert status == 0
    assert shown.count("Ticket number") == 12


def test_closing_the_pager_early_is_quiet(busy: Desk) -> None:
    busy.ok("new", "x" * 60, "-m", "A line of text.\n\n" * 20_000)
    long = busy.ok("list", "title:" + "x" * 60, "--format", "ids")
    assert seen(spawn(busy, "show", long, height=5, PAGER="head -n 1 >/dev/null")) == (0, "")


def test_remarks_come_after_what_was_paged(busy: Desk, pager: str) -> None:
    ticket = busy.ok("list", "limit:1", "--format", "ids")
    busy.file(ticket).write_text("scribble\n", encoding="utf-8")
    _, shown = seen(spawn(busy, "list", height=5, PAGER=pager))
    assert shown.index("<<end>>") < shown.index(f"{ticket}.md")


def test_a_refusal_is_not_paged(busy: Desk, pager: str) -> None:
    status, shown = seen(spawn(busy, "show", "zzzzz", height=2, PAGER=pager))
    assert status == 1
    assert "<<" not in shown


@pytest.mark.skipif(not os.access("/usr/bin/less", os.X_OK), reason="no less here")
def test_less_is_left_with_q_and_control_c_does_not_end_tk(busy: Desk) -> None:
    child = spawn(busy, "list", height=6, PAGER="less", TERM="xterm")
    child.expect("Ticket number")
    child.sendintr()
    child.send("q")
    assert seen(child)[0] == 0
