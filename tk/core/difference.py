"""The inverse of the law: what was done, read out of two states of a ticket (design, principle 3)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tk.core.action import ORDER, Action, Assignment, Draft
from tk.core.effect import apply
from tk.core.facts import Actor, speaks_for_another
from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket, value_of
from tk.core.values import SETTABLE, is_empty

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BY_NAME = frozenset({"request", "approve"})


def derive(policy: Policy, before: Ticket | None, after: Ticket, actor: str | None = None) -> tuple[Action, ...]:
    """Return the actions that lead from `before` to `after`, in the order in which they are judged.

    Stamps (`updated`, `status-since`, `due` …) are no actions: they follow from them, and `review` compares them. An
    event by the `actor`, or by a person of the policy, is a `log`; one by anybody else a `log-for`.
    """
    if before is not None:
        return tuple(in_order(policy, _changes(policy, before, after, actor)))
    filled = [key for key in ("aliases", *SETTABLE, *after.fields) if key != "title" and _held(after, key) is not None]
    draft = Draft(after.id, after.title, after.description, {key: value_of(after, key) for key in filled})
    new = Action("new", "", draft)
    founded = apply(policy, None, new, Actor(None, after.creator or ""), after.created or _LONG_AGO)
    return (new, *in_order(policy, _changes(policy, founded, after, actor)))


def in_order(policy: Policy, actions: Iterable[Action]) -> list[Action]:
    """Return the actions of one command in the order in which they are judged, at the prompt and in review alike.

    Verbs stand as `ORDER` has them; within one, keys that are set as the ticket has them, what is requested and
    approved by name, and what a list grows by as it was given.
    """
    keys = {key: place for place, key in enumerate((*SETTABLE, *policy.fields.entries, "description"))}
    verbs = {verb: place for place, verb in enumerate(ORDER)}

    def place(action: Action) -> tuple[int, int, str]:
        verb = verbs.get(action.verb, len(verbs))
        if action.verb == "set":
            return verb, keys.get(action.object, len(keys)), action.object
        return verb, 0, action.object if action.verb in _BY_NAME else ""

    return sorted(actions, key=place)


def _held(ticket: Ticket, key: str) -> object:
    """Return the value under a key; None where there is none, or an empty one, as people leave them in files."""
    value = value_of(ticket, key)
    return None if is_empty(value) else value


def _changes(policy: Policy, before: Ticket, after: Ticket, actor: str | None) -> Iterator[Action]:
    yield from _sets(before, after)
    yield from _additions(before, after)
    for event in _added_events(before, after):
        yield Action("log-for" if speaks_for_another(policy, event.by, actor) else "log", event.type, event)
    if (before.owner, before.team) != (after.owner, after.team):
        yield Action("assign", "", Assignment(after.owner, after.team))
    if before.follow_up != after.follow_up:
        yield Action("schedule", "", after.follow_up)
    if before.status != after.status:
        yield Action("advance", "", after.status)
    if after.rating is not None and before.rating != after.rating:
        yield Action("rate", "", after.rating.value)


def _sets(before: Ticket, after: Ticket) -> Iterator[Action]:
    for key in dict.fromkeys((*SETTABLE, *before.fields, *after.fields)):
        value = _held(after, key)
        if value != _held(before, key):
            yield Action("set", key, value)
    if before.description != after.description:
        yield Action("set", "description", after.description or None)


def _additions(before: Ticket, after: Ticket) -> Iterator[Action]:
    for attachment in after.attachments:
        if attachment not in before.attachments:
            yield Action("attach", attachment.kind or "", attachment)
    for name, request in after.requests.items():
        if before.requests.get(name) != request:
            yield Action("request", name, request.value)
    for name, approval in after.approvals.items():
        if before.approvals.get(name) != approval:
            yield Action("approve", name)
    for link in after.links:
        if link not in before.links:
            yield Action("link", link.kind, link.id)


def _added_events(before: Ticket, after: Ticket) -> Iterator[Event]:
    """Yield the events of ids that `before` has not, or not so often: a second one of an id was added, too."""
    known = Counter(event.id for event in before.events)
    for event in after.events:
        known[event.id] -= 1
        if known[event.id] < 0:
            yield event
