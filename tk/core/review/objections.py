"""Reviewing one change of one ticket by the law: what of it was not allowed, and what no action explains."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core.action import Action, Draft
from tk.core.checks import unknown_key
from tk.core.clocks.clock import mark_breaches
from tk.core.facts import Actor, Outside
from tk.core.instant import LATE_ENTRY, format_instant, in_zone
from tk.core.law.difference import derive
from tk.core.law.effect import apply
from tk.core.law.hearing import Hearing
from tk.core.law.judge import barred, enact, judge
from tk.core.policy import Policy
from tk.core.sweep import is_swept
from tk.core.ticket import KEYS, Event, Ticket, attribute, keeps_order
from tk.core.values import is_empty
from tk.core.verdict import Refusal
from tk.errors import Message, say


class Objection(NamedTuple):
    """What a review has against a change: a stable code, how grave ("error" or "warning"), a sentence, the action.

    `key` tells where in the ticket's file: a key of the front matter, or an event's id.
    """

    code: str
    severity: str
    message: Message
    action: Action | None = None
    key: str = "id"


def review(
    policy: Policy, outside: Outside, before: Ticket | None, after: Ticket, actor: Actor, at: datetime
) -> list[Objection]:
    """Return what is to be said against the change from `before` to `after` by `actor`, committed at `at`.

    The actions are derived, each judged from the state before it, and their effects compared with what stands there:
    stamps, events and everything else must be what the law gives. What a sweep gives is lawful, whoever ran it.
    """
    instant = _instant(policy, before, after, at)
    if before is not None and is_swept(policy, outside, before, after, instant):
        return []
    objections = []
    lawful = before
    hearing = Hearing(policy, outside, actor, instant)
    for action in derive(policy, before, after, actor, outside):
        unknown = _unknown(policy, action)
        verdict = _judged(hearing, lawful, action, unknown)
        if isinstance(verdict, Refusal):
            objections.append(Objection(verdict.code, "error", verdict.message, action, _key_of(action)))
        elif unknown:
            told = (Objection("unknown-field", "warning", unknown_key(policy, key), action, key) for key in unknown)
            objections.extend(told)
        lawful = enact(hearing, lawful, action) if unknown or isinstance(verdict, Refusal) else verdict
    return [*objections, *_unexplained(before, lawful or after, after)]


def _judged(hearing: Hearing, before: Ticket | None, action: Action, unknown: Sequence[str]) -> Ticket | Refusal:
    """Return what the law makes of an action; what it has against keys that nobody knows is left out.

    They stay where somebody wrote them (design, section 2), if a role of his allows `set.KEY`, or the ticket is new.
    """
    if isinstance(action.value, Draft):
        known = {key: value for key, value in action.value.values.items() if key not in unknown}
        action = action._replace(value=action.value._replace(values=known))
    elif unknown:
        acted = apply(hearing.policy, before, action, hearing.actor, hearing.at)
        return barred(hearing, before, acted, action) or acted
    return judge(hearing.policy, hearing.outside, before, action, hearing.actor, hearing.at)


def _unknown(policy: Policy, action: Action) -> list[str]:
    """Return the keys that an action fills and that are neither tk's nor custom fields."""
    filled = dict(action.value.values) if isinstance(action.value, Draft) else {}
    if action.verb == "set" and action.value is not None:
        filled[action.object] = action.value
    return [key for key in filled if key not in (*KEYS, *policy.fields.entries, "description")]


def _instant(policy: Policy, before: Ticket | None, after: Ticket, at: datetime) -> datetime:
    """Return when the change was made: as stamped, if that lies shortly before the commit, else as committed.

    It is told in the desk's zone, whatever offset the stamp has: days that rules name begin there.
    """
    stamped = after.updated
    moved = stamped is not None and (before is None or before.updated != stamped)
    if stamped is not None and moved and timedelta(0) <= at - stamped <= LATE_ENTRY:
        return in_zone(stamped, ZoneInfo(policy.desk.zone))
    return at


def _key_of(action: Action) -> str:
    """Return where in a ticket's file an action is seen: the key that it changes, or the event that it enters."""
    if isinstance(action.value, Event):
        return action.value.id
    return action.object if action.verb == "set" else _KEYS.get(action.verb, "id")


_KEYS = {
    "advance": "status",
    "assign": "owner",
    "schedule": "follow-up",
    "rate": "rating",
    "attach": "attachments",
    "request": "requests",
    "approve": "approvals",
    "link": "links",
}


def _unexplained(before: Ticket | None, lawful: Ticket, after: Ticket) -> Iterator[Objection]:
    if before is not None and after.updated == before.updated != lawful.updated:
        message = say("{id}: changed by hand: updated was not moved", id=after.id)
        yield Objection("updated-not-moved", "warning", message, key="updated")
        lawful = _as_if_not_written(before, lawful, after)
    for key in KEYS:
        given, found = getattr(lawful, attribute(key)), getattr(after, attribute(key))
        if given != found:
            yield Objection("stamp", "error", _differs(after.id, key, given, found), key=key)
    for key in dict.fromkeys((*lawful.fields, *after.fields)):
        given, found = lawful.fields.get(key), after.fields.get(key)
        if given != found and not (is_empty(given) and is_empty(found)):
            yield Objection("stamp", "error", _differs(after.id, key, given, found), key=key)
    yield from _event_objections(lawful, after)
    if before is not None and not keeps_order(before.events, after.events):
        message = say("{id}: events that were there stand in another order", id=after.id)
        yield Objection("event-moved", "error", message)


def _as_if_not_written(before: Ticket, lawful: Ticket, after: Ticket) -> Ticket:
    """Return `lawful` without the stamps that any write leaves: `updated`, `activity`, and marks on missed clocks."""
    written = lawful.updated
    found = before if written is None else mark_breaches(before, written)
    only_marked = lawful.breached == found.breached and after.breached == before.breached
    breached = before.breached if only_marked else lawful.breached
    return lawful._replace(updated=before.updated, activity=before.activity, breached=breached)


def _differs(ticket: str, key: str, given: object, found: object) -> Message:
    if not found:
        return say("{id}: {key} was taken away, which no action does", id=ticket, key=key)
    if not given:
        return say("{id}: {key} is {found}, which no action gives", id=ticket, key=key, found=_words(found))
    return say(
        "{id}: {key} is {found}, and should be {given}", id=ticket, key=key, found=_words(found), given=_words(given)
    )


def _words(value: object) -> str:
    """Return a value as files write it, more or less."""
    match value:
        case datetime():
            return format_instant(value)
        case Mapping():
            return ", ".join(f"{name}: {_words(part)}" for name, part in value.items())
        case tuple():
            return " ".join(_words(part) for part in value if part is not None)
    return str(value)


def _event_objections(lawful: Ticket, after: Ticket) -> Iterator[Objection]:
    found: dict[str, list[Event]] = {}
    for event in after.events:
        found.setdefault(event.id, []).append(event)
    for event in lawful.events:
        same = found.get(event.id)
        if not same:
            message = say("{id}: the event {event} was removed", id=after.id, event=event.id)
            yield Objection("event-removed", "error", message)
        elif event in same:
            same.remove(event)
        else:
            same.pop(0)
            message = say("{id}: the event {event} was altered", id=after.id, event=event.id)
            yield Objection("event-altered", "error", message, key=event.id)
    for event in (left for same in found.values() for left in same):
        message = say("{id}: the event {event} is none that the policy writes", id=after.id, event=event.id)
        yield Objection("event-forged", "error", message, key=event.id)
