"""`tk policy`: the policy of the desk."""

import click

from tk.cli.commands.policy_check import check
from tk.cli.commands.policy_holidays import holidays
from tk.cli.commands.policy_show import show
from tk.cli.family import Family


@click.group("policy", cls=Family, subcommand_metavar="COMMAND [ARGS]...")
def command() -> None:
    """Look into the policy of the desk and prove it.

    The policy is tk.toml with its templates and registers: what there is, who may do what, what falls due when.

    \b
    Example:
      tk policy check
      tk policy show deadline
      tk policy holidays CL 2026-2030 -o registers/holidays.csv
    """


command.add_command(check)
command.add_command(show)
command.add_command(holidays)
