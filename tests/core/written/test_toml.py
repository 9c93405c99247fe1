"""What is no TOML to tk: what the standard library refuses, and what nobody could go on with."""

import pytest

from tk.core.written.reader import read
from tk.core.written.toml import DEEPEST, NotToml, loads


def test_what_is_toml_is_read_as_the_standard_library_has_it() -> None:
    assert loads('\ufeffa = [1, { b.c = "x" }]\n[d]\ne = 9223372036854775807') == {
        "a": [1, {"b": {"c": "x"}}],
        "d": {"e": (1 << 63) - 1},
    }
    assert loads("a" + ".a" * (DEEPEST - 2) + " = 1")


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * DEEPEST + " = 1",
        "[" + "a." * 20_000 + "a]",
        "a = " + "[" * 10_000,
        "a = " + "[" * 120 + "]" * 120,
        "a = " + "{ a = " * 10_000,
    ],
)
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(NotToml, match="nested too deep") as caught:
        loads(text)
    assert (caught.value.line, caught.value.column) == (1, 1)


@pytest.mark.parametrize("number", ["9" * 6000, "-" + "9" * 19, "1_" * 3000 + "1", "0x" + "f" * 6000, "0b" + "1" * 70])
def test_a_number_longer_than_any_is_refused_where_it_stands(number: str) -> None:
    with pytest.raises(NotToml, match="a number here is longer than any that TOML has") as caught:
        loads(f"[desk]\nformat = {number}\n")
    assert (caught.value.line, caught.value.column) == (2, 11 if number.startswith("-") else 10)
    (finding,) = read(f"[desk]\nformat = {number}\n").findings
    assert (finding.line, finding.code) == (2, "toml")
    assert len(str(finding.message)) < 100
