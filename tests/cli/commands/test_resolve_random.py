"""`tk resolve` after random work on two sides, merged as forges do: what comes is what tk would have made."""

import os
import random
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.world import Desk
from tk.core.ids import path_of
from tk.core.merging.merge import merge as by_meaning
from tk.core.ticket import Ticket
from tk.store import codec

SEEDS = range(max(8, int(os.environ.get("TK_EXAMPLES", "0")) // 100))

Act = Callable[[random.Random, str], tuple[str, ...]]

ACTS: tuple[Act, ...] = (
    lambda draw, number: ("log", number, "note", "-m", f"nota {draw.random():.6f}\n\nsegunda línea"),
    lambda draw, number: ("set", number, f"priority={draw.choice(['low', 'high', 'urgent'])}"),
    lambda draw, number: ("set", number, f"tags+={draw.choice('abcdef')}"),
    lambda draw, number: ("set", number, f"title=Título {draw.randrange(9)}"),
    lambda draw, number: ("advance", number, draw.choice(["open", "in-progress", "solved"])),
    lambda draw, number: ("assign", number, draw.choice(["mlopez", "ana"])),
    lambda draw, number: ("set", number, f"description=Uno {draw.randrange(9)}\ndos\ntres {draw.randrange(9)}"),
)


def read(data: str) -> Ticket:
    found = codec.read("", data.encode()).ticket
    assert found is not None
    return found


def work(desk: Desk, draw: random.Random, number: str) -> None:
    for _ in range(draw.randint(1, 4)):
        wait(desk, draw)
        desk.run(*draw.choice(ACTS)(draw, number))


def wait(desk: Desk, draw: random.Random) -> None:
    desk.now = (datetime.fromisoformat(desk.now) + timedelta(minutes=draw.randint(1, 90))).isoformat()


def forge(desk: Desk, draw: random.Random, number: str) -> None:
    """Merge `side` without tk's driver, in one of the ways in which it goes wrong."""
    desk.git("config", "--remove-section", "merge.tk")
    way = draw.choice(["ours", "theirs", "union", "whole-ours", "whole-theirs"])
    if way == "union":
        (desk.root / ".git/info/attributes").write_text("tickets/**/*.md merge=union\n")
    options = ["-X", way] if way in {"ours", "theirs"} else []
    words = ["git", "merge", "-q", "--no-ff", "-m", "a forge's merge", *options, "side"]
    if subprocess.run(words, cwd=desk.root, capture_output=True, check=False).returncode:
        desk.git("checkout", f"--{way.removeprefix('whole-')}", "--", path_of(number))
        desk.git("commit", "-qam", "a forge's merge")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_merge_made_wrongly_is_as_tk_would_have_made_it(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    policy = desk.root / "tk.toml"
    rule = '[[deadline]]\nname = "eight"\nclock = "resolution"\ntarget = "8h"\nstops = ["in-progress"]\n'
    policy.write_text(f"{policy.read_text()}\n{rule}")
    desk.git("commit", "-qam", "a deadline")
    number = desk.ok("new", "Monitor", "-m", "Uno\ndos\ntres", "--tag", "z")
    desk.git("switch", "-q", "-c", "side")
    start = desk.now
    work(desk, draw, number)
    desk.git("switch", "-q", "main")
    desk.now = start
    work(desk, draw, number)
    desk.now = (datetime.fromisoformat(start) + timedelta(days=1)).isoformat()
    base, ours, theirs = (
        read(desk.git("show", f"{name}:{path_of(number)}") + "\n")
        for name in (desk.git("merge-base", "main", "side"), "main", "side")
    )
    forge(desk, draw, number)
    made = desk.file(number).read_text()
    is_wrong = "[" in desk.run("audit", "HEAD~1..").out
    merged = desk.git("rev-parse", "HEAD")
    result = desk.run("resolve", number, "--ours")
    found = read(desk.file(number).read_text())
    assert result.code == 0, result
    assert desk.run("check", "--strict").code == 0, (made, result)
    if is_wrong:
        assert desk.git("rev-parse", "HEAD~1") == merged
        assert desk.ok("audit", "HEAD~1..", "--strict") == ""
    else:
        assert desk.file(number).read_text() == made
    for side in (ours, theirs):  # nothing that either did is lost
        ids = {event.id for event in base.events}
        assert {event.id for event in side.events} - ids <= {event.id for event in found.events}
        assert set(side.tags) - set(base.tags) <= set(found.tags)
    expected = by_meaning(base, ours, theirs)
    open_keys = {conflict.key for conflict in expected.open}
    for key in ("title", "owner", "description", "status", "due", "paused", "priority"):
        group = "status" if key in {"due", "paused", "priority"} else key
        if group not in open_keys:
            assert getattr(found, key) == getattr(expected.ticket, key), key
