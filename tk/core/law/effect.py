"""What an action makes of a ticket, whether it is allowed or not; total: what makes no sense changes nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime

from tk.core.action import Action, Assignment, Draft
from tk.core.facts import Actor
from tk.core.policy import Policy
from tk.core.ticket import Approval, Attachment, Event, Link, Rating, Request, Ticket, value_of, with_value
from tk.core.values import is_empty


def apply(policy: Policy, before: Ticket | None, action: Action, actor: Actor, at: datetime) -> Ticket:
    """Return what `action` makes of the ticket, `before` itself where it changes nothing."""
    if before is None:
        return _founded(policy, action.value, actor, at)
    effect = _EFFECTS.get(action.verb)
    after = before if effect is None else effect(before, action, actor, at)
    if after == before:
        return before
    if _is_activity(action):
        return after._replace(updated=at, activity=None)
    # What the last activity was stays on record.
    last = before.activity or before.updated
    return after._replace(updated=at, activity=None if last == at else last)


def _is_activity(action: Action) -> bool:
    """Return whether an action is one: a survey answer and an automatic reply are none (desks.md G10)."""
    return action.verb != "rate" and not (isinstance(action.value, Event) and action.value.is_automatic)


def _founded(policy: Policy, draft: object, actor: Actor, at: datetime) -> Ticket:
    if not isinstance(draft, Draft):
        return Ticket("")
    ticket = Ticket(
        id=draft.id,
        title=draft.title,
        status=policy.desk.start,
        status_since=at,
        creator=actor.name,
        created=at,
        updated=at,
        description=draft.description,
    )
    for key, value in draft.values.items():
        ticket = with_value(ticket, key, value)
    return ticket


def _set(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    key, value = action.object, action.value
    if key == "description":
        return before._replace(description=str(value or ""))
    if is_empty(value):
        return before if is_empty(value_of(before, key)) else with_value(before, key, None)
    return with_value(before, key, value)


def _attach(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    document = action.value
    if not isinstance(document, Attachment):
        return before
    return before._replace(attachments=(*before.attachments, document))


def _request(before: Ticket, action: Action, actor: Actor, at: datetime) -> Ticket:
    wanted = None if action.value is None else str(action.value)
    return before._replace(requests={**before.requests, action.object: Request(actor.name, at, wanted)})


def _approve(before: Ticket, action: Action, actor: Actor, at: datetime) -> Ticket:
    return before._replace(approvals={**before.approvals, action.object: Approval(actor.name, at)})


def _link(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    return before._replace(links=(*before.links, Link(action.object, str(action.value))))


def _log(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    event = action.value
    return before._replace(events=(*before.events, event)) if isinstance(event, Event) else before


def _assign(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    to = action.value
    return before._replace(owner=to.owner, team=to.team) if isinstance(to, Assignment) else before


def _schedule(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    return before._replace(follow_up=action.value if isinstance(action.value, datetime) else None)


def _advance(before: Ticket, action: Action, _: Actor, at: datetime) -> Ticket:
    to = str(action.value)
    return before if to == before.status else before._replace(status=to, status_since=at)


def _rate(before: Ticket, action: Action, actor: Actor, at: datetime) -> Ticket:
    return before._replace(rating=Rating(str(action.value), actor.name, at))


_EFFECTS: Mapping[str, Callable[[Ticket, Action, Actor, datetime], Ticket]] = {
    "set": _set,
    "attach": _attach,
    "request": _request,
    "approve": _approve,
    "link": _link,
    "log": _log,
    "log-for": _log,
    "assign": _assign,
    "schedule": _schedule,
    "advance": _advance,
    "rate": _rate,
}
