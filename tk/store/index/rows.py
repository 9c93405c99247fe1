"""From the bytes of a ticket file to what the index keeps of it, never otherwise than the codec reads it."""

import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

from tk.core.finding import Finding
from tk.core.ids import id_of
from tk.core.instant import epoch, format_instant, parse_instant
from tk.core.ticket import REQUIRED, Plain, Ticket, attribute
from tk.errors import Message, say
from tk.store import codec
from tk.store.codec.shape import typed
from tk.store.index.schema import INSTANTS, TEXTS
from tk.store.index.tables import Entry
from tk.store.index_changes import Stamp, stamp_of
from tk.store.repo import oddity

_PLACES = [TEXTS.index(key) for key in INSTANTS]
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def read_entry(root: str, path: str) -> tuple[Entry, Stamp] | None:
    """Return what the file at `path` under `root` says, and its stamp when it was read; None where there is none."""
    try:
        handle = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as failure:
        return _unopened(root, path, failure)
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            return None
        odd = oddity(path, status.st_mode)
        if odd is not None:
            return _broken(path, *odd), stamp_of(status)
        data = os.read(handle, status.st_size + 1)
        while more := os.read(handle, 1 << 20):
            data += more
    except OSError as failure:
        return _unopened(root, path, failure)
    finally:
        os.close(handle)
    return entry_of(path, data), stamp_of(status)


def _unopened(root: str, path: str, failure: OSError) -> tuple[Entry, Stamp] | None:
    try:
        status = os.lstat(f"{root}/{path}")
    except OSError:
        return None
    odd = oddity(path, status.st_mode)
    if odd is not None:
        return _broken(path, *odd), stamp_of(status)
    from tk.core.reasons import of_system  # nearly every file opens

    message = say("{path} cannot be read: {reason}", path=path, reason=of_system(failure))
    return _broken(path, "unreadable", message), stamp_of(status)


def entry_of(path: str, data: bytes) -> Entry:
    """Return what the index keeps of a ticket file with this content."""
    return _entry(path, data)._replace(checksum=crc32(data))


def _entry(path: str, data: bytes) -> Entry:
    front = codec.raw(data)
    if front is None:
        finding = codec.read(path, data).findings[0]
        return _broken(path, finding.code, finding.message, finding.line, finding.column)
    try:
        return _quick(path, front)
    except (KeyError, TypeError, ValueError):  # not as plain as most: the codec's own reader makes the best of it
        ticket, _ = typed(front, id_of(path) or "")
        return _whole(path, ticket, front)


def _quick(path: str, front: Mapping[str, Plain]) -> Entry:
    """Return the entry of plain front matter; raise where a value has not the shape its key should have."""
    if not all(front[key] for key in REQUIRED):
        raise ValueError(path)
    shown = {**front, "category": "/".join(_texts(front.get("category")))}
    texts = [_text(shown.get(key)) for key in TEXTS]
    instants = [texts[place] for place in _PLACES]
    due = front.get("due", {})
    if not isinstance(due, Mapping):
        raise TypeError(path)
    return Entry(
        path,
        tuple(texts),
        tuple([None if text is None else _seconds(text) for text in instants]),
        min(map(_seconds, _texts(tuple(due.values()))), default=None),
        _json(front),
        _texts(front.get("aliases")),
        _texts(front.get("tags")),
    )


@lru_cache(maxsize=1024)
def _seconds(text: str) -> int:
    return epoch(parse_instant(text))  # most files say one instant several times


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise TypeError(value)


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, tuple) or not all(isinstance(item, str) and item for item in value):
        raise TypeError(value)
    return tuple(map(str, value))


def _whole(path: str, ticket: Ticket, front: Mapping[str, Plain]) -> Entry:
    """Return the entry of a ticket that the codec read."""
    values = {key: getattr(ticket, attribute(key)) for key in (*TEXTS, *INSTANTS)}
    instants = [values[key] for key in INSTANTS]
    values["category"] = "/".join(ticket.category)
    return Entry(
        path,
        tuple([_shown(values[key]) for key in TEXTS]),
        tuple([None if instant is None else epoch(instant) for instant in instants]),
        min(map(epoch, ticket.due.values()), default=None),
        _json(front),
        ticket.aliases,
        ticket.tags,
    )


def _shown(value: str | datetime | None) -> str | None:
    return format_instant(value) if isinstance(value, datetime) else value or None


def _json(front: Mapping[str, Plain]) -> str:
    return _JSON.encode(front)


def _broken(path: str, code: str, message: Message, line: int = 0, column: int = 0) -> Entry:
    told = [line, column, code, _kept(message)]
    texts = (id_of(path), *(None,) * (len(TEXTS) - 1))  # the path says which ticket it would be
    return Entry(path, texts, (None,) * len(INSTANTS), None, "{}", broken=json.dumps(told, default=str))


def finding_of(path: str, broken: str) -> Finding:
    """Return the finding that an entry holds as JSON under `broken`."""
    line, column, code, kept = json.loads(broken)
    return Finding(path, line, column, code, "error", _message(kept))


def _kept(message: Message) -> list[object]:
    """Return a message, and those within it, as JSON keeps them."""
    return [message.template, {k: _kept(v) if isinstance(v, Message) else v for k, v in message.values.items()}]


def _message(kept: list[Any]) -> Message:
    template, values = kept
    return Message(template, {name: _message(v) if isinstance(v, list) else v for name, v in values.items()})
