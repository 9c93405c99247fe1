"""The law: one pure function that every change is asked of, at the prompt and again in review (design, principle 3)."""

from datetime import datetime

from tk.core.action import Action
from tk.core.effect import apply
from tk.core.facts import Actor, Facts, Outside
from tk.core.permission import forbidden
from tk.core.policy import Policy
from tk.core.requirement import unmet
from tk.core.sense import nonsense
from tk.core.surroundings import against
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal


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
    after = apply(policy, before, action, actor, at)
    if after == before:
        return after
    facts = Facts(policy, before or after, at, actor, outside, after)
    return forbidden(policy, action, after.id, actor, facts) or unmet(policy, action, after.id, facts, at) or after
