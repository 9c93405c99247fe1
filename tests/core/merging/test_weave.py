"""Lines that two sides changed, woven into one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tk.core.merging.weave import Strand, is_choice, pairs, weave

LINES = st.lists(st.sampled_from("abcd"), max_size=6)


def woven(origin: str, ours: str, theirs: str, *, spaced: bool = True) -> str:
    """Return the result, what is open as `<ours=theirs>`."""
    strands = weave(origin.split(), ours.split(), theirs.split(), spaced=spaced)
    return " ".join(
        " ".join(strand.ours) if strand.theirs is None else f"<{' '.join(strand.ours)}={' '.join(strand.theirs)}>"
        for strand in strands
    )


def test_changes_apart_are_both_made() -> None:
    assert woven("a b c d e", "A b c d e", "a b c d E") == "A b c d E"
    assert woven("a b c", "a c", "a b c d") == "a c d"
    assert woven("a b c", "x a b c", "a b c y") == "x a b c y"


def test_changes_of_one_line_or_without_a_line_between_are_open() -> None:
    assert woven("a b c", "a X c", "a Y c") == "a <X=Y> c"
    assert woven("a b c d", "a X c d", "a b Y d") == "a <X c=b Y> d"
    assert woven("a b", "a X b", "a Y b") == "a <X=Y> b"
    assert woven("a b c", "a c", "a Y c") == "a <=Y> c"


def test_changes_that_only_touch_are_both_made_where_that_is_asked_for() -> None:
    assert woven("a b c d", "a X c d", "a b Y d", spaced=False) == "a X Y d"
    assert woven("a b", "a X b", "a Y b", spaced=False) == "a <X=Y> b"


def test_the_same_change_is_no_question() -> None:
    assert woven("a b c", "a X c", "a X c") == "a X c"


@settings(max_examples=200)
@given(LINES, LINES, LINES)
def test_either_side_alone_comes_out_as_it_is(origin: list[str], ours: list[str], theirs: list[str]) -> None:
    assert [line for strand in weave(origin, ours, origin) for line in strand.ours] == ours
    assert [line for strand in weave(origin, origin, theirs) for line in strand.of("theirs")] == theirs
    mine, yours = weave(origin, ours, theirs), weave(origin, theirs, ours)
    assert [s.of("ours") for s in mine] == [s.of("theirs") for s in yours]


@settings(max_examples=200)
@given(LINES, LINES)
def test_pairs_hold_both_texts(ours: list[str], theirs: list[str]) -> None:
    strands = pairs(ours, theirs)
    assert [line for strand in strands for line in strand.of("ours")] == ours
    assert [line for strand in strands for line in strand.of("theirs")] == theirs
    assert all(strand.theirs is None or strand.ours != strand.theirs for strand in strands)
    assert pairs(["a"], ["a"]) == [Strand(("a",))]


@given(LINES, LINES, st.data())
def test_whatever_is_chosen_line_by_line_is_a_choice(ours: list[str], theirs: list[str], data: st.DataObject) -> None:
    found: list[str] = []
    for strand in pairs(ours, theirs):
        both = (*strand.ours, *strand.of("theirs"))
        ways = [strand.ours, strand.of("theirs"), *([] if strand.theirs is None else [both, tuple(sorted(both))])]
        found += data.draw(st.sampled_from(ways))
    assert is_choice("\n".join(ours), "\n".join(theirs), "\n".join(found))


def test_what_both_sides_have_is_no_matter_of_choice() -> None:
    ours, theirs = "a\nX\nb\n\nc", "a\nY\nb\n\nd"
    for found in ("a\nX\nb\n\nd", "a\nY\nX\nb\n\nc\nd", ours, theirs):
        assert is_choice(ours, theirs, found)
    for found in ("a\nb\n\nc", "X\nb\n\nc", "a\nX\n\nc", "a\nX\nZ\nb\n\nc", "a\nX\nb\n\nc\na", "", "a\nX\nX\nb\n\nc"):
        assert not is_choice(ours, theirs, found)


def test_blank_lines_at_the_ends_of_a_text_do_not_count() -> None:
    """A description has none, whatever is chosen; within it they do."""
    ours, theirs = "a\n\nsame\n\nc", "same"
    for found in ("same", "a\n\nsame", "same\n\nc", ours):
        assert is_choice(ours, theirs, found)
    assert not is_choice("a\n\nb", "A\n\nb", "a\nb")
    assert is_choice("a\n\n", "", "a")


def test_a_text_made_to_be_read_in_many_ways_is_no_choice() -> None:
    ours, theirs = ["a", "="] * 3000, ["b", "a", "="] * 3000
    assert is_choice("\n".join(ours), "\n".join(theirs), "\n".join(theirs))
    same = "\n".join(["=", "a"] * 2000)
    assert not is_choice(same, "\n".join(["a"] * 5 + ["=", "a", "a"] * 2000), "\n".join(["a"] * 9000))
