"""Blame: for each field of a ticket which commit set it to what it holds, by whom and when."""

from typing import NamedTuple

from tk.core.ticket import KEYS, Ticket, value_of
from tk.store import entries, history
from tk.store.desk import Desk, ticket_of
from tk.store.entries import Entry
from tk.store.past import Past

_STAMPS = frozenset({"id", "updated", "activity"})
"""Keys that every command writes, which tell of no decision."""


class Blamed(NamedTuple):
    """A field, what it holds, and the entry that made it so; None where no history tells."""

    field: str
    value: object
    entry: Entry | None


def blame(desk: Desk, text: str) -> tuple[Ticket, tuple[Blamed, ...]]:
    """Return the ticket that `text` names, and who is behind each of its fields, in their order.

    A field that is not committed yet is blamed on nobody's entry, which bears no commit. Of a status it is also told
    who set the one that it has now, though the stamp of it may say when.
    """
    document = desk.document(text)
    ticket = ticket_of(document)
    tip = desk.commit if isinstance(desk, Past) else "HEAD"
    commits = history.of_path(desk.repo, document.path, tip)
    past = entries.pasts(desk, {document.path: commits}, tip)[document.path]
    told = entries.entries(desk, past, commits)
    then = past.ticket(tip)
    if then != ticket and not isinstance(desk, Past):
        told.append(entries.uncommitted(desk.policy, then, ticket))
    latest = {change.field: entry for entry in told for change in entry.changes}
    fields = (*KEYS, *ticket.fields, "description")
    held = ((field, ticket.description if field == "description" else value_of(ticket, field)) for field in fields)
    return ticket, tuple(
        Blamed(field, value, latest.get(field))
        for field, value in held
        if field not in _STAMPS and value not in (None, (), {}, "")
    )
