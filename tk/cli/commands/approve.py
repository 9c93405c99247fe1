"""`tk approve`: something approved by name."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes
from tk.services.change import approve


@click.command("approve")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("name", metavar="NAME", shell_complete=offering("approvals"))
@changes
@pass_app
def command(app: App, ticket: str, name: str, as_json: bool, commit: bool) -> None:
    """Approve something on a ticket.

    NAME is one of the approvals in tk.toml.

    \b
    Example:
      tk approve 7k3 go-ahead
    """
    desk = app.desk
    tell(app, desk, approve(desk, ticket, name, commit=commit), as_json=as_json)
