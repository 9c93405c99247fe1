"""What became of a ticket, entry by entry, in words and as programs read it."""

from collections.abc import Iterator

from tk.cli.app import App
from tk.cli.output.review import SHORT
from tk.cli.output.voice import NOTHING, Voice
from tk.cli.terminal.safe import cell, safe
from tk.core.instant import format_instant
from tk.core.portrait import event_json, plain
from tk.core.ticket import Event, attribute
from tk.errors import say
from tk.services.history import Entry

_OF_A_NEW_ONE = frozenset({"id", "creator", "created", "updated", "status-since"})
"""What the heading of a new ticket's entry says already."""


def portrait(number: str, entry: Entry) -> dict[str, object]:
    """Return an entry of the ticket `number` as programs read it (design, section 4)."""
    return {
        "commit": entry.commit,
        "at": None if entry.at is None else format_instant(entry.at),
        "by": entry.by,
        "email": entry.email,
        "ticket": number,
        "actions": list(entry.actions),
        "rule": entry.rule,
        "changes": [
            {"field": attribute(change.field), "from": plain(change.before), "to": plain(change.after)}
            for change in entry.changes
        ],
        "events": [event_json(event) for event in entry.events],
    }


def heading(app: App, voice: Voice, entry: Entry) -> str:
    """Return when, who, and in which commit."""
    when = NOTHING if entry.at is None else voice.time(entry.at)
    if entry.commit is None:
        waiting = str(say("not committed yet"))
        return f"{when}  {app.styled(waiting, 'cyan')}"
    by = voice.value("creator", entry.by)
    return f"{when}  {app.styled(by, 'cyan')}  {app.styled(entry.commit[:SHORT], 'yellow')}"


def details(app: App, voice: Voice, entry: Entry) -> Iterator[str]:
    """Yield what an entry changed and logged, a line each."""
    if entry.actions == ("undo",):
        yield "    " + str(say("took back the change before"))
    for change in entry.changes:
        if entry.actions[:1] != ("new",) or change.field not in _OF_A_NEW_ONE:
            yield f"    {voice.change(change.field, change.before, change.after)}"
    for event in entry.events:
        yield f"    {app.styled(voice.event_type(event.type), bold=True)}{_beside(voice, entry, event)}"
        for line in safe(event.text).splitlines():
            yield f"        {line}".rstrip()


def _beside(voice: Voice, entry: Entry, event: Event) -> str:
    """Return what the entry's own heading does not say of an event: when and by whom, and its further facts."""
    when = "" if event.at == entry.at else voice.time(event.at)
    by = "" if event.by == entry.by else voice.value("creator", event.by)
    facts = (f"{name}={text}" for name, text in event.facts.items())
    return "".join(f"  {cell(words)}" for words in (when, by, *facts) if words)
