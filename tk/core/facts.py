"""The facts of a ticket at an instant: what conditions test (design, section 5)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from tk.core.actor import EVERYBODY, Actor, actor_of, speaks_for_another
from tk.core.calendars.lapse import LAPSES, first_due, lapse, measured
from tk.core.condition_terms import BUSINESS
from tk.core.conditions.language import FactValue
from tk.core.outside import NO_REGISTERS, NOTHING, Outside
from tk.core.policy import Policy
from tk.core.register import FAMILIES, fact_of
from tk.core.ticket import KEYS, Ticket, attribute, value_of

__all__ = [
    "EVERYBODY",
    "NOTHING",
    "NO_REGISTERS",
    "Actor",
    "Facts",
    "Outside",
    "actor_of",
    "speaks_for_another",
]


class Facts(NamedTuple):
    """The facts of one ticket at one instant; call it with a fact's name to have its value, None where there is none.

    `after` is the ticket as an action would leave it: its facts are those that begin with `new.`.
    """

    policy: Policy
    ticket: Ticket
    at: datetime
    actor: Actor | None = None
    outside: Outside = NOTHING
    after: Ticket | None = None

    def __call__(self, name: str) -> FactValue:
        """Return the value of the fact called `name`."""
        if name in KEYS:
            return _built_in(self.ticket, name)
        if name in self.policy.fields.entries:
            return _field(self, name)
        if name in _DERIVED:
            return _DERIVED[name](self.policy, self.ticket, self.at)
        group, _, rest = name.partition(".")
        if group.partition(BUSINESS)[0] in LAPSES:
            return measured(self.policy, self.outside.registers, self, self.ticket, name, self.at)
        reader = _GROUPS.get(group)
        return None if reader is None else reader(self, rest)


def _built_in(ticket: Ticket, name: str) -> FactValue:
    value: object = getattr(ticket, attribute(name))
    if name == "category":
        return "/".join(ticket.category) or None
    if name == "due":
        return first_due(ticket)
    if name == "rating":
        return None if ticket.rating is None else ticket.rating.value
    if KEYS[name] == "texts":
        return ticket.tags if name == "tags" else ticket.aliases
    return value if isinstance(value, str | datetime) and value else None


def _field(facts: Facts, name: str) -> FactValue:
    """Return the text under a custom field, which conditions read as their operands ask; a tree's steps as a path."""
    value = facts.ticket.fields.get(name)
    if isinstance(value, tuple) and facts.policy.fields.entries[name].type == "tree":
        value = "/".join(map(str, value))
    return value if isinstance(value, str) and value else None


def _of_actor(facts: Facts, rest: str) -> FactValue:
    if facts.actor is None:
        return None
    known: Mapping[str, FactValue] = {"": facts.actor.name, "role": facts.actor.roles, "team": facts.actor.team}
    return known.get(rest)


def _of_new(facts: Facts, rest: str) -> FactValue:
    return None if facts.after is None else facts._replace(ticket=facts.after, after=None)(rest)


def _of_linked(facts: Facts, rest: str) -> FactValue:
    kind, _, name = rest.partition(".")
    ids = [link.id for link in facts.ticket.links if link.kind == kind]
    if not name:
        return len(ids)
    if len(ids) != 1 or ids[0] not in facts.outside.linked:
        return None
    outside = Outside(facts.outside.registers)
    return facts._replace(ticket=facts.outside.linked[ids[0]], outside=outside, after=None)(name)


def _of_requests(facts: Facts, rest: str) -> FactValue:
    request = facts.ticket.requests.get(rest)
    return None if request is None else request.value or True


def _of_events(facts: Facts, rest: str) -> FactValue:
    return sum(event.type == rest for event in facts.ticket.events)


def _of_events_in_status(facts: Facts, rest: str) -> FactValue:
    since = facts.ticket.status_since
    return sum(event.type == rest and (since is None or event.at >= since) for event in facts.ticket.events)


def _of_attachments(facts: Facts, rest: str) -> FactValue:
    return sum(attachment.kind == rest for attachment in facts.ticket.attachments)


def _of_decided(facts: Facts, rest: str) -> FactValue:
    """Return the row that the latest decision by a table came to, as the log keeps it."""
    events = (event.facts for event in reversed(facts.ticket.events) if event.facts.get("table") == rest)
    return next((held.get("row") for held in events), None)


def _of_register(family: str, facts: Facts, rest: str) -> FactValue:
    name, key = FAMILIES[family]
    register = facts.policy.registers.entries.get(name)
    held = value_of(facts.ticket, key)
    if register is None:
        return None
    row = facts.outside.registers.entry(name, held) if isinstance(held, str) else None
    return fact_of(register, row, rest, facts.at.date())


def _of_attached(facts: Facts, rest: str) -> FactValue:
    """Return the latest day that a document of this kind bears."""
    return max((held.date for held in facts.ticket.attachments if held.kind == rest and held.date), default=None)


_GROUPS: Mapping[str, Callable[[Facts, str], FactValue]] = {
    "actor": _of_actor,
    "new": _of_new,
    "linked": _of_linked,
    "requests": _of_requests,
    "events": _of_events,
    "events-in-status": _of_events_in_status,
    "attachments": _of_attachments,
    "attached": _of_attached,
    "approvals": lambda facts, rest: rest in facts.ticket.approvals,
    "decided": _of_decided,
    "due": lambda facts, rest: facts.ticket.due.get(rest),
    "fired": lambda facts, rest: facts.ticket.fired.get(rest),
    "breached": lambda facts, rest: facts.ticket.breached.get(rest),
    "overdue": lambda facts, rest: lapse(facts.ticket, f"late.{rest}", facts.at) is not None,
    **{family: partial(_of_register, family) for family in FAMILIES},
}


_DERIVED: Mapping[str, Callable[[Policy, Ticket, datetime], FactValue]] = {
    "kind": lambda policy, ticket, _: policy.kind(ticket.status),
    "overdue": lambda _, ticket, at: lapse(ticket, "late", at) is not None,
    "description": lambda _, ticket, __: ticket.description or None,
    "text": lambda _, ticket, __: f"{ticket.title}\n{ticket.description}",
    "day": lambda _, __, at: at.date(),
}
