"""`tk rate`: what the requester thought of it."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes, text_of, texts
from tk.services.change import rate


@click.command("rate")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("rating", metavar="good|bad", shell_complete=offering("ratings"))
@texts
@changes
@pass_app
def command(
    app: App, ticket: str, rating: str, message: str | None, file: str | None, as_json: bool, commit: bool
) -> None:
    """Rate how a ticket was dealt with.

    A text is logged as a note. A rating alone is no activity: it does not begin the time anew that a ticket is idle.

    \b
    Example:
      tk rate 7k3 good -m "Quick and friendly."
    """
    desk = app.desk
    changed = rate(desk, ticket, rating, text_of(app, message, file), commit=commit)
    tell(app, desk, changed, as_json=as_json)
