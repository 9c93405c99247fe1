"""Taking back: a ticket put back to before one's own latest commit on it, for who may `undo` (design, section 5).

Whether a change is that is read from contents: the ticket's file is again, to the byte, what it was before the latest
commit on it, and that commit was by the same actor. The transitions of the policy have no say in it.
"""

from datetime import datetime

from tk.core.action import Action
from tk.core.facts import Actor, Facts, Outside
from tk.core.law.permission import forbidden
from tk.core.law.requirement import unmet
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal

UNDO = Action("undo")
"""The action that roles name; which commit it takes back follows from the history."""


def against(policy: Policy, outside: Outside, ticket: Ticket, actor: Actor, at: datetime) -> Refusal | None:
    """Return why the actor may not take back the latest change of his on `ticket`, None where he may."""
    facts = Facts(policy, ticket, at, actor, outside)
    return forbidden(policy, UNDO, ticket.id, actor, facts) or unmet(policy, UNDO, ticket.id, facts, at)
