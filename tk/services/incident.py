"""`incident`: one ticket complete, to be printed or kept (rule D14).

What it holds, what happened, and where the time went.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from tk.core.portrait import ticket_json
from tk.core.reports.courses import DONE
from tk.core.reports.values import Column, Named, Report, Word
from tk.core.ticket import Ticket
from tk.errors import say
from tk.store.desk import Desk, ticket_of
from tk.store.entries import Entry
from tk.store.tale import tale

_COLUMNS = (
    Column("what", say("What")),
    Column("key", say("Of which"), shrinks=True),
    Column("start", say("From"), "instant"),
    Column("end", say("To"), "instant"),
    Column("days", say("Time"), "length"),
)


class Incident(NamedTuple):
    """A ticket complete: itself, its history, and as a report the stretches of its statuses and owners."""

    ticket: Ticket
    entries: tuple[Entry, ...]
    report: Report


def incident(desk: Desk, text: str) -> Incident:
    """Return the ticket that `text` names, complete."""
    document = desk.document(text)
    ticket = ticket_of(document)
    told, _ = tale(desk, document.path, ticket)
    until = None if desk.policy.kind(ticket.status) in DONE else desk.now
    words = {"status": Word("status", say("In status")), "owner": Word("owner", say("With owner"))}
    rows = tuple((word, *stretch) for key, word in words.items() for stretch in _stretches(key, told, until))
    made = Report(
        name="incident",
        title=say("Incident {id}", id=ticket.id),
        since=None,
        until=None,
        columns=_COLUMNS,
        rows=rows,
        totals={"ticket": ticket_json(ticket, desk.policy, document.path, whole=True)},
    )
    return Incident(ticket, tuple(told), made)


def _stretches(
    key: str, told: list[Entry], until: datetime | None
) -> Iterator[tuple[Named, datetime | None, datetime | None, timedelta | None]]:
    """Yield what a key held from when to when, and how long; what has not ended counts up to `until`, if given."""
    found = [(change.after, entry.at) for entry in told for change in entry.changes if change.field == key]
    for (value, start), end in zip_longest(found, [start for _, start in found[1:]]):
        stop = end or until
        if value:
            length = None if stop is None or start is None else max(stop - start, timedelta())
            yield Named(key, str(value)), start, end, length
