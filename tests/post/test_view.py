"""What a template may read: nothing internal, everything under the names of `tk show --json`."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings

from tests.policies import desk_policy
from tests.strategies import tickets
from tk.core.notice import Recipient
from tk.core.ticket import Approval, Ticket
from tk.post.view import to, view


@settings(max_examples=50)
@given(tickets())
def test_no_internal_event_is_in_it(ticket: Ticket) -> None:
    events = tuple(
        event._replace(text=f"{text}{number}", facts={**event.facts, "visibility": visibility})
        for number, event in enumerate(ticket.events)
        for visibility, text in [("internal", "SECRET") if number % 2 == 0 else ("public", "told")]
    )
    held = ticket._replace(events=events)
    read = view(desk_policy(), "es", None, held, "tickets/x.md")
    public = [event.text for event in events if event.visibility == "public"]
    assert "SECRET" not in json.dumps(read)
    assert [event["text"] for event in listed(read["new_events"])] == public
    assert [event["text"] for event in listed(listed([read["ticket"]])[0]["events"])] == public
    assert sum(counted(read["counts"]).values()) == len(events)


def listed(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def counted(value: object) -> dict[str, int]:
    assert isinstance(value, dict)
    return value


def test_values_are_called_as_the_desk_calls_them_in_the_language_of_the_letter() -> None:
    ticket = Ticket("TK-260812-7K3QX", title="x", status="on-hold", priority="high", owner="mlopez", team="finance")
    told = view(desk_policy(), "es", ticket._replace(status="new"), ticket, "tickets/x.md")
    words, was = told["words"], told["was"]
    assert isinstance(words, dict)
    assert isinstance(was, dict)
    assert [words[key] for key in ("status", "priority", "owner", "team", "type")] == [
        "En espera",
        "Alta",
        "María López",
        "Finanzas",
        "",
    ]
    assert was["status"] == "Nuevo"
    english = view(desk_policy(), "en", None, ticket, "tickets/x.md")["words"]
    assert isinstance(english, dict)
    assert english["status"] == "On hold"


def test_what_is_asked_for_and_approved_is_told_by_name() -> None:
    at = datetime(2026, 8, 12, tzinfo=UTC)
    ticket = Ticket("TK-260812-7K3QX", approvals={"refund": Approval("mlopez", at)})
    told = listed(view(desk_policy(), "es", None, ticket, "x")["approvals"])
    assert [(each["key"], each["label"], each["given"] is not None) for each in told] == [
        ("refund", "Reembolso", True),
        ("reinstall", "Reinstalación", False),
        ("visto-bueno", "Visto bueno", False),
    ]


def test_who_reads_is_told_by_name_and_address() -> None:
    assert to(Recipient("ana@example.com", "Ana")) == {"address": "ana@example.com", "name": "Ana"}
