"""`tk attach`: documents copied beside a ticket and entered in it, in one commit."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing import complete
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes
from tk.services.beside import Papers, attach


@click.command("attach")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=complete.files)
@click.option(
    "--kind", metavar="K", shell_complete=offering("documents"), help="What kind of document it is, one of the desk's."
)
@click.option("--date", metavar="D", help="The day that it bears, such as 2026-08-10.")
@changes
@pass_app
def command(
    app: App, ticket: str, files: tuple[str, ...], kind: str | None, date: str | None, as_json: bool, commit: bool
) -> None:
    """Attach files to a ticket.

    They are copied beside it under names that every system can store, and never over another file. What lies there
    already is not stored again.

    \b
    Example:
      tk attach 7k3 note.pdf --kind purchase-note --date 2026-08-10
      tk attach 7k3 photos/*.jpg
    """
    desk = app.desk
    papers = Papers(app.folder, files, kind, date)
    tell(app, desk, attach(desk, ticket, papers, commit=commit), as_json=as_json)
