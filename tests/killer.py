"""Commands killed at random moments: `python -m tests.killer DESK SEED COUNT` prints what was acknowledged, as JSON.

Each command runs in a fork of this process, in a process group of its own; half the time the whole group is killed,
git's children with it, half the time only tk. A title or text of its own tells afterwards whether its change is there.
"""

import json
import os
import random
import select
import signal
import sys
from pathlib import Path

from tests.world import run_here

LONGEST = 0.12
"""Seconds within which most commands end, so that some are killed early, some late, and some not at all."""


def main(root: str, seed: str, count: str) -> None:
    """Run and kill the commands, and print the marks of those that had said that they were done."""
    chance = random.Random(int(seed))
    tickets = [path.stem for path in sorted(Path(root).glob("tickets/*/*/*/*.md"))]
    done: list[str] = []
    killed = 0
    for number in range(int(count)):
        mark = f"mark-{seed}-{number}"
        acknowledged, died = run_and_kill(root, words(chance, tickets, mark), chance)
        killed += died
        if acknowledged:
            done.append(mark)
        settled = in_a_fork(("-C", root, "list", "--json"))
        assert settled == 0, f"list after {mark} ended with {settled}"
    json.dump({"done": done, "killed": killed}, sys.stdout)


def words(chance: random.Random, tickets: list[str], mark: str) -> tuple[str, ...]:
    """Return a command that leaves `mark` behind."""
    ticket = chance.choice(tickets)
    return chance.choice(
        [
            ("new", mark, "--priority", "high", "--owner", "me"),
            ("log", ticket, "note", "-m", mark),
            ("set", ticket, f"title={mark}", f"tags+={mark}"),
            ("set", ticket, f"tags+={mark}"),
        ]
    )


def run_and_kill(root: str, argv: tuple[str, ...], chance: random.Random) -> tuple[bool, bool]:
    """Run a command and kill it after a while; return whether it had said it was done, and whether it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if run_here("-C", root, *argv).code == 0:
            os.write(writer, b"!")
        os._exit(0)
    os.close(writer)
    select.select([reader], [], [], chance.uniform(0, LONGEST))
    whole_group = chance.random() < 0.5
    died = os.waitpid(child, os.WNOHANG)[0] == 0
    if died:
        if whole_group:
            kill_group(child)
        else:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    acknowledged = os.read(reader, 1) == b"!"
    os.close(reader)
    return acknowledged, died


def kill_group(child: int) -> None:
    """Kill the child and everything it has started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # not yet a group of its own
        os.kill(child, signal.SIGKILL)


def in_a_fork(argv: tuple[str, ...]) -> int:
    """Run a command in a fork and return its exit status."""
    child = os.fork()
    if child == 0:
        os._exit(run_here(*argv).code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
