"""Tickets as a command leaves them: asked of the law, written as their files will read, ready to be one commit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids, plan
from tk.core.action import Action
from tk.core.facts import Outside
from tk.core.law.difference import in_order
from tk.core.law.judge import judge
from tk.core.plan import Happening
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import Refused, UnreadableTicket, say
from tk.store import codec, policies
from tk.store.codec import Document
from tk.store.desk import Desk, random_number, ticket_of
from tk.store.routing import assigned
from tk.store.writing.commit import Change


class Changed(NamedTuple):
    """What a change did: the ticket before (None for a new one) and after, its path, the actions, the commit.

    Without a difference `actions` is empty; `commit` is None then, and with `--no-commit`.
    """

    before: Ticket | None
    ticket: Ticket
    path: str
    actions: tuple[Action, ...]
    commit: str | None


class Revision(NamedTuple):
    """One ticket's change, lawful and written out: `old` and `new` are the bytes of its file."""

    before: Ticket | None
    after: Ticket
    path: str
    actions: tuple[Action, ...]
    old: bytes | None
    new: bytes

    def done(self, commit: str | None) -> Changed:
        """Return what the change did, once it was made by `commit`."""
        return Changed(self.before, self.after, self.path, self.actions, commit)


def revise(
    desk: Desk, policy: Policy, document: Document, planned: Iterable[Action], outside: Outside | None = None
) -> Revision:
    """Return the change that `planned` makes of a ticket that is there; of none, a revision without actions.

    `outside` is what the law may ask of other tickets and files, found where it is not given.

    Raises:
        Refused: the law does not allow an action.
        UnreadableTicket: the file cannot be read, or not be written so that it reads back as it should.
    """
    before = ticket_of(document)
    actions, after = judged(desk, policy, before, planned, outside)
    if after == before:
        return Revision(before, before, document.path, (), document.data, document.data)
    data = codec.edit(document, after, *shape(policy))
    assure(document.path, data, after)
    return Revision(before, after, document.path, actions, document.data, data)


def founded(desk: Desk, policy: Policy, planned: Iterable[Action], outside: Outside | None = None) -> Revision:
    """Return the new ticket that `planned` makes, given by the policy's routes to whoever they say if to nobody else.

    Raises:
        Refused: the law does not allow an action.
    """
    actions, after = judged(desk, policy, None, planned, outside)
    if after.owner is None and not any(action.verb == "assign" for action in actions):
        more, after = judged(desk, policy, after, assigned(desk, policy, after), outside)
        actions = (*actions, *more)
    path = ids.path_of(after.id)
    data = codec.render(after, *shape(policy))
    assure(path, data, after)
    return Revision(None, after, path, actions, None, data)


def free_id(desk: Desk, policy: Policy) -> str:
    """Return an id of today that no ticket has."""
    while True:
        number = ids.make(policy.desk.prefix, desk.now.date(), ids.tail_from(random_number()))
        if not (desk.repo.root / ids.path_of(number)).exists():
            return number


def judged(
    desk: Desk, policy: Policy, before: Ticket | None, planned: Iterable[Action], outside: Outside | None = None
) -> tuple[tuple[Action, ...], Ticket]:
    """Ask the law of each action in turn; return those that change something, and the ticket after them."""
    ticket = before
    done = []
    for action in in_order(policy, planned):
        outside = outside or desk.outside(ticket or Ticket(""))
        after = judge(policy, outside, ticket, action, desk.actor, desk.now)
        if isinstance(after, Refusal):
            raise Refused(after.code, after.message, after.instead)
        if after != ticket:
            done.append(action)
        ticket = after
    assert ticket is not None
    return tuple(done), ticket


def logged(desk: Desk, policy: Policy, ticket: Ticket, happening: Happening) -> Action:
    """Return the action that enters what happened, under an id that the ticket's log does not have."""
    taken = {event.id for event in ticket.events}
    number = next(name for name in iter(lambda: ids.event_id(random_number()), None) if name not in taken)
    event = plan.event(policy, happening, desk.actor.name, desk.now, number)
    return Action("log", event.type, event)


def shape(policy: Policy) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the order of the custom fields, and those whose values are written without quotes."""
    fields = policy.fields.entries
    return tuple(fields), frozenset(key for key, field in fields.items() if field.type in {"number", "date", "flag"})


def assure(path: str, data: bytes, after: Ticket) -> None:
    """Refuse to write what would not read back as the ticket that the law allowed."""
    if codec.read(path, data).ticket != after:
        message = say("{path} cannot be changed so that it reads back as it should", path=path)
        raise UnreadableTicket(message, say("tk check {path} names the lines to mend by hand", path=path))


def change_of(
    desk: Desk, revisions: Sequence[Revision], beside: Mapping[str, bytes] | None = None, *, commit: bool
) -> Change:
    """Return the change that makes `revisions` and new files `beside` them, by a policy that must still be there."""
    new = {revision.path: revision.new for revision in revisions}
    old = {revision.path: revision.old for revision in revisions}
    files = dict.fromkeys(beside or ())
    expected: dict[str, bytes | None] = {**old, **files, policies.NAME: desk.policy_data}
    return Change({**new, **(beside or {})}, expected, message_of(desk.policy, revisions), desk.now, commit=commit)


def message_of(policy: Policy, revisions: Sequence[Revision]) -> str:
    """Return the commit's message: no words of a ticket go into it, since a stranger's would act there (design, 2)."""
    first = revisions[0]
    told = ", ".join(dict.fromkeys(_told(first.before, action) for action in first.actions)) or "edit"
    suffix = f" {policy.desk.subject_suffix}" if policy.desk.subject_suffix else ""
    trailers = [f"Tk-Ticket: {revision.after.id}" for revision in revisions]
    trailers += [f"Tk-Action: {action.name.rstrip('.')}" for revision in revisions for action in revision.actions]
    return f"{first.after.id}: {told}{suffix}\n\n" + "\n".join(trailers) + "\n"


def _told(before: Ticket | None, action: Action) -> str:
    if action.verb == "advance":
        return f"→ {action.value}" if before is None else f"{before.status} → {action.value}"
    if action.verb in {"set", "log", "log-for", "link", "request", "approve"}:
        return f"{action.verb} {action.object}"
    return action.verb
