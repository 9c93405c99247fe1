"""`tk policy show`: the policy in force, or a section of it, as it is written."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import as_of, formats
from tk.cli.output.paging import paged
from tk.cli.output.render import write_json
from tk.cli.terminal.safe import safe
from tk.core.portrait import plain
from tk.services.policy import Written, written


@click.command("show")
@click.argument("section", metavar="[SECTION]", required=False, shell_complete=offering("sections"))
@as_of
@formats("text", "json", terminal="text", pipe="text")
@paged
@pass_app
def show(app: App, section: str | None, at: str | None, form: str) -> None:
    """Show the policy, or a section of it.

    Text is tk.toml as it is written, remarks included; JSON what it says.

    \b
    Example:
      tk policy show
      tk policy show deadline
      tk policy show statuses --json
      tk policy show roles --at 2026-08-01
    """
    if at is None:
        desk = app.desk
    else:
        from tk.cli.past import desk_then  # the present does without history

        desk = desk_then(app, at)
    _write(app, written(desk, section), form)


def _write(app: App, found: Written, form: str) -> None:
    if form == "json":
        write_json(app, _in_json(found.data))
    else:
        app.out(safe(found.text.rstrip("\n")))


def _in_json(value: object) -> object:
    """Return what TOML holds in the types that JSON knows."""
    if isinstance(value, list):
        return [_in_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _in_json(item) for key, item in value.items()}
    return plain(value)
