"""Tk's own log of events: every action of every commit, whole, and back to the same history."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import AT, actions, cases
from tests.logs import simple
from tests.world import Desk
from tk.core.action import Action
from tk.core.review.done import Done
from tk.core.ticket import Ticket
from tk.exchange.inverse import mapped
from tk.exchange.log import as_csv, as_xes
from tk.exchange.mapping import read_map
from tk.exchange.own import COLUMNS, is_own, read_own, written
from tk.exchange.table import Table, read_csv
from tk.exchange.xes import read_xes


def own_log(*done: Done) -> Table:
    """Return what tk writes of these, read as a table."""
    return read_csv("own.csv", "".join(as_csv(written(done, simple()))).encode())


def what(before: Ticket | None, after: Ticket, *made: Action) -> Done:
    return Done("c" * 40, AT, "mlopez", "María López", "mlopez@example.com", before, after, made)


@given(st.data())
@settings(max_examples=60)
def test_every_lawful_action_comes_back_as_it_was(data: st.DataObject) -> None:
    case = data.draw(cases())
    action = data.draw(actions(case))
    after = case.judge(action)
    if not isinstance(after, Ticket) or action.verb == "attach":
        return
    table = read_csv("own.csv", "".join(as_csv(written([what(case.before, after, action)], case.policy))).encode())
    read = read_own(table, case.policy)
    assert read.findings == []
    (arrival,) = read.arrivals
    assert list(arrival.plan(case.policy, case.before, after.id, lambda _: None)) == [action]


def day(desk: Desk) -> list[str]:
    """Work a day with every kind of action that a log tells, and return the tickets."""
    first = desk.ok(
        "new", '=Heater, "cold"', "-m", "It's cold.\n\n## Log\nas they say", "--tag", "vip", "--priority", "high"
    )
    second = desk.ok("new", "Printer", "--requester", "ana@example.cl", "--category", "hardware/printer")
    for hour, argv in enumerate(
        (
            ("assign", first, "me"),
            ("log", first, "call-in", "-m", "=1+1\n### not a heading", "--set", "minutes=15", "--internal"),
            ("set", first, "priority=urgent", "tags+=cold", "customer=acme", "description="),
            ("set", first, "customer="),
            ("schedule", first, "2026-08-20T10:00:00-05:00"),
            ("request", first, "type", "incident"),
            ("approve", first, "go-ahead"),
            ("link", first, "blocks", second),
            ("advance", first, "solved", "-m", "Done."),
            ("rate", first, "good"),
            ("schedule", first, "none"),
            ("assign", first, "nobody"),
            ("log", second, "note", "-m", "earlier", "--at", "2026-08-12T09:14:03-05:00"),
        ),
        10,
    ):
        desk.now = f"2026-08-12T{hour}:30:00-05:00"
        desk.ok(*argv)
    return [first, second]


def told(desk: Desk, ticket: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(desk.ok("history", ticket, "--json"))
    return [{key: value for key, value in entry.items() if key != "commit"} for entry in entries]


@pytest.mark.parametrize("name", ["log.csv", "log.xes"])
def test_what_is_exported_imports_back_to_the_same_history(desk: Desk, tmp_path: Path, name: str) -> None:
    fresh = Desk(tmp_path / "fresh", "2026-08-13T09:00:00-05:00")
    shutil.copytree(desk.root, fresh.root, symlinks=True)
    fresh.git("update-index", "-q", "--refresh")
    tickets = day(desk)
    desk.ok("export", "events", str(tmp_path / name))
    assert fresh.run("import", "events", str(tmp_path / name)).code == 0
    assert fresh.git("rev-parse", "HEAD:tickets") == desk.git("rev-parse", "HEAD:tickets")
    assert [told(fresh, ticket) for ticket in tickets] == [told(desk, ticket) for ticket in tickets]
    before = "--format=%an %ae %aI %T"
    assert fresh.git("log", before) == desk.git("log", before)
    assert fresh.git("status", "--porcelain") == ""
    assert fresh.run("audit", "--strict").code == 0
    again = json.loads(fresh.ok("import", "events", str(tmp_path / name), "--json"))
    assert (again["arrived"], again["known"], again["commits"]) == (0, 16, 0)


def test_a_ticket_whose_id_is_taken_here_gets_another_and_keeps_the_old_one(desk: Desk, tmp_path: Path) -> None:
    ticket = desk.ok("new", "Heater")
    desk.ok("export", "events", str(tmp_path / "log.csv"))
    text = (tmp_path / "log.csv").read_text(encoding="utf-8").replace(ticket, "XX-260812-AAAAA")
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    desk.ok("import", "events", str(tmp_path / "log.csv"))
    held = json.loads(desk.ok("show", "XX-260812-AAAAA", "--json"))
    assert held["id"].startswith("TK-260812-")
    assert held["aliases"] == ["XX-260812-AAAAA"]


def test_an_attachment_is_not_in_a_log_and_that_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    fresh = tmp_path / "fresh"
    shutil.copytree(desk.root, fresh, symlinks=True)
    desk.ok("attach", desk.ok("new", "Heater"), str(tmp_path / "photo.jpg"))
    desk.ok("export", "events", str(tmp_path / "log.csv"))
    result = Desk(fresh).run("import", "events", str(tmp_path / "log.csv"))
    assert result.code == 0
    assert "photo.jpg is not in a log of events: tk attach puts it there" in result.err


def test_cells_are_no_formulas_and_a_log_is_known_as_tks_own(desk: Desk) -> None:
    desk.ok("new", "Heater", "--customer", "=HYPERLINK(1)")
    text = desk.ok("export", "events")
    assert "'=HYPERLINK(1)" in text
    assert is_own(read_csv("x", text.encode()))
    assert not is_own(read_csv("x", b"case,activity\n1,2\n"))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("TK-1,new,2026-08-12T09:14:03-05:00,a,a,a@b,1,1,{", "bad-row"),
        ("TK-1,new,2026-08-12T09:14:03-05:00,a,a,a@b,1,1,{}", "bad-row"),
        ("TK-1,log.note,2026-08-12T09:14:03-05:00,a,a,a@b,1,1,[3]", "bad-row"),
        ("TK-1,assign,2026-08-12T09:14:03-05:00,a,a,a@b,1,1,7", "bad-row"),
        ('TK-1,advance,2026-08-12T09:14:03-05:00,a,a,a<b,1,1,"""open"""', "unknown-person"),
        ('TK-1,advance,yesterday,a,a,a@b,1,1,"""open"""', "bad-date"),
    ],
)
def test_a_row_that_tk_did_not_write_is_told(cells: str, code: str) -> None:
    table = read_csv("own.csv", f"{','.join(COLUMNS)}\n{cells}\n".encode())
    read = read_own(table, simple())
    assert [(finding.line, finding.code) for finding in read.findings] == [(2, code)]
    assert read.arrivals == []


def test_a_log_in_xes_is_well_formed_whatever_a_ticket_holds() -> None:
    title = 'a "b" <c> & \x00 d\ne'
    after = Ticket("TK-260812-AAAAA", title=title, customer=title)
    done = what(None, after, Action("set", "customer", title))
    data = "".join(as_xes(written([done], simple()))).encode()
    read = read_xes("x.xes", data)
    assert read.rows[0].cells[read.columns.index("customer")] == title.replace("\x00", "\ufffd")
    assert read.rows[0].cells[read.columns.index("case:concept:name")] == "TK-260812-AAAAA"


def test_a_map_without_the_three_columns_of_a_log_writes_none(desk: Desk) -> None:
    held = read_map("m", b'[columns]\ncase = "a"\n')
    with pytest.raises(Exception, match="must say which column is the activity"):
        mapped([], held, simple())
