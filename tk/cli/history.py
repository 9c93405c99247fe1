"""`tk history`: one ticket's story, from its file and from git."""

from collections.abc import Iterator

import click

from tk.cli.app import App, pass_app
from tk.cli.complete import offering
from tk.cli.options import formats
from tk.cli.paging import paged
from tk.cli.render import write_json
from tk.cli.review import SHORT
from tk.cli.safe import cell, safe
from tk.cli.voice import NOTHING, Voice, voice_of
from tk.core.instant import format_instant
from tk.core.portrait import event_json, plain
from tk.core.ticket import Event, attribute
from tk.errors import say
from tk.services.history import Entry, Story, story

_OF_A_NEW_ONE = frozenset({"id", "creator", "created", "updated", "status-since"})
"""What the heading of a new ticket's entry says already."""


@click.command("history")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@formats("text", "json", terminal="text", pipe="text")
@paged
@pass_app
def command(app: App, ticket: str, form: str) -> None:
    """Tell who changed what and when.

    Events come from the ticket's file, changes from the contents of git's commits, in time order; an edit that is not
    committed comes last.

    \b
    Example:
      tk history 7k3
      tk history 7k3 --json
    """
    desk = app.desk
    told = story(desk, ticket)
    if form == "json":
        write_json(app, [_portrait(told, entry) for entry in told.entries])
    else:
        app.out("\n".join(_lines(app, voice_of(app, desk), told)))
    if told.begins_at is not None:
        commit = told.begins_at[:SHORT]
        app.say(say("this clone is shallow: what was before {commit} is not here", commit=commit))
        app.say(say("git fetch --unshallow brings it"))


def _portrait(told: Story, entry: Entry) -> dict[str, object]:
    return {
        "commit": entry.commit,
        "at": None if entry.at is None else format_instant(entry.at),
        "by": entry.by,
        "email": entry.email,
        "ticket": told.ticket.id,
        "actions": list(entry.actions),
        "rule": entry.rule,
        "changes": [
            {"field": attribute(change.field), "from": plain(change.before), "to": plain(change.after)}
            for change in entry.changes
        ],
        "events": [event_json(event) for event in entry.events],
    }


def _lines(app: App, voice: Voice, told: Story) -> Iterator[str]:
    yield app.styled(f"{told.ticket.id}  {cell(told.ticket.title)}", bold=True)
    for entry in told.entries:
        yield ""
        yield _heading(app, voice, entry)
        if entry.actions == ("undo",):
            yield "    " + str(say("took back the change before"))
        for change in entry.changes:
            if entry.actions[:1] != ("new",) or change.field not in _OF_A_NEW_ONE:
                yield f"    {voice.change(change.field, change.before, change.after)}"
        for event in entry.events:
            yield f"    {app.styled(voice.event_type(event.type), bold=True)}{_beside(voice, entry, event)}"
            for line in safe(event.text).splitlines():
                yield f"        {line}".rstrip()


def _heading(app: App, voice: Voice, entry: Entry) -> str:
    """Return when, who, and in which commit."""
    when = NOTHING if entry.at is None else voice.time(entry.at)
    if entry.commit is None:
        waiting = str(say("not committed yet"))
        return f"{when}  {app.styled(waiting, 'cyan')}"
    by = voice.value("creator", entry.by)
    return f"{when}  {app.styled(by, 'cyan')}  {app.styled(entry.commit[:SHORT], 'yellow')}"


def _beside(voice: Voice, entry: Entry, event: Event) -> str:
    """Return what the entry's own heading does not say of an event: when and by whom, and its further facts."""
    when = "" if event.at == entry.at else voice.time(event.at)
    by = "" if event.by == entry.by else voice.value("creator", event.by)
    facts = (f"{name}={text}" for name, text in event.facts.items())
    return "".join(f"  {cell(words)}" for words in (when, by, *facts) if words)
