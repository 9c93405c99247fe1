"""Changing tickets: whatever a command does to one is asked of the law, written whole and committed once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tk.core import ids, plan
from tk.core.action import Action
from tk.core.checks import Place, Subject, check_ticket
from tk.core.difference import in_order
from tk.core.finding import Finding
from tk.core.handwork import settle
from tk.core.law import judge
from tk.core.plan import Happening, Wanted
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import Message, Refused, UnreadableTicket, say
from tk.store import codec, policies
from tk.store.codec import Document, place
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


class Unfit(Refused):
    """What a person wrote cannot take the ticket's place; `findings` say why, those of the law without a line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple({(finding.line, str(finding.message)): finding for finding in findings}.values())
        super().__init__(findings[0].code, say("{reasons}", reasons="\n".join(self.reasons())))

    def reasons(self, above: int = 0) -> list[str]:
        """Return a line for each finding, with its line in the file, were there `above` more above it."""
        return [str(_at_line(finding, above)) for finding in self.findings]


def _at_line(finding: Finding, above: int) -> Message:
    if not finding.line:
        return finding.message
    return say("line {line}: {why}", line=finding.line + above, why=finding.message)


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


def rewrite(desk: Desk, path: str, read: bytes, written: bytes, *, commit: bool = True) -> Changed:
    """Put what a person wrote in the place of the ticket at `path`, which was as `read`, if the law allows all of it.

    The person's text stays as it is: the order of lines, comments, unknown keys. Only stamps are set in it. `actions`
    is empty where nothing but such things changed.

    Raises:
        Unfit: it cannot be read, is not right by the checks, or the law does not allow a part of it.
        UnreadableTicket: it could not be read before.
        PolicyBroken, FileChanged, Busy, GitFailed, DiskFailed: so the sentence says.
    """
    policy = desk.reading.usable()
    document, rewritten = codec.read(path, read), codec.read(path, written)
    before = ticket_of(document)
    after = rewritten.ticket
    flaws = (*_new_flaws(policy, document, rewritten), *_unattached(desk, before, rewritten))
    if flaws or after is None:
        raise Unfit(flaws or rewritten.findings)
    settled = settle(policy, desk.outside(before), before, after, desk.actor, desk.now)
    objections = [o for o in settled.objections if o.severity == "error"]
    if objections:
        raise Unfit(tuple(Finding(path, 0, 0, o.code, o.severity, o.message, before.id) for o in objections))
    try:
        data = codec.edit(rewritten, settled.ticket, *_shape(policy))
        _assure(path, data, settled.ticket)
    except UnreadableTicket as error:  # so written that the stamps cannot be set in it
        raise Unfit([Finding(path, 0, 0, error.code, "error", error.message, before.id)]) from None
    message = _message(policy, before, settled.ticket, settled.actions)
    oid = apply(desk.repo, _change(desk, path, read, data, message, commit=commit), desk.remark)
    return Changed(before, settled.ticket, path, settled.actions, oid)


def _new_flaws(policy: Policy, before: Document, after: Document) -> tuple[Finding, ...]:
    """Return what is wrong with a rewritten file that was not wrong before: a person need not mend it all at once."""
    known = {(finding.code, str(finding.message)) for finding in _flaws(policy, before)}
    return tuple(finding for finding in _flaws(policy, after) if (finding.code, str(finding.message)) not in known)


def _unattached(desk: Desk, before: Ticket, rewritten: Document) -> Iterator[Finding]:
    """Yield what is wrong with attachments that were written by hand: a file comes with them, or there is none."""
    for attachment in () if rewritten.ticket is None else rewritten.ticket.attachments:
        file = f"{rewritten.path.removesuffix('.md')}/{attachment.file}"
        if attachment not in before.attachments and not (desk.repo.root / file).is_file():
            line, column = place(rewritten, "attachments")
            message = say("the attachment {file} is not beside the ticket", file=attachment.file)
            yield Finding(rewritten.path, line, column, "missing-attachment", "error", message, before.id)


def _flaws(policy: Policy, document: Document) -> Iterator[Finding]:
    found = [*document.findings]
    if document.ticket is not None:
        found += check_ticket(policy, Subject(document.ticket, document.path, lambda key: Place(*place(document, key))))
    return (finding for finding in found if finding.is_error or finding.code == "conflict")


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
    told = ", ".join(dict.fromkeys(_told(before, action) for action in actions)) or "edit"
    suffix = f" {policy.desk.subject_suffix}" if policy.desk.subject_suffix else ""
    trailers = [f"Tk-Ticket: {after.id}", *(f"Tk-Action: {action.name}" for action in actions)]
    return f"{after.id}: {told}{suffix}\n\n" + "\n".join(trailers) + "\n"


def _told(before: Ticket | None, action: Action) -> str:
    if action.verb == "advance":
        return f"→ {action.value}" if before is None else f"{before.status} → {action.value}"
    if action.verb in {"set", "log", "log-for"}:
        return f"{action.verb} {action.object}"
    return action.verb
