"""The clocks of a ticket, each case that a help desk meets settled by name; the law itself winds them here."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import policy_of
from tk.core.action import Action, Draft
from tk.core.calendars.allowance import hours_of
from tk.core.calendars.calendar import between
from tk.core.clocks import clock
from tk.core.facts import NOTHING, Outside, actor_of
from tk.core.instant import format_instant, in_zone, parse_duration
from tk.core.law.judge import judge
from tk.core.register import Tables
from tk.core.ticket import Event, Ticket

BERLIN = ZoneInfo("Europe/Berlin")

DESK = """\
[desk]
name = "Desk"
zone = "Europe/Berlin"
language = "en"
start = "open"
[statuses.open]
kind = "open"
to = ["pending", "on-hold", "solved", "closed"]
[statuses.pending]
kind = "waiting"
to = ["open", "on-hold", "solved"]
[statuses.on-hold]
kind = "waiting"
to = ["open", "pending"]
[statuses.solved]
kind = "solved"
to = ["open", "closed", "pending"]
[statuses.closed]
kind = "closed"
to = ["open"]
[priorities]
low = "Low"
high = "High"
[types]
fault = "Fault"
question = "Question"
[events]
note = "Note"
call-in = { label = "Call in", contact = "from" }
call-out = { label = "Call out", contact = "to" }
[roles.anyone]
may = ["*"]
[people.ana]
name = "Ana"
email = "ana@example.com"
[people.bruno]
name = "Bruno"
email = "bruno@example.com"
[registers.holidays]
file = "registers/holidays.csv"
key = "date"
[calendars.office]
holidays = ["holidays"]
hours.mon-fri = ["08:00-18:00"]
[calendars.santiago]
zone = "America/Santiago"
hours.mon-fri = ["09:00-18:00"]
"""

HOLIDAYS = Outside(Tables({"holidays": {"2016-11-01": {"date": "2016-11-01"}, "2028-02-29": {"date": "2028-02-29"}}}))


def deadline(which: str = "resolution", target: str = '"8h"', more: str = "", name: str = "") -> str:
    """Return a [[deadline]] as tk.toml writes it."""
    return f'[[deadline]]\nname = "{name or which}"\nclock = "{which}"\ntarget = {target}\n{more}\n'


BUSINESS = 'calendar = "office"'
STOPS = 'stops = ["pending", "on-hold"]'


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return the instant that clocks of a zone, else of the desk, show so, told in the desk's zone."""
    return in_zone(datetime.fromisoformat(text).replace(tzinfo=zone), BERLIN)


def utc(text: str) -> datetime:
    return in_zone(datetime.fromisoformat(text).replace(tzinfo=UTC), BERLIN)


class Story:
    """A ticket from its beginning on; each thing done to it is asked of the law, at the instant given."""

    def __init__(self, deadlines: str, outside: Outside = NOTHING, desk: str = DESK) -> None:
        self.policy = policy_of(desk + deadlines)
        self.outside = outside
        self.ticket: Ticket | None = None

    def new(self, when: datetime, **values: object) -> "Story":
        number = f"TK-{when:%y%m%d}-7K3QX"
        return self.do(when, Action("new", "", Draft(number, "Heater", "", values)))

    def do(self, when: datetime, *actions: Action, by: str = "ana") -> "Story":
        actor = actor_of(self.policy, f"{by}@example.com")
        for action in actions:
            verdict = judge(self.policy, self.outside, self.ticket, action, actor, when)
            assert isinstance(verdict, Ticket), str(verdict.message)
            self.ticket = verdict
        return self

    def advance(self, when: datetime, status: str) -> "Story":
        return self.do(when, Action("advance", "", status))

    def set(self, when: datetime, key: str, value: object) -> "Story":
        return self.do(when, Action("set", key, value))

    def log(self, when: datetime, kind: str, at: datetime | None = None, by: str = "ana", **facts: str) -> "Story":
        """Enter an event, of `at` if that was earlier, by somebody of the desk or an address."""
        held = self.now
        facts = {name.replace("_", "-"): fact for name, fact in facts.items()}
        if at is not None:
            facts["logged"] = format_instant(when)
        event = Event(at or when, kind, by, f"e-{len(held.events):04}", "x", facts)
        return self.do(when, Action("log" if by == "ana" else "log-for", kind, event))

    def under(self, deadlines: str) -> "Story":
        """Go on under another policy."""
        self.policy = policy_of(DESK + deadlines)
        return self

    @property
    def now(self) -> Ticket:
        assert self.ticket is not None
        return self.ticket

    def due(self, which: str = "resolution") -> datetime | None:
        return self.now.due.get(which)

    @property
    def paused(self) -> Mapping[str, str]:
        return self.now.paused

    @property
    def breached(self) -> Mapping[str, datetime]:
        return self.now.breached


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


MONDAY = at("2026-11-30 09:00")


# Natural time.


@pytest.mark.parametrize(
    ("created", "due"),
    [
        ("2026-03-28 12:00", "2026-03-29 13:00"),  # the clock goes forward: 24 hours end an hour later by the wall
        ("2026-10-24 12:00", "2026-10-25 11:00"),  # and back: an hour earlier
        ("2026-12-24 23:59", "2026-12-25 23:59"),
    ],
)
def test_24_natural_hours_count_nights_weekends_holidays_and_clock_changes(created: str, due: str) -> None:
    assert Story(deadline(target='"24h"')).new(at(created)).due() == at(due)


def test_the_stamps_are_told_in_the_desks_zone() -> None:
    story = Story(deadline(target='"24h"')).new(at("2026-03-28 12:00"))
    due = story.due()
    assert due is not None
    assert format_instant(due) == "2026-03-29T13:00:00+02:00"
    assert story.now.target == {"resolution": "24h"}


# Business time.


@pytest.mark.parametrize(
    ("created", "target", "due"),
    [
        ("2013-03-21 09:30", "1bh", "2013-03-21 10:30"),
        ("2013-03-21 09:30", "2bh", "2013-03-21 11:30"),
        ("2013-03-21 09:30", "3bh", "2013-03-21 12:30"),
    ],
)
def test_vectors_of_office_hours(created: str, target: str, due: str) -> None:
    assert Story(deadline(target=f'"{target}"', more=BUSINESS)).new(utc(created)).due() == utc(due)


def test_vector_of_a_clock_stopped_twice() -> None:
    desk = DESK.replace('hours.mon-fri = ["08:00-18:00"]', 'hours.mon-sun = ["09:00-18:00"]')
    story = Story(deadline(target='"2bh"', more=f"{BUSINESS}\n{STOPS}"), desk=desk).new(utc("2013-06-04 09:00"))
    for stop, resume in (("09:30", "09:45"), ("10:00", "10:30")):
        story.advance(utc(f"2013-06-04 {stop}"), "pending").advance(utc(f"2013-06-04 {resume}"), "open")
    assert story.due() == utc("2013-06-04 11:45")


@pytest.mark.parametrize(("target", "due"), [("2bh", "2016-11-02 09:00"), ("20bh", "2016-11-03 15:00")])
def test_vectors_of_a_holiday(target: str, due: str) -> None:
    desk = DESK.replace('"08:00-18:00"', '"08:00-20:00"')
    story = Story(deadline(target=f'"{target}"', more=BUSINESS), HOLIDAYS, desk)
    assert story.new(utc("2016-11-01 13:56:21")).due() == utc(due)


@pytest.mark.parametrize(("day", "due"), [("2026-03-29", "08:00"), ("2026-10-25", "06:00")])
def test_the_clock_changes_inside_business_hours(day: str, due: str) -> None:
    """Open around the clock on Sundays: seven hours from midnight end at eight, or at six."""
    desk = DESK.replace('hours.mon-fri = ["08:00-18:00"]', 'hours.sun = ["00:00-24:00"]')
    assert Story(deadline(target='"7bh"', more=BUSINESS), desk=desk).new(at(f"{day} 00:00")).due() == at(f"{day} {due}")


def test_a_target_exactly_at_closing_time_is_the_closing_time_itself() -> None:
    assert Story(deadline(target='"9bh"', more=BUSINESS)).new(MONDAY).due() == at("2026-11-30 18:00")


def test_started_one_second_before_opening() -> None:
    story = Story(deadline(target='"2bh"', more=BUSINESS)).new(at("2026-11-30 07:59:59"))
    assert story.due() == at("2026-11-30 10:00")


def test_on_29_february_and_when_that_is_a_holiday() -> None:
    story = Story(deadline(target='"2bh"', more=BUSINESS))
    assert story.new(at("2028-02-28 17:00")).due() == at("2028-02-29 09:00")
    story = Story(deadline(target='"2bh"', more=BUSINESS), HOLIDAYS)
    assert story.new(at("2028-02-28 17:00")).due() == at("2028-03-01 09:00")


def test_business_days_end_at_the_same_time_of_day() -> None:
    assert Story(deadline(target='"3bd"', more=BUSINESS)).new(at("2026-11-26 10:30")).due() == at("2026-12-01 10:30")


def test_desk_and_person_in_different_zones() -> None:
    """The calendar of the team in Santiago opens when it is afternoon at the desk in Berlin."""
    story = Story(deadline(target='"2bh"', more='calendar = "santiago"')).new(at("2026-11-30 09:00"))
    due = story.due()
    assert due == at("2026-11-30 11:00", ZoneInfo("America/Santiago"))
    assert due is not None
    assert due.utcoffset() == hours(1)


# Stopping and going on.


def test_a_stopped_clock_keeps_what_is_left_to_the_second() -> None:
    story = Story(deadline(target='"8h"', more=STOPS)).new(MONDAY).advance(MONDAY + hours(1.5), "pending")
    assert (story.due(), story.paused) == (None, {"resolution": "390m"})
    assert story.now.target == {"resolution": "8h"}
    story.advance(MONDAY + hours(30), "open")
    assert (story.due(), story.paused) == (MONDAY + hours(36.5), {})
    story.advance(MONDAY + hours(30) + timedelta(seconds=7), "pending")
    assert story.paused == {"resolution": "23393s"}


def test_stopped_and_resumed_outside_hours() -> None:
    story = Story(deadline(target='"4bh"', more=f"{BUSINESS}\n{STOPS}")).new(at("2026-11-30 16:00"))
    story.advance(at("2026-11-30 22:00"), "pending")
    assert story.paused == {"resolution": "2bh"}
    story.advance(at("2026-12-05 11:00"), "open")  # a Saturday
    assert story.due() == at("2026-12-07 10:00")


def test_a_stop_longer_than_the_target() -> None:
    story = Story(deadline(target='"2h"', more=STOPS)).new(MONDAY)
    story.advance(MONDAY + hours(1), "pending").advance(MONDAY + hours(50), "open")
    assert (story.due(), story.breached) == (MONDAY + hours(51), {})


@pytest.mark.parametrize("more", [STOPS, f"{BUSINESS}\n{STOPS}"], ids=["natural", "business"])
@pytest.mark.parametrize("after", [0, 1, 7, 8, 9, 30])
def test_a_stop_of_zero_length_changes_nothing(after: int, more: str) -> None:
    target = '"8bh"' if "calendar" in more else '"8h"'
    story = Story(deadline(target=target, more=more)).new(MONDAY)
    when = MONDAY + hours(after)
    before = story.log(when, "note").now
    story.advance(when, "pending").advance(when, "open")
    assert (story.now.due, story.now.paused) == (before.due, before.paused)
    assert story.now.breached == before.breached


def test_from_one_stopping_status_to_another_is_one_stop() -> None:
    story = Story(deadline(target='"8h"', more=STOPS)).new(MONDAY)
    story.advance(MONDAY + hours(3), "pending").advance(MONDAY + hours(5), "on-hold")
    assert story.paused == {"resolution": "5h"}
    assert story.advance(MONDAY + hours(9), "open").due() == MONDAY + hours(14)


def test_from_a_stopping_status_to_solved_and_back_is_one_stop() -> None:
    story = Story(deadline(target='"8h"', more=STOPS)).new(MONDAY)
    story.advance(MONDAY + hours(3), "pending").advance(MONDAY + hours(5), "solved")
    assert story.advance(MONDAY + hours(9), "open").due() == MONDAY + hours(14)


@pytest.mark.parametrize(("target", "left"), [("8h", "8h"), ("3bd", "3bd")])
def test_born_stopped(target: str, left: str) -> None:
    desk = DESK.replace('start = "open"', 'start = "pending"')
    story = Story(deadline(target=f'"{target}"', more=f"{BUSINESS}\n{STOPS}"), desk=desk).new(MONDAY)
    assert (story.due(), story.paused) == (None, {"resolution": left})
    story.advance(at("2026-12-01 11:00"), "open")
    assert story.due() == at("2026-12-01 19:00" if target == "8h" else "2026-12-04 11:00")


def test_what_ran_out_before_it_was_stopped_is_given_no_time_back() -> None:
    story = Story(deadline(target='"2h"', more=STOPS)).new(MONDAY).advance(MONDAY + hours(5), "pending")
    assert (story.paused, story.breached) == ({"resolution": "0h"}, {"resolution": MONDAY + hours(2)})
    story.advance(MONDAY + hours(9), "open")
    assert (story.due(), story.breached) == (MONDAY + hours(2), {"resolution": MONDAY + hours(2)})


# Priorities.

BY_PRIORITY = '{ low = "24h", high = "4h" }'


def test_priority_raised_in_time() -> None:
    story = Story(deadline(target=BY_PRIORITY)).new(MONDAY, priority="low").set(MONDAY + hours(1), "priority", "high")
    assert (story.due(), story.now.target) == (MONDAY + hours(4), {"resolution": "4h"})


def test_priority_raised_after_the_new_targets_time_is_used_up_is_a_breach_at_that_instant() -> None:
    story = Story(deadline(target=BY_PRIORITY)).new(MONDAY, priority="low")
    raised = MONDAY + hours(10)
    story.set(raised, "priority", "high")
    assert story.due() == MONDAY + hours(4)
    assert story.breached == {"resolution": raised}
    assert clock.mark_breaches(story.now, raised + hours(5)) == story.now
    story.set(raised + hours(1), "priority", "low")
    assert (story.due(), story.breached) == (MONDAY + hours(24), {"resolution": raised})


def test_priority_lowered_after_a_breach_leaves_the_breach() -> None:
    story = Story(deadline(target=BY_PRIORITY)).new(MONDAY, priority="high").set(MONDAY + hours(6), "priority", "low")
    assert (story.due(), story.breached) == (MONDAY + hours(24), {"resolution": MONDAY + hours(4)})


def test_priority_changed_while_stopped_and_after_a_stop() -> None:
    story = Story(deadline(target=BY_PRIORITY, more=STOPS)).new(MONDAY, priority="low")
    story.advance(MONDAY + hours(1), "pending").set(MONDAY + hours(2), "priority", "high")
    assert story.paused == {"resolution": "3h"}
    story.advance(MONDAY + hours(10), "open")
    assert story.due() == MONDAY + hours(13)
    story.set(MONDAY + hours(11), "priority", "low")
    assert story.due() == MONDAY + hours(33)


@pytest.mark.parametrize("start", ["2026-11-30 09:00", "2026-11-28 12:00", "2026-11-30 17:59:30"])
def test_priority_changed_in_business_time_is_as_if_it_had_always_been_so(start: str) -> None:
    rule = deadline(target='{ low = "30bh", high = "4bh" }', more=f"{BUSINESS}\n{STOPS}")
    story = Story(rule).new(at(start), priority="low").set(at("2026-11-30 18:30"), "priority", "high")
    assert story.due() == Story(rule).new(at(start), priority="high").due()
    story.set(at("2026-12-01 09:00"), "priority", "low")
    assert story.due() == Story(rule).new(at(start), priority="low").due()


def test_from_natural_to_business_time_counts_from_the_same_beginning() -> None:
    rules = deadline(target='{ low = "3bd", high = "8h" }', more=f"{BUSINESS}\n{STOPS}")
    story = Story(rules).new(at("2026-11-28 12:00"), priority="low")
    assert story.due() == at("2026-12-02 18:00")
    assert story.set(at("2026-11-28 13:00"), "priority", "high").due() == at("2026-11-28 20:00")
    assert story.set(at("2026-11-28 14:00"), "priority", "low").due() == at("2026-12-02 18:00")
    story.set(at("2026-11-28 14:00"), "priority", "high").advance(at("2026-11-28 15:00"), "pending")
    assert story.paused == {"resolution": "5h"}
    story.advance(at("2026-12-01 10:00"), "open").set(at("2026-12-01 11:00"), "priority", "low")
    assert story.due() == at("2026-12-04 08:00")


def test_a_ticket_without_priority_has_the_target_for_any() -> None:
    table = deadline(target=BY_PRIORITY)
    assert Story(table).new(MONDAY).now.due == {}
    assert Story(table + deadline(target='"9h"', name="else")).new(MONDAY).due() == MONDAY + hours(9)


def test_a_ticket_that_gets_its_priority_later_counts_from_its_creation() -> None:
    story = Story(deadline(target=BY_PRIORITY)).new(MONDAY).set(MONDAY + hours(1), "priority", "high")
    assert story.due() == MONDAY + hours(4)
    story = Story(deadline(target=BY_PRIORITY)).new(MONDAY).set(MONDAY + hours(9), "priority", "high")
    assert (story.due(), story.breached) == (MONDAY + hours(4), {"resolution": MONDAY + hours(9)})


def test_a_deadline_that_no_longer_applies_is_gone_and_its_breach_stays() -> None:
    rule = deadline(target='"4h"', more='when = { type = "fault" }')
    story = Story(rule).new(MONDAY, type="fault").set(MONDAY + hours(1), "type", "question")
    assert (story.now.due, story.now.target, story.now.paused, story.breached) == ({}, {}, {}, {})
    story = Story(rule).new(MONDAY, type="fault").set(MONDAY + hours(5), "type", "question")
    assert (story.now.due, story.now.target, story.breached) == ({}, {}, {"resolution": MONDAY + hours(4)})


# Solving and reopening.


def test_reopened_after_solved_in_time_goes_on_from_what_was_left() -> None:
    story = Story(deadline(target='"8h"')).new(MONDAY).advance(MONDAY + hours(6), "solved")
    assert (story.due(), story.paused) == (None, {"resolution": "2h"})
    story.advance(MONDAY + hours(100), "open")
    assert (story.due(), story.breached) == (MONDAY + hours(102), {})


def test_reopened_after_closed_and_in_a_status_that_stops() -> None:
    story = Story(deadline(target='"8h"', more=STOPS)).new(MONDAY).advance(MONDAY + hours(6), "solved")
    story.advance(MONDAY + hours(7), "closed").advance(MONDAY + hours(10), "open")
    assert story.due() == MONDAY + hours(12)
    story.advance(MONDAY + hours(11), "solved").advance(MONDAY + hours(12), "pending")
    assert story.paused == {"resolution": "1h"}


def test_solved_too_late_is_a_breach_and_reopened_it_is_late_still() -> None:
    story = Story(deadline(target='"8h"')).new(MONDAY).advance(MONDAY + hours(9), "solved")
    assert story.breached == {"resolution": MONDAY + hours(8)}
    assert story.advance(MONDAY + hours(20), "open").due() == MONDAY + hours(8)


def test_solved_at_the_very_second_is_in_time() -> None:
    story = Story(deadline(target='"8h"')).new(MONDAY).advance(MONDAY + hours(8), "solved")
    assert (story.paused, story.breached) == ({"resolution": "0h"}, {})
    story.advance(MONDAY + hours(20), "open")
    assert story.due() == MONDAY + hours(20)


# Answers.

RESPONSES = deadline("first-response", '"4h"') + deadline("next-response", '"2h"', STOPS)


def test_the_first_answer_ends_the_first_clock_and_its_target_stays_on_record() -> None:
    story = Story(RESPONSES).new(MONDAY)
    assert story.now.due == {"first-response": MONDAY + hours(4)}
    story.log(MONDAY + hours(1), "note").log(MONDAY + hours(2), "call-out")
    assert (story.now.due, story.breached, story.now.target) == ({}, {}, {"first-response": "4h"})
    story.log(MONDAY + hours(3), "call-out")
    assert (story.now.due, story.now.target) == ({}, {"first-response": "4h"})


def test_the_first_answer_given_too_late_is_a_breach_of_when_it_fell_due() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(5), "call-out")
    assert (story.now.due, story.breached) == ({}, {"first-response": MONDAY + hours(4)})


def test_an_answer_counts_when_it_was_given_whenever_it_is_entered() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(9), "call-out", at=MONDAY + hours(3))
    assert (story.now.due, story.breached) == ({}, {})


def test_staff_writes_first_and_there_is_nothing_to_answer() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY, "call-out")
    assert (story.now.due, story.now.target, story.breached) == ({}, {}, {})
    story.log(MONDAY + hours(30), "call-out")
    assert (story.now.due, story.now.target) == ({}, {})


def test_the_requester_writes_twice_and_the_oldest_unanswered_counts() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out").log(MONDAY + hours(5), "call-in")
    story.log(MONDAY + hours(6), "call-in")
    assert story.now.due == {"next-response": MONDAY + hours(7)}
    story.log(MONDAY + hours(6.5), "call-out")
    assert (story.now.due, story.breached) == ({}, {})
    assert story.log(MONDAY + hours(8), "call-in").due("next-response") == MONDAY + hours(10)


def test_what_the_requester_said_earlier_and_is_entered_later_is_the_oldest() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out").log(MONDAY + hours(5), "call-in")
    story.log(MONDAY + hours(5.5), "call-in", at=MONDAY + hours(4))
    assert story.due("next-response") == MONDAY + hours(6)


def test_an_answer_given_before_the_question_answers_nothing() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out").log(MONDAY + hours(5), "call-in")
    story.log(MONDAY + hours(6), "call-out", at=MONDAY + hours(4))
    assert story.due("next-response") == MONDAY + hours(7)


def test_a_second_wait_too_long_is_a_breach_of_its_own() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out")
    story.log(MONDAY + hours(2), "call-in").log(MONDAY + hours(5), "call-out")
    assert story.breached == {"next-response": MONDAY + hours(4)}
    story.log(MONDAY + hours(10), "call-in").log(MONDAY + hours(11), "note")
    assert story.breached == {"next-response": MONDAY + hours(4)}
    assert story.log(MONDAY + hours(13), "note").breached == {"next-response": MONDAY + hours(12)}


def test_while_the_first_answer_is_awaited_no_next_one_is() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-in")
    assert story.now.due == {"first-response": MONDAY + hours(4)}
    only = Story(deadline("next-response", '"2h"')).new(MONDAY).log(MONDAY + hours(1), "call-in")
    assert only.now.due == {"next-response": MONDAY + hours(3)}


def test_an_automatic_reply_counts_as_nothing() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out", auto_submitted="auto-replied")
    assert story.now.due == {"first-response": MONDAY + hours(4)}
    assert story.now.activity == MONDAY
    story.log(MONDAY + hours(2), "call-out")
    story.log(MONDAY + hours(3), "call-in", by="ana@example.cl", auto_submitted="auto-replied")
    assert story.now.due == {}


def test_a_machine_or_a_stranger_does_not_answer_for_the_desk() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY + hours(1), "call-out", by="someone@example.cl")
    assert story.now.due == {"first-response": MONDAY + hours(4)}


def test_a_wait_that_is_stopped() -> None:
    story = Story(RESPONSES).new(MONDAY).log(MONDAY, "call-out").log(MONDAY + hours(1), "call-in")
    story.advance(MONDAY + hours(2), "pending")
    assert story.paused == {"next-response": "1h"}
    story.log(MONDAY + hours(3), "call-out")
    assert story.paused == {}
    story.log(MONDAY + hours(4), "call-in")
    assert (story.now.due, story.paused) == ({}, {"next-response": "2h"})


def test_a_ticket_solved_without_an_answer_waits_no_longer() -> None:
    story = Story(RESPONSES).new(MONDAY).advance(MONDAY + hours(1), "solved")
    assert (story.now.due, story.paused) == ({}, {"first-response": "3h"})
    assert story.advance(MONDAY + hours(10), "open").due("first-response") == MONDAY + hours(13)


# Clocks of the desk's own.

VISIT = deadline("visit", '"24h"', 'start = { status = "on-hold" }\nend = { "events.call-out" = ">= 1" }')


def test_a_clock_of_the_desks_own_runs_from_start_to_end() -> None:
    story = Story(VISIT).new(MONDAY)
    assert story.now.due == {}
    story.advance(MONDAY + hours(1), "on-hold")
    assert story.now.due == {"visit": MONDAY + hours(25)}
    story.advance(MONDAY + hours(2), "open")
    assert story.now.due == {"visit": MONDAY + hours(25)}
    story.log(MONDAY + hours(3), "call-out")
    assert (story.now.due, story.now.target) == ({}, {"visit": "24h"})


def test_a_clock_without_end_runs_while_its_start_holds() -> None:
    rule = deadline("documents", '"24h"', 'start = { status = "pending" }')
    story = Story(rule).new(MONDAY).advance(MONDAY + hours(1), "pending")
    assert story.now.due == {"documents": MONDAY + hours(25)}
    story.advance(MONDAY + hours(2), "open")
    assert story.now.due == {}
    assert story.advance(MONDAY + hours(30), "pending").due("documents") == MONDAY + hours(54)
    story.advance(MONDAY + hours(60), "open")
    assert (story.now.due, story.breached) == ({}, {"documents": MONDAY + hours(54)})


def test_a_clock_of_the_desks_own_may_run_while_solved_and_stops_when_closed() -> None:
    rule = deadline("survey", '"48h"', 'start = { kind = "solved" }\nend = { kind = "open" }')
    story = Story(rule).new(MONDAY).advance(MONDAY + hours(1), "solved")
    assert story.due("survey") == MONDAY + hours(49)
    story.advance(MONDAY + hours(9), "closed")
    assert (story.now.due, story.paused) == ({}, {"survey": "40h"})


def test_born_counting() -> None:
    rule = deadline("documents", '"24h"', 'start = { type = "fault" }')
    assert Story(rule).new(MONDAY, type="fault").due("documents") == MONDAY + hours(24)


# Breaches.


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_clock_is_late_after_the_second_it_falls_due_not_at_it(seconds: int) -> None:
    when = MONDAY + hours(8) + timedelta(seconds=seconds)
    story = Story(deadline()).new(MONDAY).log(when, "note")
    assert story.breached == ({"resolution": MONDAY + hours(8)} if seconds else {})


def test_any_change_that_finds_a_clock_past_its_due_marks_it() -> None:
    story = Story(deadline()).new(MONDAY).set(MONDAY + hours(20), "title", "Boiler")
    assert story.breached == {"resolution": MONDAY + hours(8)}
    assert story.due() == MONDAY + hours(8)


def test_a_sweep_late_twice_or_from_two_clones_marks_the_same() -> None:
    ticket = Story(deadline() + RESPONSES).new(MONDAY).now
    assert clock.mark_breaches(ticket, MONDAY + hours(4)) == ticket
    late = clock.mark_breaches(ticket, MONDAY + hours(5))
    assert late.breached == {"first-response": MONDAY + hours(4)}
    later = clock.mark_breaches(ticket, MONDAY + hours(500))
    assert later == clock.mark_breaches(later, MONDAY + hours(900)) == clock.mark_breaches(late, MONDAY + hours(500))
    assert later.breached == {"resolution": MONDAY + hours(8), "first-response": MONDAY + hours(4)}


# The policy changes.


def test_the_stamped_deadline_stands_until_a_change_that_touches_its_clock() -> None:
    story = Story(deadline(target='"24h"', more=STOPS)).new(MONDAY).under(deadline(target='"8h"', more=STOPS))
    story.log(MONDAY + hours(1), "note").set(MONDAY + hours(2), "title", "Boiler")
    assert story.due() == MONDAY + hours(24)
    story.advance(MONDAY + hours(3), "pending")
    assert (story.paused, story.now.target) == ({"resolution": "5h"}, {"resolution": "8h"})


def test_restamp_sets_a_clock_as_the_policy_has_it_now() -> None:
    story = Story(deadline(target='"24h"')).new(MONDAY).under(deadline(target='"8h"'))
    again = clock.restamp(story.policy, NOTHING, story.now, MONDAY + hours(2))
    assert (again.due, again.target) == ({"resolution": MONDAY + hours(8)}, {"resolution": "8h"})
    assert clock.restamp(story.policy, NOTHING, again, MONDAY + hours(3)) == again


def test_restamp_knows_new_holidays() -> None:
    story = Story(deadline(target='"12bh"', more=BUSINESS)).new(at("2016-10-31 17:00"))
    assert story.due() == at("2016-11-02 09:00")
    again = clock.restamp(story.policy, HOLIDAYS, story.now, at("2016-10-31 18:00"))
    assert again.due == {"resolution": at("2016-11-03 09:00")}


def test_restamp_starts_a_clock_that_is_new_and_drops_one_that_is_gone() -> None:
    story = Story(deadline(target='"24h"')).new(MONDAY).under(RESPONSES)
    again = clock.restamp(story.policy, NOTHING, story.now, MONDAY + hours(2))
    assert again.due == {"first-response": MONDAY + hours(4)}
    late = clock.restamp(story.policy, NOTHING, story.now, MONDAY + hours(5))
    assert late.breached == {"first-response": MONDAY + hours(5)}


def test_restamp_keeps_the_time_that_a_clock_stood_still() -> None:
    rules = deadline(target='"24h"', more=STOPS)
    story = Story(rules).new(MONDAY).advance(MONDAY + hours(2), "pending").advance(MONDAY + hours(12), "open")
    shorter = story.under(deadline(target='"20h"', more=STOPS)).policy
    assert clock.restamp(shorter, NOTHING, story.now, MONDAY + hours(13)).due == {"resolution": MONDAY + hours(30)}
    story.advance(MONDAY + hours(14), "pending")
    assert clock.restamp(story.policy, NOTHING, story.now, MONDAY + hours(20)) == story.now


def test_restamp_leaves_a_closed_ticket_as_it_is() -> None:
    story = Story(deadline()).new(MONDAY).advance(MONDAY + hours(1), "closed").under(deadline(target='"1h"'))
    assert clock.restamp(story.policy, NOTHING, story.now, MONDAY + hours(9)) == story.now


def test_clocks_at_odds_are_set_anew_whatever_the_status() -> None:
    story = Story(deadline()).new(MONDAY).advance(MONDAY + hours(1), "closed")
    left = story.now.paused["resolution"]
    wrong = story.now._replace(due={"resolution": MONDAY + hours(8)})
    assert clock.is_at_odds(story.policy, wrong)
    assert not clock.is_at_odds(story.policy, story.now)
    assert clock.restamp(story.policy, NOTHING, wrong, MONDAY + hours(1))._replace(due={}).paused == {
        "resolution": left
    }
    solved = wrong._replace(status="solved", paused={})
    assert clock.is_at_odds(story.policy, solved)
    mended = clock.restamp(story.policy, NOTHING, solved, MONDAY + hours(1))
    assert (mended.due, mended.paused) == ({}, {"resolution": left})


def test_a_stop_that_the_policy_has_dropped_ends_with_the_status() -> None:
    story = Story(deadline(more=STOPS)).new(MONDAY).advance(MONDAY + hours(1), "pending").under(deadline())
    assert story.log(MONDAY + hours(2), "note").paused == {"resolution": "7h"}
    assert story.advance(MONDAY + hours(3), "open").due() == MONDAY + hours(10)


def test_a_clock_that_is_new_in_the_policy_is_started_by_no_stop() -> None:
    story = Story("").new(MONDAY, priority="low").under(deadline(target=BY_PRIORITY, more=STOPS))
    story.advance(MONDAY + hours(30), "pending").advance(MONDAY + hours(31), "open")
    assert (story.now.due, story.paused, story.breached) == ({}, {}, {})
    story.set(MONDAY + hours(1), "priority", "high")
    assert story.due() == MONDAY + hours(4)


def test_a_clock_the_policy_has_dropped_stands_and_is_not_late_when_solved() -> None:
    story = Story(deadline()).new(MONDAY).under("").log(MONDAY + hours(1), "note")
    assert story.due() == MONDAY + hours(8)
    assert story.advance(MONDAY + hours(2), "solved").now.due == {}


@pytest.mark.parametrize(
    ("was", "now", "due"),
    [
        (deadline(target='"16bh"', more=BUSINESS), deadline(target='"24h"', more=STOPS), "2026-12-01 09:00"),
        (deadline(target='"24h"'), deadline(target='"20bh"', more=f"{BUSINESS}\n{STOPS}"), "2026-12-02 09:00"),
    ],
)
def test_a_policy_that_changes_the_kind_of_time_counts_from_the_beginning(was: str, now: str, due: str) -> None:
    story = Story(was).new(MONDAY).under(now)
    story.advance(MONDAY + hours(1), "pending").advance(MONDAY + hours(1), "open")
    assert story.due() == at(due)


# Files changed by hand.


@pytest.mark.parametrize("held", ["soon", "", "999999w", "-3h", "7bh"])
def test_stamps_that_say_nothing_sensible_stop_nothing(held: str) -> None:
    story = Story(deadline(more=STOPS)).new(MONDAY).advance(MONDAY + hours(1), "pending")
    story.ticket = story.now._replace(paused={"resolution": held}, target={"resolution": held})
    story.advance(MONDAY + hours(2), "open")
    assert story.due() is not None
    assert story.now.target == {"resolution": "8h"}


def test_a_desk_without_deadlines_has_no_clocks() -> None:
    story = Story("").new(MONDAY).log(MONDAY, "call-in").advance(MONDAY, "solved")
    assert (story.now.due, story.now.target, story.paused, story.breached) == ({}, {}, {}, {})


# Laws.

STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["pending", "on-hold", "open", "solved", "low", "high", "note"])),
    max_size=8,
)


def _told(story: Story, steps: list[tuple[int, str]], start: datetime) -> datetime:
    when = start
    for passed, what in steps:
        when = in_zone(when + hours(passed), BERLIN)
        if what == "note":
            story.log(when, "note")
        elif what in {"low", "high"}:
            story.set(when, "priority", what)
        elif what in story.policy.statuses.entries[story.now.status].to:
            story.advance(when, what)
    return when


@given(STEPS, st.sampled_from(['{ low = "900h", high = "700h" }', '{ low = "400bh", high = "350bh" }']))
def test_what_is_left_is_the_target_less_the_time_that_it_was_not_stopped(
    steps: list[tuple[int, str]], target: str
) -> None:
    more = f"{BUSINESS}\n{STOPS}" if "bh" in target else STOPS
    story = Story(deadline(target=target, more=more)).new(MONDAY, priority="low")
    office = hours_of(story.policy.calendars.entries["office"], NOTHING.registers)
    used, when = timedelta(0), MONDAY
    for step in steps:
        runs = story.now.status == "open"
        after = _told(story, [step], when)
        if runs:
            used += between(office, when, after) if "bh" in target else after - when
        when = after
    length = parse_duration(story.now.target["resolution"])
    assert str(length) == target.split('"')[1 if story.now.priority == "low" else 3]
    due, paused = story.due(), story.paused.get("resolution")
    assert (due is None) is (paused is not None) is (story.now.status != "open")
    if due is not None:
        left = between(office, when, due) if length.is_business else due - when
    else:
        held = parse_duration(str(paused))
        left = held.open if held.is_business else held.wall
    assert left == (length.open if length.is_business else length.wall) - used


@given(STEPS, st.sampled_from(['{ low = "30h", high = "6h" }', '{ low = "30bh", high = "6bh" }']))
def test_restamping_under_the_same_policy_changes_no_clock(steps: list[tuple[int, str]], target: str) -> None:
    more = f"{BUSINESS}\n{STOPS}" if "bh" in target else STOPS
    story = Story(deadline(target=target, more=more) + RESPONSES).new(MONDAY, priority="low")
    when = _told(story, steps, MONDAY)
    again = clock.restamp(story.policy, NOTHING, story.now, when)
    assert (again.due, again.paused, again.target) == (story.now.due, story.now.paused, story.now.target)


@given(STEPS)
def test_no_breach_is_ever_taken_back(steps: list[tuple[int, str]]) -> None:
    story = Story(deadline(target=BY_PRIORITY, more=STOPS)).new(MONDAY, priority="high")
    when = MONDAY
    breached: datetime | None = None
    for step in steps:
        when = _told(story, [step], when)
        found = story.breached.get("resolution")
        assert breached is None or (found is not None and found >= breached)
        assert found is None or found <= when
        breached = found
