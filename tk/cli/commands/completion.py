"""`tk completion`: what makes a shell complete tk's words."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.shells import SHELLS, script


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@pass_app
def command(app: App, shell: str) -> None:
    """Print what makes your shell complete tk's words.

    Completed are commands and options, ids (open tickets first), statuses that a ticket can go to, people, types of
    event, fields and their values, words of a query. Put one line where your shell reads it at its start:

    \b
      bash   ~/.bashrc                   eval "$(tk completion bash)"
      zsh    ~/.zshrc, after compinit    eval "$(tk completion zsh)"
      fish   ~/.config/fish/config.fish  tk completion fish | source

    \b
    Example:
      tk completion bash > ~/.local/share/bash-completion/completions/tk
    """
    app.out(script(click.get_current_context().find_root().command, shell).rstrip("\n"))
