"""`tk show`: one ticket whole, for people, pipes and programs."""

import json

import pytest

from tests.cli.shapes import EVENT, WHOLE_TICKET
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket with a text and two events, two hours old."""
    words = ("--priority", "high", "--category", "software/access", "--owner", "me", "--tag", "a", "--tag", "b")
    held = desk.ok("new", "Cannot log in", "-m", "Since this morning.\n\n    indented", *words)
    desk.ok("log", held, "call-out", "-m", "Asked for the name.\n\nNo answer.", "--set", "minutes=5")
    desk.ok("log", held, "note", "-m", "Suspicious.", "--internal")
    desk.now = "2026-08-12T11:14:03-05:00"
    return held


def test_a_pipe_gets_a_key_a_tab_and_the_value_then_the_text_then_the_events(desk: Desk, ticket: str) -> None:
    first, second = (event["id"] for event in json.loads(desk.ok("show", ticket, "--json"))["events"])
    at = json.loads(desk.ok("show", ticket, "--json"))["created"]
    assert desk.ok("show", ticket).splitlines() == [
        f"id:\t{ticket}",
        "title:\tCannot log in",
        "status:\topen",
        f"status-since:\t{at}",
        "priority:\thigh",
        "category:\tsoftware/access",
        "creator:\tmlopez",
        "owner:\tmlopez",
        f"created:\t{at}",
        f"updated:\t{at}",
        "tags:\ta, b",
        "--",
        "Since this morning.",
        "",
        "    indented",
        f"event:\tcall-out\t{at}\tmlopez\t{first}\tminutes=5",
        "    Asked for the name.",
        "",
        "    No answer.",
        f"event:\tnote\t{at}\tmlopez\t{second}\tvisibility=internal",
        "    Suspicious.",
    ]


def test_a_terminal_gets_labels_in_line_names_and_relative_times(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    first = json.loads(desk.ok("show", ticket, "--json"))["events"][0]["id"]
    shown = desk.run("show", ticket, terminal=True).out.splitlines()
    zone = json.loads(desk.ok("show", ticket, "--json"))["created"][-6:]
    at = {"-05:00": "12 Aug 2026 09:14", "+00:00": "12 Aug 2026 14:14"}[zone]
    assert shown[:14] == [
        f"{ticket}  Cannot log in",
        "",
        "status:        Open",
        f"status-since:  {at} (2 h ago)",
        "priority:      High",
        "category:      Software/Access and passwords",
        "creator:       María López (mlopez)",
        "owner:         María López (mlopez)",
        f"created:       {at} (2 h ago)",
        f"updated:       {at} (2 h ago)",
        "tags:          a, b",
        "",
        "Since this morning.",
        "",
    ]
    assert shown[15:20] == [
        "",
        f"Outgoing call  {at} (2 h ago)  María López  {first}  minutes=5",
        "    Asked for the name.",
        "",
        "    No answer.",
    ]


def test_a_program_reads_the_ticket_with_its_events(desk: Desk, ticket: str) -> None:
    held = json.loads(desk.ok("show", ticket, "--json"))
    assert list(held) == WHOLE_TICKET
    first, second = held["events"]
    assert list(first) == [*EVENT, "minutes"]
    assert (first["minutes"], first["visibility"], second["visibility"]) == ("5", "public", "internal")


def test_markdown_is_the_file_as_it_stands(desk: Desk, ticket: str) -> None:
    assert desk.ok("show", ticket, "--format", "markdown") + "\n" == desk.file(ticket).read_text(encoding="utf-8")


def test_an_unambiguous_beginning_in_either_case_is_enough(desk: Desk, ticket: str) -> None:
    for typed in (ticket, ticket.lower(), ticket[-5:], ticket[-5:-1].lower(), ticket[3:], f" {ticket} "):
        assert desk.ok("show", typed).startswith(f"id:\t{ticket}\n")


def test_what_is_odd_in_a_file_that_can_be_read_is_said_on_stderr(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("created: 2026-08-12T", "created: yesterday, 2026-08-12T"), encoding="utf-8")
    path = file.relative_to(desk.root).as_posix()
    result = desk.run("show", ticket)
    assert result.out.startswith(f"id:\t{ticket}\n")
    assert result.err.startswith(f"{path}:10:10: `created` must be written like 2026-08-12T09:14:03-05:00")
