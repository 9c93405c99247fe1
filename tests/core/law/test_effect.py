"""What an action makes of a ticket, stamps included."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cases import AT, actor, event, ticket
from tests.policies import desk_policy
from tk.core.action import Action, Assignment, Draft
from tk.core.law.effect import apply
from tk.core.ticket import Approval, Attachment, Link, Rating, Request, Ticket

BEFORE = ticket(activity=AT - timedelta(days=3))
EARLIER = AT - timedelta(days=1)


def after(action: Action, before: Ticket | None = BEFORE) -> Ticket:
    return apply(desk_policy(), before, action, actor("zgomez"), AT)


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        (Action("set", "priority", "high"), {"priority": "high"}),
        (Action("set", "level", "2"), {"fields": {"level": "2"}}),
        (Action("set", "description", "words"), {"description": "words"}),
        (Action("attach", "invoice", Attachment("a", "invoice")), {"attachments": (Attachment("a", "invoice"),)}),
        (Action("request", "type", "fault"), {"requests": {"type": Request("zgomez", AT, "fault")}}),
        (Action("request", "type"), {"requests": {"type": Request("zgomez", AT)}}),
        (Action("approve", "refund"), {"approvals": {"refund": Approval("zgomez", AT)}}),
        (Action("link", "see", "TK-1"), {"links": (Link("see", "TK-1"),)}),
        (Action("log", "note", event()), {"events": (event(),)}),
        (Action("log-for", "note", event()), {"events": (event(),)}),
        (Action("assign", "", Assignment("mlopez", "support")), {"owner": "mlopez", "team": "support"}),
        (Action("schedule", "", AT), {"follow_up": AT}),
        (Action("advance", "", "solved"), {"status": "solved", "status_since": AT}),
    ],
)
def test_an_action_changes_its_own_and_is_activity(action: Action, changes: dict[str, Any]) -> None:
    assert after(action) == BEFORE._replace(**{**changes, "updated": AT, "activity": None})


def test_a_value_goes_and_an_empty_one_was_none() -> None:
    held = BEFORE._replace(priority="high", fields={"level": "2", "serial": ""}, description="x", follow_up=AT)
    assert after(Action("set", "priority"), held).priority is None
    assert after(Action("set", "level"), held).fields == {"serial": ""}
    assert after(Action("set", "description"), held).description == ""
    assert after(Action("schedule"), held).follow_up is None
    assert after(Action("set", "serial"), held) is held


@pytest.mark.parametrize(
    "action",
    [
        Action("set", "title", BEFORE.title),
        Action("advance", "", BEFORE.status),
        Action("assign", "", Assignment()),
        Action("assign", "", "mlopez"),
        Action("attach", "", "file"),
        Action("log", "note", "text"),
        Action("undo"),
        Action("new", "", Draft("TK", "x")),
    ],
)
def test_what_changes_nothing_leaves_the_ticket_as_it_is(action: Action) -> None:
    assert after(action) is BEFORE


def test_a_rating_is_no_activity() -> None:
    rate = Action("rate", "", "good")
    rated = after(rate, BEFORE._replace(activity=None, updated=EARLIER))
    assert (rated.rating, rated.updated, rated.activity) == (Rating("good", "zgomez", AT), AT, EARLIER)
    assert after(rate).activity == BEFORE.activity
    assert after(rate, BEFORE._replace(activity=None, updated=AT)).activity is None
    assert after(rate, BEFORE._replace(activity=None, updated=None)).activity is None


def test_what_is_no_draft_founds_an_empty_ticket() -> None:
    assert after(Action("new", "", "x"), None) == Ticket("")
