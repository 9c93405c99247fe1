"""The inverse of the law: what was done, read out of two states of a ticket (design, principle 3)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tk.core.action import Action, Assignment, Draft
from tk.core.effect import apply
from tk.core.facts import Actor
from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket, value_of
from tk.core.values import SETTABLE


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def derive(policy: Policy, before: Ticket | None, after: Ticket, actor: str | None = None) -> tuple[Action, ...]:
    """Return the actions that lead from `before` to `after`, in the order in which they are judged.

    Stamps (`updated`, `status-since`, `due` …) are no actions: they follow from them, and `unexplained` compares them.
    An event by the `actor`, or by a person of the policy, is a `log`; one by anybody else a `log-for`.
    """
    if before is not None:
        return tuple(_changes(policy, before, after, actor))
    keys = [key for key in SETTABLE if key != "title"] + list(after.fields)
    values = {key: value_of(after, key) for key in keys if value_of(after, key) not in (None, ())}
    new = Action("new", "", Draft(after.id, after.title, after.description, values))
    founder = Actor(None, after.creator or "")
    founded = apply(policy, None, new, founder, after.created or _LONG_AGO)
    return (new, *_changes(policy, founded, after, actor))


def _changes(policy: Policy, before: Ticket, after: Ticket, actor: str | None) -> Iterator[Action]:
    """Yield the actions in the order of `tk.core.action.ORDER`."""
    yield from _sets(before, after)
    yield from _additions(before, after)
    yield from sorted(_logged(policy, before, after, actor), key=lambda action: action.verb != "log-for")
    if (before.owner, before.team) != (after.owner, after.team):
        yield Action("assign", "", Assignment(after.owner, after.team))
    if before.follow_up != after.follow_up:
        yield Action("schedule", "", after.follow_up)
    if before.status != after.status:
        yield Action("advance", "", after.status)
    if after.rating is not None and before.rating != after.rating:
        yield Action("rate", "", after.rating.value)


def _additions(before: Ticket, after: Ticket) -> Iterator[Action]:
    for attachment in after.attachments[_common(before.attachments, after.attachments) :]:
        yield Action("attach", attachment.kind or "", attachment)
    for name, request in after.requests.items():
        if before.requests.get(name) != request:
            yield Action("request", name, request.value)
    for name, approval in after.approvals.items():
        if before.approvals.get(name) != approval:
            yield Action("approve", name)
    for link in after.links[_common(before.links, after.links) :]:
        yield Action("link", link.kind, link.id)


def _common(before: tuple[object, ...], after: tuple[object, ...]) -> int:
    """Return how many items at the beginning both share: what follows was added."""
    same = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        same += 1
    return same


def _sets(before: Ticket, after: Ticket) -> Iterator[Action]:
    for key in (*SETTABLE, *dict.fromkeys((*after.fields, *before.fields))):
        value = value_of(after, key)
        if value_of(before, key) != value:
            yield Action("set", key, None if value == () else value)
    if before.description != after.description:
        yield Action("set", "description", after.description or None)


def _logged(policy: Policy, before: Ticket, after: Ticket, actor: str | None) -> Iterator[Action]:
    known = {event.id for event in before.events}
    for event in after.events:
        if event.id not in known:
            yield Action("log" if _own(policy, event, actor) else "log-for", event.type, event)


def _own(policy: Policy, event: Event, actor: str | None) -> bool:
    return event.by == actor or event.by in policy.people.entries
