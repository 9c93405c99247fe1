"""A ticket's file as it was read: the value that `tk.store.codec` makes, for those who only hand it on."""

from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.ticket import Event, Ticket
from tk.errors import Message


class Front(NamedTuple):
    """Where front matter stands in a text: from `start` to `end` between its fences; the body begins at `body`."""

    start: int
    end: int
    body: int


class Flaw(NamedTuple):
    """A line of the body, counted from 0, that cannot be understood: a finding's code, severity and sentence."""

    line: int
    code: str
    severity: str
    message: Message


class Body(NamedTuple):
    """A body as read: its texts, and where they stand.

    `log` is where the line `## Log` begins (the end of the body where there is none), `starts` where each event's
    heading does.
    """

    description: str
    events: tuple[Event, ...]
    log: int
    starts: tuple[int, ...]
    flaws: tuple[Flaw, ...]


class Document(NamedTuple):
    """A ticket's file as read.

    `ticket` is None where the file's structure cannot be understood; `findings` say why, or which values could not be
    read. `text` is the file without its encoding, `front` and `body` tell where its parts stand in it. `damaged` names
    the keys of which only a part could be read.
    """

    path: str
    data: bytes
    ticket: Ticket | None
    findings: tuple[Finding, ...] = ()
    text: str = ""
    front: Front = Front(0, 0, 0)
    body: Body = Body("", (), 0, (), ())
    is_canonical: bool = False
    damaged: frozenset[str] = frozenset()
