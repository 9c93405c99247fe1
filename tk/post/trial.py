"""Templates tried before a letter needs them: each rendered with a sample ticket of the desk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tk.core.finding import Finding
from tk.core.ids import ALPHABET, make, path_of
from tk.core.notice import Recipient
from tk.core.policy import Field, Policy
from tk.core.review.governed import check_letters
from tk.core.ticket import NOTE, Approval, Attachment, Event, Rating, Request, Ticket
from tk.post import view
from tk.post.templates import BadTemplate, Templates
from tk.post.writer import ANSWERS, NO_ANSWER
from tk.store.desk import Desk

_AT = datetime(2026, 8, 12, 9, 14, 3, tzinfo=UTC)


def try_templates(desk: Desk) -> Iterator[Finding]:
    """Yield what is wrong with the letters of a desk: a notice without a template, and templates that do not render.

    Every language that a letter is written in is tried.
    """
    policy = desk.policy
    templates = Templates(desk)
    languages = templates.order(None)
    yield from check_letters(policy, lambda name: templates.path(name, languages) is not None)
    for language, name in templates.letters():
        try:
            templates.render(name, tuple(dict.fromkeys([language, *languages])), _given(policy, language))
        except BadTemplate as bad:
            yield Finding(bad.path, bad.line or 1, 1, "bad-template", "error", bad.why)


def _given(policy: Policy, language: str) -> dict[str, object]:
    """Return what a letter about the sample may read."""
    ticket = sample(policy)
    read = view.view(policy, language, None, ticket, path_of(ticket.id))
    told = {"text": "…", "answer": "provisional", "answer_words": ANSWERS.label("provisional", language)}
    return {**read, **NO_ANSWER, **told, "cause": "advance", "to": view.to(Recipient("ana@example.com", "Ana"))}


def sample(policy: Policy) -> Ticket:
    """Return a ticket in which everything that this desk knows has a value."""
    person = next(iter(policy.people.entries), "ana")
    first: dict[str, Any] = {
        "priority": next(iter(policy.priorities.entries), None),
        "type": next(iter(policy.types.entries), None),
        "channel": next(iter(policy.channels.entries), None),
        "team": next(iter(policy.teams.entries), None),
        "category": tuple(next(iter(policy.categories.entries), "").split("/")) if policy.categories.entries else (),
    }
    return Ticket(
        make(policy.desk.prefix, _AT.date(), ALPHABET[:5]),
        title="…",
        status=policy.desk.start,
        status_since=_AT,
        **first,
        requester="ana@example.com",
        customer="…",
        unit="…",
        creator=person,
        owner=person,
        created=_AT,
        updated=_AT,
        activity=_AT,
        due={"resolution": _AT},
        target={"resolution": "4h"},
        follow_up=_AT,
        tags=("…",),
        attachments=(Attachment("…", next(iter(policy.attachments.kinds.entries), None), _AT.date()),),
        requests={key: Request(person, _AT, "…") for key in policy.requests.entries},
        approvals={key: Approval(person, _AT) for key in policy.approvals.entries},
        rating=Rating("good", person, _AT),
        fields={key: _value(field) for key, field in policy.fields.entries.items()},
        description="…",
        events=tuple(_events(policy, person)),
    )


def _events(policy: Policy, person: str) -> Iterator[Event]:
    for number, key in enumerate(policy.events.entries or (NOTE,)):
        yield Event(_AT, key, person, f"e-{number:04}", "…", {"message-id": "<a@example.com>"})


def _value(field: Field) -> str | tuple[str, ...]:
    """Return a value that a custom field may have."""
    plain = {"number": "1", "date": _AT.date().isoformat(), "flag": "true", "person": "ana"}
    if field.tree is not None:
        return tuple(next(iter(field.tree.entries), "…").split("/"))
    if field.choices is not None:
        return next(iter(field.choices.entries), "…")
    return plain.get(field.type, "…")
