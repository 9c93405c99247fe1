"""Searching: the tickets whose text holds what is looked for, what fits best first."""

from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.terms import Match, read_terms
from tk.core.ticket import Ticket
from tk.errors import WrongUsage, say
from tk.store.desk import Desk
from tk.store.index import Index, Row
from tk.store.index_changes import Pending


class Hit(NamedTuple):
    """A ticket that was found, and what matches in it."""

    row: Row
    matches: tuple[Match, ...]


class Results(NamedTuple):
    """The tickets found, how many there are in all, and one finding for each file that could not be searched."""

    hits: list[Hit]
    total: int
    broken: list[Finding]


def search(desk: Desk, text: str, limit: int | None, length: int, pending: Pending | None = None) -> Results:
    """Return at most `limit` tickets in which all that `text` looks for occurs, closed ones too.

    What matches is shown in pieces of `length` words, not at all where that is 0.

    Raises:
        WrongUsage: there is no word in `text`.
    """
    terms = read_terms(text)
    if not terms:
        raise WrongUsage(
            say('there is no word in "{text}" to search for', text=text),
            say("write letters or digits, such as tk search heater"),
        )
    with Index.open(desk.repo, pending, desk.progress) as index:
        found = index.search(terms, limit, length)
        return Results([Hit(row, matches) for row, matches in found.hits], found.total, index.broken())


def whole(desk: Desk, hit: Hit) -> Ticket | None:
    """Return the ticket of a hit, read from its file; None where that has gone meanwhile."""
    from tk.store import codec  # what the index holds will do for people

    return codec.read(hit.row.path, desk.content(hit.row.path) or b"").ticket
