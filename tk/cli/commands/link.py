"""`tk link`: two tickets linked, each saying so of the other, in one commit."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes
from tk.services.beside import link


@click.command("link")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("kind", metavar="KIND", shell_complete=offering("links"))
@click.argument("other", metavar="ID", shell_complete=offering("tickets"))
@changes
@pass_app
def command(app: App, ticket: str, kind: str, other: str, as_json: bool, commit: bool) -> None:
    """Link a ticket to another.

    KIND is one of the desk's, as the first ticket says it of the second; the second bears its inverse.

    \b
    Example:
      tk link 7k3 duplicates 0b2
      tk link 7k3 parent TK-260701-0B2M4
    """
    desk = app.desk
    tell(app, desk, *link(desk, ticket, kind, other, commit=commit), as_json=as_json)
