"""Editing a ticket's file: what a person wrote, checked, asked of the law, and put in its place."""

from collections.abc import Iterator, Sequence

from tk.core.checks import Place, Subject, check_ticket
from tk.core.facts import Outside
from tk.core.finding import Finding
from tk.core.links import chain, is_acyclic
from tk.core.policy import Policy
from tk.core.review.handwork import settle
from tk.core.review.objections import Objection
from tk.core.ticket import Ticket
from tk.core.values import no_such_key
from tk.errors import Message, Refused, UnreadableTicket, say
from tk.post.outgoing import with_letters
from tk.store import codec
from tk.store.codec import Document, place
from tk.store.desk import Desk, ticket_of
from tk.store.revision import Changed, Revision, assure, shape
from tk.store.writing.commit import apply


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
    settled = settle(policy, _around(desk, policy, before, after), before, after, desk.actor, desk.now)
    against = [_against(policy, path, before, objection) for objection in settled.objections]
    if any(against):
        raise Unfit(tuple(filter(None, against)))
    try:
        data = codec.edit(rewritten, settled.ticket, *shape(policy))
        assure(path, data, settled.ticket)
    except UnreadableTicket as error:  # so written that the stamps cannot be set in it
        raise Unfit([Finding(path, 0, 0, error.code, "error", error.message, before.id)]) from None
    made = Revision(before, settled.ticket, path, settled.actions, read, data)
    return made.done(apply(desk.repo, with_letters(desk, [made], commit=commit), desk.remark))


def _against(policy: Policy, path: str, before: Ticket, objection: Objection) -> Finding | None:
    """Return an objection as what is wrong with the text; a key that nobody knows is a slip of who writes it by tk."""
    if objection.severity == "error":
        return Finding(path, 0, 0, objection.code, "error", objection.message, before.id)
    if objection.code != "unknown-field":
        return None
    why, instead = no_such_key(policy, objection.key)
    message = why if instead is None else say("{why}; {instead}", why=why, instead=instead)
    return Finding(path, 0, 0, objection.code, "error", message, before.id)


def _around(desk: Desk, policy: Policy, before: Ticket, after: Ticket) -> Outside:
    """Return what the law may ask of the files beside the ticket, and of the tickets that it links now or then."""
    linked = {link.id: desk.ticket(link.id) for link in (*before.links, *after.links)}
    for link in after.links:
        if link not in before.links and is_acyclic(policy, link.kind):
            linked |= {other.id: other for other in chain(link.kind, link.id, desk.ticket)}
    held = {number: other for number, other in linked.items() if other is not None}
    return Outside(linked=held, sizes=desk.sizes(before.id))


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
