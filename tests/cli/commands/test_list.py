"""`tk list`: a table for people, tab-separated lines for pipes, every format for programs."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shapes import TICKET
from tests.world import Desk


@pytest.fixture
def tickets(desk: Desk) -> tuple[str, str, str]:
    """Return the ids of an urgent ticket of ours, a plain one, and a closed one."""
    urgent = desk.ok("new", "Heater does not start", "--priority", "urgent", "--owner", "me")
    plain = desk.ok("new", "Cannot log in", "--category", "software/access", "--tag", "vpn")
    closed = desk.ok("new", "Printer jams")
    desk.ok("advance", closed, "closed")
    return urgent, plain, closed


Tickets = tuple[str, str, str]


def test_a_pipe_gets_keys_and_whole_instants_separated_by_tabs(desk: Desk, tickets: Tickets) -> None:
    urgent, plain, _ = tickets
    at = "2026-08-12T"
    lines = [line.split("\t") for line in desk.ok("list").splitlines()]
    assert [line[:5] for line in lines] == [
        [urgent, "open", "urgent", "mlopez", "Heater does not start"],
        [plain, "open", "", "", "Cannot log in"],
    ]
    assert all(line[5].startswith(at) for line in lines)


def test_a_terminal_gets_labels_names_and_relative_times(desk: Desk, tickets: Tickets) -> None:
    desk.now = "2026-08-12T12:14:03-05:00"
    head, first, second = desk.run("list", terminal=True).out.splitlines()
    for title in ("ID", "STATUS", "PRIORITY", "OWNER", "TITLE", "UPDATED"):
        assert f"\x1b[1m{title}\x1b[0m" in head
    assert "Open" in first
    assert "\x1b[31mUrgent\x1b[0m" in first
    assert "María López" in first
    assert first.endswith("3 h ago")
    assert second.endswith("3 h ago")


@pytest.mark.parametrize("width", [200, 80, 60, 50])
def test_no_line_is_wider_than_the_terminal(
    desk: Desk, tickets: Tickets, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    desk.ok("new", "A long title " * 30)
    shown = desk.run("list", terminal=True).out.splitlines()
    assert len(shown) == 4
    assert max(map(len, shown)) <= width
    assert ("UPDATED" in shown[0]) is (width >= 80)
    assert "TITLE" in shown[0]


def test_the_query_chooses_sorts_and_limits(desk: Desk, tickets: Tickets) -> None:
    urgent, plain, closed = tickets

    def ids(*query: str) -> list[str]:
        return desk.ok("list", *query, "--format", "ids").split()

    assert ids("status:any", "sort:title") == [plain, urgent, closed]
    assert ids("status:any", "sort:title", "limit:1") == [plain]
    assert ids("is:closed") == ids("status:Cerrado") == [closed]
    assert ids("owner:me") == [urgent]
    assert ids("owner:none") == ids("tag:vpn") == ids("category:software") == [plain]
    assert ids("-tag:vpn") == [urgent]
    assert ids("title:heater,login") == [urgent]


def test_a_program_reads_tickets_without_description_and_events(desk: Desk, tickets: Tickets) -> None:
    found = json.loads(desk.ok("list", "--json"))
    assert [held["id"] for held in found] == list(tickets[:2])
    assert all(list(held) == TICKET for held in found)
    lines = desk.ok("list", "--format", "ndjson").splitlines()
    assert [json.loads(line) for line in lines] == found


def test_csv_and_markdown_have_their_headings(desk: Desk, tickets: Tickets) -> None:
    head, first, _ = csv.reader(io.StringIO(desk.ok("list", "--format", "csv")))
    assert head == ["id", "status", "priority", "owner", "title", "updated"]
    assert first[:3] == [tickets[0], "open", "urgent"]
    assert f"| {tickets[0]} | Open " in desk.ok("list", "--format", "markdown")


def test_an_empty_list_is_clean(desk: Desk) -> None:
    assert desk.run("list") == (0, "", "")
    assert desk.run("list", "--json") == (0, "[]\n", "")
    assert desk.run("list", terminal=True) == (0, "", "no ticket; tk new makes one\n")
    assert desk.run("list", "tag:x", terminal=True) == (0, "", "no ticket answers to that\n")


def test_a_reader_who_has_gone_ends_the_command_quietly(desk: Desk, tickets: Tickets) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        argv = [sys.executable, "-m", "tk", "-C", str(desk.root), "list"]
        done = subprocess.run(argv, cwd=Path(__file__).parents[3], stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_word_turned_round_is_no_option_and_an_option_stays_one(desk: Desk, tickets: Tickets) -> None:
    urgent, plain, closed = tickets
    assert desk.ok("list", "-owner:me", "--format", "ids") == plain
    assert desk.ok("list", "--format", "ids", "-channel:phone", "-status:closed,open") == ""
    assert desk.ok("list", "is:closed,open", "-owner:me", "--format", "ids", "--", "-tag:vpn") == closed
    assert desk.ok("list", "--format", "ids", "--", "owner:me") == urgent
    assert desk.run("list", "-h").out.startswith("Usage: tk list")
    assert desk.run("list", "-x").err.startswith("tk: there is no option -x\n")
