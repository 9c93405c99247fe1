"""Which lines two texts have in common: as many as can be, whatever stands in them, and in bounded work."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tk.core.merging.alignment import MOST, Change, changes
from tk.core.merging.weave import weave

LINES = st.lists(st.sampled_from("abcdef"), max_size=14)


def rebuilt(old: Sequence[str], new: Sequence[str], found: Sequence[Change]) -> list[str]:
    """Return the old lines with the changes made, asserting that what lies between is the same in both."""
    lines: list[str] = []
    start = first = 0
    for change in found:
        assert old[start : change.start] == new[first : change.first]
        assert (change.start, change.first) != (change.end, change.last)
        lines += [*old[start : change.start], *new[change.first : change.last]]
        start, first = change.end, change.last
    return [*lines, *old[start:]]


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines two texts have in common, worked out pair by pair."""
    row = [0] * (len(new) + 1)
    for line in old:
        above, row = row, [0]
        for column, other in enumerate(new):
            row.append(above[column] + 1 if line == other else max(above[column + 1], row[column]))
    return row[-1]


@settings(max_examples=300)
@given(LINES, LINES)
def test_the_most_lines_that_can_be_are_kept(old: list[str], new: list[str]) -> None:
    found = list(changes(old, new))
    assert rebuilt(old, new, found) == new
    assert len(old) - sum(change.end - change.start for change in found) == common(old, new)


@settings(max_examples=300)
@given(LINES, LINES, st.integers(0, 40))
def test_where_that_would_be_too_much_work_the_changes_are_right_still(old: list[str], new: list[str], m: int) -> None:
    assert rebuilt(old, new, list(changes(old, new, m))) == new


def test_of_equal_lines_the_first_are_kept() -> None:
    assert list(changes("aaaa", "aa")) == [Change(2, 4, 2, 2)]
    assert list(changes("abab", "ab")) == [Change(2, 4, 2, 2)]
    assert list(changes("ab", "ab")) == []


def test_long_texts_are_cut_at_lines_that_stand_once() -> None:
    old = ["=", "=", *"abc", "=", "=", *"def", "=", "="]
    new = ["x", "=", "=", *"abc", "=", *"def", "=", "=", "y"]
    assert list(changes(old, new, 0)) == [Change(0, 0, 0, 1), Change(6, 7, 7, 7), Change(12, 12, 12, 13)]
    assert list(changes([*"xy", "=", "="], ["=", "=", *"yx"], 0)) == [Change(0, 1, 0, 2), Change(2, 4, 3, 4)]


@pytest.mark.parametrize("count", [10_000, 60_000])
def test_many_equal_lines_are_nothing_special(count: int) -> None:
    """Looking for the longest block of equal lines, again and again, would not end within hours."""
    assert (count * count > MOST) is (count == 60_000)
    origin, ours, theirs = ["same"] * count, ["same", "x"] * (count // 2), ["same", "y", "same"] * (count // 3)
    assert rebuilt(origin, ours, list(changes(origin, ours))) == ours
    assert [line for strand in weave(origin, origin, theirs) for line in strand.of("theirs")] == theirs
    mine, yours = weave(origin, ours, theirs), weave(origin, theirs, ours)
    assert [strand.of("ours") for strand in mine] == [strand.of("theirs") for strand in yours]
