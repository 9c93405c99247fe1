"""Since when a condition holds, as far as the ticket tells."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import desk_policy
from tk.core.clocks.since import held_since
from tk.core.conditions.language import Context, compile_condition, holds
from tk.core.facts import Facts
from tk.core.ticket import Event, Ticket

NOW = datetime.fromisoformat("2026-08-12T09:00:00-05:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TICKET = Ticket(
    "TK-260801-7K3QX",
    status="open",
    status_since=NOW - 5 * DAY,
    priority="high",
    created=NOW - 10 * DAY,
    updated=NOW - HOUR,
    activity=NOW - 3 * DAY,
    due={"resolution": NOW - 2 * HOUR, "next-response": NOW + HOUR},
    events=tuple(Event(NOW - n * DAY, "follow-up", "mlopez", f"e-{n}") for n in (9, 8, 2)),
)

LATER = Ticket("TK-260801-7K3QX", created=NOW - DAY, updated=NOW - DAY, due={"resolution": NOW + HOUR})


def since(table: dict[str, object], ticket: Ticket = TICKET) -> datetime:
    compiled = compile_condition(table, Context.of(desk_policy()))
    assert not compiled.problems
    facts = Facts(desk_policy(), ticket, NOW)
    assert holds(compiled.condition, facts), table
    return held_since(compiled.condition, facts)


@pytest.mark.parametrize(
    ("table", "instant"),
    [
        ({"age": ">= 4d"}, NOW - 6 * DAY),
        ({"idle": ">= 48h"}, NOW - DAY),
        ({"in-status": "> 2d"}, NOW - 3 * DAY),
        ({"not.in-status": "< 2d"}, NOW - 3 * DAY),
        ({"late": ">= 1h"}, NOW - HOUR),
        ({"overdue": True}, NOW - 2 * HOUR),
        ({"status": "open"}, NOW - 5 * DAY),
        ({"events.follow-up": ">= 2"}, NOW - 8 * DAY),
        ({"events.follow-up": "> 2"}, NOW - 2 * DAY),
        ({"not.events.follow-up": "< 3"}, NOW - 2 * DAY),
        ({"age": ">= 4d", "events.follow-up": ">= 3"}, NOW - 2 * DAY),
        ({"events-in-status.follow-up": ">= 1"}, NOW - 2 * DAY),
        ({"events.follow-up": ">= 0", "age": ">= 4d"}, NOW - 6 * DAY),
        ({"day": ">= 2026-08-12"}, datetime.fromisoformat("2026-08-12T00:00:00-05:00")),
        ({"day": "> 2026-08-10"}, datetime.fromisoformat("2026-08-11T00:00:00-05:00")),
        ({"any": [{"age": ">= 4d"}, {"age": ">= 2d"}]}, NOW - 8 * DAY),
        ({"any": [{"age": ">= 4d"}, {"priority": "high"}]}, NOW - 3 * DAY),
        ({"priority": "high"}, NOW - 3 * DAY),
        ({"age": "< 20d", "status": ["open", "new"]}, NOW - 3 * DAY),
    ],
)
def test_the_latest_of_what_the_tests_tell_else_the_last_activity(table: dict[str, object], instant: datetime) -> None:
    assert since(table) == instant


def test_what_is_left_was_reached_that_long_before_the_clock_falls_due() -> None:
    assert since({"left": "<= 2h"}, LATER) == NOW - HOUR
    assert since({"any": [{"left": "< 90m"}]}, LATER) == NOW - HOUR / 2


def test_it_is_told_in_the_zone_of_the_desk() -> None:
    utc = TICKET._replace(created=datetime.fromisoformat("2026-08-02T14:00:00+00:00"))
    assert since({"age": ">= 4d"}, utc).isoformat() == "2026-08-06T09:00:00-05:00"


def test_a_ticket_that_tells_nothing_holds_since_now() -> None:
    assert since({"status": "!"}, Ticket("TK-260801-7K3QX")) == NOW


def test_an_instant_beyond_all_years_is_none() -> None:
    assert since({"age": ">= 4d"}, Ticket("x", created=datetime.fromisoformat("0001-01-02T00:00:00+00:00"))) < NOW


TABLES = st.sampled_from(
    [
        {"age": ">= 4d"},
        {"idle": "> 2d", "status": "open"},
        {"left": "<= 1h"},
        {"overdue": True},
        {"any": [{"in-status": ">= 1d"}, {"events.note": ">= 2"}]},
    ]
)


@given(TABLES, st.integers(0, 10_000), st.integers(0, 1_000))
def test_it_does_not_depend_on_when_somebody_looks(table: dict[str, Any], minutes: int, later: int) -> None:
    condition = compile_condition(table, Context.of(desk_policy())).condition
    at = NOW - 2 * DAY + timedelta(minutes=minutes)
    first, second = (Facts(desk_policy(), TICKET, when) for when in (at, at + timedelta(minutes=later)))
    if holds(condition, first) and holds(condition, second):
        assert held_since(condition, first) == held_since(condition, second)
        assert held_since(condition, first) <= at
