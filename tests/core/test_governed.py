"""What is wrong with a template or a register by itself is told by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.governed import check_beside, is_governed

REGISTER = "registers/customers.csv"


def told(data: bytes, path: str = REGISTER) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in check_beside(path, data)]


def test_what_is_governed() -> None:
    assert [is_governed(path) for path in ("tk.toml", "templates/es/new.md", REGISTER)] == [True] * 3
    assert not any(map(is_governed, ("tickets/2026/08/12/TK-260812-00001.md", "sub/tk.toml", "templates", "README.md")))


FAULTS = {
    "a sound one": ('customer,name\nsol,Panadería Sol\nluna,"Luna, S.A."\n', []),
    "one without rows": ("customer,name\n", []),
    "with a mark and the line ends of another system": ("\ufeffcustomer,name\r\nsol,x\r\n", []),
    "with an empty line": ("customer,name\n\nsol,x\n", []),
    "a cell of two lines": ('customer,name\nsol,"a\nb"\nluna\n', [(4, "bad-row")]),
    "nothing": ("", [(1, "bad-heading")]),
    "a column without a name": ("customer,,name\n", [(1, "bad-heading")]),
    "a column twice": ("customer,name,customer \n", [(1, "bad-heading")]),
    "a cell too many": ("customer,name\nsol,x\nluna,y,z\n", [(3, "bad-row")]),
    "a cell too few": ("customer,name\nsol\n", [(2, "bad-row")]),
    "a quote that does not end": ('customer,name\nsol,"x\n', [(2, "bad-row")]),
    "a control character": ("customer,name\nsol,x\x1b[31m\n", [(2, "bad-value")]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_registers_fault_is_told_by_its_line(name: str) -> None:
    text, found = FAULTS[name]
    assert told(text.encode()) == found


def test_another_encoding_is_told_by_its_line() -> None:
    assert told("customer,name\nsol,Año\n".encode("latin-1")) == [(2, "encoding")]
    assert told("Hola\nAño\n".encode("latin-1"), "templates/es/new.md") == [(2, "encoding")]


def test_a_template_is_no_table() -> None:
    assert told(b"a,b\nc\n", "templates/es/new.csv") == []
    assert told(b"a,b\nc\n", "registers/notes.txt") == []


@given(st.binary(max_size=80))
def test_any_bytes_are_looked_at(data: bytes) -> None:
    assert all(line > 0 for line, _ in told(data))
