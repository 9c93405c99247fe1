"""One letter as RFC 5322 has it: what a person sends or the desk tells, written so that mail programs show it well.

A letter's date, id and name follow from the ticket, the cause, the instant and the reader alone: two clones that sweep
write it alike. Headers hold words of strangers; they are encoded here, by RFC 2047 where they are more than plain
ASCII, so that no line of theirs becomes a header of ours.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, formataddr
from hashlib import sha256
from mimetypes import MimeTypes
from typing import NamedTuple

from tk.core.notice import OUTBOX, Recipient
from tk.core.text import one_line

TICKET, CAUSE, ANSWER = "Tk-Ticket", "Tk-Cause", "Tk-Answer"
"""Headers of the desk's own: the ticket's id, why the letter was written, and which kind of answer it is."""

_WIDTH = 76
_LONGEST_ID = 250
_LONGEST_RULE = 100  # of a name in the name of a file
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>", re.ASCII)
_THREAD = 20
"""How many of the thread's letters are named: mail programs need the first and the latest."""

_TYPES = MimeTypes(filenames=())  # those that Python knows, whatever the machine adds
_OPAQUE = ("application", "octet-stream")
_SENT_AS_IS = frozenset({"application", "audio", "image", "text", "video"})


class Enclosed(NamedTuple):
    """A document that goes with a letter: its name and content."""

    name: str
    data: bytes


class Origin(NamedTuple):
    """What a letter comes from: the ticket, the rule and the cause, what tells two causes apart, the instant."""

    ticket: str
    rule: str
    cause: str
    at: datetime
    mark: str = ""
    number: int = 0

    def digest(self, reader: str) -> str:
        """Return what tells this letter from every other."""
        instant = self.at.astimezone(UTC).isoformat()
        parts = (self.ticket, self.rule, self.cause, instant, self.mark, str(self.number), reader.lower())
        return sha256("\0".join(parts).encode()).hexdigest()[:16]

    def name(self, reader: str) -> str:
        """Return the name of the letter's file: by date, then ticket, then rule."""
        at = self.at.astimezone(UTC)
        return f"{at:%Y%m%dT%H%M%SZ}-{self.ticket}-{self.rule[:_LONGEST_RULE]}-{self.digest(reader)[:8]}.eml"

    def message_id(self, reader: str, domain: str) -> str:
        """Return the letter's Message-ID."""
        return f"<{self.ticket}.{self.digest(reader)}@{domain}>"


class Letter(NamedTuple):
    """A letter before it is written: `thread` holds the ids of those it follows, the latest last.

    `answer` is which kind of answer a person gave; a letter that the desk writes by itself `is_automatic`.
    """

    origin: Origin
    sender: Recipient
    reader: Recipient
    title: str
    text: str
    thread: tuple[str, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    answer: str | None = None
    is_automatic: bool = True

    @property
    def path(self) -> str:
        """Where the letter lies in the desk until it is sent."""
        return f"{OUTBOX}/{self.origin.name(self.reader.address)}"

    @property
    def message_id(self) -> str:
        """The letter's Message-ID."""
        return self.origin.message_id(self.reader.address, domain_of(self.sender.address))

    def written(self) -> bytes:
        """Return the letter, its lines ended by LF as every file of the desk has them, whatever git makes of line ends.

        On its way it has them ended by CRLF: who sends it sees to that.
        """
        heads = [
            ("From", _mailbox("From", self.sender)),
            ("To", _mailbox("To", self.reader)),
            ("Subject", _words("Subject", subject(self.title, self.origin.ticket))),
            ("Date", format_datetime(self.origin.at)),
            ("Message-ID", self.message_id),
            *_threaded(thread_of(self.origin.ticket, domain_of(self.sender.address), self.thread)),
            *([("Auto-Submitted", "auto-generated")] if self.is_automatic else []),
            (TICKET, self.origin.ticket),
            (CAUSE, f"{self.origin.rule} {self.origin.cause}"),
            *([(ANSWER, self.answer)] if self.answer else []),
        ]
        head = "".join(f"{name}: {value}\n" for name, value in heads)
        return head.encode("ascii") + self._body()

    def _body(self) -> bytes:
        body = EmailMessage(policy=default)
        body.set_content(f"{self.text}\n", charset="utf-8", cte="quoted-printable")
        for document in self.enclosed:
            kind, subtype = _type_of(document.name)
            body.add_attachment(document.data, maintype=kind, subtype=subtype, filename=document.name)
        if self.enclosed:
            body.set_boundary(f"=_{self.origin.digest(self.reader.address)}")  # "=_" is in no line of an encoded part
        return body.as_bytes()


def subject(title: str, ticket: str) -> str:
    """Return the subject of a ticket's letters: the requester's words as they are, and the tag once (desks.md C14)."""
    words, tag = one_line(title), f"[{ticket}]"
    return words if tag in words else f"{words} {tag}".lstrip()


def domain_of(address: str) -> str:
    """Return what stands behind the @."""
    return address.rpartition("@")[2]


def thread_of(ticket: str, domain: str, earlier: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that a letter follows: one that all of the ticket's letters share, and those of the latest."""
    known = [name for name in dict.fromkeys(earlier) if is_message_id(name)]
    return (f"<{ticket}@{domain}>", *known[-_THREAD:])


def is_message_id(text: str) -> bool:
    """Return whether a text, of whomever, can stand as an id in a header."""
    return len(text) <= _LONGEST_ID and _MESSAGE_ID.fullmatch(text) is not None


def _threaded(thread: tuple[str, ...]) -> list[tuple[str, str]]:
    # email's own headers encode an id that is longer than a line, and no program finds the thread by that.
    return [("In-Reply-To", thread[-1]), ("References", "\n ".join(thread))]


def _words(name: str, text: str) -> str:
    """Return text as a header's value, folded; what is more than plain ASCII is encoded whole."""
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset, maxlinelen=_WIDTH, header_name=name).encode(splitchars=" ", linesep="\n")


def _is_plain(text: str) -> bool:
    fits = all(len(word) < _WIDTH // 2 for word in text.split(" "))
    return fits and text.isascii() and text.isprintable() and "=?" not in text


def _mailbox(name: str, who: Recipient) -> str:
    called = one_line(who.name)
    if not called:
        return who.address
    if _is_plain(called) and len(called) < _WIDTH // 2:
        return formataddr((called, who.address))
    encoded = Header(called, "utf-8", maxlinelen=_WIDTH, header_name=name).encode(linesep="\n")
    return f"{encoded}\n <{who.address}>"


def _type_of(name: str) -> tuple[str, str]:
    """Return the type of a document by the end of its name; what a mail program would open by itself is opaque."""
    guess, encoding = _TYPES.guess_type(f"/{name}")
    kind, _, subtype = (guess or "").partition("/")
    return (kind, subtype) if kind in _SENT_AS_IS and encoding is None and subtype != "html" else _OPAQUE
