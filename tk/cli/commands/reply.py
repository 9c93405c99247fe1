"""`tk reply`: a letter to the requester."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing import complete
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.writing import changes, text_of, texts
from tk.errors import say
from tk.services.reply import Wish, reply


@click.command("reply")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@texts
@click.option(
    "--template", metavar="T", shell_complete=offering("templates"), help="Put the text into a template of the desk."
)
@click.option(
    "--attach",
    "files",
    metavar="FILE",
    multiple=True,
    shell_complete=complete.files,
    help="Send FILE along, and keep it beside the ticket; may be repeated.",
)
@click.option(
    "--definitive/--provisional",
    "is_definitive",
    default=None,
    help="Say that the answer is the last word, and solve the ticket; or that it is not, and leave it open.",
)
@changes
@pass_app
def command(
    app: App,
    ticket: str,
    message: str | None,
    file: str | None,
    template: str | None,
    files: tuple[str, ...],
    is_definitive: bool | None,
    as_json: bool,
    commit: bool,
) -> None:
    """Write to the requester of a ticket.

    The letter is put into the outbox and entered in the ticket's log, in one commit. Its subject is the ticket's title
    with the id, by which an answer to it is known.

    \b
    Example:
      tk reply 7k3 -m "Please send us the purchase note."
      tk reply 7k3 -m "The thermocouple was replaced." --definitive --attach report.pdf
      tk reply 7k3 --template updated --provisional
    """
    text = text_of(app, message, file) or ""
    desk = app.desk
    changed, path = reply(desk, ticket, Wish(text, template, is_definitive, app.folder, files), commit=commit)
    tell(app, desk, changed, as_json=as_json)
    app.say(say("the letter lies in {path} until it is sent", path=path))
