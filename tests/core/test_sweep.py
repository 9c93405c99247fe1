"""What a sweep makes of a ticket: breach marks, and the rules of the policy."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import DESK, policy_of
from tests.strategies import tickets
from tk.core.facts import NOTHING, Actor
from tk.core.law.difference import derive
from tk.core.policy import Policy
from tk.core.review.objections import review
from tk.core.sweep import Sweep, swept
from tk.core.ticket import Event, Ticket

NOW = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

CLOSING = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = { en = "Closed: four days without a word.", es = "Cerrado: cuatro días sin actividad." }
"""


def ruled(rules: str) -> Policy:
    return policy_of(DESK + rules)


def ticket(**more: Any) -> Ticket:
    start = Ticket(
        id="TK-260801-7K3QX",
        title="Calentador",
        status="open",
        status_since=NOW - 10 * DAY,
        creator="mlopez",
        owner="mlopez",
        created=NOW - 10 * DAY,
        updated=NOW - 10 * DAY,
    )
    return start._replace(**more)


def sweep(rules: str, before: Ticket, at: datetime = NOW) -> Sweep:
    return swept(ruled(rules), NOTHING, before, at)


def test_a_rule_acts_notes_and_is_stamped_with_the_instant_at_which_it_fell_due() -> None:
    before = ticket(status="solved", status_since=NOW - 6 * DAY, updated=NOW - 5 * DAY)
    found = sweep(CLOSING, before)
    after = found.ticket
    assert (after.status, after.status_since, after.updated) == ("closed", NOW, NOW)
    assert after.fired == {"close-solved": NOW - DAY}
    (note,) = after.events
    assert (note.at, note.type, note.by, note.text) == (
        NOW - DAY,
        "note",
        "tk",
        "Cerrado: cuatro días sin actividad.",
    )
    assert note.facts == {"visibility": "internal", "rule": "close-solved"}
    (firing,) = found.firings
    assert [step.action.name for step in firing.steps] == ["advance", "log.note"]
    assert firing.due == NOW - DAY


def test_c10_one_minute_before_the_four_days_nothing_happens() -> None:
    before = ticket(status="solved", status_since=NOW - 6 * DAY, updated=NOW - 4 * DAY + timedelta(seconds=60))
    assert sweep(CLOSING, before) == Sweep(before)
    assert sweep(CLOSING, before, NOW + timedelta(seconds=60)).ticket.status == "closed"


def test_g10_a_sweep_is_no_activity() -> None:
    rules = """
[[sweep]]
name = "raise"
when = { age = ">= 2d" }
set.priority = "high"
"""
    before = ticket(updated=NOW - 3 * DAY)
    after = sweep(rules, before).ticket
    assert (after.priority, after.updated, after.activity) == ("high", NOW, NOW - 3 * DAY)
    solved = after._replace(status="solved", status_since=NOW - 3 * DAY)
    assert sweep(CLOSING, solved, NOW + DAY).ticket.status == "closed"


def test_a_rule_sees_what_an_earlier_one_did_and_an_earlier_one_what_a_later_did() -> None:
    rules = """
[[sweep]]
name = "second"
when = { priority = "urgent" }
assign = "zgomez"
[[sweep]]
name = "first"
when = { age = ">= 2d" }
set.priority = "urgent"
"""
    found = sweep(rules, ticket())
    assert (found.ticket.priority, found.ticket.owner) == ("urgent", "zgomez")
    assert [firing.rule for firing in found.firings] == ["first", "second"]


def test_two_rules_that_undo_each_other_are_stopped_and_the_ticket_is_left_as_it_was() -> None:
    rules = """
[[sweep]]
name = "up"
when = { not.priority = "high" }
set.priority = "high"
[[sweep]]
name = "down"
when = { priority = "high" }
set.priority = "low"
"""
    before = ticket()
    assert sweep(rules, before) == Sweep(before, (), ("down", "up"))


def test_a_rule_whose_consequence_undoes_it_is_stopped_too() -> None:
    rules = """
[[on]]
name = "back"
action = "set.priority"
set.priority = "low"
[[sweep]]
name = "up"
when = { age = ">= 1d" }
set.priority = "high"
"""
    before = ticket(priority="low")
    found = sweep(rules, before)
    assert found.ticket == before
    assert found.undone is not None


def test_consequences_follow_from_what_a_rule_does() -> None:
    rules = """
[[on]]
name = "to-the-supervisor"
action = "advance"
when = { new.status = "pending" }
assign = "zgomez"
[[sweep]]
name = "ask"
when = { age = ">= 1d", status = "open" }
advance = "pending"
"""
    assert sweep(rules, ticket()).ticket.owner == "zgomez"


ONCE = """
[[sweep]]
name = "warn"
when = { left = "<= 1h" }
report = "{id}: {left} left of {due.resolution}, {owner}, {customer}, {tags}, {events.note} of 3, {overdue}"
once = true
"""


def test_a_warning_is_told_once() -> None:
    before = ticket(due={"resolution": NOW + HOUR / 2}, tags=("vip", "norte"))
    found = sweep(ONCE, before)
    assert found.ticket.fired == {"warn": NOW - HOUR / 2}
    report = found.firings[0].report
    assert report == "TK-260801-7K3QX: 30m left of 2026-08-12 09:44, María López, -, vip, norte, 0 of 3, no"
    assert sweep(ONCE, found.ticket, NOW + HOUR / 4) == Sweep(found.ticket)


def test_a_report_changes_nothing_and_is_told_each_time() -> None:
    rules = ONCE.replace("once = true\n", "")
    before = ticket(due={"resolution": NOW + HOUR / 2})
    found = sweep(rules, before)
    assert found.ticket == before
    assert found.firings[0].report is not None
    assert found.firings[0].steps == ()


NOTICE = """
[mail]
address = "mesa@example.com"
[[sweep]]
name = "missing"
when = { status = "awaiting-documents", age = ">= 24h", events.follow-up = "< 3" }
report = "seguimientos: {events.follow-up} de 3"
[[notify]]
name = "missing"
action = "sweep.missing"
to = ["supervisor"]
template = "missing"
"""


def test_g2_a_rule_with_letters_is_stamped_once_for_each_time_that_it_falls_due_and_reports_each_time() -> None:
    before = ticket(status="awaiting-documents", created=NOW - 2 * DAY, status_since=NOW - 2 * DAY)
    found = sweep(NOTICE, before)
    assert found.ticket.fired == {"missing": NOW - DAY}
    assert [step.action.name for step in found.firings[0].steps] == ["notify"]
    again = sweep(NOTICE, found.ticket, NOW + HOUR)
    assert again.ticket == found.ticket
    assert again.firings[0].report == "seguimientos: 0 de 3"
    reopened = found.ticket._replace(status_since=NOW + HOUR)
    assert sweep(NOTICE, reopened, NOW + 2 * HOUR).ticket.fired == {"missing": NOW + HOUR}


def test_a_ticket_reopened_and_solved_again_is_closed_again() -> None:
    closed = sweep(CLOSING, ticket(status="solved", updated=NOW - 5 * DAY)).ticket
    solved = closed._replace(status="solved", status_since=NOW + DAY, updated=NOW + DAY, activity=None)
    assert sweep(CLOSING, solved, NOW + 4 * DAY).ticket == solved
    assert sweep(CLOSING, solved, NOW + 5 * DAY).ticket.fired == {"close-solved": NOW + 5 * DAY}


def test_a_missed_clock_is_marked_when_it_fell_due_however_late_the_sweep() -> None:
    before = ticket(due={"resolution": NOW - HOUR, "mine": NOW + HOUR})
    found = sweep("", before)
    assert found.ticket.breached == {"resolution": NOW - HOUR}
    assert (found.ticket.updated, found.ticket.activity) == (NOW, NOW - 10 * DAY)
    assert [step.action.name for step in found.firings[0].steps] == ["breach"]
    assert sweep("", before, NOW + HOUR / 2).ticket.breached == found.ticket.breached
    assert sweep("", found.ticket, NOW + HOUR / 2) == Sweep(found.ticket)


def test_two_clones_that_sweep_at_different_times_write_the_same_but_for_when_they_did() -> None:
    before = ticket(status="solved", updated=NOW - 5 * DAY, due={"resolution": NOW - 7 * DAY})
    one, other = (sweep(CLOSING, before, at).ticket for at in (NOW, NOW + HOUR))
    assert one.events == other.events
    assert one.fired == other.fired
    assert one.breached == other.breached
    assert one._replace(updated=None, status_since=None) == other._replace(updated=None, status_since=None)


def test_a_ticket_written_later_than_the_sweep_is_left_alone() -> None:
    before = ticket(status="solved", updated=NOW - 5 * DAY)
    assert sweep(CLOSING, before, NOW - 6 * DAY) == Sweep(before)


def test_a_rule_applies_from_its_first_day_to_the_day_before_until() -> None:
    before = ticket(status="solved", updated=NOW - 5 * DAY)
    assert sweep(CLOSING + "from = 2026-08-13\n", before).ticket == before
    assert sweep(CLOSING + "until = 2026-08-12\n", before).ticket == before
    assert sweep(CLOSING + "from = 2026-08-12\nuntil = 2026-08-13\n", before).ticket.status == "closed"


def test_what_a_sweep_gives_is_lawful_whoever_ran_it_and_nothing_else_is() -> None:
    policy = ruled(CLOSING)
    before = ticket(status="solved", updated=NOW - 5 * DAY)
    after = swept(policy, NOTHING, before, NOW).ticket
    stranger = Actor(None, "x@example.org", ("anyone",))
    assert review(policy, NOTHING, before, after, stranger, NOW) == []
    early = before._replace(updated=NOW - 2 * DAY)
    forged = early._replace(status="closed", status_since=NOW, updated=NOW, events=after.events)
    codes = {objection.code for objection in review(policy, NOTHING, early, forged, stranger, NOW)}
    assert {"not-allowed", "event-forged"} <= codes
    more = after._replace(priority="urgent")
    assert review(policy, NOTHING, before, more, stranger, NOW) != []


def test_where_only_stamps_are_moved_no_action_is_derived() -> None:
    consequence = '[[on]]\nname = "x"\naction = "advance"\nset.priority = "high"\n'
    before = ticket(status="awaiting-documents", created=NOW - 2 * DAY, status_since=NOW - 2 * DAY)
    policy = ruled(NOTICE + consequence)
    after = swept(policy, NOTHING, before, NOW).ticket
    assert after.fired
    assert derive(policy, before, after) == derive(policy, after, before) == ()


RULES = (
    CLOSING,
    ONCE,
    NOTICE,
    """
[[sweep]]
name = "raise"
when = { any = [{ idle = "> 2d" }, { overdue = true }], priority = ["low", "normal", "!"] }
set.priority = "high"
note = "raised"
""",
)

STATUSES = ("open", "solved", "closed", "awaiting-documents")


@given(tickets(), st.lists(st.sampled_from(RULES), unique=True), st.sampled_from(STATUSES), st.integers(0, 400_000_000))
def test_a_second_sweep_at_the_same_instant_does_nothing(
    before: Ticket, rules: list[str], status: str, seconds: int
) -> None:
    policy = ruled("".join(rules))
    before = before._replace(status=status)
    at = (before.updated or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=seconds)
    first = swept(policy, NOTHING, before, at)
    second = swept(policy, NOTHING, first.ticket, at)
    assert second.ticket == first.ticket
    assert not any(firing.steps for firing in second.firings)


@pytest.mark.parametrize("rule", RULES)
def test_a_ticket_without_stamps_is_swept_too(rule: str) -> None:
    swept(ruled(rule), NOTHING, Ticket("TK-260801-7K3QX", status="solved"), NOW)


def test_a_note_of_a_person_about_a_rule_is_no_sweep() -> None:
    policy = ruled(CLOSING)
    before = ticket()
    note = Event(NOW, "note", "tk", "e-aaaa", "Cerrado", {"visibility": "internal", "rule": "close-solved"})
    after = before._replace(events=(note,), updated=NOW)
    actor = Actor("zgomez", "zgomez@example.com", ("supervisor", "anyone"), "support")
    assert {found.code for found in review(policy, NOTHING, before, after, actor, NOW)} >= {"event-forged"}
