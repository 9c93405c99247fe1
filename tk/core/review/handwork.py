"""A ticket as a person rewrote it: what the law makes of it, and what it has against it."""

from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.facts import Actor, Outside
from tk.core.law.difference import derive
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact
from tk.core.policy import Policy
from tk.core.review.objections import Objection, review
from tk.core.ticket import KEYS, Ticket, value_of, with_value


class Handwork(NamedTuple):
    """The ticket to be kept, the actions that lead to it, and what is to be said against them."""

    ticket: Ticket
    actions: tuple[Action, ...]
    objections: tuple[Objection, ...]


def settle(policy: Policy, outside: Outside, before: Ticket, written: Ticket, actor: Actor, at: datetime) -> Handwork:
    """Return what becomes of a ticket `before` that `actor` rewrote as `written`.

    The keys that the person left alone, and those that an action changed, get what the law gives them: `updated`,
    `status-since` and the like, and what follows from the actions. One that the person changed otherwise stays as
    written, and is objected to.
    """
    actions = derive(policy, before, written, actor, outside)
    hearing = Hearing(policy, outside, actor, at)
    lawful = before
    for action in actions:
        lawful = enact(hearing, lawful, action)
    acted = {key for action in actions for key in _CHANGED.get(action.verb, (action.object,))}
    ticket = written
    for key in (*KEYS, *dict.fromkeys((*lawful.fields, *before.fields))):
        if value_of(written, key) == value_of(before, key) or key in acted:
            ticket = with_value(ticket, key, value_of(lawful, key))
    known = {event.id for event in written.events}
    notes = tuple(event for event in lawful.events if event.id not in known and event not in before.events)
    ticket = ticket._replace(events=(*written.events, *notes))
    return Handwork(ticket, actions, tuple(review(policy, outside, before, ticket, actor, at)))


_CHANGED = {"advance": ("status",), "assign": ("owner", "team"), "schedule": ("follow-up",), "rate": ("rating",)}
"""The keys that an action changes which does not name one."""
