"""`tk advance`: a ticket moved along a transition of the policy."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes, text_of, texts
from tk.services.change import advance


@click.command("advance")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("status", metavar="[STATUS]", required=False, shell_complete=offering("statuses"))
@texts
@changes
@pass_app
def command(
    app: App, ticket: str, status: str | None, message: str | None, file: str | None, as_json: bool, commit: bool
) -> None:
    """Move a ticket to another status.

    Without STATUS it goes the only way there is, or says which ways there are. A text is logged as a note.

    \b
    Example:
      tk advance 7k3 solved -m "Valve replaced."
      tk advance 7k3
    """
    desk = app.desk
    changed = advance(desk, ticket, status, text_of(app, message, file), commit=commit)
    tell(app, desk, changed, as_json=as_json)
