"""What lies around a ticket and speaks against an action: the files beside it, the tickets a link leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, actor, ticket
from tests.policies import DESK, desk_policy, policy_of
from tk.core.action import Action
from tk.core.facts import Outside
from tk.core.law.effect import apply
from tk.core.law.judge import judge
from tk.core.links import chain, leads_to, loose, other_end
from tk.core.review.objections import review
from tk.core.ticket import Attachment, Link, Ticket
from tk.core.verdict import Refusal

LIMIT = 25 * 1024 * 1024
ZOE = actor("zgomez")
NUMBERS = [f"TK-260812-0000{digit}" for digit in range(6)]


def attach(name: str, kind: str | None = None) -> Action:
    return Action("attach", kind or "", Attachment(name, kind))


def refusal(outside: Outside, before: Ticket, action: Action) -> str | None:
    answer = judge(desk_policy(), outside, before, action, ZOE, AT)
    return answer.code if isinstance(answer, Refusal) else None


def objections(outside: Outside, before: Ticket, *done: Action) -> list[str]:
    after = before
    for action in done:
        after = apply(desk_policy(), after, action, ZOE, AT)
    return [objection.code for objection in review(desk_policy(), outside, before, after, ZOE, AT)]


@pytest.mark.parametrize(("size", "code"), [(LIMIT, None), (LIMIT + 1, "over-limit"), (0, None)])
def test_25_mb_pass_and_one_byte_more_is_refused_at_the_prompt_and_in_review(size: int, code: str | None) -> None:
    outside = Outside(sizes={"a.pdf": size})
    assert refusal(outside, ticket(), attach("a.pdf")) == code
    assert objections(outside, ticket(), attach("a.pdf")) == ([] if code is None else [code])


def test_the_limit_is_on_all_that_is_attached_to_a_ticket() -> None:
    outside = Outside(sizes={"a.pdf": LIMIT - 1, "b.pdf": 1, "c.pdf": 1, "stray": LIMIT})
    assert objections(outside, ticket(), attach("a.pdf"), attach("b.pdf")) == []
    assert objections(outside, ticket(), attach("a.pdf"), attach("b.pdf"), attach("c.pdf")) == ["over-limit"]
    held = ticket(attachments=(Attachment("a.pdf"), Attachment("b.pdf")))
    assert refusal(outside, held, attach("c.pdf")) == "over-limit"


def test_a_desk_without_a_limit_has_none() -> None:
    policy = policy_of(DESK.replace('limit = "25MB"\n', ""))
    answer = judge(policy, Outside(sizes={"a.pdf": 1 << 40}), ticket(), attach("a.pdf"), ZOE, AT)
    assert isinstance(answer, Ticket)


def test_what_does_not_lie_beside_the_ticket_is_not_attached() -> None:
    assert refusal(Outside(sizes={}), ticket(), attach("a.pdf")) == "missing-attachment"
    assert objections(Outside(sizes={}), ticket(), attach("a.pdf", "invoice")) == ["missing-attachment"]


def test_a_link_that_leads_back_is_refused_and_one_that_may_is_not() -> None:
    first, second, third = (ticket(id=number) for number in NUMBERS[:3])
    second = second._replace(links=(Link("follows", third.id),))
    third = third._replace(links=(Link("follows", first.id),))
    outside = Outside(linked={held.id: held for held in (first, second, third)})
    assert refusal(outside, first, Action("link", "follows", second.id)) == "link-circle"
    assert objections(outside, first, Action("link", "follows", second.id)) == ["link-circle"]
    assert refusal(outside, first, Action("link", "relates", second.id)) is None
    assert refusal(outside, first, Action("link", "followed-by", second.id)) is None


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)), max_size=20))
def test_links_that_the_law_allows_never_lead_in_a_circle(wanted: list[tuple[str, str]]) -> None:
    held = {number: ticket(id=number) for number in NUMBERS}
    policy = desk_policy()
    for near, far in wanted:
        for here, kind, there in ((near, "follows", far), (far, other_end(policy, "follows"), near)):
            answer = judge(policy, Outside(linked=held), held[here], Action("link", kind, there), ZOE, AT)
            if isinstance(answer, Refusal):
                break
            held[here] = answer
    for number, one in held.items():
        assert not any(leads_to("follows", link.id, number, held.get) for link in one.links if link.kind == "follows")
        assert [each.code for each in loose(policy, one, held.get)] == []


def test_the_other_end_says_the_inverse_or_the_same() -> None:
    policy = desk_policy()
    assert [other_end(policy, kind) for kind in ("follows", "followed-by", "relates", "nonsense")] == [
        "followed-by",
        "follows",
        "relates",
        "nonsense",
    ]
    assert policy.links.entries["followed-by"].acyclic


def test_a_chain_goes_on_round_a_circle_once_and_past_what_is_not_there() -> None:
    held = {
        "a": ticket(id="a", links=(Link("follows", "b"), Link("follows", "gone"))),
        "b": ticket(id="b", links=(Link("follows", "a"), Link("see", "c"))),
        "c": ticket(id="c"),
    }
    assert [one.id for one in chain("follows", "a", held.get)] == ["a", "b"]


def test_links_that_do_not_hold_together_are_told() -> None:
    near, far = ticket(id=NUMBERS[0], links=(Link("follows", NUMBERS[1]),)), ticket(id=NUMBERS[1])
    held = {NUMBERS[0]: near, NUMBERS[1]: far}
    assert [each.code for each in loose(desk_policy(), near, held.get)] == ["one-sided-link"]
    assert [each.code for each in loose(desk_policy(), near, lambda _: None)] == ["missing-link"]
    held[NUMBERS[1]] = far._replace(links=(Link("followed-by", NUMBERS[0]), Link("follows", NUMBERS[0])))
    assert [each.code for each in loose(desk_policy(), near, held.get)] == ["link-circle"]
