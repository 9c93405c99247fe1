"""Clones of one desk work, share and are killed at random; in the end all are equal, with all that was acknowledged.

`make endurance` has eight clones do 500 things with 50 kills and more, for three seeds.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import Desk
from tk.store import codec

REPOSITORY = Path(__file__).parents[1]
IS_LONG = bool(os.environ.get("TK_ENDURANCE"))
CLONES, ACTIONS, SHOTS, KILLS = (8, 500, 110, 50) if IS_LONG else (4, 60, 8, 1)
"""How many clones, what they do, at how much of it a kill is aimed (some commands end before it), how many must hit."""

SEEDS = (1, 2, 3) if IS_LONG else (1,)


@pytest.mark.parametrize("seed", SEEDS)
def test_clones_that_work_and_die_at_random_end_equal_and_lose_nothing(tmp_path: Path, seed: int) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.fleet", *map(str, (tmp_path, seed, CLONES, ACTIONS, SHOTS))],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stderr
    happened = json.loads(told.stdout)
    assert happened["killed"] >= KILLS
    clones = [Desk(tmp_path / f"clone-{number}") for number in range(CLONES)]
    first = clones[0]
    assert {clone.git("rev-parse", "HEAD") for clone in clones} == {Desk(tmp_path / "hub.git").git("rev-parse", "main")}
    for clone in clones:
        assert clone.git("status", "--porcelain") == ""
        assert list((clone.root / ".git").rglob("*.lock")) == []
        assert not (clone.root / ".git/tk/journal/entry").exists()
    assert "error" not in first.git("fsck", "--no-dangling")
    assert first.run("check").out == ""
    assert Desk(first.root, "2027-01-01T09:00:00-05:00").run("audit", "HEAD").out == ""
    assert lost(first, happened["marks"]) == []


def lost(desk: Desk, marks: dict[str, str]) -> list[str]:
    """Return the marks that are not there any more: of what nobody changes in the files, of the rest in the history."""
    tickets = [codec.read("", path.read_bytes()).ticket for path in desk.root.glob("tickets/*/*/*/*.md")]
    papers = {path.read_text() for path in desk.root.glob("tickets/*/*/*/*/*.txt")}
    kept = {
        "new": {ticket.description for ticket in tickets if ticket},
        "log": {event.text for ticket in tickets if ticket for event in ticket.events},
        "set": {tag for ticket in tickets if ticket for tag in ticket.tags},
        "attach": papers,
    }
    kept["advance"] = kept["log"]
    return [f"{verb} {mark}" for mark, verb in marks.items() if verb in kept and mark not in kept[verb]]
