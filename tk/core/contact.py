"""Contacts between the desk and a requester, as the log of a ticket has them: who waits for whom, and since when."""

from collections.abc import Iterator
from datetime import datetime

from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket

FROM, TO = "from", "to"


def answers(policy: Policy, ticket: Ticket) -> Iterator[Event]:
    """Yield the contacts to the requester by people of the desk; an automatic reply is none."""
    return (event for event in _contacts(policy, ticket, TO) if event.by in policy.people.entries)


def first_answer(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester was first written or spoken to; None where nobody did."""
    return min((event.at for event in answers(policy, ticket)), default=None)


def last_answer(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester was last written or spoken to; None where nobody did."""
    return max((event.at for event in answers(policy, ticket)), default=None)


def unanswered_since(policy: Policy, ticket: Ticket) -> datetime | None:
    """Return when the requester wrote or called of what is not answered yet: the oldest counts; None for nothing.

    What happened counts when it happened, whenever it was entered; of the same second, what stands first in the log.
    """
    order = {event.id: place for place, event in enumerate(ticket.events)}
    answered = max(((event.at, order[event.id]) for event in answers(policy, ticket)), default=None)
    waiting = ((event.at, order[event.id]) for event in _contacts(policy, ticket, FROM))
    oldest = min((contact for contact in waiting if answered is None or contact > answered), default=None)
    return None if oldest is None else oldest[0]


def _contacts(policy: Policy, ticket: Ticket, direction: str) -> Iterator[Event]:
    types = policy.events.entries
    for event in ticket.events:
        kind = types.get(event.type)
        if kind is not None and kind.contact == direction and not event.is_automatic:
            yield event
