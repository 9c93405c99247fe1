"""Text as the desk keeps it: LF line ends, no control characters, titles on one line."""

import re

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of writing, as the inside of a character class: they can make a line show what it
does not say."""

# Patterns that only some text needs are compiled when it comes: what can be printed holds nothing of them.
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
_INVISIBLE = rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff{BIDI}]"
_SHOWN = 60


def normalise(text: str) -> str:
    """Return `text` with LF line ends, without control characters but tabs, and without outer blank lines."""
    return without_outer_blank_lines(re.sub(_CONTROL, "", text.replace("\r\n", "\n").replace("\r", "\n")))


def without_outer_blank_lines(text: str) -> str:
    """Return `text` from its first to its last line that holds more than spaces and tabs."""
    lines = text.split("\n")
    first, last = 0, len(lines)
    while first < last and not lines[first].strip(" \t"):
        first += 1
    while last > first and not lines[last - 1].strip(" \t"):
        last -= 1
    return "\n".join(lines[first:last])


def one_line(text: str) -> str:
    """Return `text` on one line: each run of white space one space, control characters and bidi marks dropped."""
    return " ".join((text if text.isprintable() else re.sub(_INVISIBLE, "", text)).split())


def is_one_line(text: str) -> bool:
    """Return whether `text` stands on one line as it reads: no line ends, tabs, control characters or bidi marks."""
    if text.isprintable():
        return text != ""
    return text.splitlines() == [text] and "\t" not in text and not re.search(_INVISIBLE, text)


def shown(text: str) -> str:
    """Return `text` as a sentence may quote it: on one line, and no longer than a sentence bears."""
    line = one_line(text[: 4 * _SHOWN])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
