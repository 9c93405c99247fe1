"""`tk request`: something asked for by name."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes
from tk.services.change import request


@click.command("request")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("name", metavar="NAME", shell_complete=offering("requests"))
@click.argument("value", metavar="[VALUE]", required=False, shell_complete=offering("wanted"))
@changes
@pass_app
def command(app: App, ticket: str, name: str, value: str | None, as_json: bool, commit: bool) -> None:
    """Ask for something that others decide.

    NAME is one of the requests in tk.toml; VALUE is what is wanted, where there is a choice.

    \b
    Example:
      tk request 7k3 type incident
    """
    desk = app.desk
    tell(app, desk, request(desk, ticket, name, value, commit=commit), as_json=as_json)
