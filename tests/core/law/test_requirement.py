"""What must hold before an action, from which day until which, and the sentence for what is missing."""

from datetime import datetime, timedelta

import pytest

from tests.cases import AT, Case, actor, event, ticket
from tests.policies import DESK, desk_policy, policy_of
from tk.core.action import Action
from tk.core.law.difference import in_order
from tk.core.ticket import Attachment, Ticket
from tk.core.verdict import Refusal

SOLVE = Action("advance", "", "solved")


def asked(before: Ticket, *actions: Action, text: str = DESK, at: datetime = AT) -> Ticket | Refusal:
    """Return the last answer to a command of these actions by the supervisor, who may do everything."""
    policy = policy_of(text)
    state: Ticket = before
    for action in in_order(policy, actions):
        answer = Case(policy, state, actor("zgomez"), at).judge(action)
        if isinstance(answer, Refusal):
            return answer
        state = answer
    return state


def told(answer: Ticket | Refusal) -> tuple[str, str]:
    assert isinstance(answer, Refusal)
    assert answer.code == "requirement"
    return str(answer.message), str(answer.instead)


def line(name: str) -> int:
    return next(rule.line for rule in desk_policy().requirements if rule.key == name)


def test_a_condition_that_does_not_hold_is_told_with_what_is_there() -> None:
    assert told(asked(ticket(type="warranty"), SOLVE)) == (
        "TK-260810-7K3QX: advance needs more: un documento con la fecha de compra "
        f"(tk.toml:{line('purchase-document')})",
        "what is missing: attachments.purchase-note is at least 1 (it is 0)",
    )
    held = ticket(type="warranty", attachments=(Attachment("x.pdf", "invoice"),))
    assert isinstance(asked(held, SOLVE), Ticket)


def test_a_field_without_a_value_is_told() -> None:
    assert told(asked(ticket(type="fault"), SOLVE)) == (
        f"TK-260810-7K3QX: advance needs more: una resolución (tk.toml:{line('resolution')})",
        "what is missing: resolution has no value",
    )


def test_what_is_set_in_the_same_command_counts() -> None:
    fill = Action("set", "resolution", ("replaced", "sensor"))
    assert isinstance(asked(ticket(type="fault"), SOLVE, fill), Ticket)
    assert told(asked(ticket(), SOLVE, Action("set", "type", "fault")))


def test_a_rule_asks_only_when_its_condition_holds() -> None:
    assert isinstance(asked(ticket(type="incident"), SOLVE), Ticket)
    assert isinstance(asked(ticket(type="fault"), Action("advance", "", "pending")), Ticket)


@pytest.mark.parametrize(
    ("at", "asks"),
    [
        ("2025-12-31T23:59:59-05:00", False),
        ("2026-01-01T00:00:00-05:00", True),
        ("2026-12-31T23:59:59-05:00", True),
        ("2027-01-01T00:00:00-05:00", False),
    ],
)
def test_a_rule_is_in_force_from_its_first_day_and_before_its_last(at: str, asks: bool) -> None:
    before = ticket(status="awaiting-documents")
    answer = asked(before, Action("advance", "", "closed"), at=datetime.fromisoformat(at))
    assert isinstance(answer, Refusal) is asks
    if asks:
        assert told(answer) == (
            f"TK-260810-7K3QX: advance needs more: follow-ups (tk.toml:{line('follow-ups')})",
            "what is missing: events.follow-up is at least 3 (it is 0)",
        )


RULE = """
[[require]]
name = "more"
label = "more"
action = "advance"
that = { THAT }
"""

FILLED = ticket(
    owner="mlopez",
    tags=("vip", "b"),
    due={"resolution": AT + timedelta(hours=1)},
    events=(event(), event(id="e-bbbb")),
)


@pytest.mark.parametrize(
    ("that", "missing"),
    [
        ('owner = "zgomez"', "owner is zgomez (it is mlopez)"),
        ('team = "support"', "team is support (it is -)"),
        ('tags = "c"', "tags is c (it is vip, b)"),
        ("overdue = true", "overdue is yes (it is no)"),
        ('created = "> 2026-08-11"', "created is more than 2026-08-11 (it is 2026-08-10T11:02:40-05:00)"),
        ('age = "< 1d"', "age is less than 1d (it is 2 days, 0:00:00)"),
        ('not.title = "calentador no enciende"', "title is not calentador no enciende (it is Calentador no enciende)"),
        ('actor.role = "agent"', "actor.role is agent (it is supervisor, anyone)"),
        ('new.status = "closed"', "new.status is closed (it is solved)"),
        ("approvals.refund = true", "approvals.refund is yes (it is no)"),
        ('owner = "@actor"', "owner is @actor (it is mlopez)"),
        ('team = "support", events.note = "> 2"', "team is support (it is -); events.note is more than 2 (it is 2)"),
    ],
)
def test_each_test_that_fails_is_told_with_the_value_there_is(that: str, missing: str) -> None:
    answer = asked(FILLED, SOLVE, text=DESK + RULE.replace("THAT", that))
    assert told(answer)[1] == f"what is missing: {missing}"
    assert told(answer)[0].startswith("TK-260810-7K3QX: advance needs more: more (tk.toml:")


def test_a_label_is_told_in_the_language_of_the_desk_or_another() -> None:
    rule = RULE.replace("THAT", 'team = "support"')
    for words, said in (('{ en = "a team" }', "a team"), ('{ en = "a team", es = "un equipo" }', "un equipo")):
        assert (
            f"needs more: {said} ("
            in told(asked(FILLED, SOLVE, text=DESK + rule.replace('"more"\na', f"{words}\na")))[0]
        )
