"""`tk export`: the desk in formats that other programs read."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files, offering
from tk.cli.family import Family
from tk.cli.foreign import content
from tk.cli.output.review import place
from tk.cli.terminal.progress import bar
from tk.cli.terminal.safe import json_safe, safe
from tk.errors import DiskFailed, WrongUsage, say

_ENDINGS = {
    "csv": ("csv",),
    "ndjson": ("ndjson", "jsonl", "json"),
    "sqlite": ("sqlite", "sqlite3", "db"),
    "ics": ("ics", "ical"),
}
"""The forms of tickets, each with the endings of names that tell it."""

_FORCE = click.option("-f", "--force", is_flag=True, help="Write over a file that is there.")


@click.group("export", cls=Family, subcommand_metavar="COMMAND [ARGS]...")
def command() -> None:
    """Write the desk in formats that other programs read.

    Without FILE the result goes to stdout; on a terminal, and where CI is set,
    what would act there is written out, and only a FILE has it as it is.

    \b
    Example:
      tk export events log.csv
      tk export tickets --format ndjson
    """


@command.command("events")
@click.argument("file", metavar="[FILE]", required=False, shell_complete=files)
@click.option("--map", "mapping", metavar="MAP.toml", shell_complete=files, help="Write as the file of this map is.")
@click.option("--format", "form", type=click.Choice(["csv", "xes"]), help="CSV, or XES for process mining.")
@_FORCE
@pass_app
def events(app: App, file: str | None, mapping: str | None, form: str | None, force: bool) -> None:
    """Export the history as a log of events.

    Every action of every commit, so that tk import events makes the same history of it; with a map, only what was
    logged, in the words of the file that the map speaks of.

    \b
    Example:
      tk export events log.csv
      tk export events log.xes --map log.map.toml
    """
    from tk.exchange.inverse import mapped
    from tk.exchange.log import as_csv, as_xes
    from tk.exchange.mapping import read_map
    from tk.exchange.own import written
    from tk.services.exporting import happenings

    desk = app.desk
    done = happenings(desk, bar(say("reading")))
    log = written(done, desk.policy)
    if mapping is not None:
        log = mapped(done, read_map(mapping, content(app, mapping)), desk.policy)
    form = form or ("xes" if file is not None and file.lower().endswith(".xes") else "csv")
    _write(app, file, as_xes(log) if form == "xes" else as_csv(log), force=force)


def _write(app: App, file: str | None, parts: Iterable[str], *, force: bool, calm: Callable[[str], str] = safe) -> None:
    """Write the parts to stdout, where a person or a runner of CI reads along as `calm`, or to a file: whole or not."""
    if file is None or file == "-":
        for part in parts:
            app.write_document(part, calm)
        return
    _store(app, file, "".join(parts).encode("utf-8", "replace"), force=force)


def _store(app: App, name: str, data: bytes, *, force: bool) -> None:
    target = Path(app.folder, name)
    if target.exists() and not force:
        raise WrongUsage(say("{file} is there already", file=name), say("--force writes over it"))
    beside = target.with_name(f".{target.name}.tk")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DiskFailed(say("{path}: {reason}", path=name, reason=error.strerror)) from error
    app.say(say("wrote {file}", file=name))


@command.command("tickets")
@click.argument("file", metavar="[FILE]", required=False, shell_complete=files)
@click.option(
    "-q",
    "--query",
    metavar="QUERY",
    multiple=True,
    shell_complete=offering("words"),
    help="Only what a query as for tk list finds.",
)
@click.option("--format", "form", type=click.Choice(list(_ENDINGS)), help="Told by the name of FILE unless said.")
@_FORCE
@pass_app
def tickets(app: App, file: str | None, query: tuple[str, ...], form: str | None, force: bool) -> None:
    """Export the tickets as they stand: CSV, NDJSON, SQLite, or follow-ups and due times as iCalendar.

    All of them, closed ones too, unless a query says which.

    \b
    Example:
      tk export tickets tickets.csv
      tk export tickets open.sqlite -q is:open
      tk export tickets --format ics -q owner:me
    """
    from tk.services.listing import listing, whole

    desk = app.desk
    form = form or _form_of(file)
    words = [word for part in query for word in part.split()] or ["status:any"]
    found = listing(desk, words)
    for finding in found.broken:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))
    held = whole(desk, found.rows)
    if form in {"csv", "ndjson"}:
        from tk.exchange import sheets

        if form == "csv":
            _write(app, file, sheets.as_csv(held, desk.policy), force=force)
        else:
            _write(app, file, sheets.as_ndjson(held, desk.policy), force=force, calm=json_safe)
    elif form == "ics":
        from tk.exchange.calendars import as_ics

        _write(app, file, [as_ics(held, desk.policy).decode()], force=force)
    elif file is None or file == "-":
        raise WrongUsage(say("a SQLite file needs a name"), say("tk export tickets tickets.sqlite"))
    else:
        from tk.exchange import sheets

        _store(app, file, sheets.as_sqlite(held, desk.policy), force=force)


def _form_of(file: str | None) -> str:
    ending = "" if file is None else Path(file).suffix.lower().removeprefix(".")
    return next((form for form, endings in _ENDINGS.items() if ending in endings), "csv")
