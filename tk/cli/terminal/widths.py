"""How many columns of a terminal text takes, and text cut to so many."""

import unicodedata

_UNSEEN = frozenset({"Mn", "Me", "Cf"})
"""The categories of what stands on or within another character: accents, joiners, variation selectors."""


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in _UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def cut(text: str, room: int) -> str:
    """Return `text` in at most `room` columns, with … where something was left out."""
    if width(text) <= room:
        return text
    used = 0
    for place, letter in enumerate(text):
        used += _columns(letter)
        if used > room - 1:
            return text[:place] + "…"
    return text


def padded(text: str, room: int, shown: int, *, right: bool = False) -> str:
    """Return `text`, which takes `shown` columns whatever is written in it, with spaces up to `room` of them."""
    space = " " * (room - shown)
    return f"{space}{text}" if right else f"{text}{space}"
