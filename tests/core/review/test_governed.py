"""What is wrong with a template or a register by itself is told by its line."""

from hypothesis import given
from hypothesis import strategies as st

from tk.core.review.governed import check_text, first_change, is_governed

REGISTER = "registers/customers.csv"


def told(data: bytes, path: str = REGISTER) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in check_text(path, data)]


def test_what_is_governed() -> None:
    assert [is_governed(path) for path in ("tk.toml", "templates/es/new.md", REGISTER)] == [True] * 3
    assert not any(map(is_governed, ("tickets/2026/08/12/TK-260812-00001.md", "sub/tk.toml", "tk.toml/x", "README.md")))


def test_what_a_folder_becomes_is_governed_as_what_is_in_it() -> None:
    assert is_governed("templates")
    assert is_governed("registers")


def test_what_some_disks_take_for_a_governed_file_is_governed() -> None:
    for path in ("TK.toml", "tk.TOML", "tk.toml.", "Templates/es/new.md", "REGISTERS", "template\u017f/es/new.md"):
        assert is_governed(path), path


def test_a_control_character_is_told_by_its_line() -> None:
    assert told(b"customer,name\nsol,x\x1b[31m\n") == [(2, "bad-value")]
    assert told("\ufeffcustomer,name\r\n\tsol,x\f\r\n".encode()) == []


def test_another_encoding_is_told_by_its_line() -> None:
    assert told("customer,name\nsol,Año\n".encode("latin-1")) == [(2, "encoding")]
    assert told("Hola\nAño\n".encode("latin-1"), "templates/es/new.md") == [(2, "encoding")]


def test_the_first_change_is_told_by_its_line() -> None:
    assert first_change(b"a\nb\nc\n", b"a\nx\nc\n") == 2
    assert first_change(b"a\n", b"a\nb\n") == 2
    assert first_change(b"a\nb\n", b"a\n") == 2
    assert first_change(None, b"a\n") == 1


@given(st.binary(max_size=80))
def test_any_bytes_are_looked_at(data: bytes) -> None:
    assert all(line > 0 for line, _ in told(data))
