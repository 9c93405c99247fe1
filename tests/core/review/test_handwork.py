"""What becomes of a ticket that a person rewrote: stamps by the law, or an objection."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, actions, cases
from tests.core.review.test_objections import BEFORE, HOUR, ZOE
from tests.policies import desk_policy
from tk.core.facts import NOTHING
from tk.core.review.handwork import Handwork, settle
from tk.core.ticket import Approval, Ticket


def settled(written: Ticket) -> Handwork:
    return settle(desk_policy(), NOTHING, BEFORE, written, ZOE, AT)


def codes(work: Handwork) -> list[str]:
    return [objection.code for objection in work.objections]


def test_stamps_that_were_left_alone_get_what_the_law_gives() -> None:
    work = settled(BEFORE._replace(status="solved", priority="high"))
    assert (work.ticket.status, work.ticket.status_since, work.ticket.updated) == ("solved", AT, AT)
    assert work.ticket.activity is None
    assert [action.name for action in work.actions] == ["set.priority", "advance"]
    assert work.objections == ()


def test_nothing_changed_is_no_action_and_the_ticket_as_it_was() -> None:
    assert settled(BEFORE) == Handwork(BEFORE, (), ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t._replace(status_since=AT - HOUR), "stamp"),
        (lambda t: t._replace(status="solved", status_since=AT - HOUR), "stamp"),
        (lambda t: t._replace(creator="other"), "stamp"),
        (lambda t: t._replace(due={}), "stamp"),
        (lambda t: t._replace(links=()), "stamp"),
        (lambda t: t._replace(approvals={**t.approvals, "reinstall": Approval("pnunez", AT)}), "stamp"),
        (lambda t: t._replace(events=()), "event-removed"),
        (lambda t: t._replace(events=(t.events[0]._replace(text="new"),)), "event-altered"),
        (lambda t: t._replace(status="nowhere"), "unknown-status"),
        (lambda t: t._replace(fields={"unheard-of": "x"}), "unknown-field"),
    ],
)
def test_what_no_action_gives_is_objected_to(change: Callable[[Ticket], Ticket], code: str) -> None:
    assert code in codes(settled(change(BEFORE)))


@given(data=st.data())
def test_a_lawful_action_written_by_hand_comes_to_what_the_action_does(data: st.DataObject) -> None:
    case = data.draw(cases())
    if case.before is None:
        return
    after = case.judge(data.draw(actions(case)))
    if isinstance(after, Ticket):
        work = settle(case.policy, NOTHING, case.before, after, case.actor, case.at)
        assert work.ticket == after
        assert [objection for objection in work.objections if objection.severity == "error"] == []
