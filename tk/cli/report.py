"""`tk report`: what supervisors ask of a desk's past."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from tk.cli.app import App, pass_app
from tk.cli.charts import chart
from tk.cli.complete import files, offering
from tk.cli.history import portrait
from tk.cli.options import as_of, formats
from tk.cli.paging import paged
from tk.cli.render import write_json, write_rows
from tk.cli.reports import table_of, total_names
from tk.cli.voice import Voice
from tk.cli.widths import padded, width
from tk.core.reports.periods import EVERY
from tk.core.reports.values import Report, report_json
from tk.errors import DiskFailed, WrongUsage, say
from tk.services.incident import Incident, incident
from tk.services.report import Asked, report
from tk.store.desk import Desk

FORMATS = ("table", "tsv", "json", "csv", "markdown", "html", "svg", "png")
"""What a report can be printed as."""

_WIDEST = 100
"""How wide a chart on a terminal becomes at most."""


@click.command("report")
@click.argument("name", metavar="NAME", shell_complete=offering("reports"))
@click.argument("ticket", metavar="[ID]", required=False, shell_complete=offering("tickets"))
@click.option("--since", metavar="DATE", help="Count from then on: a day, an instant, or how long ago (30d, 12w).")
@click.option("--until", metavar="DATE", help="Count up to then; a day is counted to its end.")
@click.option("--by", metavar="FIELD", shell_complete=offering("groups"), help="Group by this field of the tickets.")
@click.option("--every", type=click.Choice(EVERY), help="Count over periods of this length.")
@click.option(
    "-o", "--output", metavar="FILE", shell_complete=files, help="Write the report to FILE instead of printing it."
)
@as_of
@formats(*FORMATS, terminal="table", pipe="tsv")
@paged
@pass_app
def command(
    app: App,
    name: str,
    ticket: str | None,
    since: str | None,
    until: str | None,
    by: str | None,
    every: str | None,
    output: str | None,
    at: str | None,
    form: str,
) -> None:
    """Count and compare what became of the tickets.

    NAME is time, recurring, sla, workload, follow-ups, satisfaction, attention, flow or paths; or incident, which
    tells one ticket complete, to be printed. What is not committed is not counted.

    \b
    Example:
      tk report time --since 2026-08-01 --until 2026-08-31
      tk report recurring --by type --since 12w
      tk report flow --every week --format svg -o flow.svg
      tk report paths --by activity --json
      tk report sla --by team --at 2026-08-31
      tk report incident 7k3 --format html -o 7k3.html
    """
    desk = app.desk
    if at is not None:
        from tk.cli.past import desk_then  # the present does without history

        desk = desk_then(app, at)
    if (ticket is not None) != (name == "incident"):
        raise _misplaced(name)
    if form == "png" and output is None and app.is_terminal:
        raise WrongUsage(say("a terminal shows no PNG"), say("name a file: -o report.png"))
    if ticket is None:
        shown = Shown(desk, report(desk, name, Asked(since, until, by, every)))
    else:
        if (since, until, by, every) != (None, None, None, None):
            raise WrongUsage(
                say("report incident is about one ticket; --since, --until, --by, --every say nothing to it")
            )
        told = incident(desk, ticket)
        shown = Shown(desk, told.report, told)
    if output is None:
        show(app, shown, form)
    else:
        save(app, shown, form, app.folder / output)


def _misplaced(name: str) -> WrongUsage:
    if name == "incident":
        return WrongUsage(say("which ticket? report incident tells one"), say("tk report incident ID"))
    return WrongUsage(say("report {name} is about no single ticket", name=name), say("tk report incident ID"))


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
        from tk.cli import incident as page

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
        from tk.cli.picture import picture  # brings matplotlib along

        return picture(shown.report, voice, form)
    if shown.incident is not None:
        from tk.cli.incident import html

        return html(app, voice, shown.incident).encode()
    from tk.cli.page import page  # brings Jinja2 along

    return page(shown.report, voice).encode()


def _beside(app: App, made: Report, voice: Voice) -> Iterator[str]:
    """Yield what stands below a table for people: its totals, and on a terminal a chart."""
    totals = total_names(made, voice)
    if totals:
        room = max(width(name) for name, _ in totals)
        yield "\n".join(f"{padded(name, room, width(name))}  {value}" for name, value in totals)
    drawn = chart(made, voice, min(app.width, _WIDEST)) if app.is_terminal else ""
    if drawn:
        yield drawn
