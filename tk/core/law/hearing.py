"""What the law is asked with, beside a ticket and an action: the policy, what lies outside, who acts, and when."""

from datetime import datetime
from typing import NamedTuple

from tk.core.facts import Actor, Facts, Outside
from tk.core.policy import Policy
from tk.core.ticket import Ticket


class Hearing(NamedTuple):
    """One asking of the law: the policy in force, what it names outside the ticket, the actor, the instant.

    `told_at` is when what is noted happened, where that was not now: a sweep may be late.
    """

    policy: Policy
    outside: Outside
    actor: Actor
    at: datetime
    told_at: datetime | None = None

    def facts(self, ticket: Ticket, after: Ticket | None = None) -> Facts:
        """Return the facts of a ticket at the instant; those of `after` are the ones that begin with `new.`."""
        return Facts(self.policy, ticket, self.at, self.actor, self.outside, after)
