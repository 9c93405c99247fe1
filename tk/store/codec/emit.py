"""The canonical form of front matter: what tk writes, in the order of `KEYS` (design, section 2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from tk.core.instant import format_instant
from tk.core.ticket import KEYS, Approval, Attachment, Link, Plain, Rating, Request, Ticket, value_of
from tk.store.codec import scalar

Written: TypeAlias = "str | Mapping[str, str] | tuple[str, ...] | None"
"""A value as written: on the line of its key; as a block, name → text or the items (of several lines each); or not."""

_IDS = frozenset({"id", "aliases"})


def written(key: str, value: Any, plain: frozenset[str] = frozenset()) -> Written:
    """Return the value under `key`, typed as `Ticket` holds it, as front matter holds it; None where it is empty.

    `plain` names the custom fields whose type tells more than their text (numbers, dates, flags).
    """
    if value is None:
        return None
    if key not in KEYS:
        return _flow(value) if not isinstance(value, str) else scalar.scalar(value, typed=key in plain)
    return _SHAPES[KEYS[key]](value, key in _IDS) if value else None


def lines_of(key: str, value: Written) -> list[str]:
    """Return the lines, without their ends, of a key and its value."""
    name = scalar.key(key)
    if value is None:
        return []
    if isinstance(value, str):
        return [f"{name}: {value}"]
    if isinstance(value, tuple):
        return [f"{name}:", *(line for item in value for line in item.split("\n"))]
    return [f"{name}:", *(f"  {line_of(part, text)}" for part, text in value.items())]


def line_of(key: str, text: str) -> str:
    """Return the line of a key whose value stands on it."""
    return f"{scalar.key(key)}: {text}"


def keys_of(ticket: Ticket, order: Sequence[str] = ()) -> Iterator[str]:
    """Yield the keys a ticket may have in canonical order: built in, custom as `order` declares them, the rest."""
    yield from KEYS
    yield from (key for key in order if key in ticket.fields)
    yield from (key for key in ticket.fields if key not in order)


def front_of(ticket: Ticket, order: Sequence[str], plain: frozenset[str]) -> str:
    """Return the canonical front matter, fences included."""
    lines = ["---"]
    for key in keys_of(ticket, order):
        lines += lines_of(key, written(key, value_of(ticket, key), plain))
    return "\n".join((*lines, "---", ""))


def _flow(value: Plain, typed: bool = False) -> str:
    if isinstance(value, str):
        return scalar.scalar(value, flow=True, typed=typed)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar.key(key)}: {_flow(held)}" for key, held in value.items()) + "}"
    return "[" + ", ".join(_flow(item, typed) for item in value) + "]"


def _record(pairs: Mapping[str, str | None]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in pairs.items() if text is not None) + "}"


def _item(pairs: Mapping[str, str | None]) -> str:
    return "- " + "\n  ".join(f"{key}: {text}" for key, text in pairs.items() if text is not None)


def _optional(text: str | None, *, flow: bool = False) -> str | None:
    return None if text is None else scalar.scalar(text, flow=flow)


def _instants(value: Mapping[str, datetime], _: bool) -> Written:
    return {name: format_instant(instant) for name, instant in value.items()}


def _durations(value: Mapping[str, str], _: bool) -> Written:
    return {name: scalar.scalar(text, typed=True) for name, text in value.items()}


def _links(value: Sequence[Link], _: bool) -> Written:
    return tuple(_item({"kind": scalar.scalar(link.kind), "id": scalar.scalar(link.id, typed=True)}) for link in value)


def _attachments(value: Sequence[Attachment], _: bool) -> Written:
    return tuple(
        _item(
            {
                "file": scalar.scalar(held.file),
                "kind": _optional(held.kind),
                "date": None if held.date is None else held.date.isoformat(),
            }
        )
        for held in value
    )


def _who_when(held: Request | Approval | Rating) -> dict[str, str | None]:
    return {"by": _optional(held.by, flow=True), "at": format_instant(held.at)}


def _requests(value: Mapping[str, Request], _: bool) -> Written:
    return {
        name: _record({**_who_when(held), "value": _optional(held.value, flow=True)}) for name, held in value.items()
    }


def _approvals(value: Mapping[str, Approval], _: bool) -> Written:
    return {name: _record(_who_when(held)) for name, held in value.items()}


def _rating(value: Rating, _: bool) -> Written:
    return _record({"value": _optional(value.value, flow=True), **_who_when(value)})


def _text(value: str, is_id: bool) -> Written:
    return scalar.scalar(value, typed=is_id)


def _instant(value: datetime, _: bool) -> Written:
    return format_instant(value)


_SHAPES: Mapping[str, Callable[[Any, bool], Written]] = {
    "text": _text,
    "texts": _flow,
    "instant": _instant,
    "instants": _instants,
    "durations": _durations,
    "links": _links,
    "attachments": _attachments,
    "requests": _requests,
    "approvals": _approvals,
    "rating": _rating,
}
