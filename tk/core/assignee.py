"""To whom the words of a rule assign a ticket: a person, a team, `@creator`, `@owner`, `@actor`."""

from tk.core.action import Assignment
from tk.core.policy import Policy
from tk.core.ticket import Ticket


def assignment(policy: Policy, ticket: Ticket, to: str, actor: str | None = None) -> Assignment | None:
    """Return whom the ticket goes to; None where a reference names nobody of this desk.

    To a person it goes with his team, or where he has none with the one it is in; to a team without an owner.
    """
    name = {"@creator": ticket.creator, "@owner": ticket.owner, "@actor": actor}.get(to, to)
    if name in policy.teams.entries:
        return Assignment(None, name)
    person = policy.people.entries.get(name or "")
    return None if person is None else Assignment(person.key, person.team or ticket.team)
