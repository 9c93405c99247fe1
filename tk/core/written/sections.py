"""The sections of a tk.toml as they are written, remarks and all."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tk.core.written.places import Places, read_places

_HEADER = re.compile(r"\s*\[")
_REMARK = re.compile(r"\s*#")


class Section(NamedTuple):
    """A section: its name (`statuses`, `deadline`), and what is written in it, with the remarks above its headers."""

    name: str
    text: str


def sections(text: str) -> list[Section]:
    """Return the sections of `text`, which is TOML that the standard library reads, in the order they begin there."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").splitlines(keepends=True)
    written: dict[str, list[str]] = {}
    starts = list(_starts(lines, read_places("".join(lines))))
    for (line, name), (end, _) in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
        written.setdefault(name, []).extend(lines[line:end])
    return [Section(name, "".join(held).strip("\n") + "\n") for name, held in written.items()]


def _starts(lines: list[str], places: Places) -> Iterator[tuple[int, str]]:
    """Yield for each header of a table the line where it begins, from 0, its own remarks included, and its section."""
    headers = {place.line - 1: str(path[0]) for path, place in reversed(places.keys.items())}
    for line, name in sorted(headers.items()):
        if not _HEADER.match(lines[line]):
            continue
        first = line
        while first and _REMARK.match(lines[first - 1]):
            first -= 1
        yield first, name
