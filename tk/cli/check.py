"""`tk check`: the work tree against format and policy."""

from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.complete import files
from tk.cli.findings import FORMATS, exit_status, write_findings
from tk.cli.options import formats
from tk.core.numbers import counted
from tk.errors import say
from tk.services.check import check


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=files)
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@formats(*FORMATS, terminal="text", pipe="text")
@pass_app
def command(app: App, paths: tuple[str, ...], strict: bool, form: str) -> int:
    """Check the desk's files and report what is wrong.

    Every ticket and tk.toml, or only the files and folders given. Exit status 1 where there is an error.

    \b
    Example:
      tk check
      tk check tickets/2026/08 --strict
    """
    desk = app.desk
    checked = check(desk, [Path(app.folder, path) for path in paths])
    write_findings(app, checked.findings, form)
    errors = sum(finding.is_error for finding in checked.findings)
    warnings = len(checked.findings) - errors
    app.say(
        say(
            "{tickets} checked: {errors}, {warnings}",
            tickets=counted(checked.tickets, "{count} ticket", "{count} tickets"),
            errors=counted(errors, "{count} error", "{count} errors"),
            warnings=counted(warnings, "{count} warning", "{count} warnings"),
        )
    )
    return exit_status(checked.findings, strict=strict)
