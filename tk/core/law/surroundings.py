"""What lies around a ticket and speaks against an action on it: files beside it, tickets it would link, shifts."""

from datetime import datetime

from tk.core.action import Action, Draft
from tk.core.clocks.shift import outside_shift
from tk.core.facts import Outside
from tk.core.links import is_acyclic, leads_to
from tk.core.policy import Policy
from tk.core.register import FAMILIES
from tk.core.ticket import Attachment, Ticket
from tk.core.values import format_size
from tk.core.verdict import Refusal
from tk.errors import say


def against(policy: Policy, outside: Outside, before: Ticket | None, action: Action) -> Refusal | None:
    """Return why what lies outside the ticket refuses the action; None where it does not."""
    unlisted = _unlisted(policy, outside, action)
    if before is None or unlisted is not None:
        return unlisted
    if action.verb == "attach" and isinstance(action.value, Attachment):
        return _beside(policy, outside, before, action.value)
    if action.verb == "link" and is_acyclic(policy, action.object):
        return _circle(policy, outside, before, action.object, str(action.value))
    if action.verb == "schedule" and isinstance(action.value, datetime):
        return outside_shift(policy, outside, before, action.value)
    return None


def _unlisted(policy: Policy, outside: Outside, action: Action) -> Refusal | None:
    """Return why a customer, unit or requester cannot be named: the register that has them all does not have this."""
    values = action.value.values if isinstance(action.value, Draft) else {action.object: action.value}
    for name, key in FAMILIES.values():
        register, value = policy.registers.entries.get(name), values.get(key)
        if register is None or not register.required or action.verb not in {"new", "set"} or not isinstance(value, str):
            continue
        if outside.registers.entry(name, value) is None:
            message = say(
                '"{value}" is no {key} of this desk: {file} has none', value=value, key=key, file=register.file
            )
            return Refusal("unregistered", message, say("who may change the policy enters it there first"))
    return None


def _beside(policy: Policy, outside: Outside, before: Ticket, document: Attachment) -> Refusal | None:
    sizes, allowed = outside.sizes, policy.attachments
    if sizes is None:
        return None
    if document.file not in sizes:
        message = say("{id}: {file} does not lie beside the ticket", id=before.id, file=document.file)
        return Refusal("missing-attachment", message, say("tk attach {id} FILE puts it there", id=before.id))
    total = sizes[document.file] + sum(sizes.get(held.file, 0) for held in before.attachments)
    if allowed.limit is None or total <= allowed.limit:
        return None
    message = say(
        "{id}: with {file} its attachments would come to more than {limit} (tk.toml:{line})",
        id=before.id,
        file=document.file,
        limit=format_size(allowed.limit),
        line=allowed.line,
    )
    return Refusal("over-limit", message, say("the limit is on all attachments of a ticket together"))


def _circle(policy: Policy, outside: Outside, before: Ticket, kind: str, other: str) -> Refusal | None:
    if not leads_to(kind, other, before.id, outside.linked.get):
        return None
    label = policy.links.label(kind, policy.desk.language)
    message = say("{id}: {kind} {other} would lead back to {id} in a circle", id=before.id, kind=label, other=other)
    return Refusal("link-circle", message, say("tk show {other} shows what it is linked to", other=other))
