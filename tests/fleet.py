"""Clones of one bare repository at work: `python -m tests.fleet FOLDER SEED CLONES ACTIONS KILLS` prints what happened.

Every command runs in a fork, in a process group of its own; those that are to be killed are killed at a random moment,
half the time with all of git's children. The server of the bare repository is no part of that group, as none beyond ssh
would be. Ids are drawn from few, so that clones draw the same ones. Each action leaves a mark of its own.
"""

import json
import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from tests.killer import kill_group
from tests.world import NOW, run_here

LONGEST = {"sync": 0.5, "resolve": 0.25}
"""Seconds within which a command of that name most often ends; the others end within `USUAL`."""

USUAL = 0.12
IDS = 200
"""How many ids there are to draw from: few."""


class Ended(NamedTuple):
    """How a command ended: the exit status, None where it was killed before it could say."""

    status: int | None
    killed: bool


class Fleet:
    """The clones, the clock they share, the chance that rules all of it, and the marks of what was acknowledged."""

    def __init__(self, folder: Path, seed: int, clones: int) -> None:
        self.chance = random.Random(seed)
        self.hub = folder / "hub.git"
        self.clones = [folder / f"clone-{number}" for number in range(clones)]
        self.now = datetime.fromisoformat(NOW)
        self.marks: dict[str, str] = {}
        self.killed = 0
        self.conflicts = 0

    def begin(self) -> None:
        """Found the desk in the first clone, share it, and clone it for the others."""
        first, *others = self.clones
        git(self.hub.parent, "init", "-q", "--bare", str(self.hub))
        assert self.run(first, ("init", str(first), "--preset", "simple"), at=self.hub.parent).status == 0
        git(first, "remote", "add", "origin", str(self.hub))
        for clone in (first, *others):
            if clone != first:
                git(self.hub.parent, "clone", "-q", str(self.hub), str(clone))
            git(clone, "config", "remote.origin.receivepack", "setsid --wait git-receive-pack")
            if clone == first:
                assert self.run(first, ("sync",)).status == 0

    def work(self, actions: int, kills: int) -> None:
        """Do `actions` things in clones at random, and kill `kills` of them."""
        doomed = set(self.chance.sample(range(actions), kills))
        for number in range(actions):
            clone = self.chance.choice(self.clones)
            mark = f"mark-{number:04}."
            words = self.words(clone, mark)
            ended = self.run(clone, words, dies=number in doomed)
            self.killed += ended.killed
            self.conflicts += words[0] == "sync" and ended.status == 1
            if ended.status == 0 and words[0] not in {"sync", "resolve"}:
                self.marks[mark] = words[0]
            assert ended.status in {0, None} or words[0] in {"sync", "resolve", "link", "attach"}, (
                number,
                words,
                ended,
            )

    def words(self, clone: Path, mark: str) -> tuple[str, ...]:
        """Return a command for a clone that leaves `mark` behind, or shares what the clone has."""
        if (clone / ".git/MERGE_HEAD").exists():
            return ("resolve", self.chance.choice(["--ours", "--theirs"]))
        tickets = [path.stem for path in sorted(clone.glob("tickets/*/*/*/*.md"))]
        if not tickets or self.chance.random() < 0.15:
            return ("new", "A ticket", "-m", mark, "--tag", mark)
        ticket, other = self.chance.choice(tickets), self.chance.choice(tickets)
        (clone / ".git/photo.txt").write_text(mark)
        return self.chance.choice(
            [
                ("log", ticket, "note", "-m", mark),
                ("set", ticket, f"title={mark}", f"tags+={mark}"),
                ("set", ticket, f"tags+={mark}", f"priority={self.chance.choice(['low', 'high', 'urgent'])}"),
                ("advance", ticket, self.chance.choice(["open", "in-progress", "solved"]), "-m", mark),
                ("attach", ticket, ".git/photo.txt"),
                ("link", ticket, "relates", other),
                *[("sync",)] * 5,
            ]
        )

    def settle(self) -> None:
        """Put every clone right and share until all have the same."""
        for _ in range(2 * len(self.clones)):
            for clone in self.clones:
                for _ in count():
                    if (clone / ".git/MERGE_HEAD").exists():
                        assert self.run(clone, ("resolve", "--theirs")).status == 0
                    if self.run(clone, ("sync",)).status == 0:
                        break
            if len({git(clone, "rev-parse", "HEAD") for clone in self.clones}) == 1:
                return

    def run(self, clone: Path, words: tuple[str, ...], *, at: Path | None = None, dies: bool = False) -> Ended:
        """Run a command in a clone a while later, and kill it if it is to die."""
        self.now += timedelta(seconds=self.chance.randrange(1, 90))
        seed, delay = self.chance.random(), self.chance.uniform(0, LONGEST.get(words[0], USUAL))
        whole_group = self.chance.random() < 0.5
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.write(writer, bytes([self.act(at or clone, clone, words, seed)]))
            os._exit(0)
        os.close(writer)
        died = dies and wait(child, delay) is None
        if died:
            kill_group(child) if whole_group else os.kill(child, 9)
            os.waitpid(child, 0)
        elif not dies:
            os.waitpid(child, 0)
        told = os.read(reader, 1)
        os.close(reader)
        return Ended(told[0] if told else None, died)

    def act(self, folder: Path, clone: Path, words: tuple[str, ...], seed: float) -> int:
        """Run the command as the person of the clone, ids drawn from few."""
        draws = random.Random(seed)

        def drawn() -> int:
            return draws.randrange(IDS)

        person, at = f"person-{self.clones.index(clone)}", self.now.isoformat()
        for role in ("AUTHOR", "COMMITTER"):
            os.environ |= {
                f"GIT_{role}_NAME": person,
                f"GIT_{role}_EMAIL": f"{person}@example.com",
                f"GIT_{role}_DATE": at,
            }
        with mock.patch("tk.store.revision.random_number", drawn):
            result = run_here("-C", str(folder), *words, now=at)
        if os.environ.get("FLEET_LOG"):
            with Path(os.environ["FLEET_LOG"]).open("a", encoding="utf-8") as log:
                log.write(f"{at} {clone.name} {words} {result}\n")
        return result.code


def wait(child: int, delay: float) -> int | None:
    """Wait for a child for at most `delay` seconds; return its status, None where it has not ended."""
    import time

    until = time.monotonic() + delay
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return 0
        time.sleep(0.001)
    return 0 if os.waitpid(child, os.WNOHANG)[0] else None


def git(folder: Path, *argv: str) -> str:
    done = subprocess.run(["git", *argv], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, (argv, done.stderr)
    return done.stdout.strip()


def main(folder: str, seed: str, clones: str, actions: str, kills: str) -> None:
    """Let the clones work and print the marks of what was acknowledged, by kind."""
    fleet = Fleet(Path(folder), int(seed), int(clones))
    fleet.begin()
    fleet.work(int(actions), int(kills))
    fleet.settle()
    json.dump({"marks": fleet.marks, "killed": fleet.killed, "conflicts": fleet.conflicts}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
