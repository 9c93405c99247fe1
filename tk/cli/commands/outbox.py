"""`tk mail outbox`: letters that are not yet sent."""

from collections.abc import Iterator

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import formats
from tk.cli.output.columns import Column, Table
from tk.cli.output.paging import paged
from tk.cli.output.render import FORMATS, write_json, write_rows, write_values
from tk.cli.terminal.safe import cell, safe
from tk.core.instant import format_instant
from tk.errors import say
from tk.post.outbox import Waiting, letter, waiting


@click.command("outbox")
@click.argument("name", metavar="[NAME]", required=False, shell_complete=offering("letters"))
@formats(*FORMATS, terminal="table", pipe="tsv")
@paged
@pass_app
def outbox(app: App, name: str | None, form: str) -> None:
    """List the letters that are not yet sent, or show one.

    NAME is what the list calls a letter: the end of its file's name. The whole of that will do, and so will any other
    part that only one letter has.

    \b
    Example:
      tk mail outbox
      tk mail outbox b5d1e309
      tk mail outbox --json
    """
    desk = app.desk
    if name is not None:
        _show(app, letter(desk, name), form)
        return
    held = waiting(desk)
    if not held and app.is_terminal:
        app.say(say("the outbox is empty: every letter has been sent"))
    if form in {"json", "ndjson"}:
        write_values(app, [_brief(each) for each in held], form)
    else:
        write_rows(app, Table(_columns(), [_row(each) for each in held]), form)


def _columns() -> list[Column]:
    return [
        Column("letter", str(say("letter"))),
        Column("date", str(say("date")), "instant"),
        Column("to", str(say("to")), shrinks=True),
        Column("subject", str(say("subject")), shrinks=True),
        Column("cause", str(say("cause"))),
        Column("ticket", str(say("ticket"))),
    ]


def _row(each: Waiting) -> list[str]:
    date = "" if each.date is None else format_instant(each.date)
    return [each.short, date, each.to, each.subject, each.cause, each.ticket]


def _brief(each: Waiting) -> dict[str, object]:
    """Return what the list says of a letter, for programs."""
    return {
        "letter": each.short,
        "name": each.name,
        "path": each.path,
        "date": None if each.date is None else format_instant(each.date),
        "ticket": each.ticket or None,
        "cause": each.cause or None,
        "from": each.sender or None,
        "to": each.to or None,
        "subject": each.subject or None,
        "message_id": each.message_id or None,
        "answer": each.answer,
        "attachments": list(each.enclosed),
    }


def _show(app: App, each: Waiting, form: str) -> None:
    if form in {"json", "ndjson"}:
        write_json(app, {**_brief(each), "text": each.text})
        return
    app.out("\n".join(_lines(app, each)))


def _lines(app: App, each: Waiting) -> Iterator[str]:
    heads = [
        (say("from"), each.sender),
        (say("to"), each.to),
        (say("date"), "" if each.date is None else format_instant(each.date)),
        (say("subject"), each.subject),
        (say("cause"), each.cause),
        (say("answer"), each.answer or ""),
        *((say("attachment"), name) for name in each.enclosed),
    ]
    told = [(f"{title}:", cell(value)) for title, value in heads if value]
    wide = max(len(title) for title, _ in told) if app.is_terminal and told else 0
    for title, value in told:
        yield f"{title:<{wide}}  {value}" if app.is_terminal else f"{title}\t{value}"
    yield ""
    yield safe(each.text)
