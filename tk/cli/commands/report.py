"""`tk report`: what supervisors ask of a desk's past."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files, offering
from tk.cli.options import as_of, formats
from tk.cli.output.paging import paged
from tk.cli.output.report_output import Shown, save, show
from tk.core.reports.periods import EVERY
from tk.errors import WrongUsage, say
from tk.services.incident import incident
from tk.services.report import Asked, report

FORMATS = ("table", "tsv", "json", "csv", "markdown", "html", "svg", "png")
"""What a report can be printed as."""


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
