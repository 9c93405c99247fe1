"""A process that is killed at a step of its work: `python -m tests.store.victim DESK NUMBER [recover]`.

It makes the whole change, or puts right what an earlier one left, and ends itself, as `kill -9` would, at step NUMBER.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path
from unittest import mock

from tests.store.commits import silent, whole_change
from tk.store import repo
from tk.store.writing import commit


def main(root: str, number: str, *what: str) -> None:
    """Work until the step comes."""
    passed = count()

    def step(name: str) -> None:
        if next(passed) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    desk = repo.find(Path(root))
    with mock.patch("tk.store.writing.journal.step", step):
        if what:
            commit.recover(desk, silent, wait=True)
        else:
            commit.apply(desk, whole_change(), silent)


if __name__ == "__main__":
    main(*sys.argv[1:])
