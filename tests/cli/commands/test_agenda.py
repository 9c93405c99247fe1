"""`tk agenda`: the day of a person; follow-ups lie inside his shift (A4, A5, A15)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from icalendar import Calendar

from tests.policies import desk_policy
from tests.strategies import LINES
from tests.world import Desk
from tk.cli.output.ical import calendar
from tk.store.index import Row

OTHER = 'ana = { name = "Ana Ruiz", email = "ana@example.com", roles = ["agent"], shift = "night" }\n'
SHIFTS = """
[calendars.day]
hours = { mon-fri = ["08:00-12:00", "13:00-17:00"] }
[calendars.night]
hours = { mon-fri = ["22:00-06:00"] }
"""


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Return a desk in which María works by day and Ana by night; it is a Wednesday, a quarter past nine."""
    policy = desk.root / "tk.toml"
    text = policy.read_text("utf-8").replace('"agent"] }', '"agent"], shift = "day" }')
    assert 'shift = "day"' in text, text[-300:]
    policy.write_text(text.rstrip() + "\n" + OTHER + SHIFTS, encoding="utf-8")
    assert desk.run("check").out == ""
    desk.git("commit", "-qam", "shifts")
    return desk


def mine(desk: Desk, title: str, when: str | None = None, owner: str = "me") -> str:
    ticket = desk.ok("new", title, "--owner", owner)
    if when is not None:
        desk.ok("schedule", ticket, when)
    return ticket


def shown(desk: Desk, *words: str) -> list[tuple[str, str]]:
    """Return part and title of each line."""
    return [(line["part"], line["title"]) for line in json.loads(desk.ok("agenda", *words, "--json"))]


def test_a15_the_follow_ups_of_the_day_by_the_hour_and_what_is_overdue(office: Desk) -> None:
    mine(office, "later today", "2026-08-12T15:00")
    mine(office, "today", "2026-08-12T10:00")
    mine(office, "tomorrow", "2026-08-13T10:00")
    mine(office, "hers", "2026-08-12T23:00", owner="ana")
    done = mine(office, "solved", "2026-08-12T11:00")
    office.ok("advance", done, "solved")
    assert shown(office) == [("scheduled", "today"), ("scheduled", "later today")]
    assert shown(office, "--day", "tomorrow") == [("scheduled", "tomorrow")]
    assert shown(office, "--day", "2026-08-12") == shown(office)
    assert shown(office, "ana") == shown(office, "Ana Ruiz") == [("scheduled", "hers")]
    office.now = "2026-08-13T09:00:00-05:00"
    overdue = [("overdue", "today"), ("overdue", "later today")]
    assert shown(office)[:3] == [("scheduled", "tomorrow"), *overdue]


def test_a15_clocks_past_their_instant_are_told(office: Desk) -> None:
    ticket = mine(office, "late", "tomorrow 10:00")
    file = office.file(ticket)
    front, body = file.read_text("utf-8").split("\n---\n", 1)
    file.write_text(f"{front}\ndue:\n  resolution: 2026-08-12T09:00:00-05:00\n---\n{body}", encoding="utf-8")
    (line,) = json.loads(office.ok("agenda", "--json"))
    assert (line["part"], line["at"]) == ("late", "2026-08-12T14:00:00+00:00")


def test_a4_tickets_without_a_follow_up_to_come_are_told_when_the_shift_ends(office: Desk) -> None:
    mine(office, "forgotten")
    mine(office, "planned", "tomorrow 10:00")
    mine(office, "this morning", "2026-08-12T10:00")
    office.now = "2026-08-12T16:55:00-05:00"
    unplanned = sorted(title for part, title in shown(office) if part == "unplanned")
    assert unplanned == ["forgotten", "this morning"]
    told = office.run("agenda", terminal=True).out
    assert "Without a next step; the shift ends at 17:00 (1)" in told  # what was to be done this morning stands above
    assert told.count("this morning") == 1


def test_a5_a_follow_up_outside_the_shift_of_the_owner_is_refused(office: Desk) -> None:
    ticket = mine(office, "x")
    for when, begins in (("2026-08-12T12:30", "12T13:00"), ("2026-08-15T10:00", "17T08:00"), ("+10h", "13T08:00")):
        result = office.run("schedule", ticket, when)
        assert result.code == 1
        assert "lies outside the shift of mlopez" in result.err
        assert f"the next one begins at 2026-08-{begins}:00-05:00" in result.err
    assert office.run("schedule", ticket, "2026-08-12T12:30", "--json").err.startswith('{"error": "outside-shift"')
    office.ok("schedule", ticket, "2026-08-12T16:59")
    office.ok("assign", ticket, "ana")
    assert office.run("schedule", ticket, "2026-08-13T10:00").code == 1
    office.ok("schedule", ticket, "2026-08-13T02:00")
    office.ok("assign", ticket, "nobody")
    office.ok("schedule", ticket, "2026-08-16T10:00")


def test_a5_an_edit_by_hand_is_found_by_the_audit(office: Desk) -> None:
    ticket = mine(office, "x", "2026-08-12T16:00")
    file = office.file(ticket)
    file.write_text(file.read_text("utf-8").replace("follow-up: 2026-08-12T16", "follow-up: 2026-08-12T20"), "utf-8")
    office.git("commit", "-qam", "by hand")
    findings = json.loads(office.run("audit", "HEAD~1..", "--json").out)["findings"]
    assert "outside-shift" in {finding["code"] for finding in findings}


def test_for_a_calendar_program(office: Desk) -> None:
    first = mine(office, "Call; back, \\n now", "2026-08-12T10:00")
    second = mine(office, "later", "2026-08-14T16:00")
    text = office.ok("agenda", "--ics")
    made = Calendar.from_ical(text)
    assert [str(event["uid"]) for event in made.walk("VEVENT")] == [f"{t}.follow-up@tk" for t in (first, second)]
    event = made.walk("VEVENT")[0]
    assert str(event["summary"]) == f"{first} Call; back, \\n now"
    assert event.decoded("dtstart") == datetime(2026, 8, 12, 15, tzinfo=UTC)
    assert event.decoded("dtstamp") == datetime(2026, 8, 12, 14, 14, 3, tzinfo=UTC)
    assert office.ok("agenda", "--ics") == text
    (only,) = Calendar.from_ical(office.ok("agenda", "--ics", "--day", "2026-08-14")).walk("VEVENT")
    assert str(only["uid"]).startswith(second)
    assert Calendar.from_ical(office.ok("agenda", "ana", "--ics")).walk("VEVENT") == []


@given(LINES, LINES)
def test_any_title_and_requester_make_a_calendar_that_reads_back(title: str, requester: str) -> None:
    values: dict[str, Any] = dict.fromkeys(Row._fields)
    values |= {"id": "TK-260812-7K3QX", "title": title, "requester": requester, "status": "open"}
    values |= {"updated": "2026-08-12T09:14:03-05:00", "follow_up": "2026-08-12T10:00:00-05:00"}
    text = calendar(desk_policy(), "mlopez", [Row(**values)])
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["summary"]) == f"TK-260812-7K3QX {title}"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zed",), 'unknown person "zed"'),
        (("mlopes",), 'did you mean "mlopez"?'),
        (("--day", "blue"), '"blue" is no instant'),
        (("--day", "2026-02-30"), '"2026-02-30" is no instant'),
    ],
)
def test_what_is_no_person_and_no_day_is_refused(office: Desk, words: tuple[str, ...], said: str) -> None:
    result = office.run("agenda", *words)
    assert result.code == 2
    assert said in result.err


def test_who_is_no_person_of_the_desk_is_told_so(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "x@example.org")
    result = office.run("agenda")
    assert result.code == 2
    assert "you are no person of this desk" in result.err
    assert office.run("agenda", "mlopez").code == 0


def test_a_day_on_which_nothing_is_scheduled(office: Desk) -> None:
    assert office.ok("agenda") == ""
    assert office.ok("agenda", "--json") == "[]"
    assert office.run("agenda", terminal=True).out == "Nothing is scheduled, nothing is overdue.\n"


def test_in_spanish(office: Desk) -> None:
    mine(office, "Calentador", "2026-08-12T10:00")
    told = office.run("--lang", "es", "agenda", terminal=True).out
    assert "Programado para el 2026-08-12 (1)" in told
