"""Options that several commands share, each as a decorator for the command's function."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from tk.cli.app import App
from tk.cli.completing.complete import offering
from tk.errors import say

P = ParamSpec("P")
R = TypeVar("R")


def formats(*names: str, terminal: str, pipe: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command `--format` (one of `names`) and `--json` for short; its parameter `form` is what to print.

    Where neither is given, `form` is `terminal` on a terminal and `pipe` in a pipe.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def command(*args: P.args, **kwargs: P.kwargs) -> R:
            as_json, form = kwargs.pop("as_json"), kwargs["form"]
            if as_json and form not in {None, "json"}:
                raise click.UsageError(str(say("--json and --format {form} contradict each other", form=form)))
            kwargs["form"] = "json" if as_json else form or (terminal if _on_terminal() else pipe)
            return function(*args, **kwargs)

        named = click.option("--format", "form", type=click.Choice(names), help="How to print the result.")
        short = click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
        return named(short(command))

    return decorate


def as_of(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command `--at REV|DATE` (as `at`)."""
    told = "Answer as the desk stood then: at a commit, or at the end of a day, or an instant."
    return click.option("--at", shell_complete=offering("revisions"), metavar="REV|DATE", help=told)(function)


def _on_terminal() -> bool:
    app = click.get_current_context().find_object(App)
    return app is not None and app.is_terminal
