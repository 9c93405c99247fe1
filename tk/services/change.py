"""Changing tickets: whatever a command does to one is asked of the law, written whole and committed once."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tk.core import ids, plan
from tk.core.action import Action
from tk.core.difference import in_order
from tk.core.law import judge
from tk.core.plan import Happening, Wanted
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import Refused, UnreadableTicket, say
from tk.store import codec, policies
from tk.store.commit import Change, apply, turn
from tk.store.desk import Desk, random_number, ticket_of

Plan = Callable[[Policy, Ticket], Iterable[Action]]
"""What is to be done to a ticket, once it has been read."""


class Changed(NamedTuple):
    """What a change did: the ticket before (None for a new one) and after, its path, the actions, the commit.

    Without a difference `actions` is empty; `commit` is None then, and with `--no-commit`.
    """

    before: Ticket | None
    ticket: Ticket
    path: str
    actions: tuple[Action, ...]
    commit: str | None


def open_ticket(desk: Desk, wanted: Wanted, *, commit: bool = True) -> Changed:
    """Make a new ticket in one commit.

    Raises:
        WrongUsage: the desk does not know a value that was given.
        Refused, PolicyBroken, Busy, GitFailed, DiskFailed: so the sentence says; nothing was changed.
    """
    policy = desk.reading.usable()
    new = Action("new", "", plan.draft(policy, wanted, _free_id(desk, policy)))
    actions, after = _judged(desk, policy, None, (new, *plan.first_assignment(policy, wanted, desk.actor.handle)))
    path = ids.path_of(after.id)
    data = codec.render(after, *_shape(policy))
    _assure(path, data, after)
    change = _change(desk, path, None, data, _message(policy, None, after, actions), commit=commit)
    oid = apply(desk.repo, change, desk.remark)
    return Changed(None, after, path, actions, oid)


def assign(desk: Desk, text: str, who: str, *, commit: bool = True) -> Changed:
    """Give the ticket that `text` names to whom the words `who` name; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        return [Action("assign", "", plan.assignee(policy, who, desk.actor.handle, ticket))]

    return act(desk, text, planned, commit=commit)


def advance(desk: Desk, text: str, status: str | None, note: str | None = None, *, commit: bool = True) -> Changed:
    """Move the ticket to a status (None: the only one there is), with a note if one is given; raises as `act`."""

    def planned(policy: Policy, ticket: Ticket) -> list[Action]:
        to = plan.next_status(policy, ticket, status)
        actions = [] if to == ticket.status else [Action("advance", "", to)]
        if note is not None and note.strip():
            actions.append(_logged(desk, policy, ticket, Happening(plan.NOTE, note)))
        return actions

    return act(desk, text, planned, commit=commit)


def log(desk: Desk, text: str, happening: Happening, *, commit: bool = True) -> Changed:
    """Enter an event in the ticket's log; raises as `act`."""
    return act(desk, text, lambda policy, ticket: [_logged(desk, policy, ticket, happening)], commit=commit)


def set_fields(desk: Desk, text: str, fields: Sequence[str], *, commit: bool = True) -> Changed:
    """Set fields of the ticket, each as KEY=VALUE; raises as `act`."""
    return act(desk, text, lambda policy, ticket: plan.sets(policy, ticket, fields), commit=commit)


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
        before = ticket_of(document)
        actions, after = _judged(desk, policy, before, planned(policy, before))
        if after == before:
            return Changed(before, before, path, (), None)
        data = codec.edit(document, after, *_shape(policy))
        _assure(path, data, after)
        oid = make(_change(desk, path, document.data, data, _message(policy, before, after, actions), commit=commit))
    return Changed(before, after, path, actions, oid)


def _logged(desk: Desk, policy: Policy, ticket: Ticket, happening: Happening) -> Action:
    taken = {event.id for event in ticket.events}
    number = next(name for name in iter(lambda: ids.event_id(random_number()), None) if name not in taken)
    event = plan.event(policy, happening, desk.actor.name, desk.now, number)
    return Action("log", event.type, event)


def _judged(
    desk: Desk, policy: Policy, before: Ticket | None, planned: Iterable[Action]
) -> tuple[tuple[Action, ...], Ticket]:
    """Ask the law of each action in turn; return those that change something, and the ticket after them."""
    outside = None
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


def _shape(policy: Policy) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the order of the custom fields, and those whose values are written without quotes."""
    fields = policy.fields.entries
    return tuple(fields), frozenset(key for key, field in fields.items() if field.type in {"number", "date", "flag"})


def _assure(path: str, data: bytes, after: Ticket) -> None:
    """Refuse to write what would not read back as the ticket that the law allowed."""
    if codec.read(path, data).ticket != after:
        message = say("{path} cannot be changed so that it reads back as it should", path=path)
        raise UnreadableTicket(message, say("tk check {path} names the lines to mend by hand", path=path))


def _free_id(desk: Desk, policy: Policy) -> str:
    while True:
        number = ids.make(policy.desk.prefix, desk.now.date(), ids.tail_from(random_number()))
        if not (desk.repo.root / ids.path_of(number)).exists():
            return number


def _change(desk: Desk, path: str, old: bytes | None, new: bytes, message: str, *, commit: bool) -> Change:
    """Return the change of one file, judged by a policy that must still be there."""
    expected = {path: old, policies.NAME: desk.policy_data}
    return Change({path: new}, expected, message, desk.now, commit=commit)


def _message(policy: Policy, before: Ticket | None, after: Ticket, actions: Sequence[Action]) -> str:
    """Return the commit's message: no words of a ticket go into it, since a stranger's would act there (design, 2)."""
    told = ", ".join(dict.fromkeys(_told(before, action) for action in actions))
    suffix = f" {policy.desk.subject_suffix}" if policy.desk.subject_suffix else ""
    trailers = [f"Tk-Ticket: {after.id}", *(f"Tk-Action: {action.name}" for action in actions)]
    return f"{after.id}: {told}{suffix}\n\n" + "\n".join(trailers) + "\n"


def _told(before: Ticket | None, action: Action) -> str:
    if action.verb == "advance":
        return f"→ {action.value}" if before is None else f"{before.status} → {action.value}"
    if action.verb in {"set", "log", "log-for"}:
        return f"{action.verb} {action.object}"
    return action.verb
