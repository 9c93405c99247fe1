"""The command `tk` itself: a written table of commands, each in a module that stays shut until it is called.

A command's module is `tk.cli.commands.NAME`, with `_` for `-`, and after a name that Python keeps for itself
(`import_`); it holds the command as `command`. The table is what `tk --help` prints; a test holds it equal to the
commands' own help.
"""

import keyword
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import click
from click.exceptions import NoArgsIsHelpError
from click.shell_completion import CompletionItem

from tk import __version__
from tk.cli.completing.complete import folders
from tk.cli.language import LANGUAGES, in_language
from tk.errors import WrongUsage, say, translation


class Row(NamedTuple):
    """A command in the table: its name and its summary, the first sentence of its own help."""

    name: str
    summary: str

    @property
    def module(self) -> str:
        """The module that holds the command."""
        return f"tk.cli.commands.{self.name.replace('-', '_')}{'_' if keyword.iskeyword(self.name) else ''}"


SECTIONS: dict[str, tuple[Row, ...]] = {
    "Start": (
        Row("init", "Set up a new desk from a preset."),
        Row("presets", "List the presets that a desk can start from."),
        Row("demo", "Work a day on a new desk and show each command."),
        Row("doctor", "Look at the desk's surroundings and say what to mend."),
        Row("completion", "Print what makes your shell complete tk's words."),
    ),
    "Work": (
        Row("new", "Open a ticket and print its id."),
        Row("list", "List the tickets that a query finds."),
        Row("due", "List the clocks that run, what is due soonest first."),
        Row("search", "Search the text of all tickets: title, description, log, requester."),
        Row("show", "Show a ticket whole: its fields, its text, its log."),
        Row("agenda", "Show a person's day: follow-ups, what is overdue, what is stuck."),
        Row("assign", "Give a ticket to a person or a team."),
        Row("advance", "Move a ticket to another status."),
        Row("log", "Enter what happened in a ticket's log."),
        Row("set", "Set fields of a ticket."),
        Row("edit", "Edit a ticket's file in your editor."),
        Row("attach", "Attach files to a ticket."),
        Row("link", "Link a ticket to another."),
        Row("schedule", "Set when a ticket is to be followed up."),
        Row("request", "Ask for something that others decide."),
        Row("approve", "Approve something on a ticket."),
        Row("rate", "Rate how a ticket was dealt with."),
        Row("reply", "Write to the requester of a ticket."),
        Row("undo", "Take back your own latest commit on a ticket."),
    ),
    "Advise": (
        Row("advise", "Ask a decision table what to do."),
        Row("complain", "File a complaint about an earlier ticket and print its id."),
    ),
    "Sweep": (Row("sweep", "Do what has fallen due: missed clocks, the rules of tk.toml."),),
    "Review": (
        Row("check", "Check the desk's files and report what is wrong."),
        Row("diff", "Tell what changed, in the desk's terms."),
        Row("history", "Tell who changed what and when."),
        Row("blame", "Tell which commit set each field of a ticket."),
        Row("audit", "Ask of every commit whether the policy allowed it."),
        Row("policy", "Look into the policy of the desk and prove it."),
    ),
    "Share": (
        Row("sync", "Bring what others did, merge it, send what you did."),
        Row("resolve", "Settle what a merge left open or got wrong."),
        Row("merge-driver", "Merge three states of a ticket; git calls it."),
    ),
    "Mail": (Row("mail", "Look after the desk's letters."),),
    "Insight": (Row("report", "Count and compare what became of the tickets."),),
    "Move": (
        Row("import", "Bring tickets and their history in from elsewhere."),
        Row("export", "Write the desk in formats that other programs read."),
        Row("schema", "Print the JSON Schema of a ticket or of the policy."),
    ),
}
"""Every command there is, in the order that `tk --help` prints them."""


def rows() -> Iterator[Row]:
    """Yield every row of the table."""
    for section in SECTIONS.values():
        yield from section


class LazyGroup(click.Group):
    """A group that prints its help from the table and imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the table."""
        return [row.name for row in rows()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name` from its module; None where the table has none."""
        row = next((row for row in rows() if row.name == cmd_name), None)
        if row is None:
            return None
        found: object = import_module(row.module).command
        if not isinstance(found, click.Command):
            raise TypeError(f"{row.module}.command is no click command")
        return in_language(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with and the rest; refuse an unknown one with the nearest name."""
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing:
            from tk.core.names import nearest  # only a mistake pays for it

            near = nearest(args[0], self.list_commands(ctx))
            hint = (
                say("`tk --help` lists the commands") if near is None else say("did you mean `tk {near}`?", near=near)
            )
            raise WrongUsage(say("there is no command {name!r}", name=args[0]), hint)
        return args[0], command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, a section at a time."""
        for title, section in SECTIONS.items():
            with formatter.section(translation()(title)):
                formatter.write_dl([(row.name, translation()(row.summary)) for row in section])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin with `incomplete`, from the table, and what click adds of options."""
        named = [CompletionItem(r.name, help=translation()(r.summary)) for r in rows() if r.name.startswith(incomplete)]
        return named + click.Command.shell_complete(self, ctx, incomplete)


@click.group(
    cls=LazyGroup,
    name="tk",
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    options_metavar="[-C DIR] [--lang en|es]",
    subcommand_metavar="COMMAND [ARGS]...",
    epilog="`tk COMMAND --help` explains a command and shows an example.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Speak this language, whatever tk.toml or the locale say.")
@click.option(
    "-C",
    "folders",
    shell_complete=folders,
    metavar="DIR",
    multiple=True,
    help="Work as if started in DIR; may be repeated, as in git.",
)
@click.option("--no-pager", is_flag=True, help="Print what is long without a pager.")
@click.version_option(__version__, "-V", "--version", prog_name="tk", message="%(prog)s %(version)s")
@click.pass_context
def tk(ctx: click.Context, folders: tuple[str, ...], lang: str | None, no_pager: bool) -> None:
    """Run a help desk that lives in a git repository.

    \b
    Example:
      tk init support --preset simple
      cd support
      tk new "Heater does not start" --priority high
      tk list status:open
    """
    from tk.cli.app import App, start_folder  # `tk --help` ends before it needs them

    ctx.obj = App(start_folder(folders), started=ctx.obj, language=lang, pages=not no_pager)
    if ctx.invoked_subcommand is None:
        from tk.cli.waiting import show_waiting
        from tk.errors import NotADesk

        try:
            show_waiting(ctx.obj)
        except NotADesk:
            raise NoArgsIsHelpError(ctx) from None
