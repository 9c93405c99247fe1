"""`tk schedule`, `tk request`, `tk approve` and `tk rate`: what they say and do, and each mistake."""

import json

import pytest

from tests.still import unchanged
from tests.world import Desk

AT = "2026-08-12T09:14:03-05:00"


@pytest.fixture
def ticket(desk: Desk) -> str:
    return desk.ok("new", "Monitor negro")


def held(desk: Desk, ticket: str, name: str) -> object:
    return json.loads(desk.ok("show", ticket, "--json"))[name]


def test_a_follow_up_is_set_moved_and_taken_away(desk: Desk, ticket: str) -> None:
    assert desk.ok("schedule", ticket, "+2d") == f"{ticket} follow-up: 2026-08-14T09:14:03-05:00"
    told = desk.ok("schedule", ticket, "mañana 10:00", "-m", "Está desde las diez.").splitlines()
    assert told[1] == f"{ticket} follow-up: 2026-08-14T09:14:03-05:00 → 2026-08-13T10:00:00-05:00"
    assert held(desk, ticket, "follow_up") == "2026-08-13T10:00:00-05:00"
    assert json.loads(desk.ok("schedule", ticket, "none", "--json"))["follow_up"] is None
    assert desk.run("schedule", ticket, "none").err == f"{ticket}: nothing to change\n"
    assert desk.ok("audit") == ""


def test_a_request_an_approval_and_a_rating_say_who_and_when(desk: Desk, ticket: str) -> None:
    told = desk.ok("request", ticket, "Otra prioridad", "Alta")
    assert told == f"{ticket} requests: priority by mlopez, at {AT}, value high"
    assert desk.ok("approve", ticket, "visto bueno") == f"{ticket} approvals: go-ahead by mlopez, at {AT}"
    assert desk.ok("rate", ticket, "buena") == f"{ticket} rating: value good, by mlopez, at {AT}"
    assert held(desk, ticket, "requests") == {"priority": {"by": "mlopez", "at": AT, "value": "high"}}
    assert held(desk, ticket, "approvals") == {"go-ahead": {"by": "mlopez", "at": AT}}
    assert held(desk, ticket, "rating") == {"value": "good", "by": "mlopez", "at": AT}
    assert "Go-ahead by" in desk.run("show", ticket, terminal=True).out
    assert desk.ok("audit") == desk.ok("check") == ""


def test_a_rating_may_come_with_words(desk: Desk, ticket: str) -> None:
    desk.ok("rate", ticket, "bad", "-m", "Tardaron mucho.")
    assert json.loads(desk.ok("show", ticket, "--json"))["events"][0]["text"] == "Tardaron mucho."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("schedule", "soon"), 'tk: "soon" is no instant\nhint: write 2026-08-12T09:30, "tomorrow 10:00", '),
        (("schedule", "2026-08-11"), "tk: 2026-08-11T00:00:00-05:00 is past; a follow-up is yet to come\n"),
        (("request", "priorty"), 'tk: unknown request "priorty"\nhint: did you mean "priority"?\n'),
        (("request", "priority", "hgih"), 'tk: unknown priority "hgih"\nhint: did you mean "high"?\n'),
        (("approve", "go-ahed"), 'tk: unknown approval "go-ahed"\nhint: did you mean "go-ahead"?\n'),
        (("rate", "goood"), 'tk: unknown rating "goood"\nhint: did you mean "good"?\n'),
    ],
)
def test_each_mistake_gets_its_sentence(desk: Desk, ticket: str, words: tuple[str, ...], sentence: str) -> None:
    command, *rest = words
    with unchanged(desk):
        refused = desk.run(command, ticket, *rest)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(sentence)
