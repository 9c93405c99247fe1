"""Ticket files merged: by meaning where all three can be read, the layout of lines and comments as far as it can be.

What is in conflict stays in the file, between git's own markers and with nothing else between them: the file says what
it is, and taking either side of every marker gives a ticket that is right but for what is in question.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tk.core.merging.merge import Choose, Conflict, Settle, Side, always, ask, is_same, merge
from tk.core.merging.weave import Strand, pairs, weave
from tk.core.ticket import Ticket
from tk.errors import UnreadableTicket
from tk.store import codec
from tk.store.codec import Document
from tk.store.codec.scalar import looks_typed

OURS, BASE, THEIRS = "<" * 7, "|" * 7, ">" * 7
_BETWEEN = "=" * 7
_MARKER = re.compile(rf"({re.escape(OURS)}|{re.escape(BASE)}|{_BETWEEN}|{THEIRS})(?: [^\n]*)?\r?\n?")
_REMARK = re.compile(r"[ \t]*(?:#[^\n]*)?\r?\n")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class InConflict(NamedTuple):
    """A file that people must settle: its path in the repository, the ticket's id if it is one, what is in question.

    Nothing in question of a ticket means that it cannot be read so well that tk could tell.
    """

    path: str
    ticket: str | None
    open: tuple[Conflict, ...] = ()


class Joined(NamedTuple):
    """What became of a file: its bytes, and what is in conflict there, between markers."""

    data: bytes
    open: tuple[Conflict, ...] = ()


class Sides(NamedTuple):
    """The files between the markers of one: as we have it, as they have it, and as it was, where the markers tell."""

    ours: bytes
    theirs: bytes
    base: bytes | None = None


def join(path: str, base: bytes | None, ours: bytes, theirs: bytes, settle: Settle = ask) -> Joined | None:
    """Return the ticket file at `path` with what both sides made of it; `settle` says who chooses in a conflict.

    None where a file cannot be read so well that nothing in it could be lost, or the two are different tickets that
    have drawn one id.
    """
    if ours == theirs:
        return Joined(ours)
    documents = [None if data is None else codec.read(path, data) for data in (base, ours, theirs)]
    origin, mine, yours = documents
    if mine is None or yours is None or not all(document is None or _is_sound(document) for document in documents):
        return None
    if mine.ticket is None or yours.ticket is None or not is_one(origin, mine, yours):
        return None
    started = None if origin is None else origin.ticket
    choose = settle(mine.ticket, yours.ticket)
    merged = merge(started, mine.ticket, yours.ticket, choose)
    try:
        if not merged.open:
            return Joined(_laid_out(merged.ticket, origin, mine, yours))
        either = (merge(started, mine.ticket, yours.ticket, _else(choose, side)).ticket for side in ("ours", "theirs"))
        return Joined(marked(*(_laid_out(ticket, origin, mine, yours) for ticket in either)), merged.open)
    except UnreadableTicket:  # written so that tk does not change it
        return None


def _else(choose: Choose, side: Side) -> Choose:
    return lambda conflict: choose(conflict) or always(side)(conflict)


def is_one(origin: Document | None, ours: Document, theirs: Document) -> bool:
    """Return whether the files are states of one ticket, and not of several that drew one id."""
    tickets = [document.ticket for document in (origin, ours, theirs) if document is not None]
    return all(one and other and is_same(one, other) for one, other in pairwise(tickets))


def _is_sound(document: Document) -> bool:
    """Return whether all that stands in the file is in its ticket."""
    if document.ticket is None or any(finding.is_error for finding in document.findings):
        return False
    return all(finding.code != "bad-event" for finding in document.findings)  # text that belongs to no event


def _laid_out(ticket: Ticket, origin: Document | None, ours: Document, theirs: Document) -> bytes:
    """Return a file that holds `ticket`, with the remarks, the order of keys and the unknown of both sides.

    Each state of the file is brought to hold the ticket; what they differ in then means nothing and is joined by lines.
    """
    texts = [_holding(document, ticket, ours, theirs) for document in (origin, ours, theirs) if document is not None]
    if texts[-1] == texts[-2]:
        return texts[-1]
    first, *others = [_LINE.findall(text.decode()) for text in texts]
    strands = weave(first, *others, spaced=False) if origin is not None else pairs(first, *others)
    data = "".join(line for strand in strands for line in _either(strand)).encode()
    return data if codec.read(ours.path, data).ticket == ticket else min(texts[-2:])


def _either(strand: Strand) -> Sequence[str]:
    """Return lines without a meaning that both sides wrote in the same place: remarks of both, else one side's."""
    if strand.theirs is None:
        return strand.ours
    one, other = sorted((strand.ours, strand.theirs))
    if all(_REMARK.fullmatch(line) for line in (*one, *other)):
        return tuple(dict.fromkeys((*one, *other)))
    return one or other


def _holding(document: Document, ticket: Ticket, *sides: Document) -> bytes:
    """Return the file of `document` changed to hold `ticket`; custom values written as the sides wrote them."""
    fields = {key: value for side in sides if side.ticket for key, value in side.ticket.fields.items()}
    texts = [side.text[side.front.start : side.front.end] for side in sides]
    plain = frozenset(
        key
        for key, value in fields.items()
        if isinstance(value, str) and looks_typed(value) and any(f"{key}: {value}" in text for text in texts)
    )
    return codec.edit(document, ticket, tuple(ticket.fields), plain)


def marked(ours: bytes, theirs: bytes) -> bytes:
    """Return two files as one, with git's conflict markers around the lines in which they differ."""
    mine, yours = (_LINE.findall(data.decode("utf-8", "surrogateescape")) for data in (ours, theirs))
    eol = "\r\n" if mine and mine[0].endswith("\r\n") else "\n"
    lines: list[str] = []
    for strand in pairs(mine, yours):
        if strand.theirs is None:
            lines += strand.ours
        else:
            lines += [f"{OURS} ours{eol}", *_ended(strand.ours, eol), f"{_BETWEEN}{eol}"]
            lines += [*_ended(strand.theirs, eol), f"{THEIRS} theirs{eol}"]
    return "".join(lines).encode("utf-8", "surrogateescape")


def apart(ours: bytes, theirs: bytes) -> bytes:
    """Return two files that are different tickets one after the other, between git's conflict markers."""
    texts = [data if data.endswith(b"\n") else data + b"\n" for data in (ours, theirs)]
    return b"%s ours\n%s%s\n%s%s theirs\n" % (OURS.encode(), texts[0], _BETWEEN.encode(), texts[1], THEIRS.encode())


def _ended(lines: Sequence[str], eol: str) -> list[str]:
    return [line if line.endswith("\n") else line + eol for line in lines]


def sides_of(data: bytes) -> Sides | None:
    """Return what a file holds between conflict markers; None where it holds none, or they do not make a whole."""
    texts: dict[str, list[str]] = {OURS: [], BASE: [], THEIRS: []}
    within, has_base, count = "", True, 0
    for line in _LINE.findall(data.decode("utf-8", "surrogateescape")):
        found = _MARKER.fullmatch(line)
        marker = found[1] if found else ""
        following = _FOLLOWING.get((within, marker))
        if following is not None:
            count += marker == OURS
            has_base = has_base and not (marker == _BETWEEN and within == OURS)
            within = following
        elif marker in (OURS, THEIRS):
            return None
        else:
            for side in (within,) if within else texts:
                texts[side].append(line)
    if within or not count:
        return None
    ours, base, theirs = ("".join(lines).encode("utf-8", "surrogateescape") for lines in texts.values())
    return Sides(ours, theirs, base if has_base else None)


_FOLLOWING = {
    ("", OURS): OURS,
    (OURS, BASE): BASE,
    (OURS, _BETWEEN): THEIRS,
    (BASE, _BETWEEN): THEIRS,
    (THEIRS, THEIRS): "",
}
"""Which part of a conflict begins with a marker that stands in another; "" is outside of any."""
