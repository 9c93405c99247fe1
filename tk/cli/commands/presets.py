"""`tk presets`: the desks that come with tk."""

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.output.render import Column, Table, write_rows
from tk.errors import say, translation
from tk.store.presets import load, names


@click.command("presets")
@formats("table", "tsv", "json", terminal="table", pipe="tsv")
@pass_app
def command(app: App, form: str) -> None:
    """List the presets that a desk can start from.

    \b
    Example:
      tk presets
      tk init support --preset simple
    """
    columns = (Column("name", str(say("Preset"))), Column("summary", str(say("For")), shrinks=True))
    write_rows(app, Table(columns, [(name, translation()(load(name).summary)) for name in names()]), form)
