"""`tk assign`: a ticket given to a person, a team, or nobody."""

import click

from tk.cli.app import App, pass_app
from tk.cli.complete import offering
from tk.cli.writing import changes, tell
from tk.services.change import assign


@click.command("assign")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("who", metavar="PERSON|TEAM", shell_complete=offering("assignees"))
@changes
@pass_app
def command(app: App, ticket: str, who: str, as_json: bool, commit: bool) -> None:
    """Give a ticket to a person or a team.

    PERSON is a handle or a name, or me; nobody takes it away from its owner.

    \b
    Example:
      tk assign 7k3 mlopez
      tk assign 7k3 me
    """
    desk = app.desk
    tell(app, desk, assign(desk, ticket, who, commit=commit), as_json=as_json)
