"""A disk, a lock, a branch or a hook that stands in the way: told, waited for where that helps, nothing half done."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.still import add_hook, refused, unchanged
from tests.world import Desk, Result
from tk.cli.main import early
from tk.store import repo
from tk.store.index_changes import Pending
from tk.store.writing import journal, lock

WRITERS: tuple[tuple[str, ...], ...] = (
    ("new", "x"),
    ("set", "ID", "priority=low"),
    ("assign", "ID", "me"),
    ("advance", "ID", "solved"),
    ("log", "ID", "note", "-m", "x"),
)
READERS: tuple[tuple[str, ...], ...] = (("list",), ("show", "ID"), ("history", "ID"), ("check",), ("audit",))


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket on the desk."""
    return desk.ok("new", "Heater does not start")


def named(words: tuple[str, ...], ticket: str) -> list[str]:
    return [ticket if word == "ID" else word for word in words]


def under_way(desk: Desk, command: str) -> None:
    """Leave git in the middle of a merge, a rebase or a cherry-pick that conflicts."""
    for branch, text in (("theirs", "a\n"), ("main", "b\n")):
        desk.git("switch", "-q", *(["-c"] if branch == "theirs" else []), branch)
        (desk.root / "note.txt").write_text(text, encoding="utf-8")
        desk.git("add", "note.txt")
        desk.git("commit", "-qm", branch)
    assert subprocess.run(["git", command, "theirs"], cwd=desk.root, capture_output=True, check=False).returncode != 0


ENDS = {
    "merge": "tk resolve",
    "rebase": "git rebase --continue",
    "cherry-pick": "git cherry-pick --continue",
}
"""What goes on with each command of git."""


@pytest.mark.parametrize("command", ENDS)
def test_in_the_middle_of_a_merge_reading_works_and_writing_says_how_to_end_it(
    desk: Desk, ticket: str, command: str
) -> None:
    under_way(desk, command)
    says = (
        f"tk: git is in the middle of a {command}: tk makes no commit in it\n"
        "hint: `tk resolve` goes through its conflicts"
        f"{' and finishes it' if command == 'merge' else f', `{ENDS[command]}` finishes it'}, "
        f"`git {command} --abort` gives it up; "
        "with `--no-commit` tk writes the files only\n"
    )
    for words in WRITERS:
        refused(desk, *named(words, ticket), code=2, says=says)
    for words in READERS:
        assert desk.run(*named(words, ticket)).code == 0


def test_in_the_middle_of_a_merge_no_commit_writes_the_file_alone(desk: Desk, ticket: str) -> None:
    under_way(desk, "merge")
    head = desk.git("rev-parse", "HEAD")
    assert desk.ok("set", ticket, "priority=low", "--no-commit") == f"{ticket} priority: low"
    assert desk.git("rev-parse", "HEAD") == head
    assert " M tickets/" in desk.git("status", "--porcelain")


def test_on_a_detached_head_reading_works_and_writing_says_what_to_do(desk: Desk, ticket: str) -> None:
    desk.git("switch", "-q", "--detach")
    says = (
        "tk: HEAD is detached: a commit made here would belong to no branch\n"
        "hint: `git switch NAME` goes to a branch; with `--no-commit` tk writes the files only\n"
    )
    for words in WRITERS:
        refused(desk, *named(words, ticket), code=2, says=says)
    for words in READERS:
        assert desk.run(*named(words, ticket)).code == 0
    assert desk.run("new", "x", "--no-commit").code == 0


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg"])
def test_a_hook_that_refuses_has_the_last_word(desk: Desk, ticket: str, hook: str) -> None:
    add_hook(desk, hook, "echo 'name the customer'; exit 1")
    for words in WRITERS:
        refused(desk, *named(words, ticket), code=1, says=f"tk: the {hook} hook refused: name the customer\n")


def test_the_index_lock_of_another_git_is_never_removed(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "INDEX_WAIT", 0.05)
    foreign = desk.root / ".git" / "index.lock"
    foreign.touch()
    says = (
        f"tk: {foreign} exists: another git command is at work here, or was killed\n"
        "hint: remove it by hand only when no git is running in this repository\n"
    )
    for words in WRITERS:
        refused(desk, *named(words, ticket), code=2, says=says)
    assert foreign.exists()
    foreign.unlink()
    desk.ok("new", "x")


def test_another_tk_at_work_is_waited_for_and_then_named(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.05)
    monkeypatch.setattr(lock, "SILENT", 0.0)
    with lock.held(repo.find(desk.root), print):
        says = (
            f"waiting for another tk (process {os.getpid()}) …\n"
            f"tk: another tk (process {os.getpid()}) has been at work on this desk for long\n"
            "hint: wait until it has ended, or end it; what it was doing is then put right by itself\n"
        )
        refused(desk, "set", ticket, "priority=low", code=2, says=says)
        for words in READERS:
            assert desk.run(*named(words, ticket)).code == 0
    desk.ok("set", ticket, "priority=low")


@contextmanager
def files_no_larger_than(limit: int) -> Iterator[None]:
    """Let the system refuse larger files, to tk and to the git it starts, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_without_room_for_the_text_is_told(desk: Desk, ticket: str) -> None:
    with unchanged(desk), files_no_larger_than(40_000):
        result = desk.run("log", ticket, "note", "-m", "x" * 50_000)
    says = f"tk: {desk.file(ticket)}: File too large; nothing was changed\n"
    assert result == Result(2, "", says)


@pytest.mark.parametrize("step", ["journal written", "index locked", "files written", "blobs stored", "commit stored"])
def test_a_disk_that_fills_up_between_two_steps_leaves_everything_as_it_was(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fill(name: str) -> None:
        if name == step:
            raise OSError(28, "No space left on device")

    with unchanged(desk), monkeypatch.context() as patch:
        patch.setattr(journal, "step", fill)
        result = desk.run("log", ticket, "note", "-m", "x")
    assert result == Result(2, "", "tk: the disk refused: No space left on device; nothing was changed\n")
    desk.ok("log", ticket, "note", "-m", "x")


def as_common_user() -> list[str]:
    """Return what starts a command that file modes bind: root's does not feel them."""
    if os.geteuid() != 0:
        return []
    bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner", "--inh-caps", "-all"]
    if shutil.which("setpriv") is None or subprocess.run([*bound, "true"], check=False).returncode != 0:
        pytest.skip("root feels no file modes here, and setpriv cannot make it")
    return bound


def run_bound(desk: Desk, *argv: str) -> Result:
    done = subprocess.run(
        [*as_common_user(), sys.executable, "-m", "tk", "-C", str(desk.root), *argv],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "TK_NOW": desk.now},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away from a folder and all in it."""
    found = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode for path in found]
    for path in found:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in zip(found, modes, strict=True):
            path.chmod(mode)


def test_on_a_read_only_desk_reading_works_and_writing_is_refused(desk: Desk, ticket: str) -> None:
    with unchanged(desk), read_only(desk.root):
        for words in READERS:
            told = run_bound(desk, *named(words, ticket))
            assert (told.code, bool(told.out)) == (0, words[0] not in {"check", "audit"}), told
        for words in WRITERS:
            told = run_bound(desk, *named(words, ticket))
            assert told == Result(2, "", f"tk: {desk.root}/.git/tk/lock: Permission denied\n")


def test_where_only_the_tickets_are_read_only_writing_is_refused(desk: Desk, ticket: str) -> None:
    with unchanged(desk), read_only(desk.root / "tickets"):
        told = run_bound(desk, "set", ticket, "priority=low")
    assert told == Result(2, "", f"tk: {desk.file(ticket)}: Permission denied; nothing was changed\n")


def test_nothing_is_begun_beside_the_imports_while_an_interrupted_command_waits_to_be_put_right(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(name: str) -> None:
        if name == "files written":
            raise SystemExit  # which nothing catches on the way: the journal stays, as after kill -9

    with monkeypatch.context() as patch:
        patch.setattr(journal, "step", cut)
        with pytest.raises(SystemExit):
            desk.run("set", ticket, "priority=low")
    assert b"priority: low" in desk.file(ticket).read_bytes()
    assert early(["-C", str(desk.root), "list"]) is None
    listed = desk.run("list")
    assert listed.out.startswith(f"{ticket}\topen\t\t")
    assert listed.err.startswith(f"undid an interrupted command: {ticket}: set priority")
    assert desk.git("status", "--porcelain") == ""
    begun = early(["-C", str(desk.root), "list"])
    assert isinstance(begun, Pending)
    assert begun.answer() == {}
