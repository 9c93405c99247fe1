"""What completes an argument or option: names of what `tk.cli.offers` offers, which stays shut until a shell asks."""

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def offering(kind: str) -> Completer:
    """Return what completes a word by the offer of that name: `tickets`, `statuses`, or a key such as `priority`."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from tk.cli.offers import offer

        return offer(kind, context, incomplete)

    return complete


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file."""
    return [CompletionItem(incomplete, type="file")]
