"""Joining what two sides made of the same lines: changes that do not touch each other are all made."""

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
