"""What people's words come to as actions: keys or labels, `me`, `tags+=a`, a status left out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tk.core.action import Action, Assignment, Draft
from tk.core.instant import format_instant, parse_moment
from tk.core.policy import Policy
from tk.core.text import normalise, one_line, shown
from tk.core.ticket import INTERNAL, KEYS, Event, Ticket
from tk.core.values import choose, is_name, parse
from tk.errors import WrongUsage, say

NOBODY = frozenset({"nobody", "none", "-"})
"""Words that take a ticket away from its owner."""

_OWN_FACTS = frozenset({"id", "visibility", "logged"})


class Wanted(NamedTuple):
    """A new ticket in people's words; `values` by key, `fields` as KEY=VALUE."""

    title: str
    description: str = ""
    values: Mapping[str, str | None] = {}
    fields: Sequence[str] = ()
    owner: str | None = None
    team: str | None = None


class Happening(NamedTuple):
    """An event in people's words: `at` where it was not now, `facts` as KEY=VALUE."""

    type: str
    text: str
    at: str | None = None
    internal: bool = False
    facts: Sequence[str] = ()


def draft(policy: Policy, wanted: Wanted, ticket: str) -> Draft:
    """Return the draft of a new ticket with the id `ticket`; raise WrongUsage for what the desk does not know."""
    title = one_line(wanted.title)
    if not title:
        raise WrongUsage(say("a ticket needs a title"), say("say in a few words what it is about"))
    pairs = [*wanted.values.items(), *(pair(policy, field) for field in wanted.fields)]
    parsed = ((key, parse(policy, key, text)) for key, text in pairs if text is not None)
    values = {key: value for key, value in parsed if value is not None}
    description = str(values.pop("description", "")) or normalise(wanted.description)
    return Draft(ticket, str(values.pop("title", title)), description, values)


def first_assignment(policy: Policy, wanted: Wanted, me: str | None) -> list[Action]:
    """Return to whom a new ticket goes at once, if to anybody."""
    if wanted.owner is None and wanted.team is None:
        return []
    held = Assignment()
    if wanted.owner is not None:
        held = assignee(policy, wanted.owner, me, Ticket(""))
    if wanted.team is not None:
        held = held._replace(team=choose(policy.teams, wanted.team, "team"))
    return [Action("assign", "", held)]


def assignee(policy: Policy, text: str, me: str | None, ticket: Ticket) -> Assignment:
    """Return to whom the words give the ticket: a person's handle or name, `me`, a team's key or label, or nobody.

    A person brings the team he belongs to; given to a team, the ticket waits there without an owner.

    Raises:
        WrongUsage: no person and no team is called so.
    """
    if text.lower() in NOBODY:
        return Assignment(None, ticket.team)
    person = me if text == "me" else policy.people.find(text)
    if person is not None:
        return Assignment(person, policy.people.entries[person].team or ticket.team)
    team = policy.teams.find(text)
    if team is not None:
        return Assignment(None, team)
    if text == "me":
        raise WrongUsage(
            say("you are no person of this desk: no entry in [people] has your address"),
            say("git config user.email says who you are; [people] in tk.toml says who belongs to the desk"),
        )
    near = policy.people.nearest(text) or policy.teams.nearest(text)
    known = ", ".join([*policy.people.entries, *policy.teams.entries]) or "-"
    hint = say("the people and teams are: {known}", known=known)
    if near is not None:
        hint = say('did you mean "{near}"?', near=near)
    raise WrongUsage(say('unknown person or team "{text}"', text=text), hint)


def next_status(policy: Policy, ticket: Ticket, text: str | None) -> str:
    """Return the status that the words name; without words the only one the ticket can go to.

    Raises:
        WrongUsage: no status is called so, or there is not just one way.
    """
    if text is not None:
        return choose(policy.statuses, text, "status")
    status = policy.statuses.entries.get(ticket.status)
    ways = () if status is None else status.to
    if len(ways) == 1:
        return ways[0]
    if not ways:
        message = say("{id} can go nowhere from {status}", id=ticket.id, status=ticket.status)
        raise WrongUsage(message, say("[statuses.{status}] in tk.toml says where", status=ticket.status))
    message = say("{id} can go more than one way from {status}", id=ticket.id, status=ticket.status)
    raise WrongUsage(message, say("tk advance {id} with one of: {ways}", id=ticket.id, ways=", ".join(ways)))


def event(policy: Policy, happening: Happening, by: str, now: datetime, event_id: str) -> Event:
    """Return the event that the words come to, entered by `by` at `now`; raise WrongUsage for what is no event."""
    at = now if happening.at is None else _moment(happening.at, now)
    facts = {"visibility": INTERNAL} if happening.internal else {}
    for pair in happening.facts:
        key, text = _parts(pair)
        if not is_name(key) or key in _OWN_FACTS:
            raise WrongUsage(
                say('"{key}" cannot be the name of a fact', key=key),
                say("a name is lower-case letters, digits and hyphens, such as minutes"),
            )
        facts[key] = one_line(text)
    if at != now:
        facts["logged"] = format_instant(now)
    return Event(
        at, choose(policy.events, happening.type, say("event type")), by, event_id, normalise(happening.text), facts
    )


def _moment(text: str, now: datetime) -> datetime:
    try:
        at = parse_moment(text, now)
    except ValueError:
        message = say('"{text}" is no instant', text=text)
        raise WrongUsage(message, say("write 2026-08-12T09:30 or 2026-08-12T09:30:00-05:00")) from None
    if at > now:
        raise WrongUsage(say("{at} is yet to come; a log holds what has happened", at=format_instant(at)))
    return at


def sets(policy: Policy, ticket: Ticket, fields: Iterable[str]) -> list[Action]:
    """Return the actions of `tk set`: KEY=VALUE, tags+=a,b and tags-=a; raise WrongUsage for what is none.

    Of one key given twice the last counts; tags+= and tags-= go on from what stands before them.
    """
    values: dict[str, object] = {}
    for field in fields:
        key, text = pair(policy, field)
        if key in {"tags+", "tags-"}:
            held: Any = values.get("tags", ticket.tags) or ()
            given = [tag for tag in map(one_line, text.split(",")) if tag]
            kept = tuple(tag for tag in held if tag not in given)
            values["tags"] = (tuple(dict.fromkeys((*held, *given))) if key == "tags+" else kept) or None
        else:
            values[key] = parse(policy, key, text)
    return [Action("set", key, value) for key, value in values.items()]


def pair(policy: Policy, field: str) -> tuple[str, str]:
    """Return key and value of KEY=VALUE; a field of the desk's own goes by its label, too.

    Raises:
        WrongUsage: no equals sign stands there, or no key before it.
    """
    key, text = _parts(field)
    return (key if key in KEYS else policy.fields.find(key) or key), text


def _parts(field: str) -> tuple[str, str]:
    key, equals, text = field.partition("=")
    if not equals or not key.strip():
        raise WrongUsage(say('"{field}" is not KEY=VALUE', field=shown(field)), say("such as priority=high"))
    return key.strip().lower().replace("_", "-"), text
