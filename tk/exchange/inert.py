"""Cells that no spreadsheet takes for a formula to run, and back to what they say."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_INERT = re.compile(r"'+[=+\-@\t\r]")


def inert(text: str) -> str:
    """Return a cell that a spreadsheet takes for text: with an apostrophe before what would begin a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def meant(text: str) -> str:
    """Return what a cell says without the apostrophe that makes it inert; `meant(inert(t)) == t`."""
    return text[1:] if _INERT.match(text) else text
