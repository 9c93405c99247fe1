"""A command with commands of its own, such as `tk import events`: each spoken in the language of the whole."""

import click

from tk.cli.language import in_language
from tk.errors import WrongUsage, say, translation

_WHOLE = 1000


class Verbs(click.Group):
    """A group whose commands speak the language spoken, and whose mistakes are answered as those of `tk` itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order in which they were written."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the whole first sentence of its help."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section(translation()("Commands")):
            formatter.write_dl([(name, each.get_short_help_str(_WHOLE)) for name, each in found if each is not None])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; None where there is none."""
        found = super().get_command(ctx, cmd_name)
        return None if found is None else in_language(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with and the rest; refuse an unknown one with the nearest name."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            from tk.core.names import nearest  # only a mistake pays for it

            known = self.list_commands(ctx)
            near = nearest(args[0], known)
            hint = say("one of: {keys}", keys=", ".join(known))
            if near is not None:
                hint = say("did you mean `{command} {near}`?", command=ctx.command_path, near=near)
            raise WrongUsage(say("there is no command {name!r}", name=f"{ctx.info_name} {args[0]}"), hint)
        return super().resolve_command(ctx, args)
