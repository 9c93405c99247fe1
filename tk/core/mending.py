"""What of a ticket is mended without a choice: words that name one thing of the policy, spelt otherwise than kept."""

from tk.core.policy import Policy
from tk.core.ticket import Ticket, value_of, with_value
from tk.core.values import OWN_ACTION, SETTABLE, fault, is_empty, parse, vocabulary_of
from tk.errors import WrongUsage


def mended(policy: Policy, ticket: Ticket) -> Ticket:
    """Return the ticket with each value that only was spelt otherwise as it is kept.

    A label instead of its key, another case, a flag as "yes", a number with a leading zero. What is misspelt stays: its
    nearest spelling is a guess.
    """
    for key in (*SETTABLE, *OWN_ACTION, *ticket.fields):
        value = value_of(ticket, key)
        if not is_empty(value) and fault(policy, key, value) is not None:
            meant = _meant(policy, key, "/".join(map(str, value)) if isinstance(value, tuple) else str(value))
            if meant is not None and fault(policy, key, meant) is None:
                ticket = with_value(ticket, key, meant)
    return ticket._replace(
        links=tuple(link._replace(kind=policy.links.find(link.kind) or link.kind) for link in ticket.links),
        attachments=tuple(
            document._replace(kind=document.kind and (policy.attachments.kinds.find(document.kind) or document.kind))
            for document in ticket.attachments
        ),
        requests={policy.requests.find(name) or name: held for name, held in ticket.requests.items()},
        approvals={policy.approvals.find(name) or name: held for name, held in ticket.approvals.items()},
        events=tuple(event._replace(type=policy.events.find(event.type) or event.type) for event in ticket.events),
    )


def _meant(policy: Policy, key: str, text: str) -> object:
    if key in OWN_ACTION:
        vocabulary = vocabulary_of(policy, key)
        return None if vocabulary is None else vocabulary.find(text)
    if key not in SETTABLE and key not in policy.fields.entries:
        return None
    try:
        return parse(policy, key, text)
    except WrongUsage:
        return None
