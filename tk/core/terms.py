"""What is looked for in the text of tickets: words as people type them, which are never an error in syntax.

Case and accents do not matter, and what is neither letter nor digit parts words. A word of three letters or more finds
every word that begins with it, a shorter one itself alone; `*` behind a word asks for the beginning, and quotes ask for
just these words in this order. Nothing else has a meaning of its own: AND, NEAR, a dash are words, or part them.
"""

from collections.abc import Iterator
from typing import NamedTuple

_LEAST = 3
"""How many letters and digits make a beginning: fewer would find too much."""


class Term(NamedTuple):
    """Words that must occur one after the other; of the last one the beginning is enough where it `begins`."""

    text: str
    begins: bool = False


class Match(NamedTuple):
    """What was found in a field of a ticket: a piece of its text, and from where to where in it each match stands."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def words(self) -> list[str]:
        """The matches as they stand in the text."""
        return [self.text[start:end] for start, end in self.spans]


def read_terms(text: str) -> tuple[Term, ...]:
    """Return what `text` looks for, each once; nothing where there is no letter and no digit in it."""
    parts = text.split('"')
    if len(parts) % 2 == 0:  # the last quote has no other: it parts words
        parts[-2:] = [" ".join(parts[-2:])]
    return tuple(dict.fromkeys(term for place in range(len(parts)) for term in _terms(parts, place)))


def _terms(parts: list[str], place: int) -> Iterator[Term]:
    """Yield what one of `parts` looks for: every second one stands in quotes."""
    part = parts[place]
    if place % 2:
        if _size(part):
            yield Term(" ".join(part.split()), parts[place + 1].startswith("*"))
        return
    for word in part.split():
        if _size(word):
            yield Term(word, word.endswith("*") or _size(word) >= _LEAST)


def _size(text: str) -> int:
    return sum(map(str.isalnum, text))
