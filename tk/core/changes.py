"""What became of a ticket key by key, as people are told it: the values before and after."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tk.core.instant import format_instant
from tk.core.ticket import KEYS, Event, Ticket, value_of

STAMPS = frozenset({"id", "updated", "activity", "status-since"})
"""Keys whose changes only follow from others, and are not told."""


class FieldChange(NamedTuple):
    """A key of the ticket that changed: its value before and after, None where there was none."""

    field: str
    before: object
    after: object


def changes(before: Ticket | None, after: Ticket | None) -> Iterator[FieldChange]:
    """Yield the keys that changed; of a ticket whose file was removed only the id, which is gone."""
    if after is None:
        if before is not None:
            yield FieldChange("id", before.id, None)
        return
    held = () if before is None else tuple(before.fields)
    for key in dict.fromkeys((*KEYS, *held, *after.fields)):
        old, new = (None if before is None else value_of(before, key)), value_of(after, key)
        if old != new and (new or old) and (key not in STAMPS or before is None):
            yield FieldChange(key, old or None, new or None)
    old_text = "" if before is None else before.description
    if old_text != after.description:
        yield FieldChange("description", old_text or None, after.description or None)
    yield from _rewritten(() if before is None else before.events, after.events)


def _rewritten(before: Sequence[Event], after: Sequence[Event]) -> Iterator[FieldChange]:
    """Yield the events that were altered or removed, which no command does."""
    kept = {event.id: event for event in after}
    for event in before:
        now = kept.get(event.id)
        if now != event:
            yield FieldChange("events", _line(event), None if now is None else _line(now))


def _line(event: Event) -> str:
    facts = "".join(f" {name}={value}" for name, value in event.facts.items())
    return f"{event.id} {format_instant(event.at)} {event.type} {event.by}{facts}: {event.text}"
