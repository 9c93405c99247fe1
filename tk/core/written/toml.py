"""TOML as tk reads it: the standard library's, but nothing nested without end, and no number longer than TOML has them.

What the standard library lets through and others stumble over is refused here, with a sentence of its own.
"""

import re
import tomllib
from typing import Any

from tk.core.reasons import of_toml
from tk.errors import Message, say

DEEPEST = 100
"""How deep tables and lists may lie in one another."""

_LARGEST = (1 << 63) - 1
_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_LONG = re.compile(r"0[xob][0-9A-Fa-f_]{16,}|[0-9][0-9_]{18,}")


class NotToml(ValueError):
    """A text that cannot be read as TOML: why, and at which line and column, counted from 1."""

    def __init__(self, why: Message, line: int = 1, column: int = 1) -> None:
        """Keep what is to be said, and where."""
        super().__init__(str(why))
        self.why = why
        self.line = line
        self.column = column


def loads(text: str) -> dict[str, Any]:
    """Return what `text` says; raise NotToml where it cannot be read."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise _too_deep() from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(str(error), text) from None
    except ValueError:  # more digits than Python makes a number of
        raise _too_long(text) from None
    _weigh(data, text)
    return data


def _weigh(data: dict[str, Any], text: str) -> None:
    """Refuse what is nested too deep or too large a number, without recursion."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        if any(isinstance(value, int) and not -_LARGEST <= value <= _LARGEST for value in level):
            raise _too_long(text)
        inner = [
            value.values() if isinstance(value, dict) else value for value in level if isinstance(value, dict | list)
        ]
        level = [value for values in inner for value in values]
        if not level:
            return
    raise _too_deep()


def _refused(told: str, text: str) -> NotToml:
    match = _AT.fullmatch(told)
    if match is None:
        return NotToml(say("this is not TOML: {why}", why=of_toml(told)))
    why = say("this is not TOML: {why}", why=of_toml(match[1]))
    if match[2] is not None:
        return NotToml(why, int(match[2]), int(match[3]))
    lines = text.split("\n")
    return NotToml(why, len(lines), len(lines[-1]) + 1)


def _too_deep() -> NotToml:
    return NotToml(say("this file is nested too deep to be read"))


def _too_long(text: str) -> NotToml:
    why = say("a number here is longer than any that TOML has; put it in quotes if it is no number")
    found = _LONG.search(text)
    start = 0 if found is None else found.start()
    return NotToml(why, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
