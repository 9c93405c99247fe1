"""Templates and registers: which files of a desk go by the right to `policy`, and what is wrong with one by itself."""

import csv
from collections.abc import Iterator

from tk.core.finding import Finding
from tk.errors import Message, say

POLICY = "tk.toml"

REGISTERS = "registers/"

FOLDERS = ("templates/", REGISTERS)
"""The folders that only those who may do `policy` change, as they do tk.toml."""

_MARK = "\ufeff"


def is_governed(path: str) -> bool:
    """Return whether only who may do `policy` changes the file at `path`."""
    return path == POLICY or path.startswith(FOLDERS)


def check_beside(path: str, data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with the template or register at `path`, whatever the policy says of it.

    Both are UTF-8 text without control characters; a register that is a CSV table has a heading whose names differ, and
    in each row as many cells.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = f"0x{data[error.start]:02X}"
        yield _at(path, line, "encoding", say("the byte {byte} here is no UTF-8; save the file as UTF-8", byte=shown))
        return
    control = next((place for place, letter in enumerate(text) if letter < " " and letter not in "\t\n\r\f"), None)
    if control is not None:
        message = say("the control character {code} has no place in a text", code=f"U+{ord(text[control]):04X}")
        yield _at(path, text.count("\n", 0, control) + 1, "bad-value", message)
    elif path.startswith(REGISTERS) and path.endswith(".csv"):
        yield from _table(path, text.removeprefix(_MARK))


def _table(path: str, text: str) -> Iterator[Finding]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        if not any(heading):
            yield _at(path, 1, "bad-heading", say("a register begins with a line that names its columns"))
            return
        for place, name in enumerate(heading):
            if not name:
                yield _at(path, 1, "bad-heading", say("column {number} has no name", number=place + 1))
            elif name in heading[:place]:
                yield _at(path, 1, "bad-heading", say('two columns are called "{name}"', name=name))
        last = reader.line_num
        for row in reader:
            if row and len(row) != len(heading):
                message = say("{count} cells, and the heading has {columns}", count=len(row), columns=len(heading))
                yield _at(path, last + 1, "bad-row", message)
            last = reader.line_num
    except csv.Error as error:
        yield _at(path, reader.line_num, "bad-row", say("this is no CSV: {reason}", reason=error))


def _at(path: str, line: int, code: str, message: Message) -> Finding:
    return Finding(path, max(1, line), 1, code, "error", message)
