"""Registers as they lie in a desk: read, and what is wrong with one told by line."""

import pytest

from tests.policies import DESK, policy_of
from tests.world import Desk
from tk.core.rules import Cover, Register
from tk.store.registers import Shelf, read

REGISTER = Register("units", {}, "registers/units.csv", "serial", ("item", "until"), {"warranty": Cover(None, "until")})
HEAD = "serial,item,until\n"


@pytest.mark.parametrize(
    ("data", "line", "code", "words"),
    [
        ("", 1, "missing-column", 'there is no column "serial"'),
        ("serial,itm,until\n", 1, "missing-column", 'there is no column "item"; did you mean "itm"?'),
        ("serial,item,until,item\n", 1, "double-column", 'the column "item" is there twice'),
        (HEAD + "A,1\n", 2, "bad-row", "this row has 2 cells, the first 3"),
        (HEAD + "\n,1,\n", 3, "bad-row", 'this row has nothing under "serial"'),
        (HEAD + "A,1,\nA,2,\n", 3, "double-key", '"A" stands in line 2 already'),
        (HEAD + "A,1,31/12/2026\n", 2, "bad-date", '"31/12/2026" is no day'),
        (HEAD + 'A,"1,\n', 2, "bad-row", "this is not CSV"),
    ],
)
def test_what_is_wrong_is_told_by_line(data: str, line: int, code: str, words: str) -> None:
    found = read(REGISTER, lambda _: data.encode()).findings
    assert any(f.line == line and f.code == code and words in str(f.message) for f in found), found


def test_a_holiday_that_is_no_day_is_told() -> None:
    holidays = Register("holidays", {}, "registers/h.csv", "date", days=("date",))
    table = read(holidays, lambda _: b"date,name\n2026-12-25,Christmas\n25 Dec,Christmas\n")
    assert [(f.line, f.code) for f in table.findings] == [(3, "bad-date")]


def test_what_is_no_text_or_not_there_is_told() -> None:
    assert [f.code for f in read(REGISTER, lambda _: None).findings] == ["missing-register"]
    (bad,) = read(REGISTER, lambda _: HEAD.encode() + "ñ".encode("latin-1")).findings
    assert (bad.code, bad.line) == ("encoding", 2)


def test_rows_are_read_without_the_space_around_them_and_found_in_any_case() -> None:
    shelf = Shelf(policy_of(DESK), lambda _: "\ufeffserial , item,billed,visits\r\n SN-1 , 77,,\r\n".encode())
    assert shelf.entry("units", "SN-1") == {"serial": "SN-1", "item": "77", "billed": "", "visits": ""}
    assert shelf.entry("units", "sn-1") == shelf.entry("units", "SN-1")
    assert shelf.entry("units", "SN-2") is None
    assert shelf.rows("nothing") == ()
    assert len(shelf.rows("units")) == 1


def test_of_two_rows_with_one_key_the_first_counts() -> None:
    table = read(REGISTER, lambda _: (HEAD + "A,1,\nA,2,\n").encode())
    assert table.keyed["A"]["item"] == "1"


def test_check_reads_the_registers_that_the_policy_names(desk: Desk) -> None:
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as file:
        file.write('\n[units]\nfile = "registers/units.csv"\nkey = "serial"\n')
    assert "missing-register" in desk.run("check").out
    (desk.root / "registers").mkdir()
    (desk.root / "registers/units.csv").write_text("serial\nA\nA\n", encoding="utf-8")
    assert "registers/units.csv:3:1: warning[double-key]" in desk.run("check").out
    (desk.root / "registers/units.csv").unlink()
    (desk.root / "registers/units.csv").symlink_to("/etc/passwd")
    assert "bad-register" in desk.run("check").out
