"""`tk blame`: which commit set each field of a ticket."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import as_of, formats
from tk.cli.output.columns import Column, Table
from tk.cli.output.paging import paged
from tk.cli.output.render import write_json, write_rows
from tk.cli.output.review import SHORT
from tk.cli.output.voice import Voice
from tk.core.instant import format_instant
from tk.core.portrait import plain
from tk.core.ticket import attribute
from tk.errors import say
from tk.services.blame import Blamed, blame

FORMATS = ("table", "tsv", "json", "csv", "markdown")


@click.command("blame")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@as_of
@formats(*FORMATS, terminal="table", pipe="tsv")
@paged
@pass_app
def command(app: App, ticket: str, at: str | None, form: str) -> None:
    """Tell which commit set each field of a ticket.

    Beside what a field holds stand who set it so, when, and in which commit; what is not committed yet has none.

    \b
    Example:
      tk blame 7k3
      tk blame 7k3 --json
    """
    desk = app.desk
    if at is not None:
        from tk.cli.past import desk_then  # the present does without history

        desk = desk_then(app, at)
    _, told = blame(desk, ticket)
    if form == "json":
        write_json(app, [_portrait(blamed) for blamed in told])
        return
    voice = Voice(desk.policy, desk.now, for_people=form in {"table", "markdown"})
    columns = (
        Column("field", str(say("Field"))),
        Column("value", str(say("Value")), shrinks=True),
        Column("by", str(say("By")), shrinks=True),
        Column("at", str(say("When")), "instant"),
        Column("commit", str(say("Commit"))),
    )
    write_rows(app, Table(columns, [_row(voice, blamed) for blamed in told]), form)


def _row(voice: Voice, blamed: Blamed) -> tuple[str, ...]:
    entry = blamed.entry
    text = " ".join(str(blamed.value).split()) if blamed.field == "description" else ""
    value = text or voice.value(blamed.field, blamed.value)
    if entry is None:
        return voice.name(blamed.field), value, "", "", ""
    by = "" if entry.by is None else voice.value("creator", entry.by)
    at = "" if entry.at is None else format_instant(entry.at)
    return voice.name(blamed.field), value, by, at, (entry.commit or "")[: SHORT if voice.for_people else None]


def _portrait(blamed: Blamed) -> dict[str, object]:
    entry = blamed.entry
    return {
        "field": attribute(blamed.field),
        "value": plain(blamed.value),
        "commit": None if entry is None else entry.commit,
        "at": None if entry is None or entry.at is None else format_instant(entry.at),
        "by": None if entry is None else entry.by,
        "email": None if entry is None else entry.email,
        "rule": None if entry is None else entry.rule,
    }
