"""Blame: for each field of a ticket which commit set it to what it holds, by whom and when."""

from typing import NamedTuple

from tk.core.ticket import KEYS, Ticket, value_of
from tk.store.desk import Desk, ticket_of
from tk.store.entries import Entry
from tk.store.tale import tale

_STAMPS = frozenset({"id", "updated", "activity", "status-since"})
"""Keys that follow from others."""


class Blamed(NamedTuple):
    """A field, what it holds, and the entry that made it so; None where no history tells."""

    field: str
    value: object
    entry: Entry | None


def blame(desk: Desk, text: str) -> tuple[Ticket, tuple[Blamed, ...]]:
    """Return the ticket that `text` names, and who is behind each of its fields, in their order.

    What is not committed yet is in an entry that bears no commit.
    """
    document = desk.document(text)
    ticket = ticket_of(document)
    told, _ = tale(desk, document.path, ticket)
    latest = {change.field: entry for entry in told for change in entry.changes}
    fields = (*KEYS, *ticket.fields, "description")
    held = ((field, ticket.description if field == "description" else value_of(ticket, field)) for field in fields)
    return ticket, tuple(
        Blamed(field, value, latest.get(field))
        for field, value in held
        if field not in _STAMPS and value not in (None, (), {}, "")
    )
