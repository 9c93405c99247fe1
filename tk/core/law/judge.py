"""The law: one pure function that every change is asked of, at the prompt and again in review (design, principle 3)."""

from datetime import datetime

from tk.core.action import Action
from tk.core.clocks import clock
from tk.core.facts import Actor, Facts, Outside
from tk.core.law.consequence import follow
from tk.core.law.effect import apply
from tk.core.law.hearing import Hearing
from tk.core.law.permission import forbidden
from tk.core.law.requirement import unmet
from tk.core.law.route import is_routed
from tk.core.law.sense import nonsense
from tk.core.law.surroundings import against
from tk.core.policy import Policy
from tk.core.text import shown
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import say

_IMPORT = Action("import")
"""What brings a ticket under the names that it had elsewhere."""


def judge(
    policy: Policy, outside: Outside, before: Ticket | None, action: Action, actor: Actor, at: datetime
) -> Ticket | Refusal:
    """Return the ticket as `action` leaves it, or why it is refused.

    Args:
        policy: the policy in force.
        outside: what the policy names outside the ticket.
        before: the ticket as it stands, None for a new one.
        action: what is to be done.
        actor: who does it.
        at: the instant, with the desk zone's offset.

    Returns:
        The ticket after the action (`before` itself where the action changes nothing), or the refusal.
    """
    wrong = nonsense(policy, before, action, actor, at) or against(policy, outside, before, action)
    if wrong is not None:
        return wrong
    acted = apply(policy, before, action, actor, at)
    if acted == before:
        return acted
    hearing = Hearing(policy, outside, actor, at)
    return barred(hearing, before, acted, action) or _followed(hearing, before, acted, action)


def barred(hearing: Hearing, before: Ticket | None, acted: Ticket, action: Action) -> Refusal | None:
    """Return why the actor may not do what makes `acted` of `before`, sense or none; None where he may."""
    facts = hearing.facts(before or acted, acted)
    routed = is_routed(hearing, before, action)
    refusal = None if routed else forbidden(hearing.policy, action, acted.id, hearing.actor, facts)
    refusal = refusal or _misnamed(hearing, acted if before is None else None, facts)
    return refusal or unmet(hearing.policy, action, acted.id, facts, hearing.at)


def _misnamed(hearing: Hearing, new: Ticket | None, facts: Facts) -> Refusal | None:
    """Return why a new ticket may not bear the names that it does: those it had elsewhere are for who may import."""
    if new is None or not new.aliases:
        return None
    refusal = forbidden(hearing.policy, _IMPORT, new.id, hearing.actor, facts)
    if refusal is None:
        return None
    names, actor = ", ".join(map(shown, new.aliases)), hearing.actor.name
    why = say("{id}: {actor} may not call it {names}, too: that takes import", id=new.id, actor=actor, names=names)
    return refusal._replace(message=why)


def enact(hearing: Hearing, before: Ticket | None, action: Action) -> Ticket:
    """Return the ticket as `action` leaves it with all that follows from it, whether it is allowed or not.

    What makes no sense changes nothing.
    """
    acted = apply(hearing.policy, before, action, hearing.actor, hearing.at)
    return acted if acted == before else _followed(hearing, before, acted, action)


def _followed(hearing: Hearing, before: Ticket | None, acted: Ticket, action: Action) -> Ticket:
    """Return the ticket with what the policy brings with an action, and its clocks as the change leaves them."""
    after = follow(hearing, before, acted, action)
    return clock.run(hearing.policy, hearing.outside, before, after, hearing.at)
