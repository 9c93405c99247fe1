"""Text as the desk keeps it."""

from hypothesis import given
from hypothesis import strategies as st

from tk.core.text import normalise, one_line, shown


def test_line_ends_become_lf_and_control_characters_go() -> None:
    assert normalise("a\r\nb\rc\x00\x1b[31m\td") == "a\nb\nc[31m\td"


def test_outer_blank_lines_go_and_inner_ones_and_indents_stay() -> None:
    assert normalise("\n \n\t\n    code\n\nend  \n  \n") == "    code\n\nend  "


def test_a_title_stands_on_one_line() -> None:
    assert one_line(" a\t\tb\r\nc\u2028d\x1fe\x00f ") == "a b c d ef"


def test_a_title_cannot_turn_the_direction_of_writing() -> None:
    assert one_line("\u202eexe.fdp\u202c\u200f \u2066x\u2069") == "exe.fdp x"


def test_a_quoted_value_is_short() -> None:
    assert len(shown("x" * 10_000)) == 60
    assert shown("a\nb") == "a b"


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)
    normalise(text).encode()
    one_line(text).encode()
