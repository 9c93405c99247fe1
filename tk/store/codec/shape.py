"""From text to types: each value of the front matter by the shape that `KEYS` gives it, leniently.

What can be understood is; what cannot is left out and told as a flaw with the way to it, from which line and column
follow.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from tk.core.instant import parse_date, parse_duration, parse_instant
from tk.core.text import shown
from tk.core.ticket import KEYS, REQUIRED, Approval, Attachment, Link, Plain, Rating, Request, Ticket, attribute
from tk.errors import Message, say
from tk.store.codec.node import Step

T = TypeVar("T")


class Flaw(NamedTuple):
    """What is wrong with a value: the way to it from the top, a finding's code and its sentence."""

    way: tuple[Step, ...]
    code: str
    message: Message


class _Spot(NamedTuple):
    """Where a value stands, and where to tell what is wrong with it."""

    way: tuple[Step, ...]
    flaws: list[Flaw]

    @property
    def name(self) -> str:
        return ".".join(str(step + 1) if isinstance(step, int) else shown(step) for step in self.way)

    def under(self, step: Step) -> "_Spot":
        return _Spot((*self.way, step), self.flaws)

    def wrong(self, message: Message, code: str = "bad-value") -> None:
        self.flaws.append(Flaw(self.way, code, message))


def typed(tree: Mapping[str, Plain], default_id: str) -> tuple[Ticket, list[Flaw]]:
    """Return the ticket that front matter holds, its description and events still empty, and what is wrong with it.

    Where the id is missing the ticket has `default_id`.
    """
    flaws: list[Flaw] = []
    values: dict[str, Any] = {}
    fields: dict[str, Plain] = {}
    for key, plain in tree.items():
        shape = KEYS.get(key)
        if shape is None:
            fields[key] = plain
            continue
        value = _READERS[shape](plain, _Spot((key,), flaws))
        if value:
            values[attribute(key)] = value
    for key in REQUIRED:
        if attribute(key) not in values and not any(flaw.way == (key,) for flaw in flaws):
            _Spot((key,), flaws).wrong(say("`{key}` is missing; add a line `{key}: …`", key=key), "missing-key")
    values.setdefault("id", default_id)
    return Ticket(**values, fields=fields), flaws


def _text(plain: Plain, spot: _Spot) -> str | None:
    if isinstance(plain, str):
        return plain
    spot.wrong(say("`{key}` must be text on one line, not a list or map; rewrite it", key=spot.name))
    return None


def _parsed(plain: Plain, spot: _Spot, parse: Callable[[str], T], example: str) -> T | None:
    text = _text(plain, spot)
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError:
        spot.wrong(
            say(
                "`{key}` must be written like {example}, not “{text}”; correct it",
                key=spot.name,
                example=example,
                text=shown(text),
            )
        )
        return None


def _instant(plain: Plain, spot: _Spot) -> datetime | None:
    return _parsed(plain, spot, parse_instant, "2026-08-12T09:14:03-05:00")


def _date(plain: Plain, spot: _Spot) -> date | None:
    return _parsed(plain, spot, parse_date, "2026-08-12")


def _duration(plain: Plain, spot: _Spot) -> str | None:
    return None if _parsed(plain, spot, parse_duration, "90m, 24h, 4d, 8bh or 3bd") is None else str(plain)


def _list(plain: Plain, spot: _Spot, read: Callable[[Plain, _Spot], T | None]) -> tuple[T, ...]:
    if not isinstance(plain, tuple):
        spot.wrong(say("`{key}` must be a list, such as `[one, two]`; put brackets around it", key=spot.name))
        return ()
    values = (read(item, spot.under(place)) for place, item in enumerate(plain))
    return tuple(value for value in values if value is not None)


def _map(plain: Plain, spot: _Spot, read: Callable[[Plain, _Spot], T | None]) -> dict[str, T]:
    if not isinstance(plain, Mapping):
        spot.wrong(say("`{key}` must be a map; write `name: value` on indented lines below it", key=spot.name))
        return {}
    values = {name: read(held, spot.under(name)) for name, held in plain.items()}
    return {name: value for name, value in values.items() if value is not None}


def _parts(
    plain: Plain, spot: _Spot, readers: Mapping[str, Callable[[Plain, _Spot], Any]], required: Collection[str]
) -> dict[str, Any] | None:
    """Return the parts of a record; None where it is no map or one that it needs is missing or wrong."""
    if not isinstance(plain, Mapping):
        spot.wrong(say("`{key}` must be a map with the keys {keys}; rewrite it", key=spot.name, keys=_join(readers)))
        return None
    values: dict[str, Any] = {}
    for name, held in plain.items():
        if name in readers:
            values[name] = readers[name](held, spot.under(name))
        else:
            message = say(
                "`{key}` has no part `{part}`, only {keys}", key=spot.name, part=shown(name), keys=_join(readers)
            )
            spot.under(name).wrong(message)
    missing = [name for name in required if name not in plain]
    if missing:
        spot.wrong(say("`{key}` lacks `{part}`; add it", key=spot.name, part=missing[0]))
    return None if any(values.get(name) is None for name in required) else values


def _join(names: Collection[str]) -> str:
    return ", ".join(names)


def _link(plain: Plain, spot: _Spot) -> Link | None:
    parts = _parts(plain, spot, {"kind": _text, "id": _text}, ("kind", "id"))
    return None if parts is None else Link(**parts)


def _attachment(plain: Plain, spot: _Spot) -> Attachment | None:
    parts = _parts(plain, spot, {"file": _text, "kind": _text, "date": _date}, ("file",))
    return None if parts is None else Attachment(**parts)


def _request(plain: Plain, spot: _Spot) -> Request | None:
    parts = _parts(plain, spot, {"by": _text, "at": _instant, "value": _text}, ("by", "at"))
    return None if parts is None else Request(**parts)


def _approval(plain: Plain, spot: _Spot) -> Approval | None:
    parts = _parts(plain, spot, {"by": _text, "at": _instant}, ("by", "at"))
    return None if parts is None else Approval(**parts)


def _rating(plain: Plain, spot: _Spot) -> Rating | None:
    parts = _parts(plain, spot, {"value": _text, "by": _text, "at": _instant}, ("value", "by", "at"))
    return None if parts is None else Rating(**parts)


_READERS: Mapping[str, Callable[[Plain, _Spot], Any]] = {
    "text": _text,
    "texts": lambda plain, spot: _list(plain, spot, _text),
    "instant": _instant,
    "instants": lambda plain, spot: _map(plain, spot, _instant),
    "durations": lambda plain, spot: _map(plain, spot, _duration),
    "links": lambda plain, spot: _list(plain, spot, _link),
    "attachments": lambda plain, spot: _list(plain, spot, _attachment),
    "requests": lambda plain, spot: _map(plain, spot, _request),
    "approvals": lambda plain, spot: _map(plain, spot, _approval),
    "rating": _rating,
}
