"""A command that is a family of commands: `tk mail outbox`."""

import click

from tk.cli.language import in_language
from tk.core.names import nearest
from tk.errors import WrongUsage, say, translation

_WHOLE = 1000
"""Characters that no first sentence of a help has."""


class Family(click.Group):
    """A group whose commands speak the language spoken, and that knows which name was nearly typed."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name` in the language spoken; None where there is none."""
        command = super().get_command(ctx, cmd_name)
        return None if command is None else in_language(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the whole first sentence of its help."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section(translation()("Commands")):
            formatter.write_dl([(name, each.get_short_help_str(_WHOLE)) for name, each in found if each is not None])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with and the rest; refuse an unknown one with the nearest name."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            names = self.list_commands(ctx)
            near = nearest(args[0], names)
            hint = say("there are: {names}", names=", ".join(names))
            if near is not None:
                hint = say("did you mean `tk {near}`?", near=f"{self.name} {near}")
            raise WrongUsage(say("there is no command {name!r}", name=f"{self.name} {args[0]}"), hint)
        return super().resolve_command(ctx, args)
