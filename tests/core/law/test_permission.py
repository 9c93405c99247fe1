"""Who may do what: the roles that stand in tk.toml, and the sentence for who may not."""

from tests.cases import AT, Case, actor, event, ticket
from tests.policies import desk_policy, policy_of
from tk.core.action import Action, Assignment
from tk.core.facts import Actor, Facts, actor_of
from tk.core.law.permission import forbidden, may
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal

ROLES = {key: f"{key} (tk.toml:{role.line})" for key, role in desk_policy().roles.entries.items()}


def asked(action: Action, who: Actor, before: Ticket | None = None) -> Ticket | Refusal:
    return Case(desk_policy(), before or ticket(), who).judge(action)


def told(action: Action, who: Actor, before: Ticket | None = None) -> tuple[str, str]:
    refusal = asked(action, who, before)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-allowed"
    return str(refusal.message), str(refusal.instead)


def test_a_role_without_the_action_is_told_who_may() -> None:
    message, instead = told(Action("approve", "refund"), actor("mlopez"))
    assert message == (f"TK-260810-7K3QX: mlopez may not approve.refund; roles: {ROLES['agent']}, {ROLES['anyone']}")
    assert instead == "who may: supervisor, finance"


def test_a_stranger_has_the_role_anyone_alone() -> None:
    message, instead = told(Action("advance", "", "solved"), actor("who"))
    assert message == f"TK-260810-7K3QX: who@example.com may not advance; roles: {ROLES['anyone']}"
    assert instead == "who may: agent, supervisor"
    assert isinstance(asked(Action("log", "note", event(by="who@example.com")), actor("who")), Ticket)


def test_a_condition_that_is_not_met_is_named_with_its_line() -> None:
    agent = desk_policy().roles.entries["agent"]
    line = next(permission.line for permission in agent.may if permission.pattern == "set.channel")
    message, instead = told(Action("set", "channel", "web"), actor("mlopez"), ticket(owner="zgomez"))
    assert "mlopez may not set.channel" in message
    assert instead == f"agent may set.channel only when owner is @actor (tk.toml:{line})"
    assert isinstance(asked(Action("set", "channel", "web"), actor("mlopez"), ticket(owner="mlopez")), Ticket)


def test_a_condition_may_ask_what_the_ticket_will_be() -> None:
    take, give = Action("assign", "", Assignment("mlopez")), Action("assign", "", Assignment("zgomez"))
    assert isinstance(asked(take, actor("mlopez")), Ticket)
    assert "only when owner has no value and new.owner is @actor" in told(give, actor("mlopez"))[1]
    assert told(take, actor("mlopez"), ticket(owner="zgomez"))


def test_one_role_that_allows_it_is_enough() -> None:
    assert isinstance(asked(Action("approve", "refund"), actor("pnunez")), Ticket)


def test_a_new_ticket_is_judged_by_what_it_will_be() -> None:
    policy = policy_of(
        '[desk]\nname = "D"\nzone = "UTC"\nlanguage = "en"\n[statuses.open]\nkind = "open"\n[priorities]\nlow = ""\n'
        'high = ""\n[events]\nnote = ""\n[roles.anyone]\nmay = [{ action = "new", when = { priority = "low" } }]\n'
    )
    facts = Facts(policy, ticket(priority="high"), AT)
    assert forbidden(policy, Action("new"), "TK", actor_of(policy, "a@x"), facts) is not None
    facts = Facts(policy, ticket(priority="low"), AT)
    assert forbidden(policy, Action("new"), "TK", actor_of(policy, "a@x"), facts) is None


def test_what_no_role_may_is_said_so_and_no_role_at_all_is_a_dash() -> None:
    policy = desk_policy()._replace(roles=desk_policy().roles._replace(entries={}))
    refusal = forbidden(policy, Action("advance"), "TK-1", actor(), Facts(policy, ticket(), AT))
    assert refusal is not None
    assert str(refusal.message) == "TK-1: mlopez may not advance; roles: -"
    assert str(refusal.instead) == "no role of this desk may advance"


def test_whether_one_may_change_the_policy_asks_no_condition() -> None:
    assert may(desk_policy(), actor("zgomez"), "policy")
    assert not may(desk_policy(), actor("mlopez"), "policy")
    assert not may(desk_policy(), actor("mlopez"), "assign")
