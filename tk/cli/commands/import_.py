"""`tk import`: what was done elsewhere becomes tickets and their history."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files
from tk.cli.family import Family
from tk.cli.foreign import content, documents, imports, take
from tk.errors import WrongUsage, say
from tk.exchange.mapping import File, read_map
from tk.exchange.tables import read_table
from tk.services.importing import Wish

_MAP = click.option("--map", "mapping", metavar="MAP.toml", shell_complete=files, help="How the file is to be read.")


@click.group("import", cls=Family, subcommand_metavar="COMMAND [ARGS]...")
def command() -> None:
    """Bring tickets and their history in from elsewhere.

    docs/import.md describes maps. What is there already is left out, so an import may be run again.

    \b
    Example:
      tk import events log.csv --map log.map.toml --dry-run
      tk import tickets export.json --map old.map.toml
      tk import folder ../project/.tickets
    """


@command.command("events")
@click.argument("file", metavar="FILE", shell_complete=files)
@_MAP
@imports
@pass_app
def events(app: App, file: str, mapping: str | None, squash: bool, strict: bool, dry: bool, as_json: bool) -> None:
    """Import a log of events: CSV, XES, or what tk export events wrote.

    Each event becomes a commit by who did it, at its instant, in time order; you are its committer. Rows that cannot be
    read are told by line and left out. A log that tk wrote needs no map.

    \b
    Example:
      tk import events log.csv --map log.map.toml --dry-run
      tk import events log.csv --map log.map.toml
    """
    from tk.exchange.events import read_events
    from tk.exchange.own import is_own, read_own

    policy = app.desk.reading.usable()
    held = None if mapping is None else read_map(mapping, content(app, mapping))
    table = read_table(file, content(app, file), File() if held is None else held.file)
    if held is not None:
        read = read_events(table, held, policy)
    elif is_own(table):
        read = read_own(table, policy)
    else:
        raise _needs_map(file)
    take(app, read, Wish(file, squash=squash, strict=strict, dry=dry), as_json=as_json)


def _needs_map(file: str) -> WrongUsage:
    message = say("tk did not write {file}: --map says how to read it", file=file)
    return WrongUsage(message, say("docs/import.md shows how to write a map"))


@command.command("tickets")
@click.argument("file", metavar="FILE", shell_complete=files)
@_MAP
@imports
@pass_app
def tickets(app: App, file: str, mapping: str | None, squash: bool, strict: bool, dry: bool, as_json: bool) -> None:
    """Import the tickets of another help desk: an export as CSV, JSON or NDJSON.

    Each ticket begins when it was created and then comes to how it stands; the id that it had stays as an alias.
    Tickets that are there already are left as they are.

    \b
    Example:
      tk import tickets incidents.csv --map old.map.toml --dry-run
      tk import tickets incidents.json --map old.map.toml
    """
    from tk.exchange.tickets import read_tickets

    desk = app.desk
    policy = desk.reading.usable()
    if mapping is None:
        raise WrongUsage(
            say("--map says how {file} is to be read", file=file), say("docs/import.md shows how to write a map")
        )
    held = read_map(mapping, content(app, mapping))
    table = read_table(file, content(app, file), held.file)
    wish = Wish(file, squash=squash, strict=strict, dry=dry, fresh=True)
    take(app, read_tickets(table, held, policy, desk.now), wish, as_json=as_json)


@command.command("folder")
@click.argument("folder", metavar="FOLDER", shell_complete=files)
@_MAP
@imports
@pass_app
def folder(app: App, folder: str, mapping: str | None, squash: bool, strict: bool, dry: bool, as_json: bool) -> None:
    """Import Markdown files with front matter, as other trackers keep their tickets.

    The folders of `ticket` and of Backlog.md are known by themselves; for another, --map says what its keys mean. The
    ids stay as aliases, and what is there already is left as it is.

    \b
    Example:
      tk import folder ../project/.tickets
      tk import folder backlog/tasks --dry-run
    """
    from tk.exchange.folder import completed, read_folder
    from tk.exchange.known_maps import map_of
    from tk.exchange.tickets import read_tickets

    desk = app.desk
    policy = desk.reading.usable()
    table = read_folder(folder, documents(app, folder))
    held = map_of(table) if mapping is None else read_map(mapping, content(app, mapping))
    if held is None:
        raise _needs_map(folder)
    wish = Wish(folder, squash=squash, strict=strict, dry=dry, fresh=True, files=table.files)
    take(app, read_tickets(completed(table, held), held, policy, desk.now), wish, as_json=as_json)
