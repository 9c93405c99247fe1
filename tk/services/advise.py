"""Asking a decision table, and filing the complaint that it allows (desks.md B8 to B19)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action, Draft
from tk.core.decision import Advice, advise, found, kept
from tk.core.facts import Facts
from tk.core.links import other_end
from tk.core.policy import Policy
from tk.core.rules import Complaint, Decision
from tk.core.text import normalise
from tk.core.ticket import NOTE, Event, Link, Ticket
from tk.core.values import choose
from tk.core.vocabulary import in_language
from tk.errors import Refused, WrongUsage, say
from tk.post.outgoing import with_letters
from tk.store.desk import Desk, random_number, ticket_of
from tk.store.revision import Changed, Revision, founded, free_id, revise
from tk.store.writing.commit import turn


class Asked(NamedTuple):
    """What a decision table was asked: the ticket it is about, if one, and what it says."""

    ticket: Ticket | None
    advice: Advice


def table_of(policy: Policy, name: str | None) -> Decision:
    """Return the table called `name`, the only one there is where none is named; raise WrongUsage where that fails."""
    tables = policy.decisions
    if name is not None:
        return tables.entries[choose(tables, name, "decision table")]
    if len(tables.entries) == 1:
        return next(iter(tables.entries.values()))
    if not tables.entries:
        raise WrongUsage(say("tk.toml of this desk has no decision tables"), say("[decision.NAME] is where one goes"))
    names = ", ".join(tables.entries)
    raise WrongUsage(say("say which table is meant: {names}", names=names), say("--table NAME"))


def ask(desk: Desk, text: str | None, table: str | None, given: Sequence[str]) -> Asked:
    """Return what a table says of the ticket that `text` names and of the facts given as NAME=VALUE.

    A fact given goes before one that the ticket gives by itself.

    Raises:
        WrongUsage: there is no such table, fact or answer.
        UnknownTicket, AmbiguousTicket, UnreadableTicket: so the sentence says.
    """
    decision = table_of(desk.policy, table)
    told = answers(decision, given)
    ticket = None if text is None else ticket_of(desk.document(text))
    known = {} if ticket is None else found(decision, _facts(desk, desk.policy, ticket))
    return Asked(ticket, advise(decision, {**known, **told}))


def answers(decision: Decision, given: Sequence[str]) -> dict[str, str]:
    """Return the answers that NAME=VALUE give, by keys or words; raise WrongUsage for what is none."""
    told: dict[str, str] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals:
            raise WrongUsage(say('"{field}" is not NAME=VALUE', field=pair), say("such as --fact answered=yes"))
        key = choose(decision.questions, name.strip(), "fact")
        told[key] = choose(decision.questions.entries[key].values, text.strip(), "answer")
    return told


def complain(
    desk: Desk, text: str, reason: str, given: Sequence[str], note: str | None = None, *, commit: bool = True
) -> list[Changed]:
    """File a complaint about the ticket that `text` names, where the table allows it; return it, then the earlier one.

    The decision, with the answers it was made of, stands in the new ticket's log.

    Raises:
        WrongUsage: facts are missing, or the desk knows no such reason.
        Refused: the table does not allow it.
        and more: as `tk.services.change.act`.
    """
    policy = desk.reading.usable()
    decision = table_of_complaints(policy)
    complaint = decision.complaint
    assert complaint is not None
    key = choose(complaint.reasons, reason, "reason")
    path = desk.locate(text)
    with turn(desk.repo, desk.remark) as make:
        document = desk.read(path)
        earlier = ticket_of(document)
        known = {**found(decision, _facts(desk, policy, earlier)), **answers(decision, given)}
        advice = advise(decision, known)
        _allow(policy, advice, earlier, key)
        made = [_filed(desk, policy, earlier, advice, key, note)]
        if complaint.link is not None:
            back = Action("link", other_end(policy, complaint.link), made[0].after.id)
            outside = desk.outside(earlier)
            seen = outside._replace(linked={**outside.linked, made[0].after.id: made[0].after})
            made.append(revise(desk, policy, document, [back], seen))
        oid = make(with_letters(desk, made, commit=commit))
    return [each.done(oid) for each in made]


def table_of_complaints(policy: Policy) -> Decision:
    """Return the table that says which complaints may be filed; raise WrongUsage where the desk has none."""
    decision = next((table for table in policy.decisions.entries.values() if table.complaint is not None), None)
    if decision is None:
        message = say("tk.toml of this desk says nothing of complaints")
        raise WrongUsage(message, say("[decision.NAME.complaint] is where it would"))
    return decision


def _facts(desk: Desk, policy: Policy, ticket: Ticket) -> Facts:
    return Facts(policy, ticket, desk.now, desk.actor, desk.outside(ticket))


def _allow(policy: Policy, advice: Advice, earlier: Ticket, reason: str) -> None:
    """Raise unless the table allows a complaint for this reason."""
    language = policy.desk.language
    if advice.missing:
        wanted = "; ".join(f"{q.key}={'|'.join(q.values.entries)}" for q in advice.missing)
        raise WrongUsage(say("the table still needs to know: {facts}", facts=wanted), say("--fact NAME=VALUE says it"))
    if advice.row is None:
        who = advice.decision.ask or "-"
        raise Refused(
            "not-covered",
            say("{id}: not covered by the table {table}", id=earlier.id, table=advice.decision.key),
            say("ask: {who}", who=who),
        )
    if reason in advice.row.may:
        return
    words = in_language(advice.row.labels, language)
    message = say(
        "{id}: row {row} of {table} allows no complaint for this reason: {advice}",
        id=earlier.id,
        row=advice.row.key,
        table=advice.decision.key,
        advice=words,
    )
    if advice.row.ask is not None:
        raise Refused("complaint-forbidden", message, say("ask: {who}", who=advice.row.ask))
    others = ", ".join(advice.row.may)
    raise Refused("complaint-forbidden", message, say("reasons that it allows: {reasons}", reasons=others or "-"))


def _filed(desk: Desk, policy: Policy, earlier: Ticket, advice: Advice, reason: str, note: str | None) -> Revision:
    """Return the new ticket that the complaint is."""
    complaint = advice.decision.complaint
    assert complaint is not None
    number = free_id(desk, policy)
    title = f"{complaint.reasons.label(reason, policy.desk.own_language)}: {earlier.title}"
    draft = Draft(number, title, normalise(note or ""), _values(complaint, earlier, reason))
    assert advice.row is not None
    event = Event(
        desk.now,
        NOTE,
        desk.actor.name,
        ids.event_id(random_number()),
        in_language(advice.row.labels, policy.desk.own_language),
        kept(advice),
    )
    link = [] if complaint.link is None else [Action("link", complaint.link, earlier.id)]
    outside = desk.outside(Ticket(number, links=tuple(Link(each.object, earlier.id) for each in link)))
    return founded(desk, policy, [Action("new", "", draft), Action("log", NOTE, event), *link], outside)


def _values(complaint: Complaint, earlier: Ticket, reason: str) -> Mapping[str, object]:
    kept_keys = {"requester": earlier.requester, "customer": earlier.customer, "unit": earlier.unit}
    values: dict[str, object] = {key: value for key, value in kept_keys.items() if value is not None}
    if complaint.field is not None:
        values[complaint.field] = reason
    return {**values, **complaint.set}
