"""What a merge left open, in words: the ticket, what is in question, and what either side has."""

from collections.abc import Sequence

from tk.cli.app import App
from tk.cli.output.voice import NOTHING, Voice
from tk.cli.terminal.safe import cell
from tk.core.instant import format_instant
from tk.core.merging.merge import ASSIGNMENT, STANDING, Conflict
from tk.core.ticket import Event, attribute
from tk.errors import say
from tk.store.merging.joining import InConflict

_SHORT = 200
"""How many characters of a text are shown."""


def write_conflicts(app: App, voice: Voice, conflicts: Sequence[InConflict]) -> None:
    """Write a line for each thing in question."""
    for each in conflicts:
        name = cell(each.ticket or each.path)
        if not each.open:
            told = say("cannot be merged by tk; edit it by hand: {path}", path=cell(each.path))
            app.out(f"! {name} {told}")
        for conflict in each.open:
            ours, theirs = (held_words(voice, conflict, held) for held in (conflict.ours, conflict.theirs))
            told = say("{ours} here, {theirs} there", ours=ours, theirs=theirs)
            app.out(f"! {name} {label(voice, conflict)}: {told}")


def label(voice: Voice, conflict: Conflict) -> str:
    """Return what people call what is in question."""
    group = next((keys for keys in (STANDING, ASSIGNMENT) if keys[0] == conflict.key), (conflict.key,))
    name = " / ".join(voice.name(key) for key in group if key in _TOLD or len(group) == 1)
    return f"{name} {cell(conflict.name)}" if conflict.name else name


def held_words(voice: Voice, conflict: Conflict, held: object) -> str:
    """Return what a side has of it, on one line."""
    if conflict.key in (STANDING[0], ASSIGNMENT[0]) and isinstance(held, tuple):
        keys = STANDING if conflict.key == STANDING[0] else ASSIGNMENT
        pairs = zip(keys, held, strict=True)
        shown = [voice.value(key, value) for key, value in pairs if key in _TOLD and value is not None]
        return " / ".join(shown) or NOTHING
    if isinstance(held, Event):
        text = f"{format_instant(held.at)} {held.type} {held.by}: {held.text}"
    elif conflict.name:
        return voice.value(conflict.key, {conflict.name: held}) if held is not None else NOTHING
    else:
        text = voice.value(conflict.key, held)
    line = cell(text)
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


_TOLD = frozenset({"status", "priority", *ASSIGNMENT})
"""What of a group is told; the rest follows from it."""


def portrait(each: InConflict) -> list[dict[str, object]]:
    """Return what is in question in a file for programs; a file that tk cannot merge has no key."""
    if not each.open:
        return [{"path": each.path, "ticket": each.ticket, "key": None, "ours": None, "theirs": None}]
    return [
        {
            "path": each.path,
            "ticket": each.ticket,
            "key": conflict.label,
            "ours": _plain(conflict.key, conflict.ours),
            "theirs": _plain(conflict.key, conflict.theirs),
        }
        for conflict in each.open
    ]


def _plain(key: str, held: object) -> object:
    from tk.core.portrait import event_json, plain  # JSON alone needs it

    if isinstance(held, Event):
        return event_json(held)
    for group in (STANDING, ASSIGNMENT):
        if key == group[0] and isinstance(held, tuple):
            return {attribute(name): plain(value) for name, value in zip(group, held, strict=True)}
    return plain(held)
