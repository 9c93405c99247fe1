"""The outbox, read: letters that lie in the desk and are not yet sent."""

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from tk.core.names import nearest
from tk.core.notice import OUTBOX
from tk.core.text import shown
from tk.errors import Refused, TkError, say
from tk.post.letter import ANSWER, CAUSE, TICKET
from tk.store.desk import Desk

_MALFORMED = (ValueError, LookupError, TypeError, AttributeError)
"""What the parser of headers may raise over one that somebody broke by hand."""


class Waiting(NamedTuple):
    """A letter that is not yet sent; what somebody has broken in it by hand is "", None or empty.

    `name` is its file's, `cause` the notice and what met it, `answer` whether it is a provisional or definitive one,
    `enclosed` the names of documents.
    """

    name: str
    path: str
    date: datetime | None
    ticket: str
    cause: str
    sender: str
    to: str
    subject: str
    message_id: str
    answer: str | None
    text: str
    enclosed: tuple[str, ...]

    @property
    def short(self) -> str:
        """What lists call the letter: the end of its file's name, which tells it from the others."""
        return self.name.removesuffix(".eml").rpartition("-")[2]


def waiting(desk: Desk) -> list[Waiting]:
    """Return the letters in the outbox in the order of their names, which begin with the date; say which are broken."""
    found = []
    for name in _names(desk):
        try:
            data = desk.content(f"{OUTBOX}/{name}")
        except TkError as error:
            desk.remark(error.message)
            continue
        if data is not None:
            found.append(_read(name, data))
    return found


def letter(desk: Desk, name: str) -> Waiting:
    """Return the letter that `name` names: its file's name, or a part of it that no other has.

    Raises:
        Refused: there is none, or several are called so.
    """
    wanted = name.removeprefix(f"{OUTBOX}/").lower()
    every = waiting(desk)
    found = [each for each in every if each.name.lower() == wanted] or [
        each for each in every if wanted in each.name.lower()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        lines = "".join(f"\n  {each.name}" for each in found[:10])
        message = say('"{name}" is a part of {count} letters:{lines}', name=shown(name), count=len(found), lines=lines)
        raise Refused("ambiguous-letter", message, say("write more of the name"))
    near = nearest(name, [each.name for each in every])
    hint = say("tk mail outbox lists them") if near is None else say("did you mean {near}?", near=near)
    raise Refused("unknown-letter", say('no letter in the outbox is called "{name}"', name=shown(name)), hint)


def _names(desk: Desk) -> list[str]:
    folder = Path(desk.repo.root, OUTBOX)
    return sorted(place.name for place in folder.glob("*.eml") if not place.name.startswith("."))


def _read(name: str, data: bytes) -> Waiting:
    message = message_from_bytes(data, _class=EmailMessage, policy=default)
    return Waiting(
        name,
        f"{OUTBOX}/{name}",
        _date(message),
        _header(message, TICKET),
        _header(message, CAUSE),
        _header(message, "From"),
        _header(message, "To"),
        _header(message, "Subject"),
        _header(message, "Message-ID"),
        _header(message, ANSWER) or None,
        _text(message),
        tuple(_enclosed(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message[name] or "").split())
    except _MALFORMED:
        return ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(_header(message, "Date"))
    except _MALFORMED:
        return None


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain",))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n").rstrip("\n")
    except _MALFORMED:
        return ""


def _enclosed(message: EmailMessage) -> list[str]:
    try:
        return [part.get_filename() or "" for part in message.iter_attachments()]
    except _MALFORMED:
        return []
