"""Which lines two texts have in common, in order: as many as there are, in bounded work whatever stands in them.

The most lines that both have in one order are worked out for one line after another of the one text, for all of the
other at once, as the bits of one number (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004). Texts too
long for that are first cut at the lines that stand but once in each; what is still too long between two cuts counts as
wholly other.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import isqrt
from typing import NamedTuple

MOST = 1 << 30
"""How many pairs of lines are compared at most: 30,000 lines with as many others."""

Pair = tuple[int, int]
"""The places of a line that both texts have, in each."""


class Change(NamedTuple):
    """The lines from `start` to `end` of one text, in whose place the other has those from `first` to `last`."""

    start: int
    end: int
    first: int
    last: int


def changes(old: Sequence[str], new: Sequence[str], most: int = MOST) -> Iterator[Change]:
    """Yield in order where two texts differ; what lies between is the same in both. `most` bounds the work."""
    start = first = 0
    for row, column in (*_Search(most).same(old, new), (len(old), len(new))):
        if (start, first) != (row, column):
            yield Change(start, row, first, column)
        start, first = row + 1, column + 1


class _Search:
    """The search for what two texts have in common, and how many pairs of lines it may still compare."""

    def __init__(self, most: int) -> None:
        self._left = most

    def same(self, old: Sequence[str], new: Sequence[str], *, is_piece: bool = False) -> Iterator[Pair]:
        """Yield the lines that two texts have in common, in order."""
        head, tail = _ends(old, new)
        yield from ((place, place) for place in range(head))
        one, other = old[head : len(old) - tail], new[head : len(new) - tail]
        work = len(one) * len(other)
        found: Iterator[Pair] = iter(())
        if work <= self._left:
            self._left -= work
            found = iter(_most(one, other))
        elif not is_piece:
            found = self._between_cuts(one, other)
        yield from ((row + head, column + head) for row, column in found)
        yield from ((len(old) - left, len(new) - left) for left in range(tail, 0, -1))

    def _between_cuts(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
        """Yield the lines that stand but once in each text, as far as they keep their order, and those between them."""
        start = first = 0
        for row, column in (*_cuts(old, new), (len(old), len(new))):
            for place, other in self.same(old[start:row], new[first:column], is_piece=True):
                yield start + place, first + other
            if row < len(old):
                yield row, column
            start, first = row + 1, column + 1


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many lines both begin with, and how many of the rest both end with."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    rest = shorter - head
    return head, next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)


def _cuts(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the most lines that stand once in each text and in the same order in both."""
    counts = Counter(old), Counter(new)
    where = {line: column for column, line in enumerate(new) if counts[0][line] == counts[1][line] == 1}
    lasts: list[int] = []  # of the rows that so many cuts can end with, the one whose column is least
    columns: list[int] = []
    before: dict[int, int] = {}
    for row, line in enumerate(old):
        if line in where:
            length = bisect_left(columns, where[line])
            columns[length : length + 1], lasts[length : length + 1] = [where[line]], [row]
            before[row] = lasts[length - 1] if length else -1
    cuts = []
    row = lasts[-1] if lasts else -1
    while row >= 0:
        cuts.append((row, where[old[row]]))
        row = before[row]
    return cuts[::-1]


def _most(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the most lines that two texts have in one order; of equal ones the first.

    The states are kept now and then, and those between two of them worked out again on the way back: they are long.
    """
    after = _step(old)
    stride = isqrt(len(new)) or 1
    kept = [state := (1 << len(old)) - 1]
    for column, line in enumerate(new, 1):
        state = after(state, line)
        if column % stride == 0:
            kept.append(state)
    found: list[Pair] = []
    row, column = len(old), len(new)
    while row and kept:
        states = [kept.pop()]
        start = len(kept) * stride
        for line in new[start:column]:
            states.append(after(states[-1], line))
        while row and column > start:
            if states[column - start] >> row - 1 & 1:
                row -= 1
            elif states[column - start - 1] >> row - 1 & 1:
                row, column = row - 1, column - 1
                found.append((row, column))
            else:
                column -= 1
    return found[::-1]


def _step(old: Sequence[str]) -> Callable[[int, str], int]:
    """Return what makes the state after a further line of the other text out of the state before it.

    A bit of a state that is not set says that one line more is in common once `old` has come to that line.
    """
    whole = (1 << len(old)) - 1
    bits: dict[str, int] = {}
    for row, line in enumerate(old):
        bits[line] = bits.get(line, 0) | 1 << row

    def after(state: int, line: str) -> int:
        hits = state & bits.get(line, 0)
        return ((state + hits) | (state - hits)) & whole if hits else state

    return after
