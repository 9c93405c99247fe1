"""Whether an action makes sense on a ticket: values the policy knows, ways that are open, times that can be true."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any, NamedTuple

from tk.core import ids
from tk.core.action import WITH_OBJECT, Action, Assignment, Draft
from tk.core.decision import ROW, read_back
from tk.core.facts import Actor, speaks_for_another
from tk.core.filename import is_safe, sameness
from tk.core.instant import LATE_ENTRY, format_instant, parse_instant
from tk.core.law.requests import wanted_fault
from tk.core.log import has_event
from tk.core.policy import Policy
from tk.core.text import is_one_line, shown
from tk.core.ticket import KEYS, Attachment, Event, Link, Ticket, value_of
from tk.core.values import OWN_ACTION, SETTABLE, Fault, event_fault, fault, is_empty, is_name, name_fault, no_such_key
from tk.core.verdict import Refusal
from tk.errors import Message, say


def nonsense(policy: Policy, before: Ticket | None, action: Action, actor: Actor, at: datetime) -> Refusal | None:
    """Return why the action makes no sense on this ticket, whoever does it; None where it does."""
    if before is None:
        return _draft_nonsense(policy, action, at)
    case = _Case(policy, before, action, actor, at)
    if action.verb == "new":
        return case.refuse("exists", say("there is such a ticket already"))
    if action.verb not in _VERBS:
        return case.refuse("unknown-action", say('"{verb}" is nothing done to a ticket', verb=action.verb))
    takes, check = _VERBS[action.verb]
    if not isinstance(action.value, takes) or (action.object and action.verb not in WITH_OBJECT):
        return case.malformed()
    return check(case, action.value)


class _Case(NamedTuple):
    policy: Policy
    before: Ticket
    action: Action
    actor: Actor
    at: datetime

    def refuse(self, code: str, why: Message, instead: Message | None = None) -> Refusal:
        return Refusal(code, say("{id}: {why}", id=self.before.id, why=why), instead)

    def wrong(self, wrong: Fault | None) -> Refusal | None:
        return None if wrong is None else self.refuse(*wrong)

    def malformed(self) -> Refusal:
        return self.refuse("bad-action", say("this is no way to {action}", action=shown(self.action.name)))


def _draft_nonsense(policy: Policy, action: Action, at: datetime) -> Refusal | None:
    draft = action.value
    if action.verb != "new" or not isinstance(draft, Draft):
        return Refusal("no-ticket", say("there is no ticket yet to {action}", action=shown(action.name)))
    case = _Case(policy, Ticket(draft.id), action, Actor(None, ""), at)
    if action.object or any(map(is_empty, draft.values.values())) or {"title", "description"} & set(draft.values):
        return case.malformed()
    prefix, day = policy.desk.prefix, at.date()
    if ids.day_of(draft.id) != day or not draft.id.startswith(f"{prefix}-"):
        message = say("{id} is no id for a ticket of this desk made on {day}", id=shown(draft.id), day=day)
        return Refusal(
            "bad-id", message, say("it would be one like {prefix}-{day:%y%m%d}-7K3QX", prefix=prefix, day=day)
        )
    values = dict(draft.values)
    wrong = _alias_nonsense(case, values.pop("aliases", ()))
    pairs = (("title", draft.title), *values.items())
    return wrong or next((wrong for key, value in pairs if (wrong := _value_nonsense(case, key, value))), None)


def _alias_nonsense(case: _Case, aliases: object) -> Refusal | None:
    """Return why a new ticket cannot be known elsewhere by these names, None where it can."""
    if isinstance(aliases, tuple) and all(isinstance(a, str) and a.strip() and is_one_line(a) for a in aliases):
        return None
    return case.refuse("bad-value", say("{key} must be text on one line, without control characters", key="aliases"))


def _value_nonsense(case: _Case, key: str, value: object) -> Refusal | None:
    """Return why `key` cannot be set to `value`, None where it can; None as a value takes the key away."""
    if key not in SETTABLE and key not in case.policy.fields.entries:
        return case.refuse("unknown-field", *no_such_key(case.policy, key))
    return _kept_nonsense(case, key, value)


def _kept_nonsense(case: _Case, key: str, value: object) -> Refusal | None:
    if value is not None and is_empty(value):
        return case.refuse("bad-value", say("{key} cannot be empty; it has a value or none", key=key))
    return case.wrong(fault(case.policy, key, value))


def _check_set(case: _Case, value: object) -> Refusal | None:
    key = case.action.object
    if key == "description":
        return None if value is None or (value and isinstance(value, str)) else case.malformed()
    if key in OWN_ACTION:
        why = say('"{key}" is not set but acted on', key=key)
        return case.refuse("unknown-field", why, say("use: {how}", how=OWN_ACTION[key]))
    if value is None and key not in KEYS and value_of(case.before, key) is not None:
        return None  # what nobody knows may go
    return _value_nonsense(case, key, value)


def _check_name(case: _Case, _: object = None) -> Refusal | None:
    """Whatever is asked for, approved, attached or linked goes by a name of the policy."""
    name, verb = case.action.object, case.action.verb
    if is_name(name):
        return case.wrong(name_fault(case.policy, verb, name))
    message = say('"{name}" cannot be the name of what {verb} is about', name=shown(name), verb=verb)
    return case.refuse("bad-name", message, say("a name is lower-case letters, digits and hyphens: purchase-note"))


def _check_attach(case: _Case, document: Attachment) -> Refusal | None:
    name = document.file
    if case.action.object != (document.kind or ""):
        return case.malformed()
    wrong = _check_name(case) if case.action.object else None
    if wrong is not None:
        return wrong
    if not is_safe(name):
        return case.refuse("bad-name", say('"{file}" is no name of a file beside the ticket', file=shown(name)))
    if sameness(name) in (sameness(held.file) for held in case.before.attachments):
        return case.refuse("attached", say("{file} is attached already", file=name), say("give it another name"))
    return None


def _check_request(case: _Case, wanted: str | None) -> Refusal | None:
    if wanted is not None and not is_one_line(wanted):
        return case.refuse("bad-value", say("what is requested is text on one line, or nothing"))
    wrong = _check_name(case)
    if wrong is not None or wanted is None:
        return wrong
    return case.wrong(wanted_fault(case.policy, case.policy.requests.entries[case.action.object], wanted))


def _check_link(case: _Case, other: str) -> Refusal | None:
    wrong = _check_name(case)
    if wrong is not None:
        return wrong
    if not ids.is_id(other):
        return case.refuse("bad-link", say('"{other}" is no id of a ticket', other=shown(other)))
    if other == case.before.id:
        return case.refuse("bad-link", say("a ticket cannot be linked to itself"))
    if Link(case.action.object, other) in case.before.links:
        message = say("{other} is linked already as {kind}", other=other, kind=case.action.object)
        return case.refuse("linked", message, say("link it under another kind, if that is meant"))
    return None


def _check_log(case: _Case, event: Event) -> Refusal | None:
    if event.type != case.action.object:
        return case.malformed()
    if has_event(case.policy, case.before, event.id):
        return case.refuse("duplicate-event", say("there is an event {event} already", event=event.id))
    wrong = case.wrong(event_fault(case.policy, event)) or _check_author(case, event) or _check_event_time(case, event)
    return wrong or _check_decision(case, event)


def _check_decision(case: _Case, event: Event) -> Refusal | None:
    """A decision on record is the one that the table comes to for the answers beside it (desks.md B8, B19)."""
    advice = read_back(case.policy.decisions.entries, event.facts)
    told = event.facts.get(ROW)
    if advice is None or told == (None if advice.row is None else advice.row.key):
        return None
    row = "-" if advice.row is None else advice.row.key
    message = say(
        "{event}: by the table {table} the answers lead to row {row}, not {told}",
        event=event.id,
        table=advice.decision.key,
        row=row,
        told=shown(told or "-"),
    )
    return case.refuse(
        "bad-decision", message, say("tk advise {id} --table {table}", id=case.before.id, table=advice.decision.key)
    )


def _check_author(case: _Case, event: Event) -> Refusal | None:
    by, actor = shown(event.by), case.actor.name
    if case.action.verb == "log":
        if event.by == actor:
            return None
        message = say("{actor} cannot log as {by}", actor=actor, by=by)
        return case.refuse("wrong-author", message, say("log what {by} said under your own name", by=by))
    if not is_one_line(event.by) or not event.by.strip():
        return case.refuse("wrong-author", say("an event is by somebody; this one names nobody"))
    if speaks_for_another(case.policy, event.by, actor):
        return None
    message = say("nobody logs for {by}, who belongs to this desk", by=by)
    return case.refuse("wrong-author", message, say("whoever belongs to the desk logs under the own name"))


def _check_event_time(case: _Case, event: Event) -> Refusal | None:
    if event.at.tzinfo is None:
        return case.refuse("bad-event", say("{event} has an instant without an offset", event=event.id))
    at, logged = format_instant(event.at), event.facts.get("logged")
    if event.at > case.at:
        message = say("{event} is said to happen at {at}, later than now", event=event.id, at=at)
        return case.refuse("future-event", message, say("a log holds what has happened; it is {now}", now=_now(case)))
    try:
        entered = event.at if logged is None else parse_instant(logged)
    except ValueError:
        return case.refuse("bad-event", say("logged={logged} is no instant", logged=shown(str(logged))))
    if event.at <= entered <= case.at and case.at - entered <= LATE_ENTRY:
        return None
    message = say("{event}, at {at}, is entered at another time than it says", event=event.id, at=at)
    return case.refuse("backdated", message, say("say when it was entered: logged={now}", now=_now(case)))


def _now(case: _Case) -> str:
    return format_instant(case.at)


def _check_assign(case: _Case, to: Assignment) -> Refusal | None:
    """Whom the ticket has already may be gone from the policy; only whom it is given to must be there."""
    for key, name, held in (("owner", to.owner, case.before.owner), ("team", to.team, case.before.team)):
        wrong = None if name == held else _kept_nonsense(case, key, name)
        if wrong is not None:
            return wrong
    return None


def _check_schedule(case: _Case, follow_up: datetime | None) -> Refusal | None:
    if follow_up is None or follow_up.tzinfo is not None:
        return None
    return case.refuse("bad-value", say("a follow-up needs an instant with an offset"))


def _check_advance(case: _Case, to: str) -> Refusal | None:
    statuses, was = case.policy.statuses, case.before.status
    if to == was:
        return None
    wrong = _kept_nonsense(case, "status", to)
    status = statuses.entries.get(was)
    if wrong is not None or status is None or to in status.to:
        # From a status the policy no longer knows every way is open, or the ticket would be stuck.
        return wrong
    language = case.policy.desk.language
    here = statuses.label(was, language)
    message = say(
        "no way leads from {was} to {to} (tk.toml:{line})",
        was=here,
        to=statuses.label(to, language),
        line=status.line,
    )
    ways = ", ".join(statuses.label(way, language) for way in status.to if way != was)
    return case.refuse("transition", message, say("from {was} it can go to: {ways}", was=here, ways=ways or "-"))


def _check_rate(case: _Case, value: str) -> Refusal | None:
    if value in {"good", "bad"}:
        return None
    return case.refuse("bad-rating", say('a rating is good or bad, not "{value}"', value=shown(value)))


_VERBS: Mapping[str, tuple[tuple[type, ...], Callable[[_Case, Any], Refusal | None]]] = {
    "set": ((object,), _check_set),
    "attach": ((Attachment,), _check_attach),
    "request": ((str, NoneType), _check_request),
    "approve": ((NoneType,), _check_name),
    "link": ((str,), _check_link),
    "log": ((Event,), _check_log),
    "log-for": ((Event,), _check_log),
    "assign": ((Assignment,), _check_assign),
    "schedule": ((datetime, NoneType), _check_schedule),
    "advance": ((str,), _check_advance),
    "rate": ((str,), _check_rate),
}
"""Each verb with the types its value may have and what else is asked of it."""
