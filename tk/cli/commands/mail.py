"""`tk mail`: the desk's letters."""

import click

from tk.cli.commands.outbox import outbox
from tk.cli.family import Family


@click.group("mail", cls=Family, subcommand_metavar="COMMAND [ARGS]...")
def command() -> None:
    """Look after the desk's letters.

    Letters are written by the notices of tk.toml and by `tk reply`, and lie in the outbox until they are sent.

    \b
    Example:
      tk mail outbox
    """


command.add_command(outbox)
