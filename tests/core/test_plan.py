"""What people's words come to as actions."""

from datetime import timedelta

import pytest

from tests.cases import AT, ticket
from tests.policies import desk_policy
from tk.core.action import Action, Assignment, Draft
from tk.core.plan import Happening, Wanted, assignee, draft, event, first_assignment, next_status, sets
from tk.core.ticket import Event
from tk.errors import WrongUsage

POLICY = desk_policy()
ID = "TK-260812-7K3QX"


def refusal(caught: pytest.ExceptionInfo[WrongUsage]) -> tuple[str, str]:
    return str(caught.value), str(caught.value.hint)


def test_a_draft_holds_what_was_wanted() -> None:
    values = {"priority": "alta", "customer": None, "tags": "a,b", "type": ""}
    fields = ("nivel=3", "LINE=Granel", "producto=", "first_call=yes")
    wanted = Wanted(" a\ntitle ", "\n\nwords\n", values, (*fields[:2], fields[3]))
    assert draft(POLICY, wanted, ID) == Draft(
        ID,
        "a title",
        "words",
        {"priority": "high", "tags": ("a", "b"), "level": "3", "line": "granel", "first-call": "true"},
    )


def test_title_and_description_may_be_set_as_fields() -> None:
    wanted = Wanted("a", "b", {}, ("title=c", "description=d"))
    assert draft(POLICY, wanted, ID) == Draft(ID, "c", "d", {})


def test_a_draft_needs_a_title() -> None:
    for title in ("", " \n", "\u202e"):
        with pytest.raises(WrongUsage) as caught:
            draft(POLICY, Wanted(title), ID)
        assert refusal(caught) == ("a ticket needs a title", "say in a few words what it is about")


@pytest.mark.parametrize("field", ["priority", "=x", " =x"])
def test_a_field_is_key_and_value(field: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        sets(POLICY, ticket(), [field])
    assert refusal(caught) == (f'"{field.strip()}" is not KEY=VALUE', "such as priority=high")


@pytest.mark.parametrize(
    ("owner", "team", "held"),
    [
        (None, None, []),
        ("María López", None, [Assignment("mlopez", "support")]),
        ("me", None, [Assignment("pnunez", "finance")]),
        ("finance", None, [Assignment(None, "finance")]),
        (None, "soporte", [Assignment(None, "support")]),
        ("pnunez", "support", [Assignment("pnunez", "support")]),
    ],
)
def test_a_new_ticket_goes_to_whom_it_is_for(owner: str | None, team: str | None, held: list[Assignment]) -> None:
    actions = first_assignment(POLICY, Wanted("x", owner=owner, team=team), "pnunez")
    assert actions == [Action("assign", "", to) for to in held]


def test_a_ticket_is_given_to_a_person_a_team_or_nobody() -> None:
    held = ticket(owner="mlopez", team="support")
    assert assignee(POLICY, "Pía Núñez", None, held) == Assignment("pnunez", "finance")
    assert assignee(POLICY, "Finanzas", None, held) == Assignment(None, "finance")
    assert assignee(POLICY, "Nobody", None, held) == Assignment(None, "support")
    teamless = POLICY._replace(
        people=POLICY.people._replace(
            entries={key: person._replace(team=None) for key, person in POLICY.people.entries.items()}
        )
    )
    assert assignee(teamless, "pnunez", None, held) == Assignment("pnunez", "support")


@pytest.mark.parametrize(
    ("who", "message", "hint"),
    [
        ("me", "you are no person of this desk", "git config user.email"),
        ("mlopes", 'unknown person or team "mlopes"', 'did you mean "mlopez"?'),
        ("finansas", 'unknown person or team "finansas"', 'did you mean "Finanzas"?'),
        ("xyz", 'unknown person or team "xyz"', "the people and teams are: mlopez, zgomez, pnunez, support, finance"),
    ],
)
def test_whom_nobody_knows_is_told(who: str, message: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        assignee(POLICY, who, None, ticket())
    assert refusal(caught)[0].startswith(message)
    assert refusal(caught)[1].startswith(hint)


def test_a_status_goes_by_key_or_label_and_without_words_the_only_way() -> None:
    assert next_status(POLICY, ticket(), "Sin documentacion completa") == "awaiting-documents"
    assert next_status(POLICY, ticket(status="closed"), None) == "open"


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        ("pending", "can go more than one way from pending", "with one of: open, solved"),
        ("mislaid", "can go nowhere from mislaid", "[statuses.mislaid] in tk.toml"),
    ],
)
def test_where_there_is_not_one_way_it_must_be_said(status: str, message: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        next_status(POLICY, ticket(status=status), None)
    assert message in refusal(caught)[0]
    assert hint in refusal(caught)[1]


def test_an_event_is_now_or_says_when_it_was_entered() -> None:
    now = event(POLICY, Happening("nota", " \n\nwords\n", facts=("minutes= 5\n",)), "mlopez", AT, "e-aaaa")
    assert now == Event(AT, "note", "mlopez", "e-aaaa", "words", {"minutes": "5"})
    early = event(POLICY, Happening("call-in", "x", "2026-08-12T09:30", internal=True), "mlopez", AT, "e-aaaa")
    assert early.at == AT.replace(hour=9, minute=30, second=0)
    assert early.facts == {"visibility": "internal", "logged": "2026-08-12T11:02:40-05:00"}


@pytest.mark.parametrize(
    ("happening", "message"),
    [
        (Happening("xyz", "x"), 'unknown event type "xyz"'),
        (Happening("note", "x", "soon"), '"soon" is no instant'),
        (Happening("note", "x", "2027-01-01T09:00"), "2027-01-01T09:00:00-05:00 is yet to come"),
        (Happening("note", "x", facts=("visibility=internal",)), '"visibility" cannot be the name of a fact'),
        (Happening("note", "x", facts=("a b=1",)), '"a b" cannot be the name of a fact'),
        (Happening("note", "x", facts=("minutes",)), '"minutes" is not KEY=VALUE'),
    ],
)
def test_what_is_no_event_is_told(happening: Happening, message: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        event(POLICY, happening, "mlopez", AT, "e-aaaa")
    assert refusal(caught)[0].startswith(message)


@pytest.mark.parametrize(
    ("fields", "actions"),
    [
        (["priority=alta"], [Action("set", "priority", "high")]),
        (["Nivel=2"], [Action("set", "level", "2")]),
        (["priority="], [Action("set", "priority", None)]),
        (["priority=low", "priority=high"], [Action("set", "priority", "high")]),
        (["tags+=b, c"], [Action("set", "tags", ("a", "b", "c"))]),
        (["tags-=a"], [Action("set", "tags", None)]),
        (["tags+=b", "tags-=a"], [Action("set", "tags", ("b",))]),
        (["tags=x", "tags+=y"], [Action("set", "tags", ("x", "y"))]),
        (["tags=", "tags+=y"], [Action("set", "tags", ("y",))]),
        (["tags+=a"], [Action("set", "tags", ("a",))]),
        (["category=medidor/cobranza"], [Action("set", "category", ("medidor", "cobranza"))]),
    ],
)
def test_fields_become_actions(fields: list[str], actions: list[Action]) -> None:
    assert sets(POLICY, ticket(tags=("a",)), fields) == actions


def test_an_instant_just_now_is_no_late_entry() -> None:
    assert "logged" not in event(POLICY, Happening("note", "x", "2026-08-12T11:02:40"), "mlopez", AT, "e-aaaa").facts
    late = event(POLICY, Happening("note", "x", "2026-08-12T11:02:39"), "mlopez", AT, "e-aaaa")
    assert late.at == AT - timedelta(seconds=1)
