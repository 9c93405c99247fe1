"""Changing tickets: whatever a command does to one is asked of the law, written whole and committed once."""

from collections.abc import Callable, Iterable, Sequence

from tk.core import errand, plan
from tk.core.action import Action
from tk.core.law.hearing import Hearing
from tk.core.law.route import Explained, explained
from tk.core.plan import Happening, Wanted
from tk.core.policy import Policy
from tk.core.ticket import NOTE, Ticket
from tk.errors import Refused, say
from tk.post.outgoing import with_letters
from tk.store.desk import Desk, ticket_of
from tk.store.revision import Changed, founded, free_id, logged, revise
from tk.store.routing import assigned
from tk.store.writing.commit import apply, turn

__all__ = [
    "Changed",
    "Plan",
    "act",
    "advance",
    "approve",
    "assign",
    "assign_by_route",
    "explain_routes",
    "log",
    "open_ticket",
    "rate",
    "request",
    "schedule",
    "set_fields",
]

Plan = Callable[[Policy, Ticket], Iterable[Action]]
"""What is to be done to a ticket, once it has been read."""


def open_ticket(desk: Desk, wanted: Wanted, *, commit: bool = True) -> Changed:
    """Make a new ticket in one commit.

    Raises:
        WrongUsage: the desk does not know a value that was given.
        Refused, PolicyBroken, Busy, GitFailed, DiskFailed: so the sentence says; nothing was changed.
    """
    policy = desk.reading.usable()
    new = Action("new", "", plan.draft(policy, wanted, free_id(desk, policy)))
    made = founded(desk, policy, [new, *plan.first_assignment(policy, wanted, desk.actor.handle)])
    return made.done(apply(desk.repo, with_letters(desk, [made], commit=commit), desk.remark))


def assign(desk: Desk, text: str, who: str, *, commit: bool = True) -> Changed:
    """Give the ticket that `text` names to whom the words `who` name; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        return [Action("assign", "", plan.assignee(policy, who, desk.actor.handle, ticket))]

    return act(desk, text, planned, commit=commit)


def assign_by_route(desk: Desk, text: str, *, commit: bool = True) -> Changed:
    """Give the ticket that `text` names to whom the policy's routes say; raises as `act`.

    Raises:
        Refused: no route fits, or the one that does names nobody.
    """

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        actions = assigned(desk, policy, ticket)
        if not actions:
            message = say("{id}: no route of this desk gives it to anybody", id=ticket.id)
            raise Refused("no-route", message, say("tk assign {id} --auto --explain tells why", id=ticket.id))
        return actions

    return act(desk, text, planned, commit=commit)


def explain_routes(desk: Desk, text: str) -> list[Explained]:
    """Return what each route of the policy says of the ticket that `text` names."""
    ticket = ticket_of(desk.document(text))
    return explained(Hearing(desk.policy, desk.outside(ticket), desk.actor, desk.now), ticket)


def advance(desk: Desk, text: str, status: str | None, note: str | None = None, *, commit: bool = True) -> Changed:
    """Move the ticket to a status (None: the only one there is), with a note if one is given; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        to = plan.next_status(policy, ticket, status)
        actions = [] if to == ticket.status else [Action("advance", "", to)]
        return [*actions, *_noted(desk, policy, ticket, note)]

    return act(desk, text, planned, commit=commit)


def log(desk: Desk, text: str, happening: Happening, *, commit: bool = True) -> Changed:
    """Enter an event in the ticket's log; raises as `act`."""
    return act(desk, text, lambda policy, ticket: [logged(desk, policy, ticket, happening)], commit=commit)


def set_fields(desk: Desk, text: str, fields: Sequence[str], *, commit: bool = True) -> Changed:
    """Set fields of the ticket, each as KEY=VALUE; raises as `act`."""
    return act(desk, text, lambda policy, ticket: plan.sets(policy, ticket, fields), commit=commit)


def schedule(desk: Desk, text: str, when: str, note: str | None = None, *, commit: bool = True) -> Changed:
    """Set when the ticket is to be followed up, or take that away, with a note if one is given; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        at = errand.follow_up(when, desk.now, policy.desk.zone)
        return [Action("schedule", "", at), *_noted(desk, policy, ticket, note)]

    return act(desk, text, planned, commit=commit)


def request(desk: Desk, text: str, name: str, value: str | None = None, *, commit: bool = True) -> Changed:
    """Ask for something that the policy names; raises as `act`."""
    return act(desk, text, lambda policy, _: [errand.request(policy, name, value)], commit=commit)


def approve(desk: Desk, text: str, name: str, *, commit: bool = True) -> Changed:
    """Approve something that the policy names; raises as `act`."""
    return act(desk, text, lambda policy, _: [errand.approve(policy, name)], commit=commit)


def rate(desk: Desk, text: str, rating: str, note: str | None = None, *, commit: bool = True) -> Changed:
    """Rate the ticket good or bad, with a note if one is given; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        return [errand.rate(rating), *_noted(desk, policy, ticket, note)]

    return act(desk, text, planned, commit=commit)


def act(desk: Desk, text: str, planned: Plan, *, commit: bool = True) -> Changed:
    """Do to the ticket that `text` names what `planned` says, if the law allows all of it, in one commit.

    Raises:
        WrongUsage: the desk does not know a value that was given.
        Refused: the law does not allow an action; nothing was changed.
        UnreadableTicket, UnknownTicket, AmbiguousTicket, PolicyBroken, FileChanged, Busy, GitFailed, DiskFailed: so
            the sentence says; nothing was changed.
    """
    policy = desk.reading.usable()
    path = desk.locate(text)
    with turn(desk.repo, desk.remark) as make:
        document = desk.read(path)
        made = revise(desk, policy, document, planned(policy, ticket_of(document)))
        return made.done(make(with_letters(desk, [made], commit=commit)) if made.actions else None)


def _noted(desk: Desk, policy: Policy, ticket: Ticket, note: str | None) -> list[Action]:
    return [] if note is None or not note.strip() else [logged(desk, policy, ticket, Happening(NOTE, note))]
