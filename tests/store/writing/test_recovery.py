"""Killed, or refused by the disk, at every step: the desk is as it was or as it should be, and nothing is reverted."""

import errno
import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from tests.store.commits import (
    ADDED,
    AFTER,
    AT,
    BEFORE,
    GONE,
    NEW,
    OLD,
    TICKET,
    add_hook,
    assert_whole,
    contents,
    git,
    heard,
    make_desk,
    put,
    refused,
    silent,
    status,
    whole_change,
)
from tk.errors import Busy, DiskFailed
from tk.store import repo
from tk.store.repo import Repo
from tk.store.writing import commit, journal, lock
from tk.store.writing.commit import Change

PROJECT = Path(__file__).parents[3]
STEPS = (
    "locked",
    "looked at",
    "journal written",
    "index locked",
    "folder made",
    "file 0 ready",
    "file 0 in place",
    "file 1 ready",
    "file 1 in place",
    "file 2 ready",
    "file 2 in place",
    "files written",
    "hooks passed",
    "blobs stored",
    "trees stored",
    "commit stored",
    "commit announced",
    "branch moved",
    "index in place",
    "folders pruned",
    "index unlocked",
    "journal removed",
)
MOVED = STEPS.index("branch moved")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return make_desk(tmp_path_factory.mktemp("template") / "desk")


@pytest.fixture
def desk(template: Repo, tmp_path: Path) -> Repo:
    root = tmp_path / "desk"
    shutil.copytree(template.root, root, symlinks=True)
    git(root, "status")  # copies have other inodes than git remembers
    return repo.find(root)


def victim(desk: Repo, step: int, *what: str) -> int:
    """Work in a process that is killed at `step`, and return how it ended."""
    command = [sys.executable, "-m", "tests.store.victim", str(desk.root), str(step), *what]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, check=False).returncode


def test_the_steps_are_these(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(journal, "step", passed.append)
    commit.apply(desk, whole_change(), silent)
    assert passed == list(STEPS)
    assert_whole(desk)


@pytest.mark.parametrize("number", range(len(STEPS)), ids=STEPS)
def test_killed_at_any_step_it_is_put_right(desk: Repo, number: int) -> None:
    assert victim(desk, number) == -9
    head = git(desk.root, "rev-parse", "HEAD:./tickets")
    if not refused(desk.root, "commit", "-m", "hasty"):  # before tk has come back
        assert git(desk.root, "rev-parse", "HEAD:./tickets") == head
        git(desk.root, "reset", "-q", "--soft", "HEAD^")
    said, say = heard()
    found = commit.recover(desk, say, wait=True)
    assert found == (STEPS.index("journal written") <= number < STEPS.index("journal removed"))
    ended = "finished" if number >= MOVED else "undid"
    assert said == ([f"{ended} an interrupted command: a, b, c: change"] if found else [])
    assert contents(desk) == (AFTER if number >= MOVED else BEFORE)
    commit.apply(desk, Change({}, {"tk.toml": b""}, "nothing\n", AT, commit=False), say)  # clears what has no journal
    assert_whole(desk)


@pytest.mark.parametrize("killed", ["files written", "commit announced", "branch moved"])
def test_putting_right_may_be_killed_too(desk: Repo, killed: str) -> None:
    assert victim(desk, STEPS.index(killed)) == -9
    for number in range(20):
        if victim(desk, number, "recover") == 0:
            break
        assert (desk.git_dir / "index.lock").exists() or contents(desk) in (BEFORE, AFTER)
    else:
        pytest.fail("it never ends")
    assert number > 0
    commit.recover(desk, silent, wait=True)
    assert contents(desk) == (AFTER if killed == "branch moved" else BEFORE)
    commit.apply(desk, Change({}, {}, "nothing\n", AT, commit=False), silent)  # clears what has no journal
    assert_whole(desk)


@pytest.mark.parametrize("phase", ["prepared", "committed"])
def test_a_whole_process_group_killed_while_git_moves_the_branch(desk: Repo, phase: str) -> None:
    add_hook(desk, "reference-transaction", f'test "$1" != {phase} || kill -9 0')
    command = [sys.executable, "-m", "tests.store.victim", str(desk.root), "-1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False, start_new_session=True)
    assert done.returncode == -9
    assert refused(desk.root, "commit", "-m", "hasty")
    (desk.common_dir / "hooks/reference-transaction").unlink()
    said, say = heard()
    assert commit.recover(desk, say, wait=True)
    assert len(said) == 1
    assert_whole(desk)


@pytest.mark.parametrize("number", range(len(STEPS)), ids=STEPS)
def test_a_full_disk_at_any_step_changes_nothing(desk: Repo, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = count()

    def step(name: str) -> None:
        if next(passed) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "disk")

    monkeypatch.setattr(journal, "step", step)
    if MOVED <= number < STEPS.index("journal removed"):
        assert commit.apply(desk, whole_change(), silent) is not None
    else:
        with pytest.raises(DiskFailed, match="No space left on device"):
            commit.apply(desk, whole_change(), silent)
    commit.apply(desk, Change({}, {}, "nothing\n", AT, commit=False), silent)
    assert_whole(desk)


def test_interrupted_by_hand_it_is_undone(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(name: str) -> None:
        if name == "trees stored":
            raise KeyboardInterrupt

    monkeypatch.setattr(journal, "step", step)
    with pytest.raises(KeyboardInterrupt):
        commit.apply(desk, whole_change(), silent)
    assert_whole(desk)


def test_a_file_changed_since_is_left_and_named(desk: Repo) -> None:
    victim(desk, STEPS.index("files written"))
    put(desk.root, TICKET, b"edited after the crash\n")
    said, say = heard()
    commit.recover(desk, say, wait=True)
    assert said[1:] == [f"{TICKET} was changed since, and is left as it is"]
    assert contents(desk) == {**BEFORE, TICKET: b"edited after the crash\n"}


@pytest.mark.parametrize("odd", ["folder", "link"])
def test_what_stands_in_the_way_since_is_left_and_named(desk: Repo, odd: str) -> None:
    victim(desk, STEPS.index("files written"))
    (desk.root / ADDED).unlink()
    if odd == "folder":
        (desk.root / ADDED).mkdir()
    else:
        (desk.root / ADDED).symlink_to("../a.md")
    said, say = heard()
    commit.recover(desk, say, wait=True)
    assert said[1:] == [f"{ADDED} was changed since, and is left as it is"]
    assert (desk.root / TICKET).read_bytes() == OLD


def test_a_file_committed_since_is_left_and_named(desk: Repo) -> None:
    victim(desk, STEPS.index("files written"))
    (desk.git_dir / "index.lock").unlink()
    git(desk.root, "commit", "-q", "--only", TICKET, "-m", "by hand")
    said, say = heard()
    commit.recover(desk, say, wait=True)
    assert said[1:] == [f"{TICKET} was changed since, and is left as it is"]
    assert contents(desk) == {**BEFORE, TICKET: NEW}


def test_an_edit_after_the_commit_landed_stays_an_edit(desk: Repo) -> None:
    victim(desk, MOVED)
    put(desk.root, TICKET, b"edited after the crash\n")
    commit.recover(desk, silent, wait=True)
    assert f" M {TICKET}" in status(desk)
    assert git(desk.root, "show", f"HEAD:{TICKET}").encode() == NEW


def test_a_commit_amended_since_still_landed(desk: Repo) -> None:
    victim(desk, MOVED)
    (desk.git_dir / "index.lock").unlink()
    git(desk.root, "commit", "-q", "--amend", "--only", TICKET, "-m", "amended")
    git(desk.root, "add", "edited.txt")
    said, say = heard()
    commit.recover(desk, say, wait=True)
    assert said == ["finished an interrupted command: a, b, c: change"]
    assert contents(desk) == AFTER
    assert status(desk).splitlines() == ["M  edited.txt", "M  staged.txt", "?? unknown.txt"]


def test_a_lock_that_is_not_ours_is_never_removed(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "INDEX_WAIT", 0.0)
    victim(desk, MOVED)
    (desk.git_dir / "index.lock").unlink()
    put(desk.git_dir, "index.lock", b"")
    put(desk.git_dir, "HEAD.lock", b"somebody's")
    with pytest.raises(Busy, match=r"index\.lock exists: another git command is at work here, or was killed"):
        commit.recover(desk, silent, wait=True)
    assert (desk.git_dir / "index.lock").exists()
    assert (desk.git_dir / "HEAD.lock").exists()
    assert not commit.recover(desk, silent, wait=False)  # a reader goes on


def test_an_undone_command_leaves_a_foreign_index_lock(desk: Repo) -> None:
    victim(desk, STEPS.index("journal written"))
    put(desk.git_dir, "index.lock", b"")
    assert commit.recover(desk, silent, wait=True)
    assert (desk.git_dir / "index.lock").exists()
    assert contents(desk) == BEFORE


def test_without_a_journal_there_is_nothing_to_put_right(desk: Repo) -> None:
    assert not commit.recover(desk, silent, wait=True)
    assert not desk.state.exists()


def test_a_reader_does_not_disturb_a_command_at_work(desk: Repo) -> None:
    victim(desk, STEPS.index("files written"))
    with lock.held(desk, silent):
        assert not commit.recover(desk, silent, wait=False)
    assert contents(desk)[GONE] is None
    assert commit.recover(desk, silent, wait=False)
    assert_whole(desk)


def test_without_a_commit_an_interrupted_write_is_undone(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(name: str) -> None:
        if name == "file 1 in place":
            raise OSError(errno.EIO, os.strerror(errno.EIO), "disk")

    monkeypatch.setattr(journal, "step", step)
    with pytest.raises(DiskFailed):
        commit.apply(desk, whole_change(commit=False), silent)
    assert_whole(desk)


def test_the_journal_of_another_version_is_refused(desk: Repo) -> None:
    put(desk.state, "journal/entry", b'{"format": 99}')
    with pytest.raises(Busy, match="another version of tk"):
        commit.apply(desk, Change({TICKET: NEW}, {TICKET: OLD}, "x\n", AT), silent)
    assert contents(desk) == BEFORE
