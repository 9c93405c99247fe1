"""What completes an argument or option, by the names in `offers`, which stays shut until a shell asks."""

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def offering(kind: str) -> Completer:
    """Return what completes a word by the offer of that name: `tickets`, `statuses`, or a key such as `priority`."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from tk.cli.completing.offers import offer

        return offer(kind, context, incomplete)

    return complete


def presets(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the presets, which need no desk to be known."""
    from tk.store.presets import load, names

    return [CompletionItem(name, help=load(name).summary) for name in names() if name.startswith(incomplete)]


def zones(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the time zones of this machine."""
    from zoneinfo import available_timezones  # looks at hundreds of files

    wanted = incomplete.casefold()
    return [CompletionItem(zone) for zone in sorted(available_timezones()) if zone.casefold().startswith(wanted)]


def folders(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a folder."""
    return [CompletionItem(incomplete, type="dir")]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file."""
    return [CompletionItem(incomplete, type="file")]
