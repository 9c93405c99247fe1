"""A ticket's file: from bytes to a `Ticket` with findings, and back, changing only the bytes that mean a change."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.ids import id_of
from tk.core.ticket import KEYS, Plain, Ticket, value_of
from tk.errors import UnreadableTicket, say
from tk.store.codec import frontmatter
from tk.store.codec.amend import Change, amend
from tk.store.codec.body import edit_body, parse_body, render_body, texts_of
from tk.store.codec.emit import front_of, keys_of, written
from tk.store.codec.node import Node, Trouble, place_of, plain_of
from tk.store.codec.shape import Flaw, typed
from tk.store.document import Body, Document, Front

__all__ = ["Document", "edit", "halves", "place", "raw", "read", "render", "texts"]


class _Opened(NamedTuple):
    """Text whose front matter could be read, by the scanner or else by YAML."""

    text: str
    front: Front
    tree: dict[str, Plain]
    root: Node | None


def _open(data: bytes) -> _Opened | Trouble:
    text = _decoded(data)
    if isinstance(text, Trouble):
        return text
    front = frontmatter.split(text)
    if isinstance(front, Trouble):
        return front
    head = text[front.start : front.end]
    tree = frontmatter.scan(head.replace("\r\n", "\n") if "\r" in head else head)
    if tree is not None:
        return _Opened(text, front, tree, None)
    root = frontmatter.compose(head)
    if isinstance(root, Trouble):
        return root
    plain = plain_of(root)
    return _Opened(text, front, dict(plain) if isinstance(plain, dict) else {}, root)


def _decoded(data: bytes) -> str | Trouble:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        return Trouble(
            "encoding",
            data.count(b"\n", 0, error.start) + 1,
            len(data[line_start : error.start].decode(errors="replace")) + 1,
            say("the byte {byte} here is no UTF-8; save the file as UTF-8", byte=f"0x{data[error.start]:02X}"),
        )


def raw(data: bytes) -> dict[str, Plain] | None:
    """Return what the front matter of a ticket's file holds, as text; None where it cannot be read."""
    opened = _open(data)
    return None if isinstance(opened, Trouble) else opened.tree


def halves(data: bytes) -> tuple[dict[str, Plain], str] | None:
    """Return what the front matter of a ticket's file holds, as text, and its body with LF; None where it is none."""
    opened = _open(data)
    if isinstance(opened, Trouble):
        return None
    body = opened.text[opened.front.body :]
    return opened.tree, body.replace("\r\n", "\n") if "\r" in body else body


def texts(data: bytes) -> tuple[str, str]:
    """Return the description and the texts of the log, as `read` would, without looking at the front matter."""
    text = _decoded(data)
    front = text if isinstance(text, Trouble) else frontmatter.split(text)
    if isinstance(text, Trouble) or isinstance(front, Trouble):
        return "", ""
    body = text[front.body :]
    return texts_of(body.replace("\r\n", "\n") if "\r" in body else body)


def read(path: str, data: bytes) -> Document:
    """Return the ticket that `data`, the file at `path`, holds; whatever the bytes, it never raises."""
    opened = _open(data)
    if isinstance(opened, Trouble):
        finding = Finding(path, opened.line, opened.column, opened.code, "error", opened.message, id_of(path))
        return Document(path, data, None, (finding,))
    text, front = opened.text, opened.front
    ticket, flaws = typed(opened.tree, id_of(path) or "")
    body = parse_body(text[front.body :])
    ticket = ticket._replace(description=body.description, events=body.events)
    findings = _front_findings(path, ticket.id, opened, flaws) + _body_findings(path, ticket.id, text, front, body)
    damaged = frozenset(str(flaw.way[0]) for flaw in flaws)
    return Document(path, data, ticket, tuple(findings), text, front, body, opened.root is None, damaged)


def _front_findings(path: str, ticket_id: str, opened: _Opened, flaws: Sequence[Flaw]) -> list[Finding]:
    if not flaws:
        return []
    front = opened.front
    root = opened.root or frontmatter.compose(opened.text[front.start : front.end])
    findings = []
    for flaw in flaws:
        line, column = (-1, 0) if isinstance(root, Trouble) else _place(root, flaw)
        findings.append(Finding(path, line + 2, column + 1, flaw.code, "error", flaw.message, ticket_id))
    return findings


def _place(root: Node, flaw: Flaw) -> tuple[int, int]:
    """Return where the flaw is, line and column from 0: a key that is nowhere is missing at the opening fence."""
    if isinstance(root.value, Mapping) and flaw.way[0] in root.value:
        return place_of(root, flaw.way)
    return -1, 0


def _body_findings(path: str, ticket_id: str, text: str, front: Front, body: Body) -> list[Finding]:
    first = text.count("\n", 0, front.body) + 1
    findings = [
        Finding(path, first + flaw.line, 1, flaw.code, flaw.severity, flaw.message, ticket_id) for flaw in body.flaws
    ]
    conflict = frontmatter.body_conflict(text[front.body :])
    if conflict is not None:
        line = first + text.count("\n", front.body, front.body + conflict)
        message = say(
            "this reads like a conflict that a merge left; if it is one, tk resolve {id} settles it", id=ticket_id
        )
        findings.append(Finding(path, line, 1, "conflict", "warning", message, ticket_id))
    return findings


def loose(document: Document) -> str:
    """Return the text between the line `## Log` and the first event, which is part of nothing."""
    body = document.body
    told = document.text[document.front.body :][body.log : body.starts[0] if body.starts else None]
    return told.partition("\n")[2].strip()


def place(document: Document, key: str) -> tuple[int, int]:
    """Return line and column, from 1, of a key of the front matter, or of the event whose id is `key`."""
    return placing(document)(key)


def placing(document: Document) -> Callable[[str], tuple[int, int]]:
    """Return what tells the `place` of keys and events of a document, which it goes through but once, if at all."""
    text, front, body = document.text, document.front, document.body

    @cache
    def events() -> Mapping[str, int]:
        lines: dict[str, int] = {}
        line, counted = 1, 0
        for event, start in zip(body.events, body.starts, strict=True):
            line, counted = line + text.count("\n", counted, front.body + start), front.body + start
            lines.setdefault(event.id, line)
        return lines

    @cache
    def root() -> Node | Trouble:
        return frontmatter.compose(text[front.start : front.end])

    def placed(key: str) -> tuple[int, int]:
        if key in events():
            return events()[key], 1
        found = root()
        line, column = (-1, 0) if isinstance(found, Trouble) else place_of(found, (key,))
        return line + 2, column + 1

    return placed


def render(ticket: Ticket, order: Sequence[str] = (), plain: frozenset[str] = frozenset()) -> bytes:
    """Return a new file in canonical form.

    `order` is the order in which the policy declares custom fields; `plain` names those of them whose type tells more
    than their text.
    """
    return _encoded(front_of(ticket, order, plain) + render_body(ticket.description, ticket.events))


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")  # half a character, which no encoding has, becomes a question mark


def edit(document: Document, after: Ticket, order: Sequence[str] = (), plain: frozenset[str] = frozenset()) -> bytes:
    """Return the file changed where `after` differs from the document's ticket, every other byte as it was."""
    before = document.ticket
    if before is None:
        raise UnreadableTicket(
            say("{path} cannot be read, so it cannot be changed", path=document.path),
            say("`tk check` says what is wrong with it; correct it by hand first"),
        )
    text, front = document.text, document.front
    changes = _changes(before, after, order, plain)
    head = text[front.start : front.end]
    if changes:
        ranks = {key: rank for rank, key in enumerate(dict.fromkeys((*KEYS, *order)))}
        head = amend(head, _root(document, head), changes, ranks, document.damaged)
    eol = "\r\n" if text[: front.start].endswith("\r\n") else "\n"
    body = edit_body(text[front.body :], document.body, after.description, after.events, eol)
    fence = text[front.end : front.body]
    if body and not fence.endswith("\n"):
        fence += eol
    data = _encoded(text[: front.start] + head + fence + body)
    if changes and not document.is_canonical:
        _check(document, after, read(document.path, data).ticket, order, plain)
    return data


def _changes(before: Ticket, after: Ticket, order: Sequence[str], plain: frozenset[str]) -> list[Change]:
    changes = []
    for key in dict.fromkeys((*keys_of(after, order), *keys_of(before, order))):
        old, new = value_of(before, key), value_of(after, key)
        if old is not new:
            change = Change(key, written(key, old, plain), written(key, new, plain))
            if change.before != change.after:
                changes.append(change)
    return changes


def _root(document: Document, head: str) -> Node | None:
    """Return the places of what people wrote, None for canonical front matter, whose lines tell them."""
    if document.is_canonical:
        return None
    root = frontmatter.compose(head)
    if isinstance(root, Trouble) or not root.is_block:
        raise UnreadableTicket(
            say("the front matter of {path} is one map in braces, which tk does not change", path=document.path),
            say("write it as lines of `key: value`"),
        )
    return root


def _check(
    document: Document, after: Ticket, result: Ticket | None, order: Sequence[str], plain: frozenset[str]
) -> None:
    """Refuse an edit of hand-written front matter that would not read back as it is meant."""
    if result is None or _changes(result, after, order, plain):
        raise UnreadableTicket(
            say("the front matter of {path} is written so that tk cannot change it safely", path=document.path),
            say("write each key on a line of its own, as `key: value`"),
        )
