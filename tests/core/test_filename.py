"""Names of attached files: whatever a file is called, it is stored under a name that acts on nobody's machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TEXTS
from tk.core.filename import LONGEST, free_name, is_safe, safe_name, sameness


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("nota de compra.pdf", "nota de compra.pdf"),
        ("/etc/passwd", "passwd"),
        ("../../x.txt", "x.txt"),
        ("C:\\Users\\ana\\nota.pdf", "nota.pdf"),
        ("folder/", "folder"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("..", "attachment"),
        ("", "attachment"),
        ("\x1b[31mred\x07.txt", "[31mred.txt"),
        ("gpj.\u202eexe.pdf", "gpj.exe.pdf"),
        ("a\nb\tc.txt", "a b c.txt"),
        ('who? <me>: "x"|*.txt', "who_ _me__ _x___.txt"),
        ("CON", "_CON"),
        ("com1.log", "_com1.log"),
        ("console.log", "console.log"),
        ("trailing. . ", "trailing"),
        ("cafe\u0301.txt", "café.txt"),
        ("日本.pdf", "日本.pdf"),
    ],
)
def test_a_name_is_made_safe(given: str, stored: str) -> None:
    assert safe_name(given) == stored
    assert is_safe(stored)


@given(TEXTS | st.text(max_size=400))
def test_a_safe_name_is_safe_short_and_one_part_of_a_path(text: str) -> None:
    name = safe_name(text)
    assert is_safe(name)
    assert 0 < len(name.encode()) <= LONGEST
    assert not set(name) & set("/\\\0\n")
    assert name[0] not in ".-"


def test_a_long_name_is_cut_before_its_ending() -> None:
    assert safe_name("ñ" * 300 + ".pdf") == "ñ" * 58 + ".pdf"
    assert len(safe_name("x." + "y" * 300)) == LONGEST


def test_a_taken_name_gets_a_number() -> None:
    assert free_name("a.pdf", ["b.pdf"]) == "a.pdf"
    assert free_name("a.pdf", ["a.pdf"]) == "a-2.pdf"
    assert free_name("a.pdf", ["A.PDF", "a-2.pdf"]) == "a-3.pdf"
    assert free_name("readme", ["README"]) == "readme-2"


@given(TEXTS, st.integers(1, 12))
def test_names_given_one_after_another_never_meet(text: str, count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        taken.append(free_name(safe_name(text), taken))
    assert len({sameness(name) for name in taken}) == count
    assert all(map(is_safe, taken))
