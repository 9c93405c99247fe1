"""A report on its way out: printed, drawn, or written to a file, whichever form was asked for."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from tk.cli.app import App
from tk.cli.output.charts import chart
from tk.cli.output.render import write_json, write_rows
from tk.cli.output.reports import table_of, total_names
from tk.cli.output.stories import portrait
from tk.cli.output.voice import Voice
from tk.cli.terminal.widths import padded, width
from tk.core.reports.values import Report, report_json
from tk.errors import DiskFailed, say
from tk.services.incident import Incident
from tk.store.desk import Desk

_FAR = 1_000
"""How wide a line may be that no terminal shows."""

_WIDEST = 100
"""How wide a chart on a terminal becomes at most."""


class Shown(NamedTuple):
    """What is to be shown: a report of a desk, and the ticket it is about where it is about one."""

    desk: Desk
    report: Report
    incident: Incident | None = None


def show(app: App, shown: Shown, form: str) -> None:
    """Print a report; a table comes with its totals, on a terminal with a plain chart as well."""
    if form in {"svg", "png", "html"}:
        app.write_bytes(_document(app, shown, form))
        return
    if form == "json":
        write_json(app, _json(shown))
        return
    made = shown.report
    voice = Voice(shown.desk.policy, shown.desk.now, for_people=form in {"table", "markdown"})
    if shown.incident is not None and form in {"table", "markdown"}:
        from tk.cli.output import incident as page

        app.out((page.text if form == "table" else page.document)(app, voice, shown.incident))
        return
    write_rows(app, table_of(made, voice), form)
    if form == "table":
        for lines in _beside(app, made, voice):
            app.out(f"\n{lines}")
        if not made.rows:
            app.say(say("nothing to report"))


def _json(shown: Shown) -> dict[str, object]:
    """Return a report as programs read it; of an incident, with its history beside the ticket."""
    told = report_json(shown.report)
    if shown.incident is None:
        return told
    history = [portrait(shown.incident.ticket.id, entry) for entry in shown.incident.entries]
    return {**told, "totals": {**shown.report.totals, "history": history}}


def save(app: App, shown: Shown, form: str, file: Path) -> None:
    """Write a report to a file."""
    if form in {"svg", "png", "html"}:
        data = _document(app, shown, form)
    else:
        with app.holding() as held:
            show(app, shown, form)
        data = click.unstyle("".join(held.result)).encode()
    try:
        file.write_bytes(data)
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=file, reason=error.strerror or error)) from error


def _document(app: App, shown: Shown, form: str) -> bytes:
    """Return a report as a page or a picture."""
    voice = Voice(shown.desk.policy, shown.desk.now, for_people=True)
    if form != "html":
        from tk.cli.output.picture import picture  # brings matplotlib along

        return picture(shown.report, voice, form)
    if shown.incident is not None:
        from tk.cli.output.incident import html

        return html(app, voice, shown.incident).encode()
    from tk.cli.output.page import page  # brings Jinja2 along

    return page(shown.report, voice).encode()


def _beside(app: App, made: Report, voice: Voice) -> Iterator[str]:
    """Yield what stands below a table for people: its totals, and on a terminal a chart."""
    totals = total_names(made, voice)
    if totals:
        room = max(width(name) for name, _ in totals)
        wide = app.width if app.is_terminal else _FAR
        yield "\n".join(
            line for name, value in totals for line in _wrapped(padded(name, room, width(name)), value, wide)
        )
    drawn = chart(made, voice, min(app.width, _WIDEST)) if app.is_terminal else ""
    if drawn:
        yield drawn


def _wrapped(name: str, value: str, wide: int) -> list[str]:
    """Return a total on as many lines as it needs."""
    indent = " " * (len(name) + 2)
    return textwrap.wrap(value, max(wide, 40), initial_indent=f"{name}  ", subsequent_indent=indent) or [name]
