"""The voices of the command line: the same rows for people and for programs.

People get a table with headings and relative times on a terminal; a pipe gets tab-separated lines as gh prints them,
without headings and with RFC 3339 instants. All of it is in the order it was handed in.
"""

from collections.abc import Iterable

from tk.cli.app import App
from tk.cli.output.columns import Column, Table
from tk.cli.terminal.safe import cell, json_safe, safe

FORMATS = ("table", "tsv", "json", "ndjson", "csv", "ids", "markdown")
"""What a command that shows rows can print."""


__all__ = ["FORMATS", "Column", "Table", "to_json", "write_json", "write_rows", "write_values"]


def write_rows(app: App, table: Table, form: str) -> None:
    """Write a table in one of `FORMATS`; no rows are no lines, but the frame of JSON, CSV and Markdown stays."""
    if form in {"json", "ndjson"}:
        write_values(app, table.objects(), form)
    elif form == "csv":
        app.out(_csv(table))
    elif form in {"table", "markdown"}:
        from tk.cli.output import tables  # a pipe does without it

        lines = tables.markdown(table) if form == "markdown" else tables.for_people(app, table)
        if lines:
            app.out(lines)
    elif table.rows:
        app.out("\n".join(map(cell, table.ids()) if form == "ids" else _tab_separated(table)))


def write_values(app: App, values: Iterable[object], form: str) -> None:
    """Write `values` as one JSON array, or as `ndjson`, a line each."""
    if form == "json":
        write_json(app, list(values))
        return
    for value in values:
        app.out(to_json(value))


def write_json(app: App, value: object) -> None:
    """Write `value` as JSON: indented for a person on a terminal, one line for a program."""
    app.out(to_json(value, indent=2 if app.is_terminal else None))


def to_json(value: object, indent: int | None = None) -> str:
    """Return `value` as JSON that is safe to print; letters beyond ASCII stay as they are."""
    import json  # a table in a pipe does without it

    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent))


def _tab_separated(table: Table) -> Iterable[str]:
    return ("\t".join(map(cell, row)) for row in table.rows)


def _csv(table: Table) -> str:
    import csv
    import io

    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(column.name for column in table.columns)
    sheet.writerows([_inert(each) for each in row] for row in table.rows)
    return text.getvalue().removesuffix("\n")


def _inert(text: str) -> str:
    """Return a cell that a spreadsheet takes for text, not for a formula to run."""
    return safe("'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text)
