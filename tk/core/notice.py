"""Notices: who is to be written to about a change, and of what cause, worked out from values alone (desks.md C3, C18).

A notice is met once by one change of a ticket, however many of its actions it names. What consequences bring about
counts as done: a status that an `[[on]]` rule changed is an `advance` to whoever waits for one. What a sweep does
follows from the ticket alone, whoever runs it: so the letters of two clones that sweep are the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action, matches
from tk.core.address import mailable
from tk.core.conditions.language import holds
from tk.core.facts import EVERYBODY, Facts, Outside
from tk.core.law.hearing import Hearing
from tk.core.policy import Person, Policy
from tk.core.rules import SWEEP, Notice, in_force
from tk.core.ticket import INTERNAL, Event, Ticket, value_of
from tk.core.values import SETTABLE

OUTBOX = "outbox"
"""The folder of letters that are not yet sent."""

_LETTER = re.compile(r"outbox/\d{8}T\d{6}Z-([A-Z0-9]+-\d{6}-[A-Z0-9]{5})-[a-z0-9-]+\.eml", re.ASCII)

_PERSONAL = {"@owner": "owner", "@creator": "creator"}
"""References to staff, each with the key of the ticket that holds who it is."""


def letter_of(path: str) -> str | None:
    """Return the id of the ticket that the letter at `path` is about; None where no letter lies."""
    found = _LETTER.fullmatch(path)
    return None if found is None else found[1]


class Recipient(NamedTuple):
    """Somebody who is written to: the address, as mail carries it, and the name where the desk knows one."""

    address: str
    name: str = ""


class Posting(NamedTuple):
    """A notice that a change has met.

    `cause` is the action, or `sweep.NAME`; `mark` tells apart what the same action did twice at one instant (the id of
    an event that was logged); `at` is the instant that the ticket bears for it; `missed` are those of its `to` who have
    no address.
    """

    notice: Notice
    cause: str
    mark: str
    at: datetime
    to: tuple[Recipient, ...]
    missed: tuple[str, ...] = ()


def postings(
    hearing: Hearing, before: Ticket | None, after: Ticket, actions: Sequence[Action], rules: Sequence[str] = ()
) -> Iterator[Posting]:
    """Yield each notice that the change from `before` to `after` meets, in the order of tk.toml.

    Args:
        hearing: the policy, what lies outside the ticket, who acts, when.
        before: the ticket before, None for a new one.
        after: the ticket after.
        actions: what was done to it.
        rules: the sweep rules that did it; whoever ran the sweep is then no actor to conditions and references.
    """
    policy = hearing.policy
    deeds = [*(_Deed(f"{SWEEP}{rule}") for rule in rules), *_done(policy, before, after, actions)]
    facts = Facts(policy, before or after, hearing.at, None if rules else hearing.actor, hearing.outside, after)
    for notice in policy.notices:
        deed = min((deed for deed in deeds if deed.meets(notice)), key=lambda deed: deed.is_internal, default=None)
        if deed is None or not in_force(notice, hearing.at):
            continue
        if notice.when is None or holds(notice.when, facts):
            to, missed = _readers(facts._replace(ticket=after), notice.to, is_internal=deed.is_internal)
            at = _stamped(after, deed, rules) or hearing.at
            yield Posting(notice, deed.name, deed.mark, at, to, missed)


class _Deed(NamedTuple):
    """Something done to a ticket: the action's name, what tells it from others, whether it stays inside the desk."""

    name: str
    mark: str = ""
    is_internal: bool = False

    def meets(self, notice: Notice) -> bool:
        if self.name.startswith(SWEEP):
            return notice.action == self.name
        return matches(notice.action, self.name)


def _stamped(after: Ticket, deed: _Deed, rules: Sequence[str]) -> datetime | None:
    """Return the instant that the ticket itself bears: when the rule's step fell due, else when it was written."""
    own = [rule for rule in rules if deed.name == f"{SWEEP}{rule}"]
    return max((after.fired[rule] for rule in own or rules if rule in after.fired), default=after.updated)


def _done(policy: Policy, before: Ticket | None, after: Ticket, actions: Sequence[Action]) -> Iterator[_Deed]:
    """Yield what was done, and what the consequences of that amount to."""
    for action in actions:
        event = action.value if isinstance(action.value, Event) else None
        yield _Deed(action.name) if event is None else _Deed(action.name, event.id, event.visibility == INTERNAL)
    had = before or Ticket("")
    if (had.owner, had.team) != (after.owner, after.team):
        yield _Deed("assign")
    if before is not None:
        if before.status != after.status:
            yield _Deed("advance")
        if before.description != after.description:
            yield _Deed("set.description")
        for key in (*SETTABLE, *policy.fields.entries):
            if value_of(before, key) != value_of(after, key):
                yield _Deed(f"set.{key}")


def _readers(facts: Facts, names: Iterable[str], *, is_internal: bool) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Return who is written to, each address once, and the names that come to no address.

    As one of the staff the actor is left out, who knows what he did; as requester, by `@actor` or by his very address
    he is written to. Of what `is_internal` nobody outside the desk hears. The desk never writes to itself.
    """
    own = None if facts.policy.mail is None else facts.policy.mail.address.lower()
    me = None if facts.actor is None else facts.actor.handle
    found: dict[str, Recipient] = {}
    missed: list[str] = []
    for name in names:
        reached = False
        for handle, reader in _named(facts, name):
            reached = True
            is_self = handle is not None and handle == me and name != "@actor"
            is_outside = handle is None and facts.policy.person_of(reader.address) is None
            if reader.address.lower() != own and not is_self and not (is_internal and is_outside):
                found.setdefault(reader.address.lower(), reader)
        if not reached:
            missed.append(name)
    return tuple(found.values()), tuple(missed)


def _named(facts: Facts, name: str) -> Iterator[tuple[str | None, Recipient]]:
    """Yield those whom an entry of `to` names: the handle of one of the staff, and the recipient."""
    policy, ticket = facts.policy, facts.ticket
    if name == "@requester":
        yield from _addressed(None, requester_of(ticket, facts.outside) or "")
    elif name == "@actor":
        actor = facts.actor
        yield from () if actor is None else _one(policy, actor.handle or actor.email)
    elif name in _PERSONAL:
        yield from _one(policy, value_of(ticket, _PERSONAL[name]))
    elif "@" in name:
        yield from _addressed(None, name)
    else:
        for person in _members(policy, name):
            yield from _one(policy, person.key)


def _members(policy: Policy, name: str) -> Iterator[Person]:
    """Yield the people that the name of a person, team or role stands for."""
    people = policy.people.entries
    if name in people:
        yield people[name]
        return
    for person in people.values():
        if name in {person.team, *person.roles, EVERYBODY}:
            yield person


def _one(policy: Policy, who: object) -> Iterator[tuple[str | None, Recipient]]:
    """Yield a person of the desk by his handle, at the first of his addresses; anybody else by his address."""
    person = policy.people.entries.get(str(who))
    if person is None:
        yield from _addressed(None, str(who or ""))
        return
    name = policy.people.label(person.key, policy.desk.own_language)
    for handle, reader in _addressed(person.key, next(iter(person.emails), "")):
        yield handle, reader._replace(name=name)


def _addressed(handle: str | None, text: str) -> Iterator[tuple[str | None, Recipient]]:
    address = mailable(text)
    if address is not None:
        yield handle, Recipient(address)


def requester_of(ticket: Ticket, outside: Outside) -> str | None:
    """Return the requester's address: himself, else what the contacts say in their column `email`; None for none."""
    requester = ticket.requester or ""
    address = mailable(requester)
    if address is None and requester:
        row = outside.registers.entry("contacts", requester) or {}
        return mailable(row.get("email", ""))
    return address
