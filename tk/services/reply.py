"""Answering a requester: a letter in the outbox, and in the ticket's log what it said, in one commit."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tk.core.action import Action
from tk.core.filename import safe_name
from tk.core.notice import Recipient, requester_of
from tk.core.plan import Happening
from tk.core.policy import Policy
from tk.core.ticket import Attachment, Event, Ticket
from tk.errors import Refused, WrongUsage, say
from tk.post.letter import Enclosed, Letter
from tk.post.outgoing import letters
from tk.post.writer import Answer, Content, Writer
from tk.store.desk import Desk, ticket_of
from tk.store.given import read_given
from tk.store.papers import folder_for, named
from tk.store.revision import Changed, change_of, logged, revise
from tk.store.writing.commit import turn

MAIL_OUT = "mail-out"


class Wish(NamedTuple):
    """What a person wants to answer: the words, the template for them, which kind of answer, files named from `folder`.

    `is_definitive` is None for an answer that does not say which it is.
    """

    text: str
    template: str | None = None
    is_definitive: bool | None = None
    folder: Path = Path()
    files: Sequence[str] = ()


def reply(desk: Desk, text: str, wish: Wish, *, commit: bool = True) -> tuple[Changed, str]:
    """Write to the requester of the ticket that `text` names; return what was done, and where the letter lies.

    A definitive answer moves the ticket to its solved status, where just one such is the next step.

    Raises:
        WrongUsage: there is neither text nor template, or the desk has no event `mail-out`.
        Refused: the requester has no address, or the law does not allow it.
        PolicyBroken: tk.toml does not say whom letters are from, or the template is not there or cannot be rendered.
        UnreadableTicket and more: as `tk.services.change.act`.
    """
    policy = desk.reading.usable()
    if not wish.text and wish.template is None:
        raise WrongUsage(
            say("what is the answer? there is no text"), say("give it by -m TEXT, -F FILE or --template T")
        )
    given = [(name, read_given(wish.folder, name, policy.attachments.limit)) for name in wish.files]
    path = desk.locate(text)
    with turn(desk.repo, desk.remark) as make:
        document = desk.read(path)
        ticket = ticket_of(document)
        reader = _reader(desk, ticket)
        folder, sizes = folder_for(path, ticket), desk.sizes(ticket.id)
        new = named(desk, folder, ticket, sizes, given)
        steps = _solving(policy, ticket) if wish.is_definitive else []
        letter, said = _written(desk, Content(ticket, _after(ticket, steps), path), wish, given, reader)
        actions = [*(Action("attach", "", Attachment(name)) for name in new), said, *steps]
        outside = desk.outside(ticket)._replace(sizes={**sizes, **{name: len(data) for name, data in new.items()}})
        made = revise(desk, policy, document, actions, outside)
        files = {f"{folder}/{name}": data for name, data in new.items()}
        files |= letters(desk, [made], spared={reader.address.lower()})
        files[letter.path] = letter.written()
        return made.done(make(change_of(desk, [made], files, commit=commit))), letter.path


def _written(
    desk: Desk, content: Content, wish: Wish, given: Sequence[tuple[str, bytes]], reader: Recipient
) -> tuple[Letter, Action]:
    """Return the letter, and the action that enters it in the log under its Message-ID."""
    kind = {None: None, True: "definitive", False: "provisional"}[wish.is_definitive]
    enclosed = tuple(Enclosed(safe_name(name), data) for name, data in given)
    answer = Answer(wish.text, wish.template, kind, enclosed)
    writer, ticket = Writer(desk), content.after
    if wish.template is not None:
        writer.assure(wish.template)
    said = logged(desk, desk.policy, ticket, Happening(MAIL_OUT, writer.answer_text(answer, content, reader)))
    assert isinstance(said.value, Event)
    letter = writer.of_answer(ticket, answer, reader, said.value)
    facts = {"message-id": letter.message_id, **({} if kind is None else {"answer": kind})}
    return letter, said._replace(value=said.value._replace(facts=facts))


def _after(ticket: Ticket, steps: Sequence[Action]) -> Ticket:
    return ticket._replace(status=str(steps[-1].value)) if steps else ticket


def _reader(desk: Desk, ticket: Ticket) -> Recipient:
    address = requester_of(ticket, desk.outside(ticket))
    if address is None:
        message = say("{id}: the requester has no address to write to", id=ticket.id)
        raise Refused("no-address", message, say("tk set {id} requester=ADDRESS gives one", id=ticket.id))
    return Recipient(address)


def _solving(policy: Policy, ticket: Ticket) -> list[Action]:
    """Return the step to the solved status, where there is just one."""
    status = policy.statuses.entries.get(ticket.status)
    ways = [] if status is None else [way for way in status.to if policy.kind(way) == "solved"]
    return [Action("advance", "", ways[0])] if len(ways) == 1 else []
