"""What tk.toml says of deadlines, and every way to say it wrong."""

from datetime import date

import pytest

from tests.policies import policy_of
from tk.core.instant import Duration
from tk.core.written.reader import read

BASE = """\
[desk]
name = "Desk"
zone = "America/Santiago"
language = "en"
[statuses.open]
kind = "open"
to = ["pending", "closed"]
[statuses.pending]
kind = "waiting"
to = ["open"]
[statuses.closed]
kind = "closed"
[priorities]
low = "Low"
high = "High"
[calendars.office.hours]
mon-fri = ["08:00-18:00"]
[[deadline]]
name = "rule"
"""


def findings(text: str) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.code, str(finding.message)) for finding in read(BASE + text).findings]


def test_a_deadline_has_a_clock_targets_and_what_stops_it() -> None:
    text = """\
label = "Solve"
clock = "resolution"
target = { high = "4bh", low = "3bd" }
calendar = "office"
stops = ["pending"]
when = { owner = "!" }
from = 2026-01-01
until = 2027-01-01
"""
    (rule,) = policy_of(BASE + text).deadlines
    assert rule.targets == {"high": Duration(4, "bh"), "low": Duration(3, "bd")}
    assert (rule.key, rule.clock, rule.calendar, rule.stops) == ("rule", "resolution", "office", ("pending",))
    assert (rule.since, rule.until, rule.line) == (date(2026, 1, 1), date(2027, 1, 1), 18)
    assert rule.when is not None


def test_one_target_is_for_any_priority_and_an_own_clock_has_a_start() -> None:
    text = 'clock = "visit"\ntarget = "24h"\nstart = { status = "pending" }\n'
    (rule,) = policy_of(BASE + text).deadlines
    assert rule.targets == {"": Duration(24, "h")}
    assert rule.start is not None
    assert rule.end is None


@pytest.mark.parametrize(
    ("text", "line", "code", "message"),
    [
        ('clock = "resolution"', 18, "missing-key", "deadline[1] needs target"),
        (
            'clock = "resolution"\ntarget = "soon"',
            21,
            "bad-value",
            '"soon" will not do: a length of time is a number and m, h, d, w, bh or bd, such as 24h or 3bd',
        ),
        (
            'clock = "resolution"\ntarget = "0h"',
            21,
            "bad-value",
            "0h is no time in which anything falls due; the longest is ten years",
        ),
        (
            'clock = "resolution"\ntarget = "600w"',
            21,
            "bad-value",
            "600w is no time in which anything falls due; the longest is ten years",
        ),
        (
            'clock = "resolution"\ntarget = {}',
            21,
            "bad-value",
            "a deadline needs a length of time, such as 24h or 3bd",
        ),
        (
            'clock = "resolution"\ntarget = "8bh"',
            21,
            "no-calendar",
            "8bh is business time: name its `calendar`",
        ),
        (
            'clock = "resolution"\ntarget = "8bh"\ncalendar = "ofice"',
            22,
            "unknown-name",
            'there is no calendar "ofice"; did you mean "office"?',
        ),
        (
            'clock = "resolution"\ntarget = { hihg = "8h", low = "9h", high = "1h" }',
            21,
            "unknown-name",
            'there is no priority "hihg"; did you mean "high"?',
        ),
        (
            'clock = "resolution"\ntarget = "8h"\nstops = ["open", "pendin"]',
            22,
            "unknown-name",
            'there is no status "pendin"; did you mean "pending"?',
        ),
        (
            'clock = "resoluton"\ntarget = "8h"',
            20,
            "no-start",
            "nobody starts the clock resoluton; did you mean resolution?",
        ),
        (
            'clock = "visit"\ntarget = "8h"',
            20,
            "no-start",
            "nobody starts the clock visit: say when, by `start`",
        ),
        (
            'clock = "resolution"\ntarget = "8h"\nstart = { status = "open" }',
            22,
            "unknown-key",
            "tk itself starts and ends the clock resolution; `start` is for others",
        ),
        (
            'clock = "resolution"\ntarget = "8h"\nwhen = { any = [{ "actor.role" = "anyone" }] }',
            22,
            "bad-condition",
            "actor.role is nothing a clock can go by: it looks at the ticket as it stands",
        ),
        (
            'clock = "resolution"\ntarget = "8h"\nwhen = { priority = "hihg" }',
            22,
            "unknown-name",
            'this desk has no priority "hihg"; did you mean "high"?',
        ),
        (
            'clock = "resolution"\ntarget = "8h"\ncalendar = "office"',
            22,
            "unused-calendar",
            "8h runs day and night; business time is written 8bh or 8bd",
        ),
        (
            'clock = "resolution"\ntarget = { low = "8h" }',
            18,
            "no-target",
            "tickets of priority high have no resolution clock",
        ),
        (
            'clock = "resolution"\ntarget = "8h"\n[[deadline]]\nname = "two"\nclock = "resolution"\ntarget = "9h"',
            22,
            "dead-rule",
            "this never applies: rule comes before, and always does",
        ),
        (
            'clock = "resolution"\ntarget = "8h"\n[[deadline]]\nname = "rule"\nclock = "first-response"\ntarget = "9h"',
            23,
            "duplicate-name",
            'another rule of [[deadline]] is called "rule" already',
        ),
    ],
)
def test_what_is_wrong_with_a_deadline_is_said_where_it_stands(text: str, line: int, code: str, message: str) -> None:
    assert findings(f"{text}\n") == [(line, code, message)]


def test_a_deadline_that_cannot_be_kept_is_left_out() -> None:
    """What reads the tickets of such a desk still works; whoever writes is told first."""
    policy = read(BASE + 'clock = "resolution"\ntarget = "8bh"\n').policy
    assert policy is not None
    assert policy.deadlines[0].targets == {}
