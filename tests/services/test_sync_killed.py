"""`tk sync` and `tk resolve` killed at every step: the next one goes on from there, and nothing is lost or reverted."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from unittest import mock

import pytest

from tests.world import Desk, run_here


def shared(folder: Path) -> tuple[Desk, Desk]:
    """Return two clones of one desk with one ticket, side by side in a folder that can be copied."""
    assert run_here("init", str(folder / "here"), "--preset", "simple").code == 0
    here = Desk(folder / "here")
    here.ok("new", "Hola", "-m", "la primera")
    subprocess.run(["git", "clone", "-q", "--bare", "here", "hub.git"], cwd=folder, check=True)
    here.git("remote", "add", "origin", "../hub.git")
    here.ok("sync")
    subprocess.run(["git", "clone", "-q", "hub.git", "there"], cwd=folder, check=True, capture_output=True)
    there = Desk(folder / "there")
    there.git("remote", "set-url", "origin", "../hub.git")
    return here, there


def number(desk: Desk) -> str:
    """Return the ticket that both had to begin with."""
    return next(file.stem for file in desk.root.glob("tickets/*/*/*/*.md") if "la primera" in file.read_text())


def forward(here: Desk, there: Desk) -> None:
    """The other has done something, this one nothing."""
    here.ok("new", "Otra")
    here.ok("set", number(here), "title=Aquí")
    here.ok("sync")


def merge(here: Desk, there: Desk) -> None:
    """Both have done something that goes together."""
    forward(here, there)
    there.ok("log", number(there), "note", "-m", "allí")


def seal(here: Desk, there: Desk) -> None:
    """Both have sealed something, too."""
    merge(here, there)
    here.ok("audit", "main", "--seal")
    there.ok("audit", "main", "--seal")
    here.ok("sync")


def conflict(here: Desk, there: Desk) -> None:
    """Both have done something that does not."""
    merge(here, there)
    there.ok("set", number(there), "title=Allí")


def opened(here: Desk, there: Desk) -> None:
    """The merge of such a thing waits for people."""
    conflict(here, there)
    assert there.run("sync").code == 1


CASES: dict[str, tuple[Callable[[Desk, Desk], None], tuple[str, ...]]] = {
    "a branch moved on": (forward, ("sync",)),
    "a merge": (merge, ("sync",)),
    "a merge with seals": (seal, ("sync",)),
    "a merge that is opened": (conflict, ("sync",)),
    "a merge that is ended": (opened, ("resolve", "--ours")),
}


def killed_at(step: int, desk: Desk, words: tuple[str, ...]) -> bool:
    """Run a command in a fork that is killed at a step, and return whether it came so far."""
    passed = count()

    def die(name: str) -> None:
        if next(passed) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        with mock.patch("tk.store.writing.journal.step", die):
            desk.run(*words)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def finished(desk: Desk) -> tuple[str, str]:
    """Go on until all is shared; return the tree and how many commits there are."""
    assert desk.run("list").code == 0
    for words in [("sync",), ("resolve", "--ours"), ("sync",)]:
        if words[0] == "sync" or (desk.root / ".git/MERGE_HEAD").exists():
            desk.run(*words)
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("rev-parse", "HEAD") == desk.git("rev-parse", "origin/main")
    assert desk.git("tag") == desk.git("--git-dir=../hub.git", "tag")
    assert list((desk.root / ".git").rglob("*.lock")) == []
    assert not (desk.root / ".git/tk/journal/entry").exists()
    assert not (desk.root / ".git/MERGE_MSG").exists()
    assert desk.git("fsck", "--no-dangling") == ""
    assert desk.run("audit", "HEAD").out == ""
    return desk.git("rev-parse", "HEAD^{tree}"), desk.git("rev-list", "--count", "HEAD")


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[], Desk]:
    """Return what makes a fresh copy of the prepared clones, and gives the second of them."""
    numbers = count()

    def copy() -> Desk:
        folder = tmp_path / f"copy-{next(numbers)}"
        shutil.copytree(tmp_path / "first", folder, symlinks=True)
        desk = Desk(folder / "there")
        desk.run("list")  # copies have other inodes than git and tk remember
        return desk

    return copy


@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_step_the_next_goes_on(tmp_path: Path, copies: Callable[[], Desk], case: str) -> None:
    prepare, words = CASES[case]
    (tmp_path / "first").mkdir()
    prepare(*shared(tmp_path / "first"))
    undisturbed = copies()
    undisturbed.run(*words)
    expected = finished(undisturbed)
    steps = 0
    while killed_at(steps, desk := copies(), words):
        assert finished(desk) == expected, f"killed at step {steps}"
        steps += 1
    assert steps > 10
