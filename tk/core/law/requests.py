"""What may be asked for on a ticket: the value wanted of a request, from people's words and as a file holds it."""

from collections.abc import Iterator

from tk.core.facts import Actor
from tk.core.law.permission import may
from tk.core.policy import Policy, RequestKind
from tk.core.text import one_line
from tk.core.ticket import Ticket, value_of
from tk.core.values import OWN_ACTION, Fault, choose, fault, parse, vocabulary_of


def wanted(policy: Policy, kind: RequestKind, text: str) -> str | None:
    """Return what a request keeps for the words `text`: a value of the field that it is about, steps joined by `/`.

    Raises:
        WrongUsage: the words name no value of that field.
    """
    if kind.field is None:
        return one_line(text) or None
    vocabulary = vocabulary_of(policy, kind.field) if kind.field in OWN_ACTION else None
    value = parse(policy, kind.field, text) if vocabulary is None else choose(vocabulary, text, kind.field)
    if isinstance(value, tuple):
        return _joint(kind.field).join(map(str, value))
    return None if value is None else one_line(str(value))


def wanted_fault(policy: Policy, kind: RequestKind, value: str) -> Fault | None:
    """Return what is wrong with the value that a request holds; None where nothing is."""
    if kind.field is None:
        return None
    field = policy.fields.entries.get(kind.field)
    is_list = kind.field in {"category", "tags"} if field is None else field.tree is not None
    return fault(policy, kind.field, tuple(value.split(_joint(kind.field))) if is_list else value)


def open_requests(policy: Policy, ticket: Ticket) -> Iterator[str]:
    """Yield the names of what is asked for on a ticket and not yet so (desks.md A10).

    A request about a field is open until the field has the value wanted, another one until what bears its name is
    approved.
    """
    for name, request in ticket.requests.items():
        kind = policy.requests.entries.get(name)
        if kind is not None and kind.field is not None and request.value is not None:
            held = value_of(ticket, kind.field)
            told = _joint(kind.field).join(map(str, held)) if isinstance(held, tuple) else held
            if told != request.value:
                yield name
        elif name not in ticket.approvals or ticket.approvals[name].at < request.at:
            yield name


def decides(policy: Policy, actor: Actor, name: str) -> bool:
    """Return whether the actor may do what the request called `name` asks for."""
    kind = policy.requests.entries[name]
    by_field = kind.field is not None and may(policy, actor, f"set.{kind.field}")
    return by_field or (name in policy.approvals.entries and may(policy, actor, f"approve.{name}"))


def _joint(key: str) -> str:
    return "," if key == "tags" else "/"
