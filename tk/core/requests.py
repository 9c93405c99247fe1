"""What may be asked for on a ticket: the value wanted of a request, from people's words and as a file holds it."""

from tk.core.policy import Policy, RequestKind
from tk.core.text import one_line
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


def _joint(key: str) -> str:
    return "," if key == "tags" else "/"
