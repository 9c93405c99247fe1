"""`tk show`: one ticket whole."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.render import write_json
from tk.cli.safe import cell, safe
from tk.cli.times import relative
from tk.core.instant import format_instant
from tk.core.policy import Policy, Vocabulary
from tk.core.portrait import plain, ticket_json
from tk.core.ticket import KEYS, Event, Ticket, value_of
from tk.errors import say
from tk.store.desk import open_desk, ticket_of

_HEAD = frozenset({"id", "title"})


@click.command("show")
@click.argument("ticket", metavar="ID")
@formats("text", "json", "markdown", terminal="text", pipe="text")
@pass_app
def command(app: App, ticket: str, form: str) -> None:
    """Show a ticket whole: its fields, its text, its log.

    ID is any beginning of the last part of an id that only one ticket has, or more of it. As markdown it is the file
    as it stands.

    \b
    Example:
      tk show 7k3
      tk show TK-260812-7K3QX --json
    """
    desk = open_desk(app.folder, app.now, app.say)
    document = desk.document(ticket)
    held = ticket_of(document)
    if form == "json":
        write_json(app, ticket_json(held, desk.policy, document.path, whole=True))
    elif form == "markdown":
        app.out(safe(document.data.decode("utf-8-sig").replace("\r\n", "\n")).rstrip("\n"))
    else:
        for line in _lines(app, desk.policy, held):
            app.out(line)
    for finding in document.findings:
        place = {"path": finding.path, "line": finding.line, "column": finding.column, "why": finding.message}
        app.say(say("{path}:{line}:{column}: {why}", **place))


def _lines(app: App, policy: Policy, ticket: Ticket) -> Iterator[str]:
    if app.is_terminal:
        yield app.styled(f"{ticket.id}  {cell(ticket.title)}", bold=True)
        yield ""
    else:
        yield f"id:\t{ticket.id}"
        yield f"title:\t{cell(ticket.title)}"
    for name, words in _fields(app, policy, ticket):
        yield f"{name + ':':<14} {words}" if app.is_terminal else f"{name}:\t{words}"
    if ticket.description:
        yield "" if app.is_terminal else "--"
        yield safe(ticket.description)
    for event in ticket.events:
        yield ""
        yield from _event(app, policy, event)


def _fields(app: App, policy: Policy, ticket: Ticket) -> Iterator[tuple[str, str]]:
    for key in (*(key for key in KEYS if key not in _HEAD), *ticket.fields):
        value = value_of(ticket, key)
        if value not in (None, (), {}, ""):
            yield key, _words(app, policy, key, value)


def _words(app: App, policy: Policy, key: str, value: object) -> str:
    """Return a value as people read it on a terminal, as programs do in a pipe."""
    named: dict[str, Vocabulary[Any]] = {
        "status": policy.statuses,
        "priority": policy.priorities,
        "type": policy.types,
        "channel": policy.channels,
        "owner": policy.people,
        "creator": policy.people,
        "team": policy.teams,
    }
    if app.is_terminal and isinstance(value, str) and key in named:
        label = named[key].label(value, policy.desk.language)
        return cell(label if label == value else f"{label} ({value})")
    shown = plain(value)
    if isinstance(shown, list):
        return cell(("/" if key == "category" else ", ").join(map(_flat, shown)))
    if app.is_terminal and isinstance(value, datetime):
        return f"{shown} ({relative(value, app.now)})"
    return cell(_flat(shown))


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items() if part is not None)
    return str(value)


def _event(app: App, policy: Policy, event: Event) -> Iterator[str]:
    kind = policy.events.label(event.type, policy.desk.language) if app.is_terminal else event.type
    facts = "".join(f" {name}={text}" for name, text in event.facts.items())
    yield f"{format_instant(event.at)}  {app.styled(cell(kind), bold=True)}  {cell(event.by)}  {event.id}{cell(facts)}"
    for line in safe(event.text).splitlines():
        yield f"    {line}"
