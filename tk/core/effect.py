"""What an action makes of a ticket, whether it is allowed or not."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tk.core.action import Action, Assignment, Draft
from tk.core.facts import Actor
from tk.core.policy import Policy
from tk.core.ticket import Approval, Attachment, Event, Link, Rating, Request, Ticket, with_value


def apply(policy: Policy, before: Ticket | None, action: Action, actor: Actor, at: datetime) -> Ticket:
    """Return what `action` makes of the ticket, whether it is allowed or not."""
    if before is None:
        return _found(policy, action.value, actor, at)
    after = _EFFECTS[action.verb](before, action, actor, at)
    if after == before:
        return before
    if action.verb != "rate":
        return after._replace(updated=at, activity=None)
    # A survey answer is no activity (desks.md G10): what the last one was stays on record.
    last = before.activity or before.updated
    return after._replace(updated=at, activity=None if last == at else last)


def _found(policy: Policy, draft: Any, actor: Actor, at: datetime) -> Ticket:
    assert isinstance(draft, Draft)
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
    if action.object == "description":
        return before._replace(description=str(action.value or ""))
    return with_value(before, action.object, action.value)


def _attach(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    assert isinstance(action.value, Attachment)
    return before._replace(attachments=(*before.attachments, action.value))


def _request(before: Ticket, action: Action, actor: Actor, at: datetime) -> Ticket:
    wanted = None if action.value is None else str(action.value)
    return before._replace(requests={**before.requests, action.object: Request(actor.name, at, wanted)})


def _approve(before: Ticket, action: Action, actor: Actor, at: datetime) -> Ticket:
    return before._replace(approvals={**before.approvals, action.object: Approval(actor.name, at)})


def _link(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    return before._replace(links=(*before.links, Link(action.object, str(action.value))))


def _log(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    assert isinstance(action.value, Event)
    return before._replace(events=(*before.events, action.value))


def _assign(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    assert isinstance(action.value, Assignment)
    return before._replace(owner=action.value.owner, team=action.value.team)


def _schedule(before: Ticket, action: Action, _: Actor, __: datetime) -> Ticket:
    assert action.value is None or isinstance(action.value, datetime)
    return before._replace(follow_up=action.value)


def _advance(before: Ticket, action: Action, _: Actor, at: datetime) -> Ticket:
    return before._replace(status=str(action.value), status_since=at)


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
