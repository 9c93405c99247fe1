"""What the commands that change a ticket take: whether to commit, how to answer, the text and where it comes from."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tk.cli.app import App
from tk.cli.completing.complete import files
from tk.core.reasons import of_system
from tk.core.text import normalise
from tk.errors import DiskFailed, WrongUsage, say

F = TypeVar("F", bound=Callable[..., object])

_NO_COMMIT = "Write the files, commit nothing."


def changes(function: F) -> F:
    """Give a command `--json` (as `as_json`) and `--no-commit` (as `commit`)."""
    with_json = click.option("--json", "as_json", is_flag=True, help="Print the ticket as JSON.")(function)
    return click.option("--no-commit", "commit", is_flag=True, flag_value=False, default=True, help=_NO_COMMIT)(
        with_json
    )


def texts(function: F) -> F:
    """Give a command `-m TEXT` (as `message`) and `-F FILE` (as `file`)."""
    with_file = click.option(
        "-F", "--file", metavar="FILE", shell_complete=files, help="Take the text from FILE, or from stdin for -."
    )(function)
    return click.option("-m", "--message", metavar="TEXT", help="The text; Markdown.")(with_file)


def text_of(app: App, message: str | None, file: str | None) -> str | None:
    """Return the text that `-m` or `-F` gave as the desk keeps it, None where neither did."""
    if message is not None and file is not None:
        raise WrongUsage(say("-m and -F both give the text; use one of them"))
    if file is None:
        return None if message is None else normalise(message)
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(app.folder, file).read_bytes()
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=file, reason=of_system(error))) from error
    try:
        return normalise(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise WrongUsage(say("{path} is not UTF-8 text", path=file), say("convert it, or attach it")) from None
