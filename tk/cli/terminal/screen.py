"""The screen in front of the user: whether there is one behind a stream, and how wide it is."""

import os
from typing import TextIO

UNKNOWN = 80
"""The columns to reckon with where nobody says how many there are."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a person reads `stream`, which is None where the process was started with it closed."""
    return stream is not None and not stream.closed and stream.isatty()


def rows(stream: TextIO | None) -> int | None:
    """Return the height of the screen behind `stream`; None where there is none."""
    try:
        return None if stream is None else os.get_terminal_size(stream.fileno()).lines or None
    except OSError:
        return None


def columns(stream: TextIO | None) -> int:
    """Return the width of the screen behind `stream`: what `COLUMNS` says, else the terminal itself.

    `shutil.get_terminal_size` would answer too, and import three kinds of compression on the way.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return UNKNOWN if stream is None else os.get_terminal_size(stream.fileno()).columns or UNKNOWN
    except OSError:
        return UNKNOWN
