"""`tk merge-driver`: three states of a ticket merged into one, as git asks it of a driver."""

from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files
from tk.services.driver import drive


@click.command("merge-driver")
@click.argument("base", metavar="BASE", shell_complete=files)
@click.argument("ours", metavar="OURS", shell_complete=files)
@click.argument("theirs", metavar="THEIRS", shell_complete=files)
@click.argument("path", metavar="PATH", shell_complete=files)
@pass_app
def command(app: App, base: str, ours: str, theirs: str, path: str) -> int:
    """Merge three states of a ticket; git calls it.

    The result takes the place of OURS; PATH is where the ticket lies in the repository. What is in conflict stays
    between git's markers: exit status 1. tk init and tk doctor --tune tell git to call it, where .gitattributes says
    merge=tk.

    \b
    Example:
      tk merge-driver %O %A %B %P
    """
    states = tuple(Path(app.folder, name) for name in (base, ours, theirs))
    return int(not drive(app.folder, (states[0], states[1], states[2]), path))
