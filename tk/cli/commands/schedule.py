"""`tk schedule`: when a ticket is to be followed up."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes, text_of, texts
from tk.services.change import schedule


@click.command("schedule")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("when", metavar="WHEN", shell_complete=offering("times"))
@texts
@changes
@pass_app
def command(
    app: App, ticket: str, when: str, message: str | None, file: str | None, as_json: bool, commit: bool
) -> None:
    """Set when a ticket is to be followed up.

    WHEN is a day, with a time or without one, in the desk's zone (2026-08-13T10:00, "tomorrow 10:00"), an instant with
    its offset, or how long from now (+90m, +4h, +2d, +1w); none takes it away. A text is logged as a note.

    \b
    Example:
      tk schedule 7k3 +2d
      tk schedule 7k3 "tomorrow 10:00" -m "She is in from ten."
    """
    desk = app.desk
    changed = schedule(desk, ticket, when, text_of(app, message, file), commit=commit)
    tell(app, desk, changed, as_json=as_json)
