"""To whom a ticket goes that nobody has: the `[[route]]` rules, of which the first that fits prescribes.

What a route prescribes for a ticket without an owner is lawful whoever does it: at once when a ticket is opened, and by
`tk assign ID --auto`. In review nobody knows who had how much to do, and any of the candidates will do (design, section
5, Assignments).
"""

from collections.abc import Iterator
from typing import NamedTuple

from tk.core.action import Action, Assignment
from tk.core.assignee import assignment
from tk.core.conditions.language import Test, failing, holds, tokens
from tk.core.law.hearing import Hearing
from tk.core.policy import Policy
from tk.core.rules import Route, in_force
from tk.core.text import shown
from tk.core.ticket import Ticket
from tk.core.vocabulary import in_language
from tk.errors import Message, say


class Prescription(NamedTuple):
    """What the first route that fits says: among whom, the `code` found in the text, the `name` that is nobody here.

    Without candidates the ticket stays unassigned.
    """

    rule: Route
    candidates: tuple[Assignment, ...]
    code: str | None = None
    name: str | None = None


def prescription(hearing: Hearing, ticket: Ticket) -> Prescription | None:
    """Return what the first route that fits says of a ticket; None where none does."""
    for rule in hearing.policy.routes:
        if fits(hearing, ticket, rule):
            found = _prescribed(hearing, ticket, rule)
            if found is not None:
                return found
    return None


def fits(hearing: Hearing, ticket: Ticket, rule: Route) -> bool:
    """Return whether the rule is in force and its condition holds."""
    return in_force(rule, hearing.at) and (rule.when is None or holds(rule.when, hearing.facts(ticket)))


def chosen(hearing: Hearing, ticket: Ticket, found: Prescription) -> Assignment | None:
    """Return whom of the candidates the ticket goes to; None where there are none.

    In turn means by hash of the id among the candidates, so that no counter is kept; the least loaded is the one with
    the fewest tickets that are not closed, of several the first in turn.
    """
    if not found.candidates:
        return None
    from hashlib import sha256  # few desks assign in turn, and it takes 2 ms to load

    start = int.from_bytes(sha256(ticket.id.encode()).digest()[:8], "big") % len(found.candidates)
    turn = (*found.candidates[start:], *found.candidates[:start])
    loads = hearing.outside.loads
    if found.rule.pick == "in-turn" or loads is None:
        return turn[0]
    return min(turn, key=lambda to: loads.get(to.owner or "", 0))


def is_routed(hearing: Hearing, before: Ticket | None, action: Action) -> bool:
    """Return whether an assignment is one that a route prescribes for a ticket without an owner."""
    if action.verb != "assign" or before is None or before.owner is not None or not hearing.policy.routes:
        return False
    found = prescription(hearing, before)
    return found is not None and action.value in found.candidates


def _prescribed(hearing: Hearing, ticket: Ticket, rule: Route) -> Prescription | None:
    if rule.register is not None:
        return _by_code(hearing, ticket, rule)
    if rule.to is not None:
        to = assignment(hearing.policy, ticket, rule.to, hearing.actor.handle)
        return None if to is None else Prescription(rule, (to,))
    people = dict.fromkeys(person for name in rule.among for person in _members(hearing.policy, name))
    to_each = (assignment(hearing.policy, ticket, person) for person in people)
    return Prescription(rule, tuple(to for to in to_each if to is not None))


def _by_code(hearing: Hearing, ticket: Ticket, rule: Route) -> Prescription | None:
    """Return what the register says of the first of its codes in title and description, whole tokens in any case."""
    register = hearing.policy.registers.entries.get(rule.register or "")
    if register is None:
        return None
    named: dict[str, str] = {}
    for row in hearing.outside.registers.rows(register.key):
        for token in tokens(row.get(register.column, ""))[:1]:
            named.setdefault(token, row.get(rule.column or "", ""))
    code = next((token for token in tokens(f"{ticket.title}\n{ticket.description}") if token in named), None)
    if code is None:
        return None
    policy = hearing.policy
    key = policy.people.find(named[code]) or policy.teams.find(named[code])
    to = None if key is None else assignment(policy, ticket, key)
    return Prescription(rule, (), code, named[code]) if to is None else Prescription(rule, (to,), code)


def _members(policy: Policy, name: str) -> Iterator[str]:
    """Yield the handles of the people whom a person's, a team's or a role's name means."""
    if name in policy.people.entries:
        yield name
        return
    for person in policy.people.entries.values():
        if name == person.team or (name not in policy.teams.entries and name in person.roles):
            yield person.key


def told(policy: Policy, ticket: Ticket, to: Assignment | None, found: Prescription) -> Message:
    """Return in a sentence what a route made of a ticket, and why."""
    rule = in_language(found.rule.labels, policy.desk.language) or found.rule.key
    if to is None and found.code is not None:
        return say(
            "{id}: unassigned: {code} goes to {name}, who is nobody here (tk.toml:{line})",
            id=ticket.id,
            code=found.code,
            name=shown(found.name or "-"),
            line=found.rule.line,
        )
    if to is None:
        return say(
            "{id}: unassigned: {rule} names nobody (tk.toml:{line})", id=ticket.id, rule=rule, line=found.rule.line
        )
    why = rule if found.code is None else f"{rule}, {found.code}"
    name = to.owner or to.team
    return say("{id}: goes to {name}: {rule} (tk.toml:{line})", id=ticket.id, name=name, rule=why, line=found.rule.line)


class Explained(NamedTuple):
    """A route and what it made of a ticket: whether it fits, the tests that do not hold, whether it was the first."""

    rule: Route
    is_in_force: bool
    failing: tuple[Test, ...]
    found: Prescription | None


def explained(hearing: Hearing, ticket: Ticket) -> list[Explained]:
    """Return every route in the order in which they are asked, each with why it does or does not fit."""
    rows = []
    for rule in hearing.policy.routes:
        lacks = () if rule.when is None else failing(rule.when, hearing.facts(ticket))
        applies = in_force(rule, hearing.at)
        rows.append(
            Explained(rule, applies, lacks, _prescribed(hearing, ticket, rule) if applies and not lacks else None)
        )
    return rows
