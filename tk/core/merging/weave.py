"""Joining what two sides made of the same lines: changes that do not touch each other are all made."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from tk.core.merging.alignment import changes


class Strand(NamedTuple):
    """Some lines of the result: as `ours` has them, where `theirs` is None or the same, else as nobody has settled."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...] | None = None

    def of(self, side: Literal["ours", "theirs"]) -> tuple[str, ...]:
        """Return the lines as one side has them."""
        return self.ours if side == "ours" or self.theirs is None else self.theirs


class _Edit(NamedTuple):
    """The lines from `start` to `end` become `lines`; `side` is 0 for ours, 1 for theirs."""

    start: int
    end: int
    side: int
    lines: tuple[str, ...]


def weave(origin: Sequence[str], ours: Sequence[str], theirs: Sequence[str], *, spaced: bool = True) -> list[Strand]:
    """Return the result of both changes to `origin`, the strands in order.

    Changes that overlap or, if they are to be `spaced`, have no unchanged line between them, are open unless both sides
    made the same of them.
    """
    edits = sorted((*_edits(origin, ours, 0), *_edits(origin, theirs, 1)))
    strands: list[Strand] = []
    position = 0
    for group in _touching(edits, spaced=spaced):
        start, end = group[0].start, max(edit.end for edit in group)
        strands.append(Strand(tuple(origin[position:start])))
        mine, yours = (_applied(origin, start, end, [e for e in group if e.side == side]) for side in (0, 1))
        if len({edit.side for edit in group}) == 1:
            strands.append(Strand(yours if group[0].side else mine))
        else:
            strands.append(Strand(mine) if mine == yours else Strand(mine, yours))
        position = end
    return [strand for strand in (*strands, Strand(tuple(origin[position:]))) if strand.ours or strand.theirs]


def pairs(ours: Sequence[str], theirs: Sequence[str]) -> list[Strand]:
    """Return two texts as one: lines that both have, and in between open strands."""
    strands: list[Strand] = []
    position = 0
    for edit in _edits(ours, theirs, 1):
        strands += [Strand(tuple(ours[position : edit.start])), Strand(tuple(ours[edit.start : edit.end]), edit.lines)]
        position = edit.end
    return [strand for strand in (*strands, Strand(tuple(ours[position:]))) if strand.ours or strand.theirs]


def is_choice(ours: str, theirs: str, found: str) -> bool:
    """Return whether people may come to `found` by choosing, at each place where two texts differ, between the two.

    There it has the lines of one or the other or, in any order, of both; all else as both have it. Blank lines at
    either end of a text do not count, as a description has none.
    """
    mine, yours, lines = (text.split("\n") if text else [] for text in (ours, theirs, found))
    ends = {0}
    for strand in pairs(mine, yours):
        ends = {end for start in ends for end in _ends(strand, lines, start)}
        if len(ends) > _MOST_ENDS:
            return False
    return len(lines) in ends


_MOST_ENDS = 1000
"""At how many places at once a choice is followed: texts made to be read in more ways than that are none."""


def _ends(strand: Strand, lines: Sequence[str], start: int) -> Iterator[int]:
    """Yield where a strand can end that begins at a line."""
    ours, theirs = strand.of("ours"), strand.of("theirs")
    for wanted in {ours, theirs, ours + theirs, theirs + ours} if strand.theirs is not None else {ours}:
        held = wanted[_blank(wanted) :] if start == 0 else wanted
        found = tuple(lines[start : start + len(held)])
        if found == held or (found == held[: len(found)] and _blank(held[len(found) :]) == len(held) - len(found)):
            yield start + len(found)
    both = Counter(ours + theirs)
    if strand.theirs is not None and Counter(lines[start : start + both.total()]) == both:
        yield start + both.total()


def _blank(lines: Sequence[str]) -> int:
    """Return how many blank lines there are before the first other one."""
    return next((place for place, line in enumerate(lines) if line.strip()), len(lines))


def _edits(origin: Sequence[str], side: Sequence[str], number: int) -> Iterator[_Edit]:
    for start, end, first, last in changes(origin, side):
        yield _Edit(start, end, number, tuple(side[first:last]))


def _touching(edits: Sequence[_Edit], *, spaced: bool) -> Iterator[list[_Edit]]:
    """Yield the edits in groups: those that overlap or, `spaced`, between which no line of the origin stays."""
    group: list[_Edit] = []
    end = -1
    for edit in edits:
        is_clear = edit.start > end or (not spaced and edit.start == end and edit[:2] != group[-1][:2])
        if group and is_clear:
            yield group
            group = []
        group.append(edit)
        end = max(end, edit.end)
    if group:
        yield group


def _applied(origin: Sequence[str], start: int, end: int, edits: Sequence[_Edit]) -> tuple[str, ...]:
    lines: list[str] = []
    for edit in edits:
        lines += (*origin[start : edit.start], *edit.lines)
        start = edit.end
    return (*lines, *origin[start:end])
