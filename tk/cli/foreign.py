"""What the commands that import share: reading the files that are named, and telling what came of them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tk.cli.app import App
from tk.cli.output.findings import portrait
from tk.cli.output.render import write_json
from tk.cli.output.review import place
from tk.cli.terminal.progress import bar
from tk.core.numbers import counted
from tk.errors import DiskFailed, WrongUsage, say
from tk.exchange.read import Read
from tk.services.importing import Imported, Wish, bring

F = TypeVar("F", bound=Callable[..., object])

_SHOWN = 20
"""How many findings people are shown."""


def imports(function: F) -> F:
    """Give a command `--squash`, `--strict`, `--dry-run` (as `dry`) and `--json` (as `as_json`)."""
    for option in reversed(
        (
            click.option("--squash", is_flag=True, help="Make one commit of it all; needs the role importer."),
            click.option("--strict", is_flag=True, help="Import nothing where something would be left out."),
            click.option("-n", "--dry-run", "dry", is_flag=True, help="Count what would be done, and do nothing."),
            click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        )
    ):
        function = option(function)
    return function


def content(app: App, name: str) -> bytes:
    """Return what stands in the file that `name` names from where the user is, or on stdin for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(app.folder, name).read_bytes()
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=name, reason=error.strerror)) from error


def documents(app: App, name: str) -> list[tuple[str, bytes]]:
    """Return path and content of each Markdown file below a folder, in the order of their paths; no symbolic links."""
    folder = Path(app.folder, name)
    if not folder.is_dir():
        raise WrongUsage(say("{folder} is no folder", folder=name))
    found = sorted(path for path in folder.rglob("*.md") if path.is_file() and not path.is_symlink())
    if not found:
        raise WrongUsage(say("{folder} holds no Markdown files", folder=name))
    return [(path.relative_to(folder).as_posix(), content(app, str(path))) for path in found]


def take(app: App, read: Read, wish: Wish, *, as_json: bool) -> None:
    """Import what was read and tell what came of it: counts as the result, what was left out as remarks."""
    done = bring(app.desk, read.arrivals, read.findings, wish, bar(say("importing")))
    if as_json:
        findings = [portrait(finding) for finding in done.findings]
        told = done._asdict() | {"skipped": read.skipped, "findings": findings}
        write_json(app, told)
        return
    for finding in done.findings[:_SHOWN]:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))
    if len(done.findings) > _SHOWN:
        app.say(say("and {count} more; --json lists them all", count=len(done.findings) - _SHOWN))
    app.out(str(_sentence(done, read.skipped)))
    if wish.dry:
        app.say(say("nothing was done: this was a dry run"))


def _sentence(done: Imported, skipped: int) -> object:
    return say(
        "{new}, {changed}; {arrived} in {commits}; there already: {known}, left out: {left}",
        new=counted(done.new, "{count} new ticket", "{count} new tickets"),
        changed=counted(done.changed, "{count} changed", "{count} changed"),
        arrived=counted(done.arrived, "{count} change", "{count} changes"),
        commits=counted(done.commits, "{count} commit", "{count} commits"),
        known=done.known,
        left=len(done.findings) + skipped,
    )
