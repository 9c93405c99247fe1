"""The chronicle is a cache of git's history: right whatever git was made to do, and gone without harm."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from tests.services.office import AGENT, OTHER, Office
from tests.world import ROOT
from tk.core.chronicle import Life
from tk.store import chronicle, git
from tk.store.chronicle import Chronicle
from tk.store.chronicle import read as chronicle_read
from tk.store.chronicle.schema import KEPT
from tk.store.repo import find
from tk.store.sqlite_file import file_of

T = TypeVar("T")


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket that Ana made and logged on."""
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "-m", "No enciende.", "--priority", "low")
        office.ok("log", number, "note", "-m", "Llamar mañana.")
    return number


def asked(office: Office, answer: Callable[[Chronicle], T], revision: str = "HEAD") -> T:
    """Return what the chronicle up to a revision answers."""
    repo = find(office.root)
    tip = git.commit_of(repo, revision)
    assert tip is not None
    return chronicle.asked(repo, tip, answer)


def lives(office: Office, revision: str = "HEAD") -> list[Life]:
    return sorted(asked(office, lambda held: list(held.lives(UTC)), revision), key=lambda life: life.id)


def file(office: Office) -> Path:
    repo = find(office.root)
    return Path(file_of(str(repo.state), repo.prefix, KEPT))


def anew(office: Office) -> list[Life]:
    """Return what a chronicle made from nothing tells."""
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{file(office)}{end}").unlink(missing_ok=True)
    return lives(office)


def told(life: Life) -> list[tuple[dict[str, object], list[str]]]:
    """Return of each step the changes of status, owner and priority, and the types of events."""
    keys = {"status", "owner", "priority"}
    return [
        ({c.field: c.after for c in step.changes if c.field in keys}, [event.type for event in step.events])
        for step in life.steps
    ]


def test_a_straight_day_is_told_step_by_step(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("advance", ticket, "solved", "-m", "Era el cable.")
    (life,) = lives(office)
    assert life.id == ticket
    assert told(life) == [
        ({"status": "open", "priority": "low"}, []),
        ({}, ["note"]),
        ({"status": "solved"}, ["note"]),
    ]
    assert [step.email for step in life.steps] == [AGENT, AGENT, OTHER]
    assert [step.commit for step in life.steps] == office.git("log", "--reverse", "--format=%H", "-3").split()
    assert life.begun.isoformat() == "2026-08-12T14:16:03+00:00"
    assert life.last.isoformat() == "2026-08-12T14:18:03+00:00"


def test_only_the_keys_that_are_asked_for_are_read(office: Office, ticket: str) -> None:
    (life,) = asked(office, lambda held: list(held.lives(UTC, ("priority",))))
    assert set(life.state) == {"id", "created", "priority"}


def test_what_comes_later_is_added(office: Office, ticket: str) -> None:
    before = lives(office)
    first = file(office).stat().st_ino
    office.ok("advance", ticket, "in-progress")
    after = lives(office)
    assert after[0].steps[:2] == before[0].steps
    assert told(after[0])[2:] == [({"status": "in-progress"}, [])]
    assert file(office).stat().st_ino == first
    assert after == anew(office)


def test_a_history_that_was_rewritten_is_read_anew(office: Office, ticket: str) -> None:
    office.ok("advance", ticket, "solved")
    lives(office)
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.ok("set", ticket, "priority=high")
    (life,) = lives(office)
    assert told(life)[2:] == [({"priority": "high"}, [])]
    commits = asked(office, lambda held: held.commits(f"tickets/2026/08/12/{ticket}.md"))
    assert commits == office.git("log", "--reverse", "--format=%H", "-3").split()


def test_a_commit_that_did_much_is_read_in_parts(office: Office, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [office.ok("new", f"T{n}", "--no-commit") for n in range(5)]
    office.commit()
    for number in numbers:
        office.ok("set", number, "priority=high", "--no-commit")
    office.commit()
    whole = anew(office)
    monkeypatch.setattr(chronicle_read, "_AT_ONCE", 2)
    assert anew(office) == whole
    assert [len(life.steps) for life in whole] == [2] * 6


def test_an_earlier_commit_is_asked_about_without_forgetting_the_later_ones(office: Office, ticket: str) -> None:
    office.ok("advance", ticket, "solved")
    whole = lives(office)
    then = lives(office, "HEAD~1")
    assert told(then[0]) == told(whole[0])[:2]
    assert lives(office, "HEAD~2")[0].state["priority"] == "low"
    assert lives(office) == whole


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0" + b"x" * 5000, b"hola"])
def test_a_damaged_file_is_made_anew(office: Office, ticket: str, damage: bytes) -> None:
    whole = lives(office)
    file(office).write_bytes(damage)
    assert lives(office) == whole
    assert lives(office) == whole


def test_a_file_whose_damage_shows_only_when_it_is_read_is_made_anew(office: Office, ticket: str) -> None:
    for number in range(40):
        office.ok("log", ticket, "note", "-m", f"n{number}", "--no-commit")
        office.commit()
    whole = lives(office)
    data = bytearray(file(office).read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 64] = b"\xff" * 64
    file(office).write_bytes(data)
    assert lives(office) == whole
    assert lives(office) == whole


def test_a_file_of_another_version_is_made_anew(office: Office, ticket: str) -> None:
    whole = lives(office)
    with sqlite3.connect(file(office)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert lives(office) == whole


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_where_nothing_can_be_written_it_is_made_in_memory(office: Office, ticket: str) -> None:
    whole = lives(office)
    file(office).unlink()
    file(office).parent.chmod(0o500)
    try:
        assert lives(office) == whole
    finally:
        file(office).parent.chmod(0o700)


def test_a_file_in_the_way_does_no_harm(office: Office, ticket: str) -> None:
    whole = lives(office)
    file(office).unlink()
    file(office).mkdir()
    assert lives(office) == whole


def test_several_processes_that_fill_it_at_once_tell_the_same(office: Office, ticket: str) -> None:
    def one(_: int) -> str:
        argv = [sys.executable, "-m", "tk", "report", "paths", "--json"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TK_NOW": office.now}
        return subprocess.run(argv, cwd=office.root, env=env, capture_output=True, encoding="utf-8", check=True).stdout

    file(office).unlink(missing_ok=True)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1


# What git may be made to do


def test_two_sides_of_a_merge_are_told_once_in_time_order(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("set", ticket, "priority=high")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Otro")
        office.ok("advance", office.ok("new", "Otro más"), "solved")
    office.git("merge", "-q", "--no-edit", "side")
    life = next(life for life in lives(office) if life.id == ticket)
    assert told(life)[2:] == [({"priority": "high"}, [])]


def conflict(office: Office, ticket: str) -> None:
    """Let both sides of a branch move the ticket, and leave the merge in conflict."""
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("advance", ticket, "in-progress", "-m", "Lo miro.")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("advance", ticket, "solved", "-m", "Ya está.")
    assert office.try_git("merge", "side").returncode == 1


@pytest.mark.parametrize(("side", "status"), [("--ours", "solved"), ("--theirs", "in-progress")])
def test_a_merge_that_chose_a_side_ends_as_that_side(office: Office, ticket: str, side: str, status: str) -> None:
    conflict(office, ticket)
    office.git("checkout", side, "--", str(office.file(ticket)))
    office.commit()
    (life,) = lives(office)
    assert life.state["status"] == status
    assert [event.type for event in life.events] == ["note", "note"]


def test_a_merge_with_a_change_of_its_own_tells_that(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("new", "Otro")
    office.git("checkout", "-q", "main")
    office.ok("new", "Otro más")
    office.git("merge", "-q", "--no-ff", "--no-commit", "side")
    office.replace(ticket, "priority: low", "priority: high")
    merge = office.commit()
    life = next(life for life in lives(office) if life.id == ticket)
    assert told(life)[2:] == [({"priority": "high"}, [])]
    assert life.steps[-1].commit == merge


def test_a_merge_that_brought_nothing_new_is_no_step(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("log", ticket, "call-out", "-m", "a")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "b")
    office.git("merge", "-q", "--no-edit", "side")
    (life,) = lives(office)
    assert office.head() not in {step.commit for step in life.steps}
    assert [event.type for event in life.events] == ["note", "call-out", "note"]


def test_a_revert_takes_the_event_away_and_the_status_back(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("advance", ticket, "solved", "-m", "Listo.")
        office.wait(60)
        office.git("revert", "--no-edit", "HEAD")
    (life,) = lives(office)
    assert told(life)[2:] == [({"status": "solved"}, []), ({"status": "open"}, [])]
    assert (life.steps[-1].at - life.steps[-2].at).total_seconds() == 3600
    office.git("revert", "--no-edit", "HEAD")
    (life,) = lives(office)
    assert told(life)[-1] == ({"status": "solved"}, [])
    assert [event.type for event in life.events] == ["note", "note"]


def test_a_cherry_pick_counts_once_when_it_is_merged(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("advance", ticket, "solved", "-m", "Listo.")
    office.git("checkout", "-q", "main")
    office.git("commit", "-q", "--allow-empty", "-m", "x")
    office.git("cherry-pick", "side")
    office.git("merge", "-q", "--no-edit", "side")
    (life,) = lives(office)
    assert told(life)[2:] == [({"status": "solved"}, ["note"])]


def test_a_squash_keeps_the_instants_that_the_file_tells(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("log", ticket, "call-out", "-m", "a")
    office.ok("advance", ticket, "solved")
    solved = office.now
    office.wait(7)
    office.ok("log", ticket, "note", "-m", "b")
    last = office.now
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--squash", "side")
    office.wait(600)
    office.git("commit", "-qm", "squash")
    (life,) = lives(office)
    step = life.steps[-1]
    assert told(life)[2:] == [({"status": "solved"}, ["call-out", "note"])]
    assert [step.at, step.since, life.last] == [datetime.fromisoformat(words) for words in (last, solved, last)]


def test_an_edit_by_hand_happened_when_it_was_committed(office: Office, ticket: str) -> None:
    office.wait(30)
    office.replace(ticket, "status: open", "status: solved")
    office.replace(ticket, " note ", " call-out ")
    commit = office.commit()
    (life,) = lives(office)
    assert life.steps[-1].commit == commit
    assert life.steps[-1].at == datetime.fromisoformat(office.now)
    assert told(life) == [({"status": "open", "priority": "low"}, []), ({}, ["call-out"]), ({"status": "solved"}, [])]


@pytest.mark.parametrize("told_at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_an_event_that_is_dated_at_the_end_of_all_years_is_told(office: Office, ticket: str, told_at: str) -> None:
    text = office.file(ticket).read_text()
    office.file(ticket).write_text(f"{text}\n### {told_at} note ana@elsewhere.org {{#e-zz12}}\n\nx\n")
    office.commit()
    (life,) = lives(office)
    assert [event.at.year for event in life.steps[-1].events] == [int(told_at[:4])]


def test_a_wreck_changes_nothing_and_what_mends_it_is_told_against_what_was_before(office: Office, ticket: str) -> None:
    whole = office.file(ticket).read_bytes()
    office.file(ticket).write_bytes(b"Hola\n")
    office.commit()
    office.file(ticket).write_bytes(whole.replace(b"priority: low", b"priority: high"))
    office.commit()
    (life,) = lives(office)
    assert told(life)[2:] == [({"priority": "high"}, [])]


def test_a_ticket_that_is_gone_is_not_told_and_one_that_came_back_is(office: Office, ticket: str) -> None:
    whole = office.file(ticket)
    data = whole.read_bytes()
    whole.unlink()
    office.commit()
    assert lives(office) == []
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.write_bytes(data)
    office.commit()
    (life,) = lives(office)
    assert life.state["status"] == "open"


def test_clocks_that_go_wrong_turn_no_step_round(office: Office, ticket: str) -> None:
    now = office.now
    office.now = "2026-08-11T09:00:00-05:00"
    office.replace(ticket, "priority: low", "priority: high")
    office.commit()
    office.now = now
    office.ok("set", ticket, "priority=urgent")
    (life,) = lives(office)
    assert [change["priority"] for change, _ in told(life) if "priority" in change] == ["low", "high", "urgent"]
    assert [step.at for step in life.steps] == sorted(step.at for step in life.steps)


def test_a_shallow_clone_that_got_deeper_is_read_anew(office: Office, ticket: str, tmp_path: Path) -> None:
    office.ok("advance", ticket, "solved")
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    (life,) = lives(clone)
    assert told(life) == [({"status": "solved", "priority": "low"}, ["note"])]
    clone.git("fetch", "-q", "--unshallow")
    assert lives(clone) == lives(office)


# At random


def random_day(office: Office, seed: int) -> None:
    """Work on some tickets on several branches, merging now and then, by commands and by hand."""
    chance = random.Random(seed)
    tickets = [office.ok("new", f"T{n}", "--priority", "low") for n in range(3)]
    branches = ["main"]
    for number in range(14):
        kind = chance.choice(["branch", "merge", "set", "advance", "log", "hand", "switch", "set", "log"])
        held = chance.choice(tickets)
        if kind == "branch":
            branches.append(f"b{number}")
            office.git("checkout", "-q", "-b", branches[-1])
        elif kind == "switch":
            office.git("checkout", "-q", chance.choice(branches))
        elif kind == "merge":
            office.wait()
            office.git("merge", "-q", "--no-edit", "-X", chance.choice(["ours", "theirs"]), chance.choice(branches))
        elif kind == "hand":
            text = office.file(held).read_text(encoding="utf-8")
            office.file(held).write_text(text.replace("title: T", "title: Hand T", 1), encoding="utf-8")
            if office.git("status", "--porcelain"):
                office.commit()
        elif kind == "advance":
            office.ok("advance", held, chance.choice(["in-progress", "solved"]), "--no-commit")
            if office.git("status", "--porcelain"):
                office.commit()
        elif kind == "set":
            office.ok("set", held, f"priority={chance.choice(['low', 'high'])}")
        else:
            office.ok("log", held, "note", "-m", str(number))


@pytest.mark.parametrize("seed", range(8))
def test_in_the_end_each_life_is_as_its_file_and_step_by_step_is_as_at_once(office: Office, seed: int) -> None:
    random_day(office, seed)
    added = lives(office)
    for life in added:
        held = office.opened().document(life.id).ticket
        assert held is not None
        assert (life.state["status"], life.state["priority"], life.state["title"]) == (
            held.status,
            held.priority,
            held.title,
        )
        assert sorted(event.id for event in life.events) == sorted({event.id for event in held.events})
    whole = anew(office)
    assert [life.state for life in whole] == [life.state for life in added]
    file(office).unlink()
    commits = office.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
    for commit in commits[:: max(1, len(commits) // 4)]:
        lives(office, commit)
    stepwise = lives(office)
    assert [(life.id, life.state, sorted(e.id for e in life.events)) for life in stepwise] == [
        (life.id, life.state, sorted(e.id for e in life.events)) for life in whole
    ]
