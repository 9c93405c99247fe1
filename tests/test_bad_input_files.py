"""Files that people, merges and editors have broken: named by line and column, never written over, in nobody's way."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.still import refused, unchanged
from tests.world import Desk, Result
from tk.core.law.judge import judge

Break = Callable[[Path], None]


class Case:
    """A desk with a ticket to break and another that must go on working; all of it is committed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ticket = desk.ok("new", "Heater does not start", "--priority", "high")
        self.other = desk.ok("new", "Cannot log in")
        self.file = desk.file(self.ticket)
        self.path = self.file.relative_to(desk.root).as_posix()


@pytest.fixture
def case(desk: Desk) -> Case:
    return Case(desk)


def without_closing_bracket(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"priority: high", b"priority: [high"))


def with_conflict_markers(file: Path) -> None:
    sides = b"<<<<<<< HEAD\npriority: high\n=======\npriority: low\n>>>>>>> other\n"
    file.write_bytes(file.read_bytes().replace(b"priority: high\n", sides))


def with_invalid_utf8(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\nma\xf1ana\n")


def without_closing_fence(file: Path) -> None:
    file.write_bytes(b"---\n" + file.read_bytes().split(b"---\n")[1])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


BROKEN = [
    (without_closing_bracket, "yaml", "7:8: this is not YAML (did not find expected ',' or ']')"),
    (with_conflict_markers, "conflict", "6:1: a merge left its conflict here; tk resolve goes through it"),
    (with_invalid_utf8, "encoding", "12:3: the byte 0xF1 here is no UTF-8; save the file as UTF-8"),
    (without_closing_fence, "no-front-matter", "1:1: "),
    (emptied, "no-front-matter", "1:1: "),
]
"""How a file is broken, the code of the finding, and how the finding begins."""


@pytest.mark.parametrize(("broken", "code", "says"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_ticket_is_named_and_the_others_work(case: Case, broken: Break, code: str, says: str) -> None:
    broken(case.file)
    with unchanged(case.desk):
        listed = case.desk.run("list")
    assert (listed.code, len(listed.out.splitlines())) == (0, 1)
    assert listed.out.startswith(case.other)
    assert listed.err.startswith(f"{case.path}:{says}")
    assert case.desk.run("show", case.other).code == 0
    assert case.desk.run("set", case.other, "priority=low").code == 0


@pytest.mark.parametrize(("broken", "code", "says"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_ticket_is_not_changed_by_any_command(case: Case, broken: Break, code: str, says: str) -> None:
    broken(case.file)
    for words in (("show",), ("history",), ("set", "priority=low"), ("advance", "solved"), ("log", "note", "-m", "x")):
        with unchanged(case.desk):
            result = case.desk.run(words[0], case.ticket, *words[1:])
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith(f"tk: {case.path}:{says}")
        by_hand = f"hint: mend the file by hand; tk check {case.path} says when it is right\n"
        resolved = f"hint: `tk resolve {case.ticket}` settles it; or keep what is right of the two sides and "
        assert (resolved if code == "conflict" else by_hand) in result.err


@pytest.mark.parametrize(("broken", "code", "says"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_check_finds_a_broken_ticket(case: Case, broken: Break, code: str, says: str) -> None:
    broken(case.file)
    with unchanged(case.desk):
        result = case.desk.run("check")
    assert result.code == 1
    place, _, sentence = says.partition(": ")
    assert f"{case.path}:{place}: error[{code}] {sentence}" in result.out
    assert result.err.startswith("2 tickets checked: ")


def test_two_files_with_one_id_are_told_and_neither_is_chosen(case: Case) -> None:
    copy = case.file.with_name("TK-260812-ZZZZZ.md")
    shutil.copy(case.file, copy)
    path = copy.relative_to(case.desk.root).as_posix()
    with unchanged(case.desk):
        result = case.desk.run("check")
    assert result.code == 1
    assert f"{path}:2:5: error[misplaced] the ticket {case.ticket} belongs at {case.path}\n" in result.out
    assert f"{path}:1:1: error[duplicate-id] the id {case.ticket} is also that of {case.path}\n" in result.out
    with unchanged(case.desk):
        result = case.desk.run("set", case.ticket.rpartition("-")[2], "priority=low")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("tk: ")
    assert case.desk.run("show", case.ticket).code == 0, "the file that bears its own name has the whole id"


def test_a_file_named_against_its_id_is_found_by_its_id_and_told_by_check(case: Case) -> None:
    moved = case.file.with_name("TK-260812-ZZZZZ.md")
    case.file.rename(moved)
    path = moved.relative_to(case.desk.root).as_posix()
    assert case.desk.ok("show", case.ticket).startswith(f"id:\t{case.ticket}\n")
    with unchanged(case.desk):
        assert case.desk.run("check") == Result(
            1,
            f"{path}:2:5: error[misplaced] the ticket {case.ticket} belongs at {case.path}\n",
            "2 tickets checked: 1 error, 0 warnings\n",
        )


@pytest.mark.parametrize("words", [("show",), ("history",), ("set", "priority=low"), ("log", "note", "-m", "x")])
def test_a_symbolic_link_out_of_the_desk_is_never_followed(case: Case, tmp_path: Path, words: tuple[str, ...]) -> None:
    outside = tmp_path / "secret.md"
    outside.write_bytes(case.file.read_bytes())
    case.file.unlink()
    case.file.symlink_to(outside)
    says = (
        f"tk: {case.path}: lies outside the desk, or is reached by a symbolic link\n"
        "hint: put the file itself in its place\n"
    )
    before = outside.read_bytes()
    refused(case.desk, words[0], case.ticket, *words[1:], code=1, says=says)
    assert outside.read_bytes() == before


def test_a_symbolic_link_is_listed_by_its_path_and_found_by_check(case: Case, tmp_path: Path) -> None:
    case.file.unlink()
    case.file.symlink_to(tmp_path / "nowhere")
    with unchanged(case.desk):
        listed, checked = case.desk.run("list"), case.desk.run("check")
    assert (listed.code, listed.out.split("\t")[0]) == (0, case.other)
    assert listed.err.startswith(f"{case.path}: ")
    assert "symbolic link" in listed.err
    assert checked.code == 1
    assert f"{case.path}:1:1: error[symlink] " in checked.out


def test_a_folder_of_tickets_that_links_out_of_the_desk_takes_no_ticket(desk: Desk, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (desk.root / "tickets").symlink_to(away)
    with unchanged(desk):
        result = desk.run("new", "Heater")
    assert (result.code, result.out) == (1, "")
    assert "lies outside the desk, or is reached by a symbolic link" in result.err
    assert list(away.iterdir()) == []


def test_a_pipe_in_the_place_of_a_ticket_keeps_nobody_waiting(case: Case) -> None:
    case.file.unlink()
    os.mkfifo(case.file)
    assert case.desk.run("show", case.ticket) == Result(2, "", f"tk: {case.path}: not an ordinary file\n")


def test_a_ticket_changed_while_a_command_thought_is_not_overwritten(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*args: Any) -> Any:
        case.file.write_bytes(case.file.read_bytes() + b"\nMine.\n")
        return judge(*args)

    monkeypatch.setattr("tk.store.revision.judge", meanwhile)
    says = f"tk: {case.path} changed on disk after it was read; it was not overwritten\nhint: run the command again\n"
    assert case.desk.run("set", case.ticket, "priority=low") == Result(1, "", says)
    assert case.file.read_bytes().endswith(b"\nMine.\n")
    assert b"priority: high" in case.file.read_bytes()
