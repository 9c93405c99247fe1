"""`tk merge-driver`: git merges tickets by it, in merge, rebase and cherry-pick; what it cannot, git does by lines."""

import subprocess
from pathlib import Path

import pytest

from tests.world import Desk
from tk.core.ids import path_of
from tk.store import codec


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Open a ticket, change it on a branch called side, and otherwise on main."""
    held = desk.ok("new", "Monitor negro", "--tag", "sala")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("set", held, "title=Monitor roto", "tags+=norte")
    desk.ok("log", held, "note", "-m", "desde side")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("set", held, "priority=high", "tags-=sala")
    desk.ok("log", held, "note", "-m", "desde main")
    return held


def git(desk: Desk, *argv: str) -> int:
    return subprocess.run(["git", *argv], cwd=desk.root, capture_output=True, check=False).returncode


@pytest.mark.parametrize("argv", [("merge", "--no-edit", "side"), ("cherry-pick", "main..side"), ("rebase", "side")])
def test_git_joins_what_both_did(desk: Desk, ticket: str, argv: tuple[str, ...]) -> None:
    assert git(desk, *argv) == 0
    found = codec.read("", desk.file(ticket).read_bytes()).ticket
    assert found is not None
    assert (found.title, found.priority, found.tags) == ("Monitor roto", "high", ("norte",))
    assert [event.text for event in found.events] == ["desde side", "desde main"]
    assert desk.git("status", "--porcelain") == ""
    assert desk.ok("check", "--strict") == ""


def test_the_audit_of_such_a_merge_finds_nothing(desk: Desk, ticket: str) -> None:
    assert git(desk, "merge", "--no-edit", "side") == 0
    assert desk.ok("audit", "HEAD", "--strict") == ""


def test_a_conflict_is_left_between_markers_and_resolved(desk: Desk, ticket: str) -> None:
    desk.ok("set", ticket, "title=Monitor gris")
    assert git(desk, "merge", "side") == 1
    text = desk.file(ticket).read_text(encoding="utf-8")
    assert "<<<<<<< ours\ntitle: Monitor gris\n=======\ntitle: Monitor roto\n>>>>>>> theirs\n" in text
    assert text.count("<<<<<<<") == 1
    assert desk.ok("resolve", ticket, "title=Monitor roto") == f"settled: {path_of(ticket)}"
    assert desk.git("log", "-1", "--format=%s") == "Merge branch 'side'"
    assert desk.git("status", "--porcelain") == ""
    assert desk.ok("audit", "HEAD", "--strict") == ""


def test_in_a_rebase_resolve_stages_and_says_how_to_go_on(desk: Desk, ticket: str) -> None:
    desk.ok("set", ticket, "title=Monitor gris")
    assert git(desk, "rebase", "side") == 1
    result = desk.run("resolve", "--theirs")
    assert (result.code, result.err) == (0, "`git rebase --continue` goes on\n")
    desk.git("-c", "core.editor=true", "rebase", "--continue")
    found = codec.read("", desk.file(ticket).read_bytes()).ticket
    assert found is not None
    assert found.title == "Monitor gris"  # in a rebase theirs is what is moved onto ours


def test_the_later_change_stands_where_the_policy_says_so(desk: Desk, ticket: str) -> None:
    text = (desk.root / "tk.toml").read_text(encoding="utf-8")
    (desk.root / "tk.toml").write_text(text.replace("[desk]", '[desk]\nconflicts = "later"', 1), encoding="utf-8")
    desk.git("commit", "-qam", "later")
    desk.ok("set", ticket, "title=Monitor gris")
    assert git(desk, "merge", "--no-edit", "side") == 0
    assert "title: Monitor gris\n" in desk.file(ticket).read_text(encoding="utf-8")


def test_what_cannot_be_read_git_merges_by_lines(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    file.write_text(file.read_text().replace("creator: mlopez", "creator: [mlopez"), encoding="utf-8")
    desk.git("commit", "-qam", "broken")
    assert git(desk, "merge", "side") == 1
    assert "<<<<<<< ours\n" in file.read_text()
    assert "creator: [mlopez" in file.read_text()


def test_where_tk_is_gone_git_merges_by_lines(desk: Desk, ticket: str) -> None:
    told = desk.git("config", "merge.tk.driver")
    desk.git("config", "merge.tk.driver", told.replace("command -v ", "command -v no-such-"))
    assert git(desk, "merge", "side") == 1
    assert "<<<<<<< ours\n" in desk.file(ticket).read_text()


def test_two_tickets_of_one_id_are_both_kept_and_parted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tk.store.revision.random_number", lambda: 7)
    desk.git("switch", "-q", "-c", "side")
    desk.ok("new", "De side")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T10:00:00-05:00"
    number = desk.ok("new", "De main")
    assert git(desk, "merge", "side") == 1
    both = desk.file(number).read_text()
    assert "title: De main\n" in both
    assert "title: De side\n" in both
    result = desk.run("resolve")
    assert result.code == 0, result
    assert "two tickets had drawn this id" in result.err
    titles = sorted(line.split("\t")[-1] for line in desk.ok("list", "--format", "ndjson").splitlines())
    assert sum("De side" in title or "De main" in title for title in titles) == 2
    assert desk.ok("check", "--strict") == ""
    assert desk.ok("audit", "HEAD", "--strict") == ""


def test_files_that_are_not_there_are_said(desk: Desk) -> None:
    result = desk.run("merge-driver", "a", "b", "c", "tickets/x.md")
    assert result.code == 2
    assert "a: No such file or directory" in result.err


def test_it_loads_neither_yaml_nor_sqlite_nor_git_for_a_plain_merge(desk: Desk, tmp_path: Path, ticket: str) -> None:
    """git starts it once a file, so its start counts."""
    from tests.test_startup import imported

    for name, revision in (("base", "main~2"), ("ours", "main"), ("theirs", "side")):
        (tmp_path / name).write_text(desk.git("show", f"{revision}:{path_of(ticket)}") + "\n", encoding="utf-8")
    states = (str(tmp_path / name) for name in ("base", "ours", "theirs"))
    found = imported("merge-driver", *states, path_of(ticket))
    assert "tk.store.merging.joining" in found
    heavy = {"yaml", "sqlite3", "subprocess", "msgspec", "difflib", "tk.store.git", "tk.core.written.reader"}
    assert found & heavy == set()
    assert "title: Monitor roto" in (tmp_path / "ours").read_text()
