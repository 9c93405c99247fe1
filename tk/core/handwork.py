"""A ticket as a person rewrote it: what the law makes of it, and what it has against it."""

from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.difference import derive
from tk.core.effect import apply
from tk.core.facts import Actor, Outside
from tk.core.policy import Policy
from tk.core.review import Objection, review
from tk.core.ticket import KEYS, Ticket, value_of, with_value


class Handwork(NamedTuple):
    """The ticket to be kept, the actions that lead to it, and what is to be said against them."""

    ticket: Ticket
    actions: tuple[Action, ...]
    objections: tuple[Objection, ...]


def settle(policy: Policy, outside: Outside, before: Ticket, written: Ticket, actor: Actor, at: datetime) -> Handwork:
    """Return what becomes of a ticket `before` that `actor` rewrote as `written`.

    The keys that the person left alone get what the law gives them: `updated`, `status-since` and the like. One that
    the person changed stays as written, and is objected to where no action gives it that value.
    """
    actions = derive(policy, before, written, actor.name)
    lawful = before
    for action in actions:
        lawful = apply(policy, lawful, action, actor, at)
    ticket = written
    for key in KEYS:
        if value_of(written, key) == value_of(before, key):
            ticket = with_value(ticket, key, value_of(lawful, key))
    return Handwork(ticket, actions, tuple(review(policy, outside, before, ticket, actor, at)))
