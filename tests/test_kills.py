"""Nothing is lost or half done: commands killed at random moments, and many at once in one clone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.post.desk import write_letters
from tests.world import Desk
from tk.store import codec

REPOSITORY = Path(__file__).parents[1]
KILLS, SEEDS = 50, (1, 2, 3, 4)
"""50 commands for each of 4 seeds: 200 random moments."""


def scan(desk: Desk) -> dict[str, str]:
    """Return id and title of every ticket as the files say."""
    tickets = (codec.read("", path.read_bytes()).ticket for path in desk.root.glob("tickets/*/*/*/*.md"))
    return {ticket.id: ticket.title for ticket in tickets if ticket is not None}


def listed(desk: Desk) -> dict[str, str]:
    """Return id and title of every ticket as the list says."""
    return {ticket["id"]: ticket["title"] for ticket in json.loads(desk.ok("list", "status:any", "--json"))}


@pytest.mark.parametrize("seed", SEEDS)
def test_kills_at_random_moments_leave_no_bad_state(desk: Desk, seed: int) -> None:
    """What was acknowledged is there and committed, the rest is there whole or not at all, and git is content."""
    for number in range(3):
        desk.ok("new", f"ticket {number}")
    told = subprocess.run(
        [sys.executable, "-m", "tests.killer", str(desk.root), str(seed), str(KILLS)],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stderr
    done = json.loads(told.stdout)["done"]
    assert desk.git("status", "--porcelain") == ""
    assert "error" not in desk.git("fsck", "--no-dangling")
    assert desk.run("check").code == 0
    assert desk.run("audit", "HEAD").code == 0
    assert listed(desk) == scan(desk)
    history = desk.git("log", "-p", "--format=%H", "--", "tickets")
    assert [mark for mark in done if f"+title: {mark}\n" not in history and mark not in history] == []
    assert not (desk.root / ".git/index.lock").exists()
    assert not (desk.root / ".git/tk/journal/entry").exists()


def test_a_hundred_commands_at_once_all_land(desk: Desk) -> None:
    """50 `tk new` and 50 `tk log` in one clone: none lost, none twice, nothing left over."""
    ticket = desk.ok("new", "the one that all log on")
    argvs = [("new", f"mark-{n}.") for n in range(50)] + [
        ("log", ticket, "note", "-m", f"mark-{n}.") for n in range(50)
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tk", *argv],
            cwd=desk.root,
            env={**os.environ, "TK_NOW": desk.now, "PYTHONPATH": str(REPOSITORY)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for argv in argvs
    ]
    ended = [(process.communicate()[1], process.returncode) for process in running]
    assert [said for said, code in ended if code != 0] == []
    assert sorted(scan(desk).values()) == sorted(["the one that all log on", *(f"mark-{n}." for n in range(50))])
    events = json.loads(desk.ok("show", ticket, "--json"))["events"]
    assert sorted(event["text"] for event in events) == sorted(f"mark-{n}." for n in range(50))
    assert desk.git("status", "--porcelain") == ""
    assert int(desk.git("rev-list", "--count", "HEAD")) == 102
    assert listed(desk) == scan(desk)


def test_kills_leave_a_change_with_its_letter_or_neither(desk: Desk) -> None:
    write_letters(desk)
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write('[[notify]]\nname = "all"\naction = "*"\nto = ["all@example.org"]\ntemplate = "updated"\n')
    desk.git("commit", "-qam", "by hand")
    desk.ok("new", "ticket")
    told = subprocess.run(
        [sys.executable, "-m", "tests.killer", str(desk.root), "5", "25"],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert desk.git("status", "--porcelain") == ""
    changes = desk.git("log", "--name-only", "--format=%x00", "--grep=Tk-Ticket").split("\0")[1:]
    assert [change for change in changes if change.count("tickets/") != change.count("outbox/")] == []
    waiting = json.loads(desk.ok("mail", "outbox", "--json"))
    assert len(waiting) == len(changes) >= len(json.loads(told.stdout)["done"])
