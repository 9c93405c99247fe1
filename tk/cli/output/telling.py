"""A change of the desk in words: what it is about, and a part for each thing that became of it.

The parts are messages whose values are words of tickets, so that each form can keep those from acting in it.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.cli.app import App
from tk.cli.output.voice import Voice
from tk.cli.terminal.safe import cell, safe
from tk.core.numbers import counted
from tk.core.policy import Policy
from tk.core.review.contrast import Contrast, FieldChange, moved, parted
from tk.core.review.policy_contrast import PolicyChange, Value
from tk.errors import Message, say
from tk.store.judging.outcome import FileChange, TicketChange

_LISTS = frozenset({"aliases", "tags", "links", "attachments"})
_MAPS = frozenset({"due", "breached", "fired", "requests", "approvals"})
_OF_A_BIRTH = frozenset({"title", "status", "description"})
"""What the line of a new ticket says already, or leaves to its file."""

_LONG_AGO = datetime(1, 1, 3, tzinfo=UTC)
"""Far from every instant, which is then told by itself and not by how far away it is: what is read later stays true."""

_MANY = 10


class Telling(NamedTuple):
    """A line about one thing: its name, a ticket's title, the file, one of the kinds of change, what became of it."""

    name: str
    title: str
    path: str
    kind: str
    parts: tuple[Message, ...]
    is_ticket: bool = False


def of_ticket(policy: Policy, change: TicketChange, *, for_people: bool) -> Telling:
    """Return what became of a ticket, in labels for people and in keys for programs."""
    voice = Voice(policy, _LONG_AGO.replace(tzinfo=ZoneInfo(policy.desk.zone)), for_people)
    held = change.after or change.before
    parts = tuple(_parts(voice, change))
    return Telling(change.ticket, "" if held is None else held.title, change.path, change.kind, parts, is_ticket=True)


def line(app: App, telling: Telling) -> str:
    """Return `ID title: what; what`, the whole on one line."""
    head = app.styled(cell(telling.name), "yellow" if telling.is_ticket else "cyan")
    title = f" {cell(telling.title)}" if telling.title else ""
    return f"{head}{title}: {'; '.join(safe(cell(str(part))) for part in telling.parts)}"


def _parts(voice: Voice, change: TicketChange) -> Iterator[Message]:
    if change.broken is not None:
        yield say("cannot be read: {why}", why=change.broken.message)
    elif change.after is None:
        yield say("removed")
    elif change.mended:
        yield say("can be read again")
    elif change.what is not None:
        if change.before is None:
            yield say("opened by {person}", person=voice.value("creator", change.after.creator))
        yield from _deeds(voice, change, change.what)
    yield from (say("{file} is not the file that was attached", file=name) for name in change.files)


def _deeds(voice: Voice, change: TicketChange, what: Contrast) -> Iterator[Message]:
    status = what.of("status")
    if status is not None:
        yield _status(voice, change, status, what.late)
    for field in what.changes:
        if field.field != "status" and not (change.before is None and field.field in _OF_A_BIRTH):
            yield from _field(voice, field)
    added, altered, removed = len(what.added), len(what.altered), len(what.removed)
    for events, told in (
        (what.added, counted(added, "{count} event added", "{count} events added")),
        (what.altered, counted(altered, "{count} event altered", "{count} events altered")),
        (what.removed, counted(removed, "{count} event removed", "{count} events removed")),
    ):
        if events:
            types = ", ".join(dict.fromkeys(voice.event_type(event.type) for event in events))
            yield say("{events}: {types}", events=told, types=types)


def _status(voice: Voice, change: TicketChange, status: FieldChange, late: timedelta | None) -> Message:
    before, after = (voice.value("status", value) for value in (status.before, status.after))
    person = voice.value("creator", change.by)
    if change.before is None:
        return say("{key}: {after}", key=voice.name("status"), after=after)
    told = say("{before} → {after}", before=before, after=after)
    if change.by is not None:
        told = say("{before} → {after} by {person}", before=before, after=after, person=person)
    return told if late is None else say("{what}, {late}", what=told, late=_late(late))


def _late(late: timedelta) -> Message:
    minutes = int(late.total_seconds()) // 60
    if minutes >= 24 * 60:
        return counted(minutes // (24 * 60), "{count} day late", "{count} days late")
    return say("{count} h late", count=minutes // 60) if minutes >= 60 else say("{count} min late", count=minutes)


def _field(voice: Voice, change: FieldChange) -> Iterator[Message]:
    key, name = change.field, voice.name(change.field)
    if key == "description":
        yield say("description changed") if change.before else say("description written")
    elif key in _LISTS:
        added, taken = moved(change)
        if not (added or taken):
            yield _turned(voice, change)
        for words, sign in ((added, "+"), (taken, "-")):
            if words:
                told = ", ".join(f"{sign}{voice.value(key, (word,))}" for word in words)
                yield say("{key}: {after}", key=name, after=told)
    else:
        before, after = parted(change) if key in _MAPS else (change.before, change.after)
        if before:
            yield _turned(voice, FieldChange(key, before, after))
        else:
            yield say("{key}: {after}", key=name, after=voice.value(key, after))


def _turned(voice: Voice, change: FieldChange) -> Message:
    """Return a change of a value into another."""
    before, after = (voice.value(change.field, value) for value in (change.before, change.after))
    return say("{key}: {before} → {after}", key=voice.name(change.field), before=before, after=after)


def of_file(change: FileChange) -> Iterator[Telling]:
    """Yield what became of tk.toml, key by key, or of a template or register."""
    if change.keys is None:
        yield Telling(change.path, "", change.path, change.kind, (say("before or after, it cannot be read as TOML"),))
    elif change.keys and change.kind == "changed":
        for key in change.keys:
            yield Telling(f"{change.path} {key.key}", "", change.path, change.kind, tuple(_key(key)))
    else:
        rows = (
            (say("rows added: {keys}", keys=first(change.added)), change.added),
            (say("rows changed: {keys}", keys=first(change.changed)), change.changed),
            (say("rows removed: {keys}", keys=first(change.removed)), change.removed),
        )
        parts = tuple(told for told, keys in rows if keys) or (_FILES[change.kind],)
        yield Telling(change.path, "", change.path, change.kind, parts)


def file_json(change: FileChange) -> dict[str, object]:
    """Return what became of such a file for programs."""
    keys = None if change.keys is None else [{"key": k.key, "from": k.before, "to": k.after} for k in change.keys]
    rows = {"added": list(change.added), "changed": list(change.changed), "removed": list(change.removed)}
    return {"path": change.path, "kind": change.kind, "keys": keys, "rows": rows}


_FILES = {"new": say("new"), "changed": say("changed"), "removed": say("removed")}


def first(keys: Sequence[str]) -> str:
    """Return the first of many names, and how many there are."""
    return ", ".join(keys[:_MANY]) + (f", … ({len(keys)})" if len(keys) > _MANY else "")


def _key(change: PolicyChange) -> Iterator[Message]:
    before, after = change.before, change.after
    if isinstance(before, list | None) and isinstance(after, list | None) and not _are_alike(before, after):
        if after:
            yield say("added: {words}", words=", ".join(map(inline, after)))
        if before:
            yield say("taken away: {words}", words=", ".join(map(inline, before)))
    elif before is None:
        yield say("new: {value}", value=inline(after))
    elif after is None:
        yield say("removed: {value}", value=inline(before))
    else:
        yield say("{before} → {after}", before=inline(before), after=inline(after))


def _are_alike(before: list[Value] | None, after: list[Value] | None) -> bool:
    """Return whether two lists hold the same in another order."""
    return before is not None and after is not None and sorted(map(inline, before)) == sorted(map(inline, after))


def inline(value: Value) -> str:
    """Return a value as tk.toml writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value, ensure_ascii=False)
