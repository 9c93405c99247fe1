"""To whom the routes give a ticket that nobody has, at the prompt and in review."""

import pytest

from tests.cases import AT, actor, ticket
from tests.policies import DESK, policy_of
from tk.core import ids
from tk.core.action import Action, Assignment
from tk.core.facts import NOTHING, Outside
from tk.core.law.hearing import Hearing
from tk.core.law.judge import judge
from tk.core.law.route import chosen, explained, prescription, told
from tk.core.policy import Policy
from tk.core.register import Tables
from tk.core.review.objections import review
from tk.core.ticket import Ticket

ROUTES = """
[registers.modules]
file = "registers/modules.csv"
key = "code"
columns = ["consultant"]

[[route]]
name = "by-code"
label = { en = "By code", es = "Por código" }
register = "modules"
column = "consultant"

[[route]]
name = "warranty"
when = { type = "warranty" }
among = ["agent"]
pick = "in-turn"

[[route]]
name = "question"
when = { type = "incident" }
among = ["support", "pnunez"]

[[route]]
name = "phone"
when = { channel = "phone" }
to = "finance"

[[route]]
name = "rest"
to = "@creator"
"""

CODES = {
    "SL-AP": "mlopez",
    "SL-APS": "Zoé Gómez",
    "SL-IQM": "SL_IQM",
    "XA-PM": "pnunez",
    "DATACOLECTION": "finance",
}
OUTSIDE = Outside(Tables({"modules": {code: {"code": code, "consultant": who} for code, who in CODES.items()}}))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of(DESK + ROUTES)


def hearing(policy: Policy, outside: Outside = OUTSIDE, who: str = "mlopez") -> Hearing:
    return Hearing(policy, outside, actor(who), AT)


def given_to(policy: Policy, held: Ticket, outside: Outside = OUTSIDE) -> str | None:
    asked = hearing(policy, outside)
    found = prescription(asked, held)
    to = None if found is None else chosen(asked, held, found)
    return None if to is None else to.owner or to.team


@pytest.mark.parametrize(
    ("title", "description", "to"),
    [
        ("SL-AP no cuadra", "", "mlopez"),
        ("SL-APS no cuadra", "", "zgomez"),
        ("Falla", "módulo sl-aps.", "zgomez"),
        ("XA-PM, luego SL-AP", "", "pnunez"),
        ("Falla", "(DataColection)", "finance"),
        ("XA-PMC", "", "mlopez"),
        ("SL-AP2 y XSL-AP", "", "mlopez"),
    ],
)
def test_a_code_is_a_whole_token_in_any_case_and_the_first_one_counts(
    policy: Policy, title: str, description: str, to: str
) -> None:
    """Who has no code of the register in the text goes on to the other routes, here the creator's."""
    held = ticket(title=title, description=description, creator="mlopez")
    assert given_to(policy, held) == to


def test_a_code_that_goes_to_nobody_leaves_the_ticket_unassigned_and_says_why(policy: Policy) -> None:
    held = ticket(title="SL-IQM")
    found = prescription(hearing(policy), held)
    assert found is not None
    assert found.candidates == ()
    assert str(told(policy, held, None, found)).startswith(
        "TK-260810-7K3QX: unassigned: sl-iqm goes to SL_IQM, who is nobody here (tk.toml:"
    )


def test_in_turn_is_by_the_id_and_reaches_everybody(policy: Policy) -> None:
    held = [ticket(id=ids.make("TK", AT.date(), ids.tail_from(n)), type="warranty") for n in range(40)]
    first = [given_to(policy, each) for each in held]
    assert set(first) == {"mlopez", "pnunez"}
    assert first == [given_to(policy, each) for each in held]


def test_the_least_loaded_takes_it(policy: Policy) -> None:
    held = ticket(type="incident")
    for loads, to in (
        ({"mlopez": 3, "zgomez": 2, "pnunez": 2, "x": 0}, {"zgomez", "pnunez"}),
        ({"mlopez": 3, "zgomez": 2}, {"pnunez"}),
        ({}, {"mlopez", "zgomez", "pnunez"}),
    ):
        assert given_to(policy, held, OUTSIDE._replace(loads=loads)) in to


def test_the_first_that_fits_says(policy: Policy) -> None:
    assert given_to(policy, ticket(channel="phone", type="fault")) == "finance"
    assert given_to(policy, ticket(type="fault", creator="pnunez")) == "pnunez"
    assert given_to(policy, ticket(type="fault", creator="gone")) is None
    rows = explained(hearing(policy), ticket(channel="phone", type="fault"))
    assert [row.rule.key for row in rows if row.found is not None] == ["phone", "rest"]
    assert [test.fact for row in rows for test in row.failing] == ["type", "type"]


def test_what_a_route_prescribes_is_lawful_whoever_does_it_and_nothing_else_is(policy: Policy) -> None:
    maria, held = actor("mlopez"), ticket(type="incident", owner=None)
    for owner, is_lawful in (("zgomez", True), ("pnunez", True), ("mlopez", True)):
        team = policy.people.entries[owner].team
        made = judge(policy, OUTSIDE, held, Action("assign", "", Assignment(owner, team)), maria, AT)
        assert isinstance(made, Ticket) is is_lawful
        assert review(policy, OUTSIDE, held, held._replace(owner=owner, team=team, updated=AT), maria, AT) == []
    owned = ticket(type="incident", owner="zgomez", team="support")
    assert not isinstance(
        judge(policy, OUTSIDE, owned, Action("assign", "", Assignment("pnunez", "finance")), maria, AT), Ticket
    )
    elsewhere = ticket(type="fault", creator="zgomez")
    assert not isinstance(
        judge(policy, OUTSIDE, elsewhere, Action("assign", "", Assignment("pnunez", "finance")), maria, AT), Ticket
    )


def test_a_register_that_is_not_at_hand_is_no_code(policy: Policy) -> None:
    assert given_to(policy, ticket(title="SL-AP", creator="zgomez"), NOTHING) == "zgomez"
