"""`tk log`: what happened, entered in a ticket's log."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing import complete
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes, text_of, texts
from tk.core.plan import Happening
from tk.errors import WrongUsage, say
from tk.services.beside import Papers, attach
from tk.services.change import log


@click.command("log")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("type_", metavar="TYPE", shell_complete=offering("events"))
@texts
@click.option("--at", metavar="INSTANT", help="When it happened, if not now: 2026-08-12T09:30, in the desk's zone.")
@click.option(
    "--attach",
    "files",
    shell_complete=complete.files,
    metavar="FILE",
    multiple=True,
    help="Attach FILE, too; may be repeated.",
)
@click.option("--internal", is_flag=True, help="Keep it inside the desk.")
@click.option("--set", "facts", metavar="KEY=VALUE", multiple=True, help="A fact of the event, such as minutes=15.")
@changes
@pass_app
def command(
    app: App,
    ticket: str,
    type_: str,
    message: str | None,
    file: str | None,
    at: str | None,
    files: tuple[str, ...],
    internal: bool,
    facts: tuple[str, ...],
    as_json: bool,
    commit: bool,
) -> None:
    """Enter what happened in a ticket's log.

    TYPE is one of the desk's event types, such as note, call-in or mail-out.

    \b
    Example:
      tk log 7k3 call-out -m "Asked for the purchase note." --set minutes=5
      tk log 7k3 note -m "Looks like the thermocouple." --internal
      tk log 7k3 mail-in -m "Sent the note." --attach note.pdf
    """
    text = text_of(app, message, file)
    if not text:
        raise WrongUsage(say("what happened? there is no text"), say("give it by -m TEXT or -F FILE"))
    desk = app.desk
    happening = Happening(type=type_, text=text, at=at, internal=internal, facts=facts)
    if files:
        changed = attach(desk, ticket, Papers(app.folder, files), happening, commit=commit)
    else:
        changed = log(desk, ticket, happening, commit=commit)
    tell(app, desk, changed, as_json=as_json)
