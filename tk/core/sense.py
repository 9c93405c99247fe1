"""Whether an action makes sense on a ticket: values the policy knows, ways that are open, times that can be true."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action, Assignment, Draft
from tk.core.facts import Actor
from tk.core.instant import format_instant, parse_instant
from tk.core.policy import Policy
from tk.core.ticket import Attachment, Event, Link, Ticket, value_of
from tk.core.values import SETTABLE, fault, is_name
from tk.core.verdict import Refusal
from tk.errors import Message, say

LATE_ENTRY = timedelta(minutes=5)
"""How long after it happened an event may be entered without saying so (design, section 2: `logged`)."""


def nonsense(policy: Policy, before: Ticket | None, action: Action, actor: Actor, at: datetime) -> Refusal | None:
    """Return why the action makes no sense on this ticket, whoever does it; None where it does."""
    if before is None:
        return _malformed_draft(policy, action, at)
    check = _CHECKS.get(action.verb)
    return None if check is None else check(_Case(policy, before, action, actor, at))


class _Case(NamedTuple):
    policy: Policy
    before: Ticket
    action: Action
    actor: Actor
    at: datetime

    def refuse(self, code: str, template: str, hint: Message | None = None, **values: object) -> Refusal:
        return Refusal(code, say("{id}: " + template, id=self.before.id, **values), hint)


def _malformed_draft(policy: Policy, action: Action, at: datetime) -> Refusal | None:
    draft = action.value
    if action.verb != "new" or not isinstance(draft, Draft):
        return Refusal("no-ticket", say("there is no ticket yet to {verb}", verb=action.verb))
    if ids.day_of(draft.id) != at.date() or not draft.id.startswith(f"{policy.desk.prefix}-"):
        return Refusal(
            "bad-id", say("{id} is no id for a ticket of this desk made on {day}", id=draft.id, day=at.date())
        )
    return _faulty(policy, draft.id, [("title", draft.title), *draft.values.items()])


def _faulty(policy: Policy, ticket: str, values: Iterable[tuple[str, object]]) -> Refusal | None:
    for key, value in values:
        if key not in SETTABLE and key not in policy.fields.entries:
            return Refusal("unknown-field", say('{id}: this desk has no field "{key}"', id=ticket, key=key))
        wrong = fault(policy, key, value)
        if wrong is not None:
            return Refusal(wrong.code, say("{id}: {why}", id=ticket, why=wrong.message))
    return None


def _check_set(case: _Case) -> Refusal | None:
    if case.action.object == "description":
        return None
    gone = case.action.value is None and value_of(case.before, case.action.object) is not None
    if gone and case.action.object != "title":
        return None
    return _faulty(case.policy, case.before.id, [(case.action.object, case.action.value)])


def _check_name(case: _Case) -> Refusal | None:
    if is_name(case.action.object):
        return None
    return case.refuse(
        "bad-name", '"{name}" cannot be the name of a {verb}', name=case.action.object, verb=case.action.verb
    )


def _check_attach(case: _Case) -> Refusal | None:
    if case.action.object and not is_name(case.action.object):
        return _check_name(case)
    value = case.action.value
    if isinstance(value, Attachment) and value.file in {held.file for held in case.before.attachments}:
        return case.refuse("attached", "{file} is attached already", file=value.file)
    return None


def _check_link(case: _Case) -> Refusal | None:
    other = str(case.action.value)
    if not is_name(case.action.object):
        return _check_name(case)
    if other == case.before.id:
        return case.refuse("bad-link", "a ticket cannot be linked to itself")
    if Link(case.action.object, other) in case.before.links:
        return case.refuse("linked", "{other} is linked already as {kind}", other=other, kind=case.action.object)
    return None


def _check_log(case: _Case) -> Refusal | None:
    event = case.action.value
    assert isinstance(event, Event)
    if event.type not in case.policy.events.entries:
        near = case.policy.events.nearest(event.type)
        hint = None if near is None else say('did you mean "{near}"?', near=near)
        return case.refuse("unknown-event", '"{type}" is no event type of this desk', hint, type=event.type)
    if event.id in {held.id for held in case.before.events}:
        return case.refuse("duplicate-event", "there is an event {event} already", event=event.id)
    if case.action.verb == "log" and event.by != case.actor.name:
        hint = say("log what {by} said under your own name", by=event.by)
        return case.refuse("another's-name", "{actor} cannot log as {by}", hint, actor=case.actor.name, by=event.by)
    return _check_event_time(case, event)


def _check_event_time(case: _Case, event: Event) -> Refusal | None:
    if event.at > case.at:
        return case.refuse(
            "future-event", "{event} is said to happen at {at}, later than now", event=event.id, at=event.at
        )
    logged = event.facts.get("logged")
    try:
        entered = event.at if logged is None else parse_instant(logged)
    except ValueError:
        return case.refuse("bad-event", "logged={logged} is no instant", logged=logged)
    if entered > case.at or case.at - entered > LATE_ENTRY:
        hint = say("say when it was entered: logged={at}", at=format_instant(case.at))
        return case.refuse("backdated", "{event} is entered at another time than it says", hint, event=event.id)
    return None


def _check_assign(case: _Case) -> Refusal | None:
    value = case.action.value
    assert isinstance(value, Assignment)
    for key, name in (("owner", value.owner), ("team", value.team)):
        wrong = fault(case.policy, key, name)
        if wrong is not None:
            return Refusal(wrong.code, say("{id}: {why}", id=case.before.id, why=wrong.message))
    return None


def _check_advance(case: _Case) -> Refusal | None:
    statuses, was, to = case.policy.statuses, case.before.status, str(case.action.value)
    wrong = fault(case.policy, "status", to)
    if wrong is not None:
        return Refusal(wrong.code, say("{id}: {why}", id=case.before.id, why=wrong.message))
    status = statuses.entries.get(was)
    if status is None or to in status.to:
        # From a status the policy no longer knows every way is open, or the ticket would be stuck.
        return None
    language = case.policy.desk.language
    ways = ", ".join(statuses.label(way, language) for way in status.to)
    hint = say("from {was} it can go to: {ways}", was=statuses.label(was, language), ways=ways or "-")
    return case.refuse(
        "transition",
        "no way leads from {was} to {to} (tk.toml:{line})",
        hint,
        was=statuses.label(was, language),
        to=statuses.label(to, language),
        line=status.line,
    )


def _check_rate(case: _Case) -> Refusal | None:
    if case.action.value in {"good", "bad"}:
        return None
    return case.refuse("bad-rating", 'a rating is good or bad, not "{value}"', value=case.action.value)


_CHECKS: Mapping[str, Callable[[_Case], Refusal | None]] = {
    "set": _check_set,
    "attach": _check_attach,
    "request": _check_name,
    "approve": _check_name,
    "link": _check_link,
    "log": _check_log,
    "log-for": _check_log,
    "assign": _check_assign,
    "advance": _check_advance,
    "rate": _check_rate,
}
