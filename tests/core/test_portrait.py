"""A ticket's JSON: names that programs rely on, always all of them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tests.world import Golden
from tk.core.policy import Attachments, Desk, Field, Policy, Status, Vocabulary
from tk.core.portrait import event_json, ticket_json
from tk.core.ticket import Approval, Attachment, Event, Link, Rating, Request, Ticket

AT = datetime.fromisoformat("2026-08-12T11:02:40-05:00")

NAMES = [
    "id",
    "aliases",
    "path",
    "title",
    "status",
    "status_kind",
    "status_since",
    "priority",
    "type",
    "category",
    "channel",
    "requester",
    "customer",
    "unit",
    "creator",
    "owner",
    "team",
    "created",
    "updated",
    "activity",
    "due",
    "target",
    "paused",
    "breached",
    "fired",
    "follow_up",
    "tags",
    "links",
    "attachments",
    "requests",
    "approvals",
    "rating",
    "fields",
]

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"


def vocabulary(*entries: Any) -> Vocabulary[Any]:
    return Vocabulary({entry.key: entry for entry in entries}, {})


def policy(*fields: Field) -> Policy:
    nothing = vocabulary()
    return Policy(
        desk=Desk("Support", "TK", "America/Lima", "es", "open"),
        statuses=vocabulary(Status("open", {}, "open", ())),
        priorities=nothing,
        types=nothing,
        categories=nothing,
        channels=nothing,
        events=nothing,
        fields=vocabulary(*fields),
        people=nothing,
        teams=nothing,
        roles=nothing,
        requirements=(),
        links=nothing,
        requests=nothing,
        approvals=nothing,
        attachments=Attachments(nothing),
    )


def portrait(ticket: Ticket, *fields: Field, whole: bool = True) -> dict[str, Any]:
    return ticket_json(ticket, policy(*fields), PATH, whole=whole)


def fields_of(kind: str, held: Mapping[str, Any]) -> object:
    return portrait(Ticket(id="TK-260812-7K3QX", fields=held), Field("level", {}, kind))["fields"]


def test_an_empty_ticket_has_every_name_in_the_order_of_the_design() -> None:
    assert list(portrait(Ticket(id="TK-260812-7K3QX"))) == [*NAMES, "description", "events"]


def test_a_list_leaves_out_description_and_events() -> None:
    assert list(portrait(Ticket(id="TK-260812-7K3QX"), whole=False)) == NAMES


def test_what_has_no_value_is_null_or_empty() -> None:
    empty = portrait(Ticket(id="TK-260812-7K3QX"))
    assert {name for name, value in empty.items() if value == []} == {
        "aliases",
        "category",
        "tags",
        "links",
        "attachments",
        "events",
    }
    assert {name for name, value in empty.items() if value == {}} == {
        "due",
        "target",
        "paused",
        "breached",
        "fired",
        "requests",
        "approvals",
        "fields",
    }
    assert empty["owner"] is empty["status_kind"] is empty["rating"] is None


def test_a_number_and_a_flag_are_typed_by_the_policy() -> None:
    assert fields_of("number", {"level": "1"}) == {"level": 1}
    assert fields_of("number", {"level": "-2.50"}) == {"level": -2.5}
    assert fields_of("flag", {"level": "false"}) == {"level": False}
    assert fields_of("text", {"level": "1"}) == {"level": "1"}
    assert fields_of("tree", {"level": ("a", "b")}) == {"level": ["a", "b"]}


def test_a_custom_value_that_is_not_what_its_field_wants_stays_as_written() -> None:
    for text in ("1e3", "two", "1.", "²", "9" * 5000, "9" * 400 + ".0"):
        assert fields_of("number", {"level": text}) == {"level": text}
    assert fields_of("flag", {"level": "perhaps"}) == {"level": "perhaps"}


def test_a_declared_field_without_a_value_is_null_and_an_unknown_key_is_kept() -> None:
    assert fields_of("number", {"jira": {"key": "X-1"}}) == {"level": None, "jira": {"key": "X-1"}}


def test_an_event_has_its_further_facts_after_the_fixed_names() -> None:
    event = Event(AT, "call-out", "mlopez", "e-k3q9", "Called.", {"visibility": "internal", "message-id": "<a@b>"})
    assert list(event_json(event).items()) == [
        ("id", "e-k3q9"),
        ("at", "2026-08-12T11:02:40-05:00"),
        ("type", "call-out"),
        ("by", "mlopez"),
        ("text", "Called."),
        ("visibility", "internal"),
        ("message_id", "<a@b>"),
    ]


def test_a_fact_cannot_take_the_place_of_a_fixed_name() -> None:
    assert event_json(Event(AT, "note", "mlopez", "e-1", facts={"by": "someone"}))["by"] == "mlopez"


def test_the_whole_ticket_reads_as_the_golden_file_says(golden: Golden) -> None:
    ticket = Ticket(
        id="TK-260812-7K3QX",
        aliases=("OLD-4711",),
        title="Calentador no enciende",
        status="open",
        status_since=AT,
        priority="high",
        category=("calentadores", "garantía"),
        requester="ana@example.cl",
        created=AT,
        due={"first-response": AT},
        target={"first-response": "4h"},
        tags=("reinstalación",),
        links=(Link("follows", "TK-260701-0B2M4"),),
        attachments=(Attachment("nota.pdf", None, date(2026, 8, 10)),),
        requests={"type": Request("mlopez", AT, "fault")},
        approvals={"reinstall": Approval("zgomez", AT)},
        rating=Rating("good", "ana@example.cl", AT),
        fields={"level": "1", "billable": "true"},
        description="No enciende.",
        events=(Event(AT, "call-out", "mlopez", "e-k3q9", "Called back.", {"minutes": "15"}),),
    )
    shown = portrait(ticket, Field("level", {}, "number"), Field("billable", {}, "flag"))
    golden("ticket.json", json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
