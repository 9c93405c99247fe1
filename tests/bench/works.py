"""What is measured: the floors, and the commands with their goals, in the order in which a round goes through them."""

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from tests.bench.goals import Goal, times, times_greatest
from tests.bench.place import NOW, PULLED, Place
from tests.bench.years import rechecked


class Work(NamedTuple):
    """One process that is measured: its name, its words, its goal (None for a floor).

    `before` and `after` are done beside it, unmeasured; `at` is the instant at which it takes place.
    """

    name: str
    argv: Callable[[], Sequence[str]]
    goal: Goal | None = None
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    terminal: bool = False
    at: str | None = None


def works(place: Place) -> list[Work]:
    """Return all that is measured in a place."""
    return [*_quiet(place), *_writing(place), *_sweeping(place), *_whole(place)]


def _asking(place: Place) -> Callable[..., Callable[[], Sequence[str]]]:
    """Return what makes of words for tk a process of the tk that is measured."""
    return lambda *argv: lambda: place.words_of(*argv)


def _git(*argv: str) -> Callable[[], Sequence[str]]:
    return lambda: ("git", *argv)


def _quiet(place: Place) -> list[Work]:
    """Return what reads a desk in which nothing has happened, and what little happens to it."""
    tk = _asking(place)
    reads = times_greatest(1.2, "P", "D", large=1.4, peak=60)
    ticket, file = place.ticket, place.file(place.ticket)
    table = ("list", "limit:50", "--format", "table")
    return [
        Work("P", lambda: (sys.executable, "-c", "import click, sqlite3")),
        Work("D", _git("diff-files", "--raw", "-z")),
        Work("--help", tk("--help"), times(1.3, "P")),
        Work("--version", tk("--version"), times(1.3, "P")),
        Work("list limit:50", tk("list", "limit:50"), reads),
        Work("list limit:50, terminal", tk(*table), times(1, "P", "list limit:50"), terminal=True),
        Work("search WORD WORD", tk("search", *place.words), reads),
        Work("show ID", tk("show", ticket), times(1.4, "P", peak=60)),
        Work("history ID", tk("history", ticket), times(1.4, "P")),
        Work("L", _git("log", "--format=%H", "--", file)),
        Work("history ID, cold", tk("history", ticket), times(1.5, "L"), partial(place.forget, "history"), place.rest),
        Work("sweep, nothing due", tk("sweep"), times_greatest(1.5, "P", "D")),
        Work(
            "check --changed, 5",
            tk("check", "--changed"),
            times_greatest(1.5, "P", "D"),
            partial(place.edit, 5),
            place.restore,
        ),
        Work(f"list after {PULLED} pulled", tk("list", "limit:50"), times_greatest(1.6, "P", "D"), place.pull),
        Work("R", _git("log", "--raw", "-z", "--no-renames", f"{place.tip}~20..{place.tip}")),
        Work("audit of 20", tk("audit", f"{place.tip}~20..{place.tip}"), times(1, "P", "R", beyond=40)),
    ]


def _writing(place: Place) -> list[Work]:
    """Return what changes one ticket, beside a bare commit of one file."""
    ticket = place.worked_on
    tk = _asking(place)
    quick = times(1.1, "P", "C", large=0.6, peak=60)

    def by_turns(command: str, first: str, second: str) -> Callable[[], Sequence[str]]:
        """Go there and back by turns: the same a second time would be no change."""
        turns = cycle((first, second))
        return lambda: place.words_of(command, ticket, next(turns))

    def rewrite() -> None:
        with (place.root / place.tickets[0]).open("a", encoding="utf-8") as text:
            text.write("Otra.\n")

    new = ("new", "Calentador", "-m", "No enciende.", "--requester", "x@client.example")
    return [
        Work("C", _git("commit", "-q", "--only", place.tickets[0], "-m", "x"), before=rewrite),
        Work("new", tk(*new), quick),
        Work("log", tk("log", ticket, "note", "-m", "Llamó."), quick),
        Work("advance", by_turns("advance", "open", "in-progress"), quick),
        Work("assign", by_turns("assign", "nobody", "ana"), quick),
        Work("new, with a letter", tk(*new, "--tag", "letter"), times(1, "new", "P", "P")),
    ]


def _sweeping(place: Place) -> list[Work]:
    """Return the sweep of many tickets, beside a bare commit of as many."""
    tk, due = _asking(place), rechecked(len(place.tickets))
    paths = Path(place.root, ".git/paths")
    at = (NOW + timedelta(days=14)).isoformat()

    def rewrite() -> None:
        place.mark()
        place.edit(due)
        paths.write_text("".join(f"{path}\n" for path in place.spread(due)), "utf-8")

    commit = _git("commit", "-q", "-m", "x", "--only", f"--pathspec-from-file={paths}")
    return [
        Work("A", commit, None, rewrite, place.back),
        Work("sweep, many due", tk("sweep"), times(0.4, "P", "A"), place.mark, place.back, at=at),
        Work("sweep --per-ticket", tk("sweep", "--per-ticket"), times(0.8, "P", "A"), place.mark, place.back, at=at),
    ]


def _whole(place: Place) -> list[Work]:
    """Return what reads all tickets, or all history."""
    tk, at_tip = _asking(place), ("history", "--at", place.tip, "--since", "1d")
    before = place.root.parent / "history"

    def hundred_ago() -> None:
        place.forget("history")
        if not before.exists():
            place.tk("history", "--at", f"{place.tip}~100", "--since", "1d")
            before.write_bytes((place.root / ".git/tk/history-1.sqlite").read_bytes())
        (place.root / ".git/tk/history-1.sqlite").write_bytes(before.read_bytes())

    def index_gone() -> None:
        place.forget("index", "search")

    yaml = (sys.executable, str(Path(__file__).with_name("all_front_matter.py")), str(place.root))
    return [
        Work("Y", lambda: yaml),
        Work("check", tk("check"), times(0.5, "Y")),
        Work("list, no index", tk("list", "limit:50"), times(0.4, "Y", peak=300), index_gone),
        Work("search, no index", tk("search", *place.words), times(0.4, "Y", peak=300), index_gone),
        Work("G", _git("log", "--raw", "--no-renames", "-z")),
        Work("history, no cache", tk("history", "--since", "1d"), times(2.5, "G"), partial(place.forget, "history")),
        Work("history --at", tk(*at_tip), times(4, "P"), partial(place.tk, *at_tip)),
        Work("history --at, 100 new", tk(*at_tip), times(1, "history --at", beyond=20), hundred_ago),
    ]
