"""Reviewing a change: nothing against a lawful one, and a word on each that is not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, Case, actions, actor, cases, event, ticket
from tests.policies import DESK, desk_policy, policy_of
from tk.core.action import ORDER, Action, Draft
from tk.core.facts import NOTHING, Actor, Outside
from tk.core.law.effect import apply
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact, judge
from tk.core.review.objections import Objection, review
from tk.core.ticket import Approval, Attachment, Link, Rating, Request, Ticket
from tk.core.verdict import Refusal

HOUR = timedelta(hours=1)
OLD = event(at=AT - timedelta(days=1), id="e-0000", text="old", type="call-in")
DEADLINES = """
[[deadline]]
name = "first"
clock = "first-response"
target = "47h"
[[deadline]]
name = "next"
clock = "next-response"
target = "4h"
stops = ["open", "pending"]
[[deadline]]
name = "solve"
clock = "resolution"
target = "49h"
"""
POLICY = policy_of(DESK + DEADLINES)
BEFORE = ticket(
    aliases=("OLD-1",),
    activity=AT - timedelta(days=2),
    due={"resolution": AT + HOUR},
    target={"first-response": "47h", "resolution": "49h", "next-response": "4h"},
    paused={"next-response": "2h"},
    breached={"first-response": AT - HOUR},
    fired={"warn": AT - HOUR},
    links=(Link("follows", "TK-260701-0B2M4"),),
    attachments=(Attachment("a.pdf"),),
    requests={"type": Request("mlopez", AT - HOUR, "fault")},
    approvals={"refund": Approval("pnunez", AT - HOUR)},
    rating=Rating("good", "ana@example.cl", AT - HOUR),
    events=(OLD,),
)
ZOE = actor("zgomez")


def reviewed(before: Ticket | None, after: Ticket, who: Actor = ZOE, at: datetime = AT) -> list[Objection]:
    return review(POLICY, NOTHING, before, after, who, at)


def codes(before: Ticket | None, after: Ticket, who: Actor = ZOE, at: datetime = AT) -> list[str]:
    return [objection.code for objection in reviewed(before, after, who, at)]


def sentences(before: Ticket | None, after: Ticket) -> list[str]:
    return [str(objection.message) for objection in reviewed(before, after)]


def done(*planned: Action, who: Actor = ZOE, at: datetime = AT) -> Ticket:
    after = BEFORE
    for action in planned:
        verdict = judge(POLICY, NOTHING, after, action, who, at)
        assert isinstance(verdict, Ticket), verdict
        after = verdict
    return after


LAWFUL = done(
    Action("set", "priority", "high"), Action("log", "note", event(by="zgomez")), Action("advance", "", "pending")
)

TAMPERINGS: Mapping[str, Callable[[Ticket], Ticket]] = {
    "another id": lambda t: t._replace(id="TK-260812-00000"),
    "another alias": lambda t: t._replace(aliases=("OLD-2",)),
    "no alias": lambda t: t._replace(aliases=()),
    "status-since earlier": lambda t: t._replace(status_since=AT - HOUR),
    "status-since gone": lambda t: t._replace(status_since=None),
    "another creator": lambda t: t._replace(creator="pnunez"),
    "created earlier": lambda t: t._replace(created=AT - 99 * HOUR),
    "updated earlier": lambda t: t._replace(updated=AT - HOUR),
    "updated later": lambda t: t._replace(updated=AT + HOUR),
    "updated gone": lambda t: t._replace(updated=None),
    "activity earlier": lambda t: t._replace(activity=AT - HOUR),
    "a clock moved": lambda t: t._replace(due={"resolution": AT + 9 * HOUR}),
    "a clock gone": lambda t: t._replace(due={}),
    "a clock that nobody started": lambda t: t._replace(due={**t.due, "visit": AT + HOUR}),
    "a target changed": lambda t: t._replace(target={**t.target, "resolution": "9h"}),
    "a target gone": lambda t: t._replace(target={}),
    "a pause gone": lambda t: t._replace(paused={}),
    "a pause lengthened": lambda t: t._replace(paused={"next-response": "3h"}),
    "a running clock paused": lambda t: t._replace(due={}, paused={**t.paused, "resolution": "1h"}),
    "a breach hidden": lambda t: t._replace(breached={}),
    "a breach moved": lambda t: t._replace(breached={"first-response": AT}),
    "a breach made up": lambda t: t._replace(breached={**t.breached, "resolution": AT - HOUR}),
    "a step taken": lambda t: t._replace(fired={**t.fired, "close": AT}),
    "a link gone": lambda t: t._replace(links=()),
    "links to itself": lambda t: t._replace(links=(*t.links, Link("follows", t.id))),
    "a link twice": lambda t: t._replace(links=t.links * 2),
    "an attachment gone": lambda t: t._replace(attachments=()),
    "an attachment of another kind": lambda t: t._replace(attachments=(Attachment("a.pdf", "invoice"),)),
    "a request gone": lambda t: t._replace(requests={}),
    "a request by another": lambda t: t._replace(requests={"type": Request("pnunez", AT, "fault")}),
    "an approval gone": lambda t: t._replace(approvals={}),
    "an approval by another": lambda t: t._replace(approvals={"visto-bueno": Approval("mlopez", AT)}),
    "an approval earlier": lambda t: t._replace(approvals={**t.approvals, "visto": Approval("zgomez", AT - HOUR)}),
    "a rating by another": lambda t: t._replace(rating=Rating("bad", "ana@example.cl", AT)),
    "a rating gone": lambda t: t._replace(rating=None),
    "an event gone": lambda t: t._replace(events=t.events[1:]),
    "an old event altered": lambda t: t._replace(events=(OLD._replace(text="new"), *t.events[1:])),
    "an old event moved": lambda t: t._replace(events=(OLD._replace(at=AT - HOUR), *t.events[1:])),
    "an old event internal": lambda t: t._replace(
        events=(OLD._replace(facts={"visibility": "internal"}), *t.events[1:])
    ),
    "an event twice": lambda t: t._replace(events=(*t.events, OLD)),
    "a second event of an id": lambda t: t._replace(events=(*t.events, OLD._replace(text="other"))),
    "an event by another": lambda t: t._replace(events=(*t.events, event(id="e-zzzz"))),
    "a backdated event": lambda t: t._replace(events=(*t.events, event(id="e-zzzz", by="zgomez", at=AT - HOUR))),
    "an event to come": lambda t: t._replace(events=(*t.events, event(id="e-zzzz", by="zgomez", at=AT + HOUR))),
    "an unknown status": lambda t: t._replace(status="mislaid"),
    "no status": lambda t: t._replace(status=""),
    "no title": lambda t: t._replace(title=""),
    "a title of two lines": lambda t: t._replace(title="a\nb"),
    "an unknown owner": lambda t: t._replace(owner="nobody"),
    "a map under a field": lambda t: t._replace(fields={"serial": {"a": "b"}}),
}


def test_a_lawful_change_meets_no_objection() -> None:
    assert reviewed(BEFORE, LAWFUL) == []


@pytest.mark.parametrize("name", TAMPERINGS)
def test_whatever_is_tampered_with_is_objected_to(name: str) -> None:
    found = reviewed(BEFORE, TAMPERINGS[name](LAWFUL))
    assert "error" in {objection.severity for objection in found}, found


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_alone_is_objected_to(name: str) -> None:
    tampered = TAMPERINGS[name](BEFORE)
    if tampered != BEFORE:
        assert "error" in {objection.severity for objection in reviewed(BEFORE, tampered)}


def of_a_key(before: Ticket | None, after: Ticket, who: Actor = ZOE) -> list[tuple[str, str, str]]:
    return [(o.code, o.severity, o.key) for o in reviewed(before, after, who) if o.code != "updated-not-moved"]


def test_a_key_that_nobody_knows_is_a_warning_as_it_is_to_a_check() -> None:
    kept = BEFORE._replace(fields={**BEFORE.fields, "secret": "foo"})
    other = BEFORE._replace(fields={**BEFORE.fields, "secret": {"a": "b"}})
    assert of_a_key(BEFORE, kept) == [("unknown-field", "warning", "secret")]
    assert of_a_key(kept, other) == [("unknown-field", "warning", "secret")]
    assert of_a_key(other, BEFORE) == []
    assert of_a_key(kept, kept._replace(title="Otra")) == []
    assert str(reviewed(BEFORE, kept)[0].message) == "unknown key secret; it is kept, and no rule sees it"


def test_who_may_not_set_it_may_write_no_key_that_nobody_knows() -> None:
    """Agents set the keys that their role names, and no others: of those that nobody knows not one."""
    agent = actor("mlopez")
    kept = BEFORE._replace(fields={**BEFORE.fields, "secret": "foo"})
    assert of_a_key(BEFORE, kept, agent) == [("not-allowed", "error", "secret")]
    assert of_a_key(kept, BEFORE, agent) == [("not-allowed", "error", "secret")]


def test_a_new_ticket_with_a_key_that_nobody_knows_is_a_ticket() -> None:
    new = judge(POLICY, NOTHING, None, Action("new", "", Draft("TK-260812-7K3QX", "Fuga")), ZOE, AT)
    assert isinstance(new, Ticket)
    assert of_a_key(None, new._replace(fields={"secret": "foo"})) == [("unknown-field", "warning", "secret")]
    wrong = new._replace(fields={"secret": "foo"}, priority="never")
    assert [code for code, _, _ in of_a_key(None, wrong)] == ["unknown-priority"]


@given(st.data())
def test_what_the_law_refuses_the_review_objects_to(data: st.DataObject) -> None:
    case: Case = data.draw(cases())
    action = data.draw(actions(case, tuple(verb for verb in ORDER if (verb == "new") is (case.before is None))))
    refusal = case.judge(action)
    after = enact(Hearing(case.policy, NOTHING, case.actor, case.at), case.before, action)
    makes_sense = isinstance(refusal, Refusal) and refusal.code in {"not-allowed", "requirement", "transition"}
    if makes_sense and after != case.before:
        found = review(case.policy, NOTHING, case.before, after, case.actor, case.at)
        assert [(objection.severity, objection.action) for objection in found] == [("error", action)]


def test_each_new_stamp_must_be_what_the_law_gives() -> None:
    draft = Draft("TK-260812-7K3QX", "Fuga")
    new = judge(POLICY, NOTHING, None, Action("new", "", draft), ZOE, AT)
    assert isinstance(new, Ticket)
    assert reviewed(None, new) == []
    assert codes(None, new._replace(creator="mlopez")) == ["stamp"]
    assert codes(None, new._replace(created=AT - HOUR)) == ["stamp"]
    assert codes(None, new._replace(id="TK-260811-7K3QX")) == ["bad-id"]
    assert codes(None, new._replace(created=None, creator=None, updated=None, status_since=None)) == ["stamp"] * 4


def test_a_change_may_be_committed_some_minutes_after_it_was_made() -> None:
    assert reviewed(BEFORE, LAWFUL, at=AT + timedelta(minutes=5)) == []
    late = codes(BEFORE, LAWFUL, at=AT + timedelta(minutes=6))
    assert late == ["backdated", "stamp", "stamp"]


def test_a_hand_edit_that_leaves_updated_alone_is_a_warning() -> None:
    found = reviewed(BEFORE, BEFORE._replace(priority="high"))
    assert [(objection.code, objection.severity) for objection in found] == [("updated-not-moved", "warning")]
    assert str(found[0].message) == "TK-260810-7K3QX: changed by hand: updated was not moved"
    assert codes(BEFORE, BEFORE._replace(priority="high", activity=AT)) == ["updated-not-moved", "stamp"]


def test_a_hand_edit_of_a_late_ticket_need_not_mark_that_it_is_late() -> None:
    late = BEFORE._replace(due={"resolution": AT - HOUR})
    assert codes(late, late._replace(priority="high")) == ["updated-not-moved"]
    marked = {**late.breached, "resolution": AT - HOUR}
    assert codes(late, late._replace(priority="high", breached=marked)) == ["updated-not-moved"]
    forged = {**late.breached, "resolution": AT - 2 * HOUR}
    assert codes(late, late._replace(priority="high", breached=forged)) == ["updated-not-moved", "stamp"]
    assert codes(late, late._replace(priority="high", updated=AT, activity=None)) == ["stamp"]


def test_objections_say_what_stands_there_and_what_should() -> None:
    assert sentences(BEFORE, LAWFUL._replace(status_since=AT - HOUR)) == [
        "TK-260810-7K3QX: status-since is 2026-08-12T10:02:40-05:00, and should be 2026-08-12T11:02:40-05:00"
    ]
    assert sentences(BEFORE, BEFORE._replace(links=())) == [
        "TK-260810-7K3QX: links was taken away, which no action does"
    ]
    assert sentences(BEFORE._replace(due={}), BEFORE) == [
        "TK-260810-7K3QX: due is resolution: 2026-08-12T12:02:40-05:00, which no action gives"
    ]
    assert sentences(BEFORE, BEFORE._replace(attachments=(Attachment("a.pdf"), Attachment("a.pdf", "invoice"))))[
        :1
    ] == ["TK-260810-7K3QX: a.pdf is attached already"]
    assert sentences(BEFORE, BEFORE._replace(links=BEFORE.links * 2)) == [
        "TK-260810-7K3QX: links is follows TK-260701-0B2M4 follows TK-260701-0B2M4, "
        "and should be follows TK-260701-0B2M4"
    ]
    altered = (OLD._replace(text="new"),)
    assert sentences(BEFORE, BEFORE._replace(events=altered)) == ["TK-260810-7K3QX: the event e-0000 was altered"]
    assert sentences(BEFORE, BEFORE._replace(events=())) == ["TK-260810-7K3QX: the event e-0000 was removed"]


def test_events_that_were_there_keep_their_order() -> None:
    one, other = OLD, OLD._replace(id="e-1111", text="other", at=OLD.at + HOUR)
    before = BEFORE._replace(events=(one, other))
    assert sentences(before, before._replace(events=(other, one))) == [
        "TK-260810-7K3QX: events that were there stand in another order"
    ]
    new = event(id="e-zzzz", by="zgomez")
    made = judge(POLICY, NOTHING, before, Action("log", "note", new), ZOE, AT)
    assert isinstance(made, Ticket)
    assert codes(before, made) == []
    assert codes(before, made._replace(events=(one, new, other))) == []
    assert codes(before, made._replace(events=(other, one, new))) == ["event-moved"]


def test_an_old_log_with_two_events_of_one_id_stays_reviewable() -> None:
    double = BEFORE._replace(events=(OLD, OLD._replace(text="other")))
    assert reviewed(double, done()._replace(events=double.events)) == []
    assert (
        codes(double, double._replace(events=(OLD._replace(text="1"), OLD._replace(text="2")))) == ["event-altered"] * 2
    )


def test_days_are_those_of_the_desk_whatever_offset_a_stamp_bears() -> None:
    """The rule on follow-ups ends with the year; written as of Kiritimati, the last hours of it are next year's."""
    closing = datetime.fromisoformat("2026-12-31T20:00:00-05:00")
    before = ticket(status="awaiting-documents")
    after = apply(desk_policy(), before, Action("advance", "", "closed"), ZOE, closing)
    disguised = after._replace(updated=datetime.fromisoformat("2027-01-01T15:00:00+14:00"))
    assert disguised == after
    assert codes(before, disguised, at=closing) == ["requirement"]


def test_the_day_begins_where_the_desk_is_when_its_clocks_change_at_midnight() -> None:
    """In Santiago the day after 5 September 2026 begins at one o'clock."""
    policy = policy_of(DESK.replace("America/Bogota", "America/Santiago"))
    made = datetime.fromisoformat("2026-09-05T23:59:50-04:00")
    new = Action("new", "", Draft("TK-260905-7K3QX", "Fuga"))
    after = judge(policy, NOTHING, None, new, ZOE, made)
    assert isinstance(after, Ticket)
    committed = datetime.fromisoformat("2026-09-06T01:00:05-03:00")
    assert review(policy, NOTHING, None, after, ZOE, committed) == []


def test_rules_on_linked_tickets_see_what_is_outside() -> None:
    text = DESK + '\n[[require]]\nname = "first"\naction = "advance"\nthat = { linked.follows.status = "closed" }\n'
    policy = policy_of(text)
    after = enact(Hearing(policy, NOTHING, ZOE, AT), BEFORE, Action("advance", "", "solved"))
    other = ticket(id="TK-260701-0B2M4", status="closed")
    for status, found in (("closed", []), ("open", ["requirement"])):
        outside = Outside(linked={other.id: other._replace(status=status)})
        assert [o.code for o in review(policy, outside, BEFORE, after, ZOE, AT)] == found
