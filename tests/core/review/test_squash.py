"""What a squash hides is told from the moments that its tickets bear; what no hidden step explains stays refused."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cases import AT, event, ticket
from tests.policies import desk_policy
from tk.core.instant import format_instant
from tk.core.review.squash import explains
from tk.core.ticket import Approval, Ticket

LATER = AT + timedelta(minutes=6)

POLICY = desk_policy()

BEFORE = ticket()


def noted(at: Any, by: str = "mlopez", name: str = "e-aaaa", **facts: str) -> Any:
    return event(at=at, by=by, id=name, facts=facts)


def after(*events: Any, **values: Any) -> tuple[Ticket, Ticket]:
    return BEFORE, BEFORE._replace(events=(*BEFORE.events, *events), **values)


def test_two_moments_are_steps() -> None:
    two = after(noted(AT), noted(LATER, name="e-bbbb"))
    assert explains(POLICY, [two], "mlopez", ["backdated", "stamp"]) == 2


def test_one_moment_is_one_step_however_early() -> None:
    assert explains(POLICY, [after(noted(AT))], "mlopez", ["backdated"]) == 0
    assert explains(POLICY, [after(noted(AT), updated=LATER)], "mlopez", ["backdated"]) == 0
    near = after(noted(AT), noted(AT + timedelta(minutes=4), name="e-bbbb"))
    assert explains(POLICY, [near], "mlopez", ["backdated"]) == 0


def test_two_tickets_written_at_two_moments_are_steps() -> None:
    assert explains(POLICY, [after(noted(AT)), after(noted(LATER))], "mlopez", ["stamp"]) == 2


def test_a_field_was_changed_when_the_ticket_says_it_was() -> None:
    assert explains(POLICY, [after(noted(AT), title="Otro", updated=LATER)], "mlopez", ["backdated"]) == 2
    assert explains(POLICY, [after(noted(AT), status="solved", status_since=LATER)], "mlopez", ["transition"]) == 2


def test_what_was_entered_later_was_done_then() -> None:
    late = noted(AT, name="e-bbbb", logged=format_instant(LATER))
    assert explains(POLICY, [after(late)], "mlopez", ["stamp"]) == 0
    assert explains(POLICY, [after(late, noted(AT, name="e-cccc"))], "mlopez", ["stamp"]) == 2


def test_a_new_ticket_was_created_first() -> None:
    new = BEFORE._replace(status=POLICY.desk.start)
    assert explains(POLICY, [(None, new._replace(events=(noted(AT),)))], "mlopez", ["stamp"]) == 2
    assert explains(POLICY, [(None, new._replace(status_since=AT))], "mlopez", ["stamp"]) == 0
    assert explains(POLICY, [(None, new._replace(status="open", status_since=AT))], "mlopez", ["stamp"]) == 2


@pytest.mark.parametrize("code", ["not-allowed", "wrong-author"])
def test_another_persons_step_explains_what_the_author_may_not(code: str) -> None:
    own = after(noted(AT), noted(LATER, name="e-bbbb"))
    assert explains(POLICY, [own], "mlopez", [code]) == 0
    shared = after(noted(AT, by="zgomez"), noted(LATER, name="e-bbbb"))
    assert explains(POLICY, [shared], "mlopez", [code]) == 2
    approved = after(noted(AT), approvals={"refund": Approval("zgomez", LATER)})
    assert explains(POLICY, [approved], "mlopez", [code]) == 2


@pytest.mark.parametrize("code", ["event-altered", "event-removed", "removed", "future-event", "unknown-status"])
def test_no_hidden_step_explains_what_no_step_may_do(code: str) -> None:
    two = after(noted(AT, by="zgomez"), noted(LATER, name="e-bbbb"))
    assert explains(POLICY, [two], "mlopez", ["stamp", code]) == 0
