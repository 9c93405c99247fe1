"""What an action brings with it: the `[[on]]` rules of the policy, applied inside the law, in one pass.

All conditions are asked of the ticket as the action alone leaves it (`new.`) and as it was before, so no rule sees what
another did: there is no cascade. What a rule replaces of what the action itself gave is noted in the log, with the rule
and the value replaced among the event's facts: nothing that somebody said is lost, and `unwound` reads it back.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import count

from tk.core import ids
from tk.core.action import Action, Assignment, Draft, matches
from tk.core.assignee import assignment
from tk.core.conditions.language import holds
from tk.core.facts import Facts
from tk.core.instant import format_instant
from tk.core.law.hearing import Hearing
from tk.core.log import count_ids, has_event
from tk.core.policy import Policy
from tk.core.rules import Consequence, in_force
from tk.core.ticket import INTERNAL, NOTE, Event, Ticket, value_of, with_value
from tk.core.vocabulary import Labels, in_language

RULE = "rule"
"""The fact of a note that names the rule which wrote it."""

WAS = "was-"
"""What the facts of a note begin with that keep a value which the rule replaced."""

LIST_KEYS = ("category", "tags")
"""The built-in keys whose values are lists of text."""


def follow(hearing: Hearing, before: Ticket | None, acted: Ticket, action: Action) -> Ticket:
    """Return what the consequences of `action` make of the ticket that it left as `acted`."""
    ticket = acted
    for rule in following(hearing, before, acted, action):
        ticket = _applied(hearing, ticket, rule, action)
    return ticket


def following(hearing: Hearing, before: Ticket | None, acted: Ticket, action: Action) -> list[Consequence]:
    """Return the rules that apply to `action`, in the order of tk.toml."""
    every = hearing.policy.consequences
    rules = [rule for rule in every if matches(rule.action, action.name) and in_force(rule, hearing.at)]
    facts = hearing.facts(before or acted, acted)
    return [rule for rule in rules if rule.when is None or holds(rule.when, facts)]


def _applied(hearing: Hearing, ticket: Ticket, rule: Consequence, action: Action) -> Ticket:
    after = carried_out(hearing, ticket, rule)
    given = {key: text for key, text in _given(action) if text == _text(_held(ticket, key))}
    replaced = {key: text for key, text in given.items() if text != _text(_held(after, key))}
    if rule.note is None and not replaced:
        return after
    facts = {f"{WAS}{key}": text for key, text in replaced.items()}
    return noted(hearing, after, rule.key, rule.note or rule.labels, facts)


def carried_out(hearing: Hearing, ticket: Ticket, rule: Consequence) -> Ticket:
    """Return the ticket with what a rule sets, copies, assigns and advances."""
    after = ticket
    copied = _copied(hearing.facts(ticket), rule.copy)
    for key, value in (*copied, *rule.set.items()):
        after = _with(after, key, value)
    if rule.assign is not None:
        to = assignment(hearing.policy, after, rule.assign, hearing.actor.handle)
        after = after if to is None else after._replace(owner=to.owner, team=to.team)
    if rule.advance is not None and rule.advance != after.status:
        after = after._replace(status=rule.advance, status_since=hearing.at)
    return after


def noted(hearing: Hearing, ticket: Ticket, rule: str, words: Labels, facts: Mapping[str, str]) -> Ticket:
    """Return the ticket with a note of a rule, its id made of what it is about, so that every clone writes the same."""
    from hashlib import sha256  # few commands note something, and it takes 2 ms to load

    policy = hearing.policy
    at = hearing.told_at or hearing.at
    causes = (f"{ticket.id} {rule} {format_instant(at)} {number}" for number in count(count_ids(policy, ticket)))
    numbers = (ids.event_id(int.from_bytes(sha256(cause.encode()).digest()[:4], "big")) for cause in causes)
    number = next(name for name in numbers if not has_event(policy, ticket, name))
    text = in_language(words, policy.desk.own_language) or rule
    event = Event(at, NOTE, hearing.actor.name, number, text, {"visibility": INTERNAL, RULE: rule, **facts})
    return ticket._replace(events=(*ticket.events, event))


def _copied(facts: Facts, copies: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for key, name in copies.items():
        value = facts(name)
        if isinstance(value, tuple):
            yield key, value if key in LIST_KEYS else ", ".join(value)
        elif isinstance(value, datetime):
            yield key, format_instant(value)
        elif isinstance(value, str | bool | int | float | date):
            yield key, str(value).lower() if isinstance(value, bool) else str(value)
        else:
            yield key, None


def _with(ticket: Ticket, key: str, value: object) -> Ticket:
    if key == "description":
        return ticket._replace(description=str(value or ""))
    return with_value(ticket, key, value)


def _held(ticket: Ticket, key: str) -> object:
    return ticket.description if key == "description" else value_of(ticket, key)


def _text(value: object) -> str:
    """Return a value in one line, as a fact of an event keeps it."""
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _given(action: Action) -> Iterator[tuple[str, str]]:
    """Yield what the action itself gave, key by key."""
    match action.verb, action.value:
        case "set", value if action.object != "description":
            yield action.object, _text(value)
        case "new", Draft(values=values):
            for key, value in values.items():
                yield key, _text(value)
        case "advance", status:
            yield "status", _text(status)
        case "assign", Assignment(owner, team):
            yield "owner", _text(owner)
            yield "team", _text(team)


def brings(policy: Policy) -> frozenset[str]:
    """Return the names of the actions that consequences do by themselves."""
    names: set[str] = set()
    for rule in policy.consequences:
        names.update(f"set.{key}" for key in (*rule.set, *rule.copy))
        names.update(["advance"] if rule.advance else [])
        names.update(["assign"] if rule.assign else [])
    return frozenset(names)


def unwound(policy: Policy, before: Ticket | None, after: Ticket) -> Ticket:
    """Return `after` with the notes of rules taken out and the values that they say were replaced put back.

    Anybody can write such a note: only what its rule does replace is put back, whatever else the note says.
    """
    rules = {*(rule.key for rule in policy.consequences), *(rule.key for rule in policy.sweeps)}
    if not rules:
        return after
    known = set() if before is None else {event.id for event in before.events}
    notes: list[Event] = []
    others: list[Event] = []
    for event in after.events:
        is_note = event.type == NOTE and event.id not in known and event.facts.get(RULE) in rules
        (notes if is_note else others).append(event)
    ticket = after._replace(events=tuple(others))
    replaced = {rule.key: _replaces(rule) for rule in policy.consequences}
    for note in reversed(notes):
        for key in replaced.get(note.facts[RULE], ()):
            if f"{WAS}{key}" in note.facts:
                ticket = with_value(ticket, key, _read(policy, key, note.facts[f"{WAS}{key}"]))
    return ticket


def _replaces(rule: Consequence) -> list[str]:
    """Return the keys of which a rule may replace what an action gave."""
    keys = [key for key in (*rule.set, *rule.copy) if key != "description"]
    keys += ["owner", "team"] if rule.assign else []
    return [*keys, "status"] if rule.advance else keys


def _read(policy: Policy, key: str, text: str) -> object:
    """Return the value that a note keeps as `text`."""
    field = policy.fields.entries.get(key)
    if key in LIST_KEYS or (field is not None and field.type == "tree"):
        return tuple(text.split("/")) if text else None
    return text or None
