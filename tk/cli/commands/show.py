"""`tk show`: one ticket whole."""

from collections.abc import Iterable, Iterator

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import as_of, formats
from tk.cli.output.paging import paged
from tk.cli.output.render import write_json
from tk.cli.output.review import place
from tk.cli.output.voice import NOTHING, Voice, voice_of
from tk.cli.terminal.safe import cell, safe
from tk.core.ticket import KEYS, Event, Ticket, value_of
from tk.errors import say
from tk.store.desk import ticket_of

_HEAD = ("id", "title")
_INDENT = "    "

_WIDEST = 100
"""Text is not set wider than this: longer lines are hard to read."""


@click.command("show")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@as_of
@formats("text", "json", "markdown", terminal="text", pipe="text")
@paged
@pass_app
def command(app: App, ticket: str, at: str | None, form: str) -> None:
    """Show a ticket whole: its fields, its text, its log.

    ID is any beginning of the last part of an id that only one ticket has, or more of it. As markdown it is the file
    as it stands.

    \b
    Example:
      tk show 7k3
      tk show TK-260812-7K3QX --json
      tk show 7k3 --at HEAD~20
    """
    desk = app.desk
    if at is not None:
        from tk.cli.past import desk_then  # the present does without history

        desk = desk_then(app, at)
    document = desk.document(ticket)
    held = ticket_of(document)
    if form == "json":
        from tk.core.portrait import ticket_json  # people need no JSON

        write_json(app, ticket_json(held, desk.policy, document.path, whole=True))
    elif form == "markdown":
        app.out(safe(document.data.decode("utf-8-sig").replace("\r\n", "\n")).rstrip("\n"))
    else:
        voice = voice_of(app, desk)
        app.out("\n".join(_for_people(app, voice, held) if app.is_terminal else _for_programs(voice, held)))
    for finding in document.findings:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))


def _for_people(app: App, voice: Voice, ticket: Ticket) -> Iterator[str]:
    yield app.styled(f"{ticket.id}  {cell(ticket.title)}", bold=True)
    yield ""
    fields = [(f"{voice.name(key)}:", voice.value_and_key(key, value)) for key, value in _fields(ticket)]
    wide = max(len(name) for name, _ in fields)
    for name, words in fields:
        yield f"{name:<{wide}}  {words}"
    if ticket.description:
        yield ""
        yield from _prose(app, ticket.description)
    for event in ticket.events:
        yield ""
        yield "  ".join([app.styled(voice.event_type(event.type), bold=True), *_of_event(voice, event)])
        yield from (f"{_INDENT}{line}".rstrip() for line in _prose(app, event.text, len(_INDENT)))


def _for_programs(voice: Voice, ticket: Ticket) -> Iterator[str]:
    for key in _HEAD:
        yield f"{key}:\t{voice.value(key, value_of(ticket, key))}"
    for key, value in _fields(ticket):
        yield f"{key}:\t{voice.value(key, value)}"
    if ticket.description or ticket.events:
        yield "--"
    if ticket.description:
        yield safe(ticket.description)
    for event in ticket.events:
        yield "\t".join(["event:", voice.event_type(event.type), *_of_event(voice, event)])
        yield from _text(event)


def _fields(ticket: Ticket) -> Iterator[tuple[str, object]]:
    for key in (*KEYS, *ticket.fields):
        value = value_of(ticket, key)
        if key not in _HEAD and value not in (None, (), {}, ""):
            yield key, value


def _of_event(voice: Voice, event: Event) -> Iterator[str]:
    """Yield what an event's heading says beside its type."""
    yield voice.time(event.at)
    yield voice.value("creator", event.by)
    yield cell(event.id or NOTHING)
    for name, text in event.facts.items():
        yield cell(f"{name}={text}")


def _prose(app: App, text: str, indent: int = 0) -> Iterable[str]:
    if not app.draws:
        return safe(text).splitlines()
    from tk.cli.output.prose import prose  # takes longer to import than Python to start; a pipe does without it

    return prose(text, min(app.width, _WIDEST) - indent, colored=app.is_colored)


def _text(event: Event) -> Iterator[str]:
    for line in safe(event.text).splitlines():
        yield f"{_INDENT}{line}".rstrip()
