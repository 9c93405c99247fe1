"""What the template of a letter may read: a portrait of the ticket and words for it, in the language of the letter.

Of the log only what is public: an internal event never leaves the desk, whoever the letter is for. The names are those
of `tk show --json` (design, section 4).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tk.core.notice import Recipient
from tk.core.policy import Policy, Vocabulary
from tk.core.portrait import event_json, plain, ticket_json
from tk.core.ticket import INTERNAL, Ticket


def view(policy: Policy, language: str, before: Ticket | None, after: Ticket, path: str) -> dict[str, object]:
    """Return what every letter about the change from `before` to `after` may read; `path` is the ticket's."""
    public = _public(after)
    known = set() if before is None else {event.id for event in before.events}
    mail = policy.mail
    counts = Counter(event.type for event in after.events)
    since = after.status_since
    recent = Counter(event.type for event in after.events if since is None or event.at >= since)
    return {
        "ticket": ticket_json(public, policy, path, whole=True),
        "words": _words(policy, language, after),
        "was": _words(policy, language, before or after),
        "new_events": [event_json(event) for event in public.events if event.id not in known],
        "counts": {key: counts[key] for key in (*policy.events.entries, *counts)},
        "counts_in_status": {key: recent[key] for key in (*policy.events.entries, *counts)},
        "requests": _asked(policy.requests, after.requests, language),
        "approvals": _asked(policy.approvals, after.approvals, language),
        "desk": {"name": policy.desk.name, "address": ""}
        if mail is None
        else {"name": mail.name, "address": mail.address},
    }


def to(reader: Recipient) -> dict[str, object]:
    """Return what a letter may read of its reader."""
    return {"address": reader.address, "name": reader.name}


def _public(ticket: Ticket) -> Ticket:
    return ticket._replace(events=tuple(event for event in ticket.events if event.visibility != INTERNAL))


def _words(policy: Policy, language: str, ticket: Ticket) -> dict[str, str]:
    """Return what the values of a ticket are called."""
    named: dict[str, tuple[Vocabulary[Any], str | None]] = {
        "status": (policy.statuses, ticket.status),
        "priority": (policy.priorities, ticket.priority),
        "type": (policy.types, ticket.type),
        "category": (policy.categories, "/".join(ticket.category)),
        "channel": (policy.channels, ticket.channel),
        "owner": (policy.people, ticket.owner),
        "creator": (policy.people, ticket.creator),
        "team": (policy.teams, ticket.team),
    }
    return {key: vocabulary.label(value, language) for key, (vocabulary, value) in named.items()}


def _asked(names: Vocabulary[Any], held: Mapping[str, object], language: str) -> list[dict[str, object]]:
    """Return each name of the desk with its label, and what the ticket holds of it, None where nothing."""
    return [
        {"key": key, "label": names.label(key, language), "given": plain(held[key]) if key in held else None}
        for key in names.entries
    ]
