"""`tk audit`: the law asked of every commit."""

import json
from xml.etree import ElementTree

import pytest

from tests.cli.shapes import FINDING
from tests.world import Desk


def by_hand(desk: Desk) -> tuple[str, str]:
    """Commit a status that no way leads to; return the ticket's path and the commit."""
    ticket = desk.ok("new", "Heater")
    desk.ok("advance", ticket, "closed")
    file = desk.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("status: closed", "status: solved"), encoding="utf-8")
    desk.git("commit", "-qam", "by hand")
    return file.relative_to(desk.root).as_posix(), desk.git("rev-parse", "HEAD")


def test_what_tk_did_is_lawful(desk: Desk) -> None:
    desk.ok("advance", desk.ok("new", "Heater", "--owner", "me"), "solved", "-m", "done")
    assert desk.run("audit") == (0, "", "3 commits audited: 0 refusals, 0 not to be judged\n")


def test_what_was_not_allowed_is_a_line_with_commit_and_path(desk: Desk) -> None:
    path, commit = by_hand(desk)
    result = desk.run("audit")
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines
    assert all(line.startswith(f"{commit[:10]} {path}:4:9: error[") for line in lines if "no way leads" in line)
    assert all(line.startswith(f"{commit[:10]} {path}:") for line in lines)
    assert any("no way leads from Closed to Solved" in line for line in lines)
    assert result.err.startswith("4 commits audited: ")


def test_a_program_reads_findings_commits_and_what_was_not_to_be_judged(desk: Desk) -> None:
    path, commit = by_hand(desk)
    told = json.loads(desk.run("audit", "--json").out)
    assert list(told) == ["findings", "commits", "unverifiable"]
    assert (told["commits"], told["unverifiable"]) == (4, 0)
    for finding in told["findings"]:
        assert list(finding) == FINDING
        assert (finding["path"], finding["commit"], finding["verdict"]) == (path, commit, "refused")
        assert finding["line"] > 1


def test_a_range_is_as_for_git_log(desk: Desk) -> None:
    by_hand(desk)
    assert desk.run("audit", "HEAD~2..HEAD~1").code == 0
    assert desk.run("audit", "HEAD~1..").code == 1
    assert desk.run("audit", "HEAD..HEAD") == (0, "", "0 commits audited: 0 refusals, 0 not to be judged\n")


@pytest.mark.parametrize("words", ["nonsense", "main..nonsense", "--output=evil"])
def test_a_range_that_git_does_not_know_is_wrong_usage(desk: Desk, words: str) -> None:
    result = desk.run("audit", "--", words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("tk: git ")
    assert not (desk.root / "evil").exists()


def test_where_tk_toml_was_removed_the_commit_is_found_and_others_say_what_brings_it_back(desk: Desk) -> None:
    desk.ok("new", "Heater")
    held = desk.git("rev-parse", "HEAD")
    desk.git("rm", "-q", "tk.toml")
    desk.git("commit", "-qm", "gone")
    gone = desk.git("rev-parse", "HEAD")
    told = json.loads(desk.run("audit", f"{held}..", "--json").out)["findings"]
    assert [(found["commit"], found["path"], found["code"]) for found in told] == [(gone, "tk.toml", "removed")]
    assert desk.run("audit", f"{held}..", "--format", "github").out.startswith("::error file=tk.toml,")
    assert desk.run("audit").code == 1
    assert desk.run("diff", "HEAD~1..HEAD").out == "tk.toml: removed\n"
    for command in ("check", "list"):
        result = desk.run(command)
        assert result.code == 2
        assert "has no tk.toml any more" in result.err
        assert f"git checkout {held[:10]} -- :/tk.toml" in result.err
    assert desk.run("audit", "HEAD..", "--seal").code == 2
    desk.git("checkout", held[:10], "--", ":/tk.toml")
    assert desk.run("check").code == 0


def test_what_fails_a_strict_audit_fails_it_in_the_forms_that_forges_read(desk: Desk) -> None:
    """A forge goes by its form: what is skipped there, or a warning, fails nothing."""
    desk.git("checkout", "-q", "--orphan", "other")
    desk.git("commit", "-qm", "a second beginning")
    desk.git("merge", "-q", "--allow-unrelated-histories", "-m", "join", "main")
    for strict, (skipped, failures, level) in {False: ("1", "0", "warning"), True: ("0", "1", "error")}.items():
        words = ["audit", "--strict"] if strict else ["audit"]
        assert desk.run(*words).code == int(strict)
        suite = ElementTree.fromstring(desk.run(*words, "--format", "junit").out)[0]
        assert (suite.get("skipped"), suite.get("failures")) == (skipped, failures)
        assert [case.tag for case in suite[0]] == ["failure" if strict else "skipped"]
        assert desk.run(*words, "--format", "github").out.startswith(f"::{level} ")
        results = json.loads(desk.run(*words, "--format", "sarif").out)["runs"][0]["results"]
        assert [result["level"] for result in results] == [level]
        told = json.loads(desk.run(*words, "--json").out)["findings"]
        assert [(found["severity"], found["verdict"]) for found in told] == [("warning", "unverifiable")]
