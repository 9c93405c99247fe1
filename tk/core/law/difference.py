"""The inverse of the law: what was done, read out of two states of a ticket (design, principle 3)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tk.core.action import ORDER, Action, Assignment, Draft
from tk.core.facts import NOTHING, Actor, Outside, speaks_for_another
from tk.core.law.consequence import brings, unwound
from tk.core.law.effect import apply
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact
from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket, value_of, with_value
from tk.core.values import SETTABLE, is_empty

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BY_NAME = frozenset({"request", "approve"})


def derive(
    policy: Policy, before: Ticket | None, after: Ticket, actor: Actor | None = None, outside: Outside = NOTHING
) -> tuple[Action, ...]:
    """Return the actions that lead from `before` to `after`, in the order in which they are judged.

    Stamps (`updated`, `status-since`, `due` …) are no actions: they follow from them, and `review` compares them; nor
    is what the policy's consequences bring with an action. An event by the `actor`, or by a person of the policy, is a
    `log`; one by anybody else a `log-for`.

    Args:
        policy: the policy that the change was made under.
        before: the ticket before, None for a new one.
        after: the ticket after.
        actor: who made the change, None where nobody knows.
        outside: what the policy names outside the ticket.
    """
    name = None if actor is None else actor.name
    actions = _actions(policy, before, unwound(policy, before, after), name)
    if not policy.consequences or not actions:
        return tuple(actions)
    hearing = Hearing(policy, outside, actor or Actor(None, after.creator or ""), after.updated or _LONG_AGO)
    return tuple(_own(hearing, before, after, actions))


def _actions(policy: Policy, before: Ticket | None, after: Ticket, actor: str | None) -> list[Action]:
    """Return the actions that lead from `before` to `after` where none has consequences."""
    if before is not None:
        return in_order(policy, _changes(policy, before, after, actor))
    filled = [key for key in ("aliases", *SETTABLE, *after.fields) if key != "title" and _held(after, key) is not None]
    draft = Draft(after.id, after.title, after.description, {key: value_of(after, key) for key in filled})
    new = Action("new", "", draft)
    founded = apply(policy, None, new, Actor(None, after.creator or ""), after.created or _LONG_AGO)
    return [new, *in_order(policy, _changes(policy, founded, after, actor))]


def _own(hearing: Hearing, before: Ticket | None, after: Ticket, actions: list[Action]) -> list[Action]:
    """Return the actions less what the consequences of the others bring about by themselves."""
    brought = brings(hearing.policy)
    own = list(actions)
    for action in (action for action in actions if action.name in brought):
        fewer = [other for other in own if other is not action]
        if fewer and _lead(hearing, before, after, fewer):
            own = fewer
    first = own[0]
    if isinstance(first.value, Draft):
        for key in [key for key in first.value.values if f"set.{key}" in brought]:
            less = {name: value for name, value in first.value.values.items() if name != key}
            fewer = [first._replace(value=first.value._replace(values=less)), *own[1:]]
            if _lead(hearing, before, after, fewer):
                own, first = fewer, fewer[0]
    return own


def _lead(hearing: Hearing, before: Ticket | None, after: Ticket, actions: list[Action]) -> bool:
    """Return whether the actions come to `after` with all that follows from them.

    What is copied from a register may be anything here: that it is what stands there is for `review` to say.
    """
    ticket = before
    for action in actions:
        ticket = enact(hearing, ticket, action)
    if ticket is None:
        return False
    for rule in hearing.policy.consequences:
        for key in rule.copy:
            ticket = with_value(ticket, key, value_of(after, key)) if key != "description" else ticket
    is_whole = next(_changes(hearing.policy, ticket, after, None), None) is None
    found = set(map(_told, after.events))
    return is_whole and all(_told(event) in found for event in ticket.events)


def _told(event: Event) -> tuple[object, ...]:
    """Return all that an event says in a form that can be looked up."""
    return (*event[:-1], *sorted(event.facts.items()))


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
    attached, linked = frozenset(before.attachments), frozenset(before.links)
    for attachment in after.attachments:
        if attachment not in attached:
            yield Action("attach", attachment.kind or "", attachment)
    for name, request in after.requests.items():
        if before.requests.get(name) != request:
            yield Action("request", name, request.value)
    for name, approval in after.approvals.items():
        if before.approvals.get(name) != approval:
            yield Action("approve", name)
    for link in after.links:
        if link not in linked:
            yield Action("link", link.kind, link.id)


def _added_events(before: Ticket, after: Ticket) -> Iterator[Event]:
    """Yield the events of ids that `before` has not, or not so often: a second one of an id was added, too."""
    known = Counter(event.id for event in before.events)
    for event in after.events:
        known[event.id] -= 1
        if known[event.id] < 0:
            yield event
