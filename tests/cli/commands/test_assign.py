"""`tk assign`: to a person, a team, or nobody."""

import json

import pytest

from tests.cli.shapes import WHOLE_TICKET
from tests.still import reword, unchanged
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket on a desk with a team and a second person."""
    person = 'zgomez = { name = "Zoé Gómez", email = "z@example.com", roles = ["agent"], team = "field" }\n'
    reword(desk, "[people]\n", f'[teams]\nfield = {{ en = "Field work", es = "Terreno" }}\n\n[people]\n{person}')
    return desk.ok("new", "Heater does not start")


@pytest.mark.parametrize("who", ["zgomez", "Zoé Gómez", "zoe gomez"])
def test_a_person_is_named_by_handle_or_name_and_brings_the_team(desk: Desk, ticket: str, who: str) -> None:
    assert desk.ok("assign", ticket, who) == f"{ticket} → zgomez"
    held = json.loads(desk.ok("show", ticket, "--json"))
    assert (held["owner"], held["team"]) == ("zgomez", "field")
    assert desk.git("log", "-1", "--format=%s") == f"{ticket}: assign"
    assert desk.git("status", "--porcelain") == ""


def test_a_terminal_reads_the_name(desk: Desk, ticket: str) -> None:
    assert desk.run("assign", ticket, "zgomez", terminal=True).out == f"{ticket} → Zoé Gómez\n"


def test_a_team_waits_without_an_owner(desk: Desk, ticket: str) -> None:
    desk.ok("assign", ticket, "me")
    assert desk.run("assign", ticket, "terreno", terminal=True).out == f"{ticket} → Field work\n"
    held = json.loads(desk.ok("show", ticket, "--json"))
    assert (held["owner"], held["team"]) == (None, "field")


def test_nobody_takes_the_ticket_from_its_owner(desk: Desk, ticket: str) -> None:
    desk.ok("assign", ticket, "me")
    assert desk.ok("assign", ticket, "nobody") == f"{ticket} → -"
    assert json.loads(desk.ok("show", ticket, "--json"))["owner"] is None


def test_a_second_time_there_is_nothing_to_change(desk: Desk, ticket: str) -> None:
    desk.ok("assign", ticket, "me")
    with unchanged(desk):
        assert desk.run("assign", ticket, "mlopez") == (0, "", f"{ticket}: nothing to change\n")


def test_a_program_reads_the_whole_ticket(desk: Desk, ticket: str) -> None:
    held = json.loads(desk.ok("assign", ticket, "me", "--json"))
    assert list(held) == WHOLE_TICKET
    assert held["owner"] == "mlopez"
