"""Tables as other programs export them: any usual CSV, JSON, NDJSON; every fault at its line."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.logs import table
from tk.errors import WrongUsage
from tk.exchange.inert import inert, meant, row
from tk.exchange.table import read_csv, read_json

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)


def test_columns_of_one_name_are_told_apart_by_their_place() -> None:
    assert table("a,b,a,a\n1,2,3,4\n").columns == ("a", "b", "a#2", "a#3")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_first_line(delimiter: str) -> None:
    read = table(f"a{delimiter}b\n1{delimiter}x y\n")
    assert read.columns == ("a", "b")
    assert read.rows[0].cells == ["1", "x y"]


def test_a_delimiter_can_be_said() -> None:
    assert table("a;b,c\n1;2,3\n", delimiter=",").columns == ("a;b", "c")


def test_rows_know_the_lines_on_which_they_begin() -> None:
    read = table('\na,b\n1,"x\ny"\n\n2,z\n')
    assert [(row.line, row.cells) for row in read.rows] == [(3, ["1", "x\ny"]), (6, ["2", "z"])]


def test_a_row_that_is_too_short_or_too_long_is_told_and_left_out() -> None:
    read = table("a,b\n1,2\n3\n4,5,6\n")
    assert [row.line for row in read.rows] == [2]
    assert [(fault.line, fault.code, str(fault.message)) for fault in read.faults] == [
        (3, "bad-row", "the row has 1 cells, and the table 2 columns"),
        (4, "bad-row", "the row has 3 cells, and the table 2 columns"),
    ]


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(WrongUsage, match=r"log\.csv is empty"):
        read_csv("log.csv", data)


def test_another_encoding_is_read_where_it_is_said_and_refused_by_line_where_not() -> None:
    data = "a,b\n1,ñ\n".encode("latin-1")
    assert read_csv("log.csv", data, "latin-1").rows[0].cells == ["1", "ñ"]
    with pytest.raises(WrongUsage, match=r"log\.csv:2: the byte 0xF1 is no UTF-8") as refused:
        read_csv("log.csv", data)
    assert "encoding" in str(refused.value.hint)
    with pytest.raises(WrongUsage, match='there is no encoding "latin-99"'):
        read_csv("log.csv", data, "latin-99")
    with pytest.raises(WrongUsage, match='there is no encoding "zip"'):
        read_csv("log.csv", data, "zip")


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read_csv("log.csv", "a,b\n".encode("utf-8-sig")).columns == ("a", "b")


def test_objects_of_json_are_rows_and_what_lies_in_them_columns_by_its_way() -> None:
    data = b'{"data": {"issues": [{"id": 7, "f": {"s": "open", "l": ["a", "b"]}, "ok": true, "no": null}, 3]}}'
    read = read_json("x.json", data, records="data.issues")
    assert read.columns == ("id", "f.s", "f.l", "ok", "no")
    assert read.rows[0].cells == ["7", "open", "a,b", "true", ""]
    assert [(fault.line, fault.code) for fault in read.faults] == [(2, "bad-row")]


def test_ndjson_is_read_line_by_line() -> None:
    read = read_json("x.ndjson", b'{"a": 1}\n\n{"b": "x"}\nnonsense\n')
    assert [(row.line, row.cells) for row in read.rows] == [(1, ["1", ""]), (3, ["", "x"])]
    assert [fault.line for fault in read.faults] == [4]


@pytest.mark.parametrize(
    ("data", "records", "why"),
    [
        (b"", None, "x.json is empty"),
        (b"nonsense", None, "x.json is no JSON"),
        (b'"text"', None, "holds no list of objects"),
        (b'{"a": {}}', "a.b", "holds no list of objects"),
        (b"[" * 100_000, None, "nested too deep"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, records: str | None, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        read_json("x.json", data, records=records)


@given(st.lists(st.one_of(CELLS, st.just("a\rb\r"), st.just('"\r\n')), min_size=1))
def test_a_line_of_csv_is_one_row_whatever_ends_of_lines_its_cells_have(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(row(cells), newline=""))) == [cells]
    bare = re.sub('"(?:[^"]|"")*"', "", row(cells))
    assert "\r" not in bare
    assert bare.count("\n") == 1


@given(CELLS)
def test_a_cell_made_inert_means_what_it_meant_and_is_no_formula(text: str) -> None:
    assert meant(inert(text)) == text
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))
