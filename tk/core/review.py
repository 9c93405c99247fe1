"""Reviewing one change of one ticket by the law: what of it was not allowed, and what no action explains."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.difference import derive
from tk.core.effect import apply
from tk.core.facts import Actor, Outside
from tk.core.law import judge
from tk.core.policy import Policy
from tk.core.sense import LATE_ENTRY
from tk.core.ticket import KEYS, Event, Ticket, attribute, value_of, with_value
from tk.core.verdict import Refusal
from tk.errors import Message, say


class Objection(NamedTuple):
    """What a review has against a change: a stable code, how grave ("error" or "warning"), a sentence, the action."""

    code: str
    severity: str
    message: Message
    action: Action | None = None


def review(
    policy: Policy, outside: Outside, before: Ticket | None, after: Ticket, actor: Actor, at: datetime
) -> list[Objection]:
    """Return what is to be said against the change from `before` to `after` by `actor`, committed at `at`.

    The actions are derived, each judged from the state before it, and their effects compared with what stands there:
    stamps, events and everything else must be what the law gives.
    """
    instant = _instant(before, after, at)
    objections = []
    ticket = before
    for action in derive(policy, before, after, actor.name):
        verdict = judge(policy, outside, ticket, action, actor, instant)
        if isinstance(verdict, Refusal):
            objections.append(Objection(verdict.code, "error", verdict.message, action))
            verdict = apply(policy, ticket, action, actor, instant)
        ticket = verdict
    if ticket is None:
        return objections
    return [*objections, *_unexplained(before, ticket, after)]


def merged(parents: Sequence[Ticket], after: Ticket) -> Ticket:
    """Return what a merge began from: `after`, with the first parent's value wherever it holds what no parent does.

    The difference from there to `after` is what the merge itself did; an event that some parent had and `after` has
    not is put back, so that its loss is seen.
    """
    before = after
    for key in (*KEYS, *after.fields):
        if all(value_of(parent, key) != value_of(after, key) for parent in parents):
            before = with_value(before, key, value_of(parents[0], key))
    if all(parent.description != after.description for parent in parents):
        before = before._replace(description=parents[0].description)
    events: dict[str, Event] = {}
    for parent in parents:
        for event in parent.events:
            events.setdefault(event.id, event)
    return before._replace(events=tuple(events.values()))


def _instant(before: Ticket | None, after: Ticket, at: datetime) -> datetime:
    """Return when the change was made: as stamped, if that lies shortly before the commit, else as committed."""
    stamped = after.updated
    moved = stamped is not None and (before is None or before.updated != stamped)
    if stamped is not None and moved and stamped <= at <= stamped + LATE_ENTRY:
        return stamped
    return at


def _unexplained(before: Ticket | None, lawful: Ticket, after: Ticket) -> Iterator[Objection]:
    by_hand = before is not None and after.updated == before.updated
    if by_hand and lawful.updated != after.updated:
        message = say("{id}: changed by hand: updated was not moved", id=after.id)
        yield Objection("updated-not-moved", "warning", message)
    for key in KEYS:
        if by_hand and key in {"updated", "activity"}:
            continue
        given, found = getattr(lawful, attribute(key)), getattr(after, attribute(key))
        if given != found:
            yield Objection("stamp", "error", _differs(after.id, key, given, found))
    yield from _event_objections(lawful, after)


def _differs(ticket: str, key: str, given: object, found: object) -> Message:
    if not found:
        return say("{id}: {key} was taken away, which no action does", id=ticket, key=key)
    if not given:
        return say("{id}: {key} is {found}, which no action gives", id=ticket, key=key, found=_words(found))
    return say(
        "{id}: {key} is {found}, and should be {given}", id=ticket, key=key, found=_words(found), given=_words(given)
    )


def _words(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _event_objections(lawful: Ticket, after: Ticket) -> Iterator[Objection]:
    held = {event.id: event for event in after.events}
    for event in lawful.events:
        if event.id not in held:
            message = say("{id}: the event {event} was removed", id=after.id, event=event.id)
            yield Objection("event-removed", "error", message)
        elif held[event.id] != event:
            message = say("{id}: the event {event} was altered", id=after.id, event=event.id)
            yield Objection("event-altered", "error", message)
