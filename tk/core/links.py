"""Links between tickets: each stands in both tickets, in each as that one says it of the other (design, section 2).

A ticket file stands alone: who reads one sees its links without a search through all the others, and its history tells
when they were made. What the two ends say must agree; `tk check` finds where they do not.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tk.core.policy import Policy
from tk.core.ticket import Link, Ticket
from tk.errors import Message, say


def other_end(policy: Policy, kind: str) -> str:
    """Return the kind of link that the other ticket bears; `kind` itself where the policy does not know it."""
    entry = policy.links.entries.get(kind)
    return kind if entry is None else entry.inverse


def is_acyclic(policy: Policy, kind: str) -> bool:
    """Return whether no chain of links of this kind may lead back to its beginning."""
    entry = policy.links.entries.get(kind)
    return entry is not None and entry.acyclic


def chain(kind: str, start: str, read: Callable[[str], Ticket | None]) -> Iterator[Ticket]:
    """Yield the ticket called `start` and all that links of `kind` lead to from there, each once."""
    ahead, seen = [start], {start}
    while ahead:
        ticket = read(ahead.pop())
        if ticket is None:
            continue
        yield ticket
        following = [link.id for link in ticket.links if link.kind == kind and link.id not in seen]
        seen.update(following)
        ahead += following


def leads_to(kind: str, start: str, goal: str, read: Callable[[str], Ticket | None]) -> bool:
    """Return whether links of `kind` lead from the ticket called `start` to the one called `goal`."""
    return start == goal or any(Link(kind, goal) in ticket.links for ticket in chain(kind, start, read))


class Loose(NamedTuple):
    """A link of a ticket that does not hold together: a stable code, how grave, why, the ticket that it names."""

    code: str
    severity: str
    message: Message
    other: str


def loose(policy: Policy, ticket: Ticket, read: Callable[[str], Ticket | None]) -> Iterator[Loose]:
    """Yield what is wrong with the links of a ticket, seen from the tickets that `read` gives by their ids."""
    for link in ticket.links:
        other, back = read(link.id), other_end(policy, link.kind)
        if other is None:
            message = say("there is no ticket {id} that could be linked", id=link.id)
            yield Loose("missing-link", "warning", message, link.id)
        elif Link(back, ticket.id) not in other.links:
            message = say(
                "{other} does not say {back} {id}; tk link {id} {kind} {other} completes it",
                other=link.id,
                back=back,
                id=ticket.id,
                kind=link.kind,
            )
            yield Loose("one-sided-link", "warning", message, link.id)
        if is_acyclic(policy, link.kind) and leads_to(link.kind, link.id, ticket.id, read):
            message = say("{kind} {other} leads back here in a circle", kind=link.kind, other=link.id)
            yield Loose("link-circle", "error", message, link.id)
