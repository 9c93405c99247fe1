"""Where things stand in a TOML file: the line and column of each key and value, by the path of keys that leads there.

The standard library's parser gives values without places; this walks the same text for the places alone. It reads only
what that parser has accepted, so it need not know what is right, only where one thing ends and the next begins.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tk.core.condition_terms import Path

_DEEPEST = 32
"""How many keys a path may have before places are of no more use; tk.toml has no more than a dozen."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_PART = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")"{0,2}|'
    r"'''.*?'''(?!')'{0,2}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*")


class Place(NamedTuple):
    """A line and a column, both counted from 1; the column counts characters."""

    line: int
    column: int


class Places(NamedTuple):
    """The places of a file's keys and values, by path."""

    keys: dict[Path, Place]
    values: dict[Path, Place]

    def key(self, path: Path) -> Place:
        """Return where the key that `path` ends in is written, else where the nearest thing above it is."""
        return self._nearest(self.keys, self.values, path)

    def value(self, path: Path) -> Place:
        """Return where the value at `path` begins, else where its key or the nearest thing above it is."""
        return self._nearest(self.values, self.keys, path)

    @staticmethod
    def _nearest(first: dict[Path, Place], second: dict[Path, Place], path: Path) -> Place:
        for length in range(len(path), 0, -1):
            place = first.get(path[:length]) or second.get(path[:length])
            if place is not None:
                return place
        return Place(1, 1)


def read_places(text: str) -> Places:
    """Return the places of everything in `text`, which is TOML that the standard library has read."""
    walk = _Walk(text.replace("\r\n", "\n"))
    walk.document()
    return Places(walk.keys, walk.values)


class _Walk:
    """One pass over the text; `lengths` counts the tables of each array of tables seen so far."""

    def __init__(self, text: str) -> None:
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lengths: dict[Path, int] = {}

    def document(self) -> None:
        above: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                above = self._header()
            else:
                self._pair(above)

    def _header(self) -> Path:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        parts = list(self._key())
        path: Path = ()
        for position, (name, start) in enumerate(parts[:_DEEPEST]):
            path = (*path, name)
            is_last = position == len(parts) - 1
            if is_last and is_array:
                self._lengths[path] = self._lengths.get(path, 0) + 1
            self.keys.setdefault(path, self._place(start))
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self.keys.setdefault(path, self._place(start))
            if is_last:
                # The header says more about a table than a dotted key that only passed through it.
                self.keys[path] = self._place(start)
        self._at += 2 if is_array else 1
        return path

    def _pair(self, above: Path) -> None:
        path = above
        for name, start in self._key():
            path = (*path, name)
            if len(path) <= _DEEPEST:
                self.keys.setdefault(path, self._place(start))
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> Iterator[tuple[str, int]]:
        """Yield the parts of a dotted key with where each begins; stop at what follows the key."""
        while True:
            start = self._skip(_SPACE)
            part = _PART.match(self._text, start)
            if part is None:
                raise ValueError(f"no key at {self._place(start)}")
            self._at = part.end()
            yield _key_text(part[0]), start
            if not self._text.startswith(".", self._skip(_SPACE)):
                return
            self._at += 1

    def _value(self, path: Path) -> None:
        if len(path) <= _DEEPEST:
            self.values[path] = self._place(self._at)
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            end = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
            self._at = len(self._text) if end is None else end.end()

    def _array(self, path: Path) -> None:
        self._at += 1
        position = 0
        while self._text[self._skip(_BLANK)] != "]":
            self._value((*path, position))
            position += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._text[self._skip(_BLANK)] != "}":
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._text.startswith(",", self._skip(_BLANK)):
            self._at += 1

    def _skip(self, what: re.Pattern[str]) -> int:
        found = what.match(self._text, self._at)
        self._at = self._at if found is None else found.end()
        return self._at

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)


def _key_text(part: str) -> str:
    if part[0] not in "\"'":
        return part
    (key,) = tomllib.loads(f"{part} = 0")
    return key
