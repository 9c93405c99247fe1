"""`tk init --ci`: workflows in the first commit, or given to a desk that is there already."""

import subprocess
from pathlib import Path

import pytest

from tests.world import Desk, run_here


def committed(desk: Desk) -> set[str]:
    return set(desk.git("ls-tree", "-r", "--name-only", "HEAD").splitlines())


WRITTEN = {
    "github": {".github/workflows/tk-review.yml", ".github/workflows/tk-sweep.yml"},
    "gitlab": {".gitlab/tk.yml", ".gitlab-ci.yml"},
}


@pytest.mark.parametrize("forge", WRITTEN)
def test_a_new_desk_begins_with_its_workflows_in_one_commit(tmp_path: Path, forge: str) -> None:
    desk = Desk(tmp_path / "mesa")
    result = run_here("init", str(desk.root), "--ci", forge)
    assert (result.code, result.out) == (0, f"{desk.root}\n")
    assert committed(desk) >= WRITTEN[forge] | {"tk.toml"}
    assert desk.git("rev-list", "--count", "HEAD") == "1"
    assert desk.git("status", "--porcelain") == ""
    assert desk.run("audit").code == 0


def test_a_desk_in_a_folder_has_them_at_the_top(tmp_path: Path) -> None:
    top = Desk(tmp_path / "whole")
    subprocess.run(["git", "init", "-q", str(top.root)], check=True)
    result = run_here("init", str(top.root / "mesa"), "--ci", "github")
    assert result.code == 0, result
    assert committed(top) >= WRITTEN["github"] | {"mesa/tk.toml"}
    text = (top.root / ".github/workflows/tk-review.yml").read_text(encoding="utf-8")
    assert 'working-directory: "mesa"' in text


def test_a_desk_that_is_there_is_given_them(desk: Desk) -> None:
    result = desk.run("init", "--ci", "gitlab")
    assert (result.code, set(result.out.splitlines())) == (0, WRITTEN["gitlab"])
    assert committed(desk) >= WRITTEN["gitlab"]
    assert desk.run("audit").code == 0
    again = desk.run("init", "--ci", "gitlab")
    assert (again.code, again.out) == (0, "")
    assert ".gitlab-ci.yml is there already and stays as it is\n" in again.err
    assert "let it include /.gitlab/tk.yml\n" in again.err


def test_what_somebody_wrote_there_stays(desk: Desk) -> None:
    (desk.root / ".gitlab-ci.yml").write_text("stages: [x]\n")
    assert desk.run("init", "--ci", "gitlab").out == ".gitlab/tk.yml\n"
    assert (desk.root / ".gitlab-ci.yml").read_text() == "stages: [x]\n"


def test_an_unknown_forge_is_wrong_usage(desk: Desk) -> None:
    assert desk.run("init", "--ci", "gitea").code == 2


def test_the_workflows_take_tk_from_where_one_says_and_never_by_its_name_alone(desk: Desk) -> None:
    source = "git+https://example.org/tk.git@v1"
    result = desk.run("init", "--ci", "github", "--tk-from", source)
    assert "TK is empty" not in result.err
    text = (desk.root / ".github/workflows/tk-review.yml").read_text(encoding="utf-8")
    assert f'TK: "{source}"' in text


def test_where_nobody_knows_where_tk_is_found_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tk.store.workflows.installed_from", lambda: None)
    result = desk.run("init", "--ci", "gitlab")
    assert "TK is empty, and they fail until it is set" in result.err
    assert 'TK: ""' in (desk.root / ".gitlab/tk.yml").read_text(encoding="utf-8")


def test_a_place_to_find_tk_at_is_for_workflows(desk: Desk) -> None:
    result = desk.run("init", "--tk-from", "git+https://example.org/tk.git")
    assert (result.code, "--tk-from is for --ci" in result.err) == (2, True)
