"""Cells that no spreadsheet takes for a formula to run, and back to what they say."""

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_INERT = re.compile(r"'+[=+\-@\t\r]")


def inert(text: str) -> str:
    """Return a cell that a spreadsheet takes for text: with an apostrophe before what would begin a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def meant(text: str) -> str:
    """Return what a cell says without the apostrophe that makes it inert; `meant(inert(t)) == t`."""
    return text[1:] if _INERT.match(text) else text


def row(cells: Iterable[str]) -> str:
    """Return a line of CSV; a cell with a carriage return is quoted, too, or what follows would be another row."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"
