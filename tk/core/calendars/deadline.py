"""Which deadline of the policy applies to a clock of a ticket."""

from datetime import datetime

from tk.core.conditions.language import Facts, holds
from tk.core.instant import Duration
from tk.core.policy import Policy
from tk.core.rules import Deadline, in_force
from tk.core.ticket import Ticket


def deadline_of(policy: Policy, facts: Facts, ticket: Ticket, clock: str, at: datetime) -> Deadline | None:
    """Return the deadline that applies to a clock of the ticket at `at`: the first in force that has a target for it.

    `facts` answers for the facts of the ticket at that instant.
    """
    for rule in policy.deadlines:
        if rule.clock != clock or not in_force(rule, at) or target(rule, ticket) is None:
            continue
        if rule.when is None or holds(rule.when, facts):
            return rule
    return None


def target(rule: Deadline, ticket: Ticket) -> Duration | None:
    """Return how long a ticket has by a rule, by its priority; None where a table has nothing for it.

    A ticket without priority has what holds for any: a table by priority says nothing of it.
    """
    priority = ticket.priority if isinstance(ticket.priority, str) else ""  # a file may hold anything
    return rule.targets.get(priority) or rule.targets.get("")
