"""`tk check`: the files against format and policy."""

import json
import re

import yaml

from tests.cli.shapes import FINDING
from tests.world import ROOT, Desk


def wrong(desk: Desk) -> tuple[str, str]:
    """Put an unknown priority into a ticket by hand; return its id and its path."""
    ticket = desk.ok("new", "Heater", "--priority", "high")
    file = desk.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("priority: high", "priority: hihg"), encoding="utf-8")
    return ticket, file.relative_to(desk.root).as_posix()


def test_a_clean_desk_prints_nothing_and_is_0(desk: Desk) -> None:
    desk.ok("new", "Heater")
    desk.ok("new", "Login")
    assert desk.run("check") == (0, "", "2 tickets checked: 0 errors, 0 warnings\n")
    assert json.loads(desk.ok("check", "--json")) == {"findings": []}


def test_a_finding_is_a_line_with_its_place_and_is_1(desk: Desk) -> None:
    _, path = wrong(desk)
    result = desk.run("check")
    assert result.code == 1
    assert result.out == (
        f'{path}:6:11: error[unknown-priority] "hihg" is no priority of this desk; did you mean "high"?\n'
    )
    assert result.err == "1 ticket checked: 1 error, 0 warnings\n"


def test_a_program_reads_the_names_of_a_finding(desk: Desk) -> None:
    ticket, path = wrong(desk)
    result = desk.run("check", "--json")
    told = json.loads(result.out)
    (finding,) = told["findings"]
    assert (result.code, list(finding)) == (1, FINDING)
    assert (finding["path"], finding["line"], finding["column"]) == (path, 6, 11)
    assert (finding["code"], finding["severity"], finding["ticket"]) == ("unknown-priority", "error", ticket)


def test_only_what_is_named_is_checked(desk: Desk) -> None:
    _, path = wrong(desk)
    other = desk.file(desk.ok("new", "Login")).relative_to(desk.root).as_posix()
    assert desk.run("check", other) == (0, "", "1 ticket checked: 0 errors, 0 warnings\n")
    assert desk.run("check", path).code == 1
    assert desk.run("check", "tickets/2026").err == "2 tickets checked: 1 error, 0 warnings\n"


def test_a_path_that_is_not_there_or_outside_is_wrong_usage(desk: Desk) -> None:
    assert desk.run("check", "nowhere") == (2, "", f"tk: {desk.root}/nowhere: no such file or folder\n")
    assert desk.run("check", "..") == (2, "", f"tk: {desk.root}/.. lies outside the desk {desk.root}\n")


def test_what_was_mended_is_said_and_not_committed(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater", "--priority", "high")
    file = desk.file(ticket)
    path = file.relative_to(desk.root).as_posix()
    file.write_text(file.read_text(encoding="utf-8").replace("priority: high", "priority: High"), encoding="utf-8")
    assert desk.run("check").code == 1
    result = desk.run("check", "--fix")
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines()[0] == f"{path} was mended; git diff shows how"
    assert desk.git("status", "--porcelain") == ""
    assert desk.run("check", "--fix").err == "1 ticket checked: 0 errors, 0 warnings\n"


def test_only_what_is_not_committed_is_checked(desk: Desk) -> None:
    wrong(desk)
    desk.git("commit", "-qam", "by hand")
    assert desk.run("check", "--changed") == (0, "", "0 tickets checked: 0 errors, 0 warnings\n")
    file = desk.file(desk.ok("new", "Login"))
    file.write_text(file.read_text(encoding="utf-8").replace("title: Login", "title: ''"), encoding="utf-8")
    result = desk.run("check", "--changed")
    assert (result.code, result.err) == (1, "1 ticket checked: 1 error, 0 warnings\n")
    file.unlink()
    assert desk.run("check", "--changed").code == 0
    assert desk.run("check", "--changed", "tickets").code == 2


def test_the_hook_checks_what_a_commit_changes(desk: Desk) -> None:
    """As the pre-commit framework calls it: by the entry of .pre-commit-hooks.yaml, with the paths that match."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    _, path = wrong(desk)
    assert {hook["id"] for hook in hooks} == {"tk-check", "tk-check-fix"}
    for hook in hooks:
        assert re.search(hook["files"], path)
        assert re.search(hook["files"], "tk.toml")
        assert not re.search(hook["files"], "README.md")
        command, *argv = hook["entry"].split()
        assert command == "tk"
        assert desk.run(*argv, path, "tk.toml").code == 1
