"""What actions bring with them, and that it can be read back: `derive` is the inverse of the law with them, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, Case, actions, actor, event, fitting_tickets, ticket
from tests.policies import DESK, policy_of
from tk.core.action import Action, Assignment, Draft
from tk.core.facts import Actor, Outside
from tk.core.law.difference import derive
from tk.core.law.judge import judge
from tk.core.policy import Policy
from tk.core.register import Tables
from tk.core.review.handwork import settle
from tk.core.review.objections import review
from tk.core.ticket import KEYS, Link, Ticket
from tk.core.verdict import Refusal

RULES = """
[[on]]
name = "assignment-ends-new"
action = "assign"
when = { status = "new", "not.new.owner" = "!" }
advance = "open"

[[on]]
name = "mail-only"
action = "set.channel"
when = { "new.channel" = "phone" }
set = { channel = "mail" }
note = { en = "No phone here.", es = "Aquí no hay teléfono." }

[[on]]
name = "mail-only-at-first"
action = "new"
when = { "new.channel" = "phone" }
set = { channel = "mail" }

[[on]]
name = "warranty-waits"
action = "new"
when = { "new.type" = "warranty" }
set = { priority = "high" }
advance = "awaiting-documents"

[[on]]
name = "cover"
action = "set.unit"
copy = { serial = "unit.item" }

[[on]]
name = "escalated"
action = "advance"
when = { "new.status" = "on-hold" }
set = { priority = "urgent" }
assign = "finance"
note = "Given to finance."

[[on]]
name = "no-cascade"
action = "set.priority"
when = { "new.priority" = "urgent" }
set = { type = "fault" }
"""

OUTSIDE = Outside(Tables({"units": {"SN-1": {"serial": "SN-1", "item": "77", "billed": "", "visits": ""}}}))
ZOE = actor("zgomez")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of(DESK + RULES)


def after(policy: Policy, before: Ticket | None, action: Action, who: Actor = ZOE) -> Ticket:
    made = judge(policy, OUTSIDE, before, action, who, AT)
    assert isinstance(made, Ticket), made
    return made


def new(**values: object) -> Action:
    return Action("new", "", Draft("TK-260812-7K3QX", "x", "", values))


CASES: list[tuple[str, Ticket | None, Action]] = [
    ("assign", ticket(status="new"), Action("assign", "", Assignment("mlopez", "support"))),
    ("to a team, no rule", ticket(status="new"), Action("assign", "", Assignment(None, "finance"))),
    ("set what is replaced", ticket(channel="mail"), Action("set", "channel", "phone")),
    ("set what is replaced, from nothing", ticket(), Action("set", "channel", "phone")),
    ("new with what is replaced", None, new(channel="phone")),
    ("new with what is added", None, new(type="warranty")),
    ("new with what is replaced and added", None, new(type="warranty", channel="phone", priority="low")),
    ("copied", ticket(), Action("set", "unit", "SN-1")),
    ("copied, unknown", ticket(fields={"serial": "old"}), Action("set", "unit", "SN-2")),
    ("all at once", ticket(), Action("advance", "", "on-hold")),
    ("one step, no cascade", ticket(), Action("set", "priority", "urgent")),
]


@pytest.mark.parametrize(("_", "before", "action"), CASES)
def test_derive_gives_back_the_action_alone(policy: Policy, _: str, before: Ticket | None, action: Action) -> None:
    made = after(policy, before, action)
    assert derive(policy, before, made, ZOE, OUTSIDE) == (action,)
    assert derive(policy, before, made, ZOE) == (action,), "without the registers, what is copied is still no action"
    assert review(policy, OUTSIDE, before, made, ZOE, AT) == []


def test_what_a_rule_replaces_is_noted_with_what_was_given(policy: Policy) -> None:
    made = after(policy, ticket(), Action("set", "channel", "phone"))
    (note,) = made.events
    assert (made.channel, note.type, note.by, note.text) == ("mail", "note", "zgomez", "Aquí no hay teléfono.")
    assert note.facts == {"visibility": "internal", "rule": "mail-only", "was-channel": "phone"}
    assert after(policy, ticket(), Action("set", "channel", "phone")) == made, "every clone writes the same"


def test_what_nobody_gave_is_set_without_a_note(policy: Policy) -> None:
    made = after(policy, None, new(type="warranty"))
    assert (made.priority, made.status, made.events) == ("high", "awaiting-documents", ())


def test_rules_see_what_the_action_did_and_not_what_others_made_of_it(policy: Policy) -> None:
    made = after(policy, ticket(type="warranty"), Action("advance", "", "on-hold"))
    assert (made.priority, made.team, made.owner, made.type) == ("urgent", "finance", None, "warranty")
    assert [e.text for e in made.events] == ["Given to finance."]
    again = after(policy, ticket(type="warranty"), Action("set", "priority", "urgent"))
    assert again.type == "fault"


def test_a_rule_counts_between_its_days(policy: Policy) -> None:
    for days, priority in (("from = 2026-08-13", None), ("until = 2026-08-12", None), ("from = 2026-08-12", "low")):
        rule = f'[[on]]\nname = "dated"\naction = "set.serial"\nset = {{ priority = "low" }}\n{days}\n'
        assert after(policy_of(DESK + rule), ticket(), Action("set", "serial", "1")).priority == priority


def codes(policy: Policy, before: Ticket | None, made: Ticket, who: Actor = ZOE) -> set[str]:
    return {objection.code for objection in review(policy, OUTSIDE, before, made, who, AT)}


def test_a_consequence_undone_by_hand_is_found(policy: Policy) -> None:
    made = after(policy, ticket(status="new"), Action("assign", "", Assignment("mlopez", "support")))
    assert codes(policy, ticket(status="new"), made._replace(status="new", status_since=ticket().status_since)) == {
        "stamp"
    }


def test_a_copy_that_the_register_does_not_have_is_found(policy: Policy) -> None:
    made = after(policy, ticket(), Action("set", "unit", "SN-1"))
    assert codes(policy, ticket(), made._replace(fields={"serial": "78"})) == {"stamp"}


def test_a_note_in_the_name_of_a_rule_is_found(policy: Policy) -> None:
    forged = event(by="zgomez", facts={"rule": "mail-only", "was-channel": "mail"})
    made = ticket()._replace(updated=AT, events=(forged,))
    assert "event-forged" in codes(policy, ticket(), made)
    kept = after(policy, ticket(), Action("set", "channel", "phone"))
    (note,) = kept.events
    assert codes(policy, ticket(), kept._replace(events=(note._replace(text="I said so."),))) == {"event-altered"}


@pytest.mark.parametrize("key", [*KEYS, "priority", "description", "x"])
def test_a_note_puts_back_only_what_its_rule_replaces(policy: Policy, key: str) -> None:
    forged = event(by="zgomez", facts={"rule": "mail-only", f"was-{key}": "x"})
    made = ticket(links=(Link("follows", "TK-260701-0B2M4"),), status="solved", updated=AT, events=(forged,))
    names = [action.name for action in derive(policy, ticket(status="solved"), made, ZOE)]
    assert names == (["set.channel", "link.follows"] if key == "channel" else ["link.follows"])
    assert "event-forged" in codes(policy, ticket(status="solved"), made)


def test_what_one_may_not_do_one_may_not_have_done_by_the_back_door(policy: Policy) -> None:
    maria = actor("mlopez")
    moved = ticket()._replace(updated=AT, priority="urgent", team="finance")
    assert "not-allowed" in codes(policy, ticket(), moved, maria)


def test_an_edit_by_hand_is_followed_like_a_command(policy: Policy) -> None:
    written = ticket(channel="phone")
    made = settle(policy, OUTSIDE, ticket(), written, ZOE, AT)
    assert made.objections == ()
    assert made.actions == (Action("set", "channel", "phone"),)
    assert made.ticket == after(policy, ticket(), Action("set", "channel", "phone"))


@given(data=st.data())
def test_derive_gives_back_every_lawful_action(data: st.DataObject) -> None:
    """Up to what the policy would have done by itself: whoever says that, too, has done no more."""
    policy = policy_of(DESK + RULES)
    before = data.draw(st.none() | fitting_tickets(policy))
    case = Case(policy, before, ZOE)
    action = data.draw(actions(case))
    made = judge(policy, OUTSIDE, before, action, ZOE, AT)
    if isinstance(made, Refusal) or made == before:
        return
    derived = derive(policy, before, made, ZOE, OUTSIDE)
    assert [other.name for other in derived] == [action.name]
    assert judge(policy, OUTSIDE, before, derived[0], ZOE, AT) == made
    assert review(policy, OUTSIDE, before, made, ZOE, AT) == []
