"""Listing: the tickets that a query finds, exactly as the files stand (design, section 3)."""

from collections.abc import Sequence
from typing import NamedTuple

from tk.core import query
from tk.core.finding import Finding
from tk.core.ticket import Ticket
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale
from tk.store.index_changes import Pending


class Listing(NamedTuple):
    """The rows that a query found, and one finding for each ticket file that could not be read."""

    rows: list[Row]
    broken: list[Finding]


def listing(desk: Desk, words: Sequence[str], pending: Pending | None = None, there: Index | None = None) -> Listing:
    """Return the tickets that the words of a query find, in its order.

    They are looked for in `there` where that is given, else among the files, which `pending` is under way to look at.

    Raises:
        WrongUsage: a word is none of the query language.
    """
    policy = desk.policy
    asked = query.parse(words, policy, desk.actor.handle if query.names_me(words) else None, desk.now)
    with there or Index.open(desk.repo, pending, desk.progress) as index:
        selection = Selection(
            asked.condition,
            Scale(policy, desk.now),
            asked.sort,
            asked.limit,
            words=asked.words,
            without=asked.without,
        )
        return Listing(index.rows(selection, lambda row, left: desk.meets(row.path, left)), index.broken())


def whole(desk: Desk, rows: Sequence[Row]) -> list[tuple[str, Ticket]]:
    """Return path and ticket of each row, read from the files."""
    from tk.store import codec  # as it stands in the index will do for most lists

    held = desk.contents([row.path for row in rows])
    read = ((row.path, codec.read(row.path, data or b"").ticket) for row, data in zip(rows, held, strict=True))
    return [(path, ticket) for path, ticket in read if ticket is not None]
