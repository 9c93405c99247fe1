"""What can be said of one ticket file by format and policy; no check depends on the clock.

A check is a small function in `CHECKS`; adding a rule is one function, one entry, one test and one line of
docs/codes.md.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from tk.core import ids
from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.ticket import Ticket, value_of
from tk.core.values import SETTABLE, Fault, event_fault, fault, is_empty, name_fault
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


def misplaced(ticket: str) -> Message:
    """Return the sentence about a ticket that lies elsewhere than its id says."""
    return say("the ticket {id} belongs at {path}", id=ticket, path=ids.path_of(ticket))


def check_id(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """The id is one, and the file lies where it says."""
    ticket = subject.ticket
    if not ids.is_id(ticket.id):
        message = say('"{id}" is no id; one looks like {prefix}-260812-7K3QX', id=ticket.id, prefix=policy.desk.prefix)
        yield subject.finding("id", "bad-id", message)
    elif ids.path_of(ticket.id) != subject.path:
        yield subject.finding("id", "misplaced", misplaced(ticket.id))


def check_values(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """Every value is one that the policy allows; that a key is missing was said when the file was read."""
    ticket = subject.ticket
    for key in (*SETTABLE, "status", "owner", "team", *ticket.fields):
        value = value_of(ticket, key)
        wrong = None if is_empty(value) else fault(policy, key, value)
        if wrong is not None:
            yield subject.finding(key, wrong.code, _whole(wrong))


def _whole(wrong: Fault) -> Message:
    """Return what is wrong and what would do instead in one sentence."""
    if wrong.instead is None:
        return wrong.message
    return say("{why}; {instead}", why=wrong.message, instead=wrong.instead)


def check_fields(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """No key is unknown; one that is stays in the file untouched."""
    for key in subject.ticket.fields:
        if key not in policy.fields.entries:
            yield subject.finding(key, "unknown-field", unknown_key(policy, key), "warning")


def unknown_key(policy: Policy, key: str) -> Message:
    """Return what is said of a key that is neither tk's nor a custom field."""
    near = policy.fields.nearest(key)
    if near is not None:
        return say("unknown key {key}; did you mean {near}?", key=key, near=near)
    return say("unknown key {key}; it is kept, and no rule sees it", key=key)


def check_beside(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """What is linked, attached, requested and approved goes by names of the policy."""
    ticket = subject.ticket
    named: tuple[tuple[str, Iterable[str | None], str], ...] = (
        ("links", (link.kind for link in ticket.links), "link"),
        ("attachments", (document.kind for document in ticket.attachments), "attach"),
        ("requests", ticket.requests, "request"),
        ("approvals", ticket.approvals, "approve"),
    )
    for key, names, verb in named:
        for name in names:
            wrong = None if name is None else name_fault(policy, verb, name)
            if wrong is not None:
                yield subject.finding(key, wrong.code, _whole(wrong))


def check_events(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """Every event is one that the policy allows."""
    for event in subject.ticket.events:
        wrong = event_fault(policy, event)
        if wrong is not None:
            message = say("{event}: {why}", event=event.id, why=_whole(wrong))
            yield subject.finding(event.id, wrong.code, message)


def check_times(_: Policy, subject: Subject) -> Iterator[Finding]:
    """Nothing was done to a ticket before it was created."""
    created = subject.ticket.created
    for key in ("status-since", "updated", "activity"):
        instant = value_of(subject.ticket, key)
        if created is not None and isinstance(instant, datetime) and instant < created:
            yield subject.finding(key, "bad-order", say("{key} lies before created", key=key))


def check_clocks(policy: Policy, subject: Subject) -> Iterator[Finding]:
    """No clock runs and stands still at once, as a merge by lines may leave it, or is done and yet runs."""
    ticket = subject.ticket
    for clock in ticket.due:
        if clock in ticket.paused:
            message = say("{clock} runs (due) and stands still (paused); tk resolve sets it anew", clock=clock)
            yield subject.finding("paused", "bad-clock", message)
    if "resolution" in ticket.due and policy.kind(ticket.status) in {"solved", "closed"}:
        message = say("resolution still runs, though the ticket is {status}", status=ticket.status)
        yield subject.finding("due", "bad-clock", message, "warning")


CHECKS: tuple[Callable[[Policy, Subject], Iterator[Finding]], ...] = (
    check_id,
    check_values,
    check_fields,
    check_beside,
    check_events,
    check_times,
    check_clocks,
)
