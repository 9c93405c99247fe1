"""A sweep is done whole or not at all, whatever happens to it."""

import json
import os
import signal
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from unittest import mock

import pytest

from tests.store.commits import silent
from tests.world import Desk, run_here
from tk.services import sweep as services
from tk.store import repo
from tk.store.writing import commit, journal

LATER = "2026-08-17T09:14:03-05:00"
RULES = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = "Closed: four days without a word."
"""
STEPS = 60
"""More steps than a sweep of two tickets has."""


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Return a desk with two tickets that are due, and something of its user's under way."""
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text("utf-8") + RULES, encoding="utf-8")
    (desk.root / "staged.txt").write_text("1\n", encoding="utf-8")
    desk.git("add", ".")
    desk.git("commit", "-qm", "rules")
    for title in ("one", "two"):
        desk.ok("advance", desk.ok("new", title, "--owner", "me"), "solved")
    (desk.root / "staged.txt").write_text("2\n", encoding="utf-8")
    desk.git("add", "staged.txt")
    desk.now = LATER
    return desk


def statuses(desk: Desk) -> list[str]:
    return sorted(ticket["status"] for ticket in json.loads(desk.ok("list", "status:any", "--json")))


def assert_whole(desk: Desk, before: int, *, per_ticket: bool = False) -> None:
    """The desk is as it was or as it should be: after what remains of one sweep, another finishes it."""
    commit.recover(repo.find(desk.root), silent, wait=True)  # a killed tk's git may be at work still
    found = statuses(desk)
    made = int(desk.git("rev-list", "--count", "HEAD")) - before
    swept = found.count("closed")
    assert made == (swept if per_ticket else min(swept, 1)), (found, made)
    assert per_ticket or swept in {0, 2}, found
    assert desk.git("status", "--porcelain") == "M  staged.txt"
    assert desk.git("fsck", "--no-dangling") == ""
    assert not list((desk.root / ".git").rglob("*.lock"))
    assert not list(desk.root.rglob(".tk-*"))
    assert desk.run("sweep", *(["--per-ticket"] if per_ticket else [])).code == 0
    assert statuses(desk) == ["closed", "closed"]
    assert desk.run("audit").code == 0


def killed_at(desk: Desk, number: int, *words: str) -> bool:
    """Run a sweep in a fork that is killed at step `number`; return whether it came so far."""
    passed = count()

    def step(_: str) -> None:
        if next(passed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        with mock.patch.object(journal, "step", step):
            os._exit(run_here("-C", str(desk.root), "sweep", *words, now=desk.now).code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in {0, -signal.SIGKILL}
    return ended != 0


def begin_again(desk: Desk, start: str) -> None:
    """Put the tickets back, and let a second pass, or the next commit would be the very one that was made before."""
    desk.git("reset", "-q", "--soft", start)
    desk.git("restore", "--staged", "--worktree", "--source", start, "tickets")
    desk.now = (datetime.fromisoformat(desk.now) + timedelta(seconds=1)).isoformat()


@pytest.mark.parametrize("first", range(4))
def test_a_sweep_killed_at_any_step_is_whole_or_not_there(office: Desk, first: int) -> None:
    before = int(office.git("rev-list", "--count", "HEAD"))
    start = office.git("rev-parse", "HEAD")
    for number in range(first, STEPS, 4):
        if not killed_at(office, number):
            assert number > 10
            return
        assert_whole(office, before)
        begin_again(office, start)
    pytest.fail("a sweep has more steps than that")


@pytest.mark.parametrize("many", [1, 1000])
def test_a_sweep_ticket_by_ticket_killed_in_between_leaves_whole_tickets(
    office: Desk, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(services, "MANY", many)  # in a series, or one after the other
    before = int(office.git("rev-list", "--count", "HEAD"))
    start = office.git("rev-parse", "HEAD")
    for number in range(0, 2 * STEPS, 7):
        if not killed_at(office, number, "--per-ticket"):
            return
        assert_whole(office, before, per_ticket=True)
        begin_again(office, start)


def test_a_full_disk_changes_nothing_and_is_said(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    start = office.git("rev-parse", "HEAD")

    def full(name: str) -> None:
        if name == "file 1 ready":
            raise OSError(28, "No space left on device", str(office.root / "tickets"))

    monkeypatch.setattr(journal, "step", full)
    result = office.run("sweep")
    assert result.code == 2
    assert "No space left on device" in result.err
    monkeypatch.undo()
    assert office.git("rev-parse", "HEAD") == start
    assert statuses(office) == ["solved", "solved"]
    assert office.git("status", "--porcelain") == "M  staged.txt"


def test_while_git_is_in_the_middle_of_a_merge_nothing_is_swept(office: Desk) -> None:
    (office.root / ".git" / "MERGE_HEAD").write_text(office.git("rev-parse", "HEAD") + "\n", encoding="ascii")
    result = office.run("sweep")
    assert result.code == 2
    assert "merge" in result.err
    assert statuses(office) == ["solved", "solved"]
    assert office.run("sweep", "--dry-run").code == 0


def test_a_hook_that_refuses_leaves_everything_as_it_was(office: Desk) -> None:
    hook = office.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    hook.chmod(0o755)
    assert office.run("sweep").code == 1
    assert statuses(office) == ["solved", "solved"]


def test_what_changes_while_the_sweep_looks_is_read_as_it_is_then(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ticket reopened after the index was asked and before the lock is held is left alone."""
    ticket = json.loads(office.ok("list", "status:any", "--json"))[0]["id"]
    real = journal.step

    def step(name: str) -> None:
        if name == "locked":
            file = office.file(ticket)
            file.write_text(file.read_text("utf-8").replace("status: solved", "status: open"), encoding="utf-8")
        real(name)

    monkeypatch.setattr(journal, "step", step)
    office.ok("sweep")
    assert statuses(office) == ["closed", "open"]
    assert Path(office.file(ticket)).read_text("utf-8").count("fired") == 0
