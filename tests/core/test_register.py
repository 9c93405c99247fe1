"""Facts of registers: terms by the day, columns by name."""

from datetime import date

import pytest

from tests.cases import AT, actor, ticket
from tests.policies import DESK, policy_of
from tk.core.action import Action, Draft
from tk.core.facts import Facts, Outside
from tk.core.law.judge import judge
from tk.core.register import Tables, cover_state
from tk.core.rules import Cover
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.core.written.reader import read

TERM = Cover("from", "until")


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        ("2026-08-01", "2026-08-31", "active"),
        ("2026-08-12", "2026-08-12", "active"),
        ("2026-08-13", "2026-08-31", "future"),
        ("2026-08-01", "2026-08-11", "expired"),
        ("2026-09-01", "2026-08-01", "expired"),
        ("", "2026-08-31", "none"),
        ("2026-08-01", "31/08/2026", "none"),
        ("2028-02-29", "2028-03-01", "future"),
    ],
)
def test_both_days_belong_to_a_term(first: str, last: str, state: str) -> None:
    assert cover_state(TERM, {"from": first, "until": last}, date(2026, 8, 12)) == state


def test_a_term_without_an_end_goes_on() -> None:
    day = date(2026, 8, 12)
    assert cover_state(Cover("from", None), {"from": "2020-01-01"}, day) == "active"
    assert cover_state(Cover(None, "until"), {"until": "2026-08-12"}, day) == "active"
    assert cover_state(Cover(None, None), {}, day) == "active"


DESK_WITH_COVER = DESK.replace(
    'columns = ["maintenance", "since", "until"]',
    'columns = ["since", "until"]\nrequired = true\ncovers.maintenance = { from = "since", until = "until" }',
)
OUTSIDE = Outside(Tables({"customers": {"sol": {"customer": "sol", "since": "2026-01-01", "until": "2026-08-12"}}}))


def test_a_cover_is_a_fact_by_the_day_of_the_instant() -> None:
    policy = policy_of(DESK_WITH_COVER)
    for held, state in (("sol", "active"), ("luna", "none"), (None, "none")):
        assert Facts(policy, ticket(customer=held), AT, None, OUTSIDE)("customer.maintenance") == state
    assert Facts(policy, ticket(customer="sol"), AT, None, OUTSIDE)("customer.until") == "2026-08-12"


def test_a_register_that_has_them_all_refuses_who_is_not_there() -> None:
    policy, zoe = policy_of(DESK_WITH_COVER), actor("zgomez")
    draft = Draft("TK-260812-7K3QX", "x", "", {"customer": "luna"})
    for before, action in ((None, Action("new", "", draft)), (ticket(), Action("set", "customer", "luna"))):
        refused = judge(policy, OUTSIDE, before, action, zoe, AT)
        assert isinstance(refused, Refusal)
        assert refused.code == "unregistered"
        assert "registers/customers.csv" in str(refused.message)
    assert isinstance(judge(policy, OUTSIDE, ticket(), Action("set", "customer", "sol"), zoe, AT), Ticket)
    assert isinstance(judge(policy, OUTSIDE, ticket(customer="x"), Action("set", "customer", None), zoe, AT), Ticket)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[registers.x]\nfile = "../x.csv"\nkey = "a"\n',
            '"../x.csv" is no register: one is a file such as',
        ),
        ('[registers.x]\nfile = "registers/x.txt"\nkey = "a"\n', "is no register"),
        ('[registers.customers]\nfile = "registers/x.csv"\nkey = "a"\n', "is written [customers]"),
        ('[registers.x]\nfile = "registers/x.csv"\nkey = "a"\ncovers.c = { from = "b" }\n', 'there is no column "b"'),
        ('[registers.x]\nfile = "registers/x.csv"\nkey = "a"\ncovers.a = { from = "a" }\n', "is a column already"),
        ('[[require]]\nname = "x"\naction = "new"\nthat = { customer.untl = "x" }\n', 'did you mean "customer.until"?'),
        ('[mail]\naddress = "nobody"\n', '"nobody" is no address'),
    ],
)
def test_a_mistake_is_told(text: str, words: str) -> None:
    found = [str(finding.message) for finding in read(DESK + text).findings]
    assert any(words in message for message in found), found
