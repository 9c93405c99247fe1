"""What of an import a desk has already, as its files' logs and the authors of its commits tell."""

from collections import Counter
from datetime import datetime
from functools import cached_property

from tk.core.instant import epoch
from tk.core.ticket import Ticket
from tk.store import git
from tk.store.repo import Repo

_LOG = ("log", "-z", "--format=%x01%at %ae", "--name-only", "--no-renames", "--no-show-signature", "--diff-merges=off")


class Known:
    """What was done at which instant by whom to each ticket that is there."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._met: Counter[tuple[str, int, str]] = Counter()

    def has(self, path: str, ticket: Ticket, at: datetime, email: str, by: str) -> bool:
        """Return whether what `by`, whose address is `email`, did at `at` is there already.

        Asked again of the same, it tells of the next such: what was done twice is there only if it is there twice.
        """
        mark = (path, epoch(at), email.lower())
        self._met[mark] += 1
        logged = sum(event.at == at and event.by == by for event in ticket.events)
        return self._met[mark] <= max(logged, self._authored[mark])

    @cached_property
    def _authored(self) -> Counter[tuple[str, int, str]]:
        """How many commits changed a path at an instant, by an author."""
        found: Counter[tuple[str, int, str]] = Counter()
        asked = (*_LOG, "HEAD", "--", f"{self._repo.prefix}tickets")
        at, email = 0, ""
        for token in git.run(self._repo, *asked, check=False).out.decode("utf-8", "surrogateescape").split("\0"):
            text = token.lstrip("\n")
            if text.startswith("\x01"):
                seconds, _, email = text[1:].partition(" ")
                at = int(seconds)
            elif text:
                found[text.removeprefix(self._repo.prefix), at, email.lower()] += 1
        return found
