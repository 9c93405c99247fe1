"""What can be said of one ticket file by format and policy; no check depends on the clock.

A check is a small function in `CHECKS`; adding a rule is one function, one entry, one test and one line of
docs/codes.md.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from tk.core import ids
from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.ticket import Ticket, value_of
from tk.core.values import SETTABLE, fault
from tk.errors import Message, say


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


class Subject(NamedTuple):
    """A ticket under check: its value, its path, and where each key of its front matter stands."""

    ticket: Ticket
    path: str
    places: Callable[[str], Place]

    def finding(self, key: str, code: str, message: Message, severity: str = "error") -> Finding:
        """Return a finding at the place of `key`."""
        line, column = self.places(key)
        return Finding(self.path, line, column, code, severity, message, ticket=self.ticket.id)


def check_ticket(policy: Policy, subject: Subject) -> list[Finding]:
    """Return what is wrong with one ticket by itself."""
    return list(chain.from_iterable(check(policy, subject) for check in CHECKS))


def check_id(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """The id is one of this desk, and the file lies where the id says."""
    ticket = subject.ticket
    if not ids.is_id(ticket.id):
        example = ids.make(policy.desk.prefix, ticket.created.date(), "7K3QX") if ticket.created else "TK-260812-7K3QX"
        yield subject.finding(
            "id", "bad-id", say('"{id}" is no id; one looks like {example}', id=ticket.id, example=example)
        )
    elif ids.path_of(ticket.id) != subject.path:
        message = say("the ticket {id} belongs at {path}", id=ticket.id, path=ids.path_of(ticket.id))
        yield subject.finding("id", "misplaced", message)


def check_values(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """Every value comes from the policy's vocabularies."""
    keys = (*(key for key in SETTABLE if key != "title"), "status", "owner", "team", *subject.ticket.fields)
    for key in keys:
        wrong = fault(policy, key, value_of(subject.ticket, key))
        if wrong is not None:
            yield subject.finding(key, wrong.code, wrong.message)


def check_fields(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """No key is unknown; one that is stays in the file untouched."""
    for key in subject.ticket.fields:
        if key not in policy.fields.entries:
            near = policy.fields.nearest(key)
            message = say("unknown key {key}; it is kept, and no rule sees it", key=key)
            if near is not None:
                message = say("unknown key {key}; did you mean {near}?", key=key, near=near)
            yield subject.finding(key, "unknown-field", message, "warning")


def check_title(_: Policy, subject: Subject) -> Iterator[Finding]:
    """A ticket has a title."""
    if not subject.ticket.title.strip():
        yield subject.finding("title", "missing-key", say("a ticket needs a title"))


def check_events(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """Every event is of a type of the policy."""
    for event in subject.ticket.events:
        if event.type not in policy.events.entries:
            near = policy.events.nearest(event.type)
            message = say('{event}: "{type}" is no event type of this desk', event=event.id, type=event.type)
            if near is not None:
                message = say(
                    '{event}: "{type}" is no event type; did you mean "{near}"?',
                    event=event.id,
                    type=event.type,
                    near=near,
                )
            yield subject.finding(event.id, "unknown-event", message)


def check_times(_: Policy, subject: Subject) -> Iterator[Finding]:
    """A ticket is not changed before it was created."""
    created, updated = subject.ticket.created, subject.ticket.updated
    if created is not None and updated is not None and updated < created:
        yield subject.finding("updated", "bad-order", say("updated lies before created"))


CHECKS: tuple[Callable[[Policy, Subject], Iterator[Finding]], ...] = (
    check_id,
    check_title,
    check_values,
    check_fields,
    check_events,
    check_times,
)
