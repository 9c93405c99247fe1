"""`tk set`: fields of a ticket changed, in one commit."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes
from tk.services.change import set_fields


@click.command("set")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("fields", metavar="KEY=VALUE...", nargs=-1, required=True, shell_complete=offering("fields"))
@changes
@pass_app
def command(app: App, ticket: str, fields: tuple[str, ...], as_json: bool, commit: bool) -> None:
    """Set fields of a ticket.

    An empty value takes the field away; tags+=a adds tags, tags-=b removes them.

    \b
    Example:
      tk set 7k3 priority=urgent category=heaters/warranty
      tk set 7k3 tags+=reinstallation,vip customer=
    """
    desk = app.desk
    tell(app, desk, set_fields(desk, ticket, fields, commit=commit), as_json=as_json)
