"""`tk check`: the work tree against format and policy."""

from collections.abc import Sequence
from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files
from tk.cli.options import formats
from tk.cli.output.findings import FORMATS, exit_status, write_findings
from tk.core.numbers import counted
from tk.errors import say
from tk.services.check import check


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=files)
@click.option("--changed", is_flag=True, help="Check only what is not committed as it is.")
@click.option("--fix", is_flag=True, help="Mend first what needs no choice: spellings, files in another day's folder.")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@formats(*FORMATS, terminal="text", pipe="text")
@pass_app
def command(app: App, paths: tuple[str, ...], changed: bool, fix: bool, strict: bool, form: str) -> int:
    """Check the desk's files and report what is wrong.

    Every ticket, tk.toml, templates and registers, or only the files and folders given, as a hook before a commit
    does. What --fix changes is written and not committed. Exit status 1 where there is an error.

    \b
    Example:
      tk check
      tk check tickets/2026/08 --strict
      tk check --changed --fix
    """
    desk = app.desk
    where = _asked(app, paths, changed=changed)
    if fix:
        from tk.services.mend import mend  # a check alone needs no law

        _tell_mended(app, mend(desk, where))
    checked = check(desk, where)
    write_findings(app, checked.findings, form, strict=strict)
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


def _asked(app: App, paths: tuple[str, ...], *, changed: bool) -> list[Path] | None:
    """Return the places to look at, None for everywhere."""
    if not changed:
        return [Path(app.folder, path) for path in paths] or None
    if paths:
        raise click.UsageError(str(say("--changed finds the files itself: give it no PATH")))
    from tk.store import asked

    return asked.changed(app.desk.repo)


def _tell_mended(app: App, paths: Sequence[str]) -> None:
    for path in paths:
        app.say(say("{path} was mended; git diff shows how", path=path))
