"""One tk at a time, and git's lock on the index: taken, waited for, never stolen."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.commits import NEW, OLD, TICKET, assert_whole, heard, make_desk, one_file, put, silent, whole_change
from tk.errors import Busy
from tk.store.repo import Repo
from tk.store.writing import commit, lock


@pytest.fixture
def desk(tmp_path: Path) -> Repo:
    return make_desk(tmp_path / "desk")


def test_a_desk_held_by_another_is_busy(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.1)
    monkeypatch.setattr(lock, "SILENT", 0.0)
    said, say = heard()
    with lock.held(desk, silent), pytest.raises(Busy, match=rf"another tk \(process {os.getpid()}\)"):
        commit.apply(desk, one_file(TICKET, NEW, OLD), say)
    assert said == [f"waiting for another tk (process {os.getpid()}) …"]
    assert commit.apply(desk, one_file(TICKET, NEW, OLD), say)


def test_a_lock_that_is_free_is_taken_without_waiting(desk: Repo) -> None:
    with lock.held_if_free(desk) as mine, lock.held_if_free(desk) as theirs:
        assert (mine, theirs) == (True, False)


def test_the_lock_outlives_tk_until_its_last_child_has_ended(desk: Repo) -> None:
    with lock.held(desk, silent):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    with lock.held_if_free(desk) as mine:
        assert not mine
    child.communicate()
    with lock.held_if_free(desk) as mine:
        assert mine


def test_the_index_lock_of_another_git_is_waited_for_then_named(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "INDEX_WAIT", 0.1)
    foreign = put(desk.git_dir, "index.lock", b"")
    with pytest.raises(Busy, match=r"index\.lock exists: another git command is at work here") as caught:
        commit.apply(desk, whole_change(), silent)
    assert str(caught.value.hint) == "remove it by hand only when no git is running in this repository"
    assert foreign.exists()
    foreign.unlink()
    assert_whole(desk)


def test_an_index_lock_given_back_in_time_is_no_matter(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = put(desk.git_dir, "index.lock", b"")

    def sleep(pause: float) -> None:
        foreign.unlink(missing_ok=True)

    monkeypatch.setattr("time.sleep", sleep)
    assert commit.apply(desk, whole_change(), silent)
    assert_whole(desk)


def test_ours_is_known_by_its_inode_and_no_other(desk: Repo) -> None:
    with lock.held(desk, silent):
        mark = lock.make_mark(desk)
        assert not lock.owns_index(desk, mark)
        assert lock.take_index(desk, mark) == mark
        assert lock.owns_index(desk, None)
        (desk.git_dir / "index.lock").unlink()
        put(desk.git_dir, "index.lock", b"")
        assert not lock.owns_index(desk, mark)
        lock.drop_index(desk, mark)
        assert (desk.git_dir / "index.lock").exists()


def test_where_there_are_no_hard_links_everything_still_works(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert commit.apply(desk, whole_change(), silent)
    assert_whole(desk)


def test_many_processes_at_once_all_land(desk: Repo) -> None:
    script = (
        "import sys; from pathlib import Path; from tk.store import repo; from tk.store.writing import commit\n"
        "from tests.store.commits import one_file, silent\n"
        "desk = repo.find(Path(sys.argv[1]))\n"
        "for n in range(5): commit.apply(desk, one_file(f'tickets/{sys.argv[2]}/{n}.md', b'x'), silent)\n"
    )
    project = Path(__file__).parents[3]
    workers = [
        subprocess.Popen([sys.executable, "-c", script, str(desk.root), str(number)], cwd=project)
        for number in range(8)
    ]
    assert [worker.wait() for worker in workers] == [0] * 8
    log = subprocess.run(
        ["git", "log", "--format=", "--name-only", "-40"],
        cwd=desk.root,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert sorted(log.stdout.split()) == sorted(f"tickets/{w}/{n}.md" for w in range(8) for n in range(5))
    (desk.root / TICKET).write_bytes(OLD)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=desk.root, capture_output=True, check=True)
    assert status.stdout == b" M edited.txt\nM  staged.txt\n?? unknown.txt\n"
