"""Long results through the user's pager: nothing of the kind in a pipe, or where all of it fits on the screen."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from tk.cli.app import App
from tk.cli.terminal.screen import columns, rows

P = ParamSpec("P")
R = TypeVar("R")


def paged(function: Callable[P, R]) -> Callable[P, R]:
    """Let what a command prints go through the pager as git's would, once the command is through."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        app = click.get_current_context().find_object(App)
        if app is None or not app.pages or not app.is_terminal:
            return function(*args, **kwargs)
        try:
            with app.holding() as held:
                return function(*args, **kwargs)
        finally:
            _show(app, "".join(held.result))
            for remark in held.remarks:
                app.say(remark)

    return command


def _show(app: App, text: str) -> None:
    if _fits(text) or not _page(app, text):
        app.write(text)


def _page(app: App, text: str) -> bool:
    from tk.cli import programs  # most results fit

    sys.stdout.flush()
    return programs.page(app.folder, text, sys.stdout.encoding)


def _fits(text: str) -> bool:
    """Return whether all lines are on the screen at once, with one to spare for the prompt."""
    height = rows(sys.stdout)
    if height is None or text.count("\n") < height // 8:
        return True
    from tk.cli.terminal.widths import width

    wide = columns(sys.stdout)
    return sum(max(1, -(-width(click.unstyle(line)) // wide)) for line in text.splitlines()) < height
