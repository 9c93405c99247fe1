"""The clone that is measured in, and what is done to it between two measured processes."""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tests.bench.desk import git, settle
from tests.bench.years import END

NOW = END + timedelta(hours=1)
PULLED = 255

TRUSTED = 2.1
"""Seconds after which tk trusts the stamp of a file: until then it reads it again each time."""


class Place:
    """A desk to measure in: its folder, what its tickets are, and the environment of every process there."""

    def __init__(self, root: Path, home: Path, tk: str) -> None:
        self._tk = tk
        self.root = root
        self.tip = self._marked = self._head()
        self.tickets = [os.fsdecode(path) for path in git(root, "ls-files", "-z", "tickets").split(b"\0")[:-1]]
        self.env: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "TK_NOW": NOW.isoformat(),
        }
        self.worked_on = self.tk("list", "status:in-progress", "sort:created", "limit:1", "--format", "ids").strip()
        self.ticket = Path(self.tickets[len(self.tickets) // 2]).stem
        text = (self.root / self.file(self.ticket)).read_text("utf-8").replace(".", "").split()
        self.words = sorted((word for word in text if word.isalpha()), key=len)[-2:]

    def file(self, number: str) -> str:
        """Return the path of the ticket with this id."""
        return next(path for path in self.tickets if path.endswith(f"{number}.md"))

    def words_of(self, *argv: str) -> tuple[str, ...]:
        """Return the words of a process of tk."""
        return (self._tk, *argv)

    def tk(self, *argv: str) -> str:
        """Run tk unmeasured and return what it printed."""
        done = subprocess.run(self.words_of(*argv), cwd=self.root, env=self.env, capture_output=True, check=True)
        return done.stdout.decode()

    def rest(self) -> None:
        """Let the desk lie as it lies when nothing has happened for a while: git's index, tk's caches in step."""
        self.settle("HEAD~12")
        time.sleep(TRUSTED)
        self.tk("search", *self.words)
        self.tk("history", "--since", "1d")

    def settle(self, since: str) -> None:
        """Let what has changed since a revision be older than git's index."""
        settle(self.root, git(self.root, "diff", "--name-only", "-z", "--diff-filter=AM", since))

    def forget(self, *caches: str) -> None:
        """Remove caches of tk's, each by the beginning of its file's name."""
        for cache in caches:
            for file in (self.root / ".git/tk").glob(f"{cache}*"):
                with suppress(FileNotFoundError):
                    file.unlink()

    def edit(self, count: int) -> None:
        """Have a person add a line to so many tickets' logs, spread over all of them."""
        for path in self.spread(count):
            with (self.root / path).open("a", encoding="utf-8") as file:
                file.write("Y una línea más.\n")

    def spread(self, count: int) -> Iterable[str]:
        """Return the paths of so many tickets, the oldest and the newest among them."""
        return islice(self.tickets[:: max(1, len(self.tickets) // count)], count)

    def pull(self) -> None:
        """Have a commit come that changes 255 tickets."""
        self.edit(PULLED)
        git(self.root, "commit", "-qam", "Pulled")
        self.settle("HEAD~1")

    def restore(self) -> None:
        """Take back what is not committed."""
        changed = git(self.root, "diff", "--name-only", "-z")
        git(self.root, "reset", "-q", "--hard")
        settle(self.root, changed)

    def mark(self) -> None:
        """Remember where the branch is, for `back`."""
        self._marked = self._head()

    def back(self) -> None:
        """Take the branch and the files back to where they were marked."""
        changed = git(self.root, "diff", "--name-only", "-z", "--diff-filter=M", self._marked)
        git(self.root, "reset", "-q", "--hard", self._marked)
        settle(self.root, changed)

    def _head(self) -> str:
        return git(self.root, "rev-parse", "HEAD").decode().strip()
