"""Tables as other programs export them: CSV in any usual dress, JSON and NDJSON; every fault at its line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core.finding import Finding
from tk.errors import Message, WrongUsage, say
from tk.exchange.inert import meant

_DELIMITERS = ",;\t|"
_LONGEST = 1 << 24
"""Characters that a cell may have."""


class Row(NamedTuple):
    """A row of a table: the line of the file on which it begins, and a cell for each column."""

    line: int
    cells: Sequence[str]


class Table(NamedTuple):
    """A table: the file's name, its columns, its rows, and what is wrong with the rows that could not be read.

    Of columns that share a name the second is called `NAME#2`, the third `NAME#3`. `files` are the names of the files
    of a folder: a row's line is then the place of its file among them, from 1.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    faults: list[Finding]
    files: Sequence[str] = ()

    def finding(self, line: int, code: str, severity: str, message: Message) -> Finding:
        """Return a finding about the row that begins on a line."""
        if self.files:
            return Finding(self.files[line - 1], 0, 0, code, severity, message)
        return Finding(self.name, line, 1, code, severity, message)


def read_csv(name: str, data: bytes, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Return the table that the file `name` holds as CSV; the delimiter is found by its first line unless given.

    Raises:
        WrongUsage: it is empty, or no text in its encoding (UTF-8 unless given).
    """
    text = decoded(name, data, encoding)
    header = text.lstrip("\r\n").partition("\n")[0]
    if not header.strip():
        raise WrongUsage(say("{file} is empty: it has no line with the names of its columns", file=name))
    before = csv.field_size_limit(_LONGEST)
    try:
        return _read(name, text, delimiter or max(_DELIMITERS, key=header.count))
    finally:
        csv.field_size_limit(before)


def _read(name: str, text: str, delimiter: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    faults: list[Finding] = []
    columns: tuple[str, ...] = ()
    for line, cells in _lines(name, reader, faults):
        if not columns:
            columns = _named(cells)
        elif len(cells) == len(columns):
            rows.append(Row(line, [meant(cell) for cell in cells]))
        else:
            faults.append(_miscounted(name, line, len(cells), len(columns)))
    if not columns:
        raise WrongUsage(say("{file} has no line with the names of its columns", file=name))
    return Table(name, columns, rows, faults)


def _lines(name: str, reader: Iterator[list[str]], faults: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line on which it begins."""
    while True:
        line = int(getattr(reader, "line_num", 0)) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Finding(name, line, 1, "bad-row", "error", say("no row of a table: {why}", why=error)))
            continue
        if cells:
            yield line, cells


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for cell in (cell.strip() for cell in cells):
        seen[cell] = seen.get(cell, 0) + 1
        names.append(cell if seen[cell] == 1 else f"{cell}#{seen[cell]}")
    return tuple(names)


def _miscounted(name: str, line: int, found: int, wanted: int) -> Finding:
    message = say("the row has {found} cells, and the table {wanted} columns", found=found, wanted=wanted)
    return Finding(name, line, 1, "bad-row", "error", message)


def read_json(name: str, data: bytes, encoding: str | None = None, records: str | None = None) -> Table:
    """Return the table that the file `name` holds as JSON or NDJSON: an object a row.

    `records` is the way to the list of objects where that is not the whole file: `data.issues`. What lies in an object
    is a column by its way, `fields.status.name`; lists of words are joined by commas.

    Raises:
        WrongUsage: it is empty, no JSON, or no list of objects.
    """
    text = decoded(name, data, encoding)
    if not text.strip():
        raise WrongUsage(say("{file} is empty", file=name))
    found, faults = _objects(name, text, records)
    flat = [(line, dict(_flat(value, ""))) for line, value in found]
    columns = tuple(dict.fromkeys(key for _, cells in flat for key in cells))
    rows = [Row(line, [cells.get(key, "") for key in columns]) for line, cells in flat]
    return Table(name, columns, rows, faults)


def _objects(name: str, text: str, records: str | None) -> tuple[list[tuple[int, Mapping[str, object]]], list[Finding]]:
    try:
        whole: object = json.loads(text)
    except RecursionError:
        raise WrongUsage(say("{file} is nested too deep to be read", file=name)) from None
    except ValueError as error:
        lines = text.splitlines()
        if records is None and len(lines) > 1 and lines[0].lstrip().startswith("{"):
            return _each_line(name, lines)
        raise WrongUsage(say("{file} is no JSON: {why}", file=name, why=error)) from None
    for key in records.split(".") if records else ():
        whole = whole.get(key) if isinstance(whole, dict) else None
    if isinstance(whole, dict) and not records:
        whole = [whole]
    if not isinstance(whole, list):
        hint = say('[file] records in the map says where the list is, such as records = "issues"')
        raise WrongUsage(say("{file} holds no list of objects there", file=name), hint)
    numbered = list(enumerate(whole, 1))
    wrong = [_no_object(name, number) for number, value in numbered if not isinstance(value, dict)]
    return [(number, value) for number, value in numbered if isinstance(value, dict)], wrong


def _each_line(name: str, lines: Sequence[str]) -> tuple[list[tuple[int, Mapping[str, object]]], list[Finding]]:
    found: list[tuple[int, Mapping[str, object]]] = []
    faults = []
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            faults.append(_no_object(name, number))
        elif value:
            found.append((number, value))
    return found, faults


def _no_object(name: str, number: int) -> Finding:
    return Finding(name, number, 1, "bad-row", "error", say("not an object of JSON with names and values"))


def _flat(value: object, way: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{way}.{key}" if way else str(key))
    elif isinstance(value, list):
        yield way, ",".join(_word(item) for item in value)
    else:
        yield way, _word(value)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decoded(name: str, data: bytes, encoding: str | None) -> str:
    """Return the text of the file `name`; raise WrongUsage, naming the line, where it is none in its encoding."""
    try:
        return data.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, f"0x{data[error.start]:02X}"
        why: Message = say(
            "{file}:{line}: the byte {byte} is no {encoding}",
            file=name,
            line=line,
            byte=byte,
            encoding=(encoding or "utf-8").upper(),
        )
        hint = say('[file] encoding in the map says what it is, such as encoding = "cp1252"')
        raise WrongUsage(why, hint) from None
    except (LookupError, ValueError):
        message = say('there is no encoding "{encoding}"', encoding=encoding)
        raise WrongUsage(message, say("encodings are utf-8, cp1252, latin-1, utf-16 and others")) from None
