"""`tk undo`: a ticket put back to before one's own latest commit on it."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.render import write_json
from tk.cli.output.review import SHORT
from tk.core.policy import Policy
from tk.core.portrait import ticket_json
from tk.errors import say
from tk.services.undo import Undoing, undo


@click.command("undo")
@click.argument("ticket", metavar="[ID]", required=False, shell_complete=offering("tickets"))
@click.option("--json", "as_json", is_flag=True, help="Print what was taken back as JSON.")
@click.option(
    "--no-commit", "commit", is_flag=True, flag_value=False, default=True, help="Write the files, commit nothing."
)
@pass_app
def command(app: App, ticket: str | None, as_json: bool, commit: bool) -> None:
    """Take back your own latest commit on a ticket.

    Without ID it is your latest commit on any. What it attached goes, and so does the other end of a link, and a
    ticket that it opened; the history keeps both. Nothing is taken back that somebody has changed since. To undo an
    undo is to do it again.

    \b
    Example:
      tk undo 7k3
      tk undo
    """
    desk = app.desk
    done = undo(desk, ticket, commit=commit)
    if as_json:
        write_json(app, _portrait(done, desk.policy))
        return
    for each in done.tickets:
        was = done.undone[:SHORT]
        if each.ticket is None:
            app.out(str(say("{id} is gone: {commit} had opened it", id=each.id, commit=was)))
        else:
            app.out(str(say("{id} is as it was before {commit}", id=each.id, commit=was)))


def _portrait(done: Undoing, policy: Policy) -> dict[str, object]:
    """Return what was taken back for programs: the tickets as they are now, and the ids of those that are gone."""
    held = [(each.ticket, each.path) for each in done.tickets if each.ticket is not None]
    return {
        "undone": done.undone,
        "commit": done.commit,
        "tickets": [ticket_json(ticket, policy, path, whole=True) for ticket, path in held],
        "removed": [each.id for each in done.tickets if each.ticket is None],
    }
