"""Routes asked at the prompt, where it is known how much everybody has to do."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from tk.core.action import Action, Assignment
from tk.core.conditions.language import Condition, Test
from tk.core.law.hearing import Hearing
from tk.core.law.route import Prescription, chosen, prescription, told
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.store.desk import Desk


class Routed(NamedTuple):
    """Whom the routes give a ticket to, None for nobody, and what they say of it, None where no rule fits."""

    to: Assignment | None
    found: Prescription | None


def routed(desk: Desk, policy: Policy, ticket: Ticket) -> Routed:
    """Return whom the policy's routes give a ticket to that nobody has."""
    hearing = Hearing(policy, desk.outside(ticket), desk.actor, desk.now)
    found = prescription(hearing, ticket)
    if found is None:
        return Routed(None, None)
    if len(found.candidates) > 1 and found.rule.pick == "least-loaded":
        hearing = hearing._replace(outside=hearing.outside._replace(loads=_loads(desk, policy)))
    return Routed(chosen(hearing, ticket, found), found)


def assigned(desk: Desk, policy: Policy, ticket: Ticket) -> list[Action]:
    """Return the assignment that the routes make, and remark which of them does, or why none can."""
    if not policy.routes:
        return []
    to, found = routed(desk, policy, ticket)
    if found is not None:
        desk.remark(told(policy, ticket, to, found))
    return [] if to is None else [Action("assign", "", to)]


def _loads(desk: Desk, policy: Policy) -> Mapping[str, int]:
    """Return how many tickets that are not closed each person has."""
    from tk.store.index import Index, Selection
    from tk.store.index.query import Scale

    open_ones = Condition((Test("kind", "is", ("new", "open", "waiting")), Test("owner", "none", negated=True)))
    with Index.open(desk.repo, progress=desk.progress) as index:
        rows = index.rows(Selection(open_ones, Scale(policy, desk.now), ()))
    return Counter(row.owner for row in rows if row.owner is not None)
