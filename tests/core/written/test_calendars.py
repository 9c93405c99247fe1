"""What tk.toml says of calendars, and every way to say it wrong."""

import pytest

from tests.policies import policy_of
from tk.core.finding import Finding
from tk.core.written.reader import read

BASE = """\
[desk]
name = "Desk"
zone = "America/Santiago"
language = "en"
[statuses.open]
kind = "open"
to = ["closed"]
[statuses.closed]
kind = "closed"
[registers.feriados]
file = "registers/feriados.csv"
key = "date"
columns = ["name"]
[registers.codes]
file = "registers/codes.csv"
key = "code"
[people.ana]
name = "Ana"
shift = "morning"
[calendars.morning.hours]
mon-fri = ["08:00-14:00"]
"""

OFFICE = """\
[calendars.office]
label = { en = "Office", es = "Oficina" }
zone = "Europe/Berlin"
holidays = ["feriados"]
[calendars.office.hours]
mon-thu = ["14:00-18:00", "08:00-12:30"]
fri = ["08:00-12:30"]
sat-sun = []
"""


def findings(text: str) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.code, str(finding.message)) for finding in read(text).findings]


def only(text: str) -> Finding:
    found = read(text).findings
    assert len(found) == 1, found
    return found[0]


def test_a_calendar_has_its_days_zone_and_holidays() -> None:
    policy = policy_of(BASE + OFFICE)
    office = policy.calendars.entries["office"]
    assert office.week == (((480, 750), (840, 1080)),) * 4 + (((480, 750),), (), ())
    assert (office.zone, office.holidays, office.line) == ("Europe/Berlin", ("feriados",), 22)
    assert policy.calendars.find("oficina") == "office"
    assert policy.calendars.entries["morning"].zone == "America/Santiago"
    assert policy.people.entries["ana"].shift == "morning"


def test_days_go_round_the_week_and_spells_past_midnight() -> None:
    policy = policy_of(BASE + '[calendars.night.hours]\nsat-mon = ["22:00-06:00"]\nwed = ["00:00-24:00"]\n')
    night, day = ((1320, 1800),), ((0, 1440),)
    assert policy.calendars.entries["night"].week == (night, (), day, (), (), night, night)


def test_business_time_in_conditions_goes_by_the_first_calendar_unless_said() -> None:
    assert policy_of(BASE + OFFICE).desk.calendar == "morning"
    said = BASE.replace('language = "en"', 'language = "en"\ncalendar = "office"') + OFFICE
    assert policy_of(said).desk.calendar == "office"
    assert policy_of(BASE.split("[people", maxsplit=1)[0]).desk.calendar is None


@pytest.mark.parametrize(
    ("text", "line", "code", "message"),
    [
        ("[calendars.x]", 22, "missing-key", "[calendars.x] needs hours"),
        ("[calendars.x.hours]", 22, "bad-hours", "the calendar x has no hours at all"),
        ("[calendars.x.hours]\nmon = []", 22, "bad-hours", "the calendar x has no hours at all"),
        (
            '[calendars.x.hours]\nmon = ["9-18"]',
            23,
            "bad-value",
            '"9-18" will not do: a spell of hours is written 09:00-18:00',
        ),
        (
            '[calendars.x.hours]\nmon = ["18:00-24:30"]',
            23,
            "bad-hours",
            "18:00-24:30 ends at no time of day; midnight is 24:00",
        ),
        (
            '[calendars.x.hours]\nmon = ["09:00-09:00"]',
            23,
            "bad-hours",
            "09:00-09:00 is no time at all; a whole day is 00:00-24:00",
        ),
        (
            '[calendars.x.hours]\nmon-fri = ["09:00-13:00"]\nwed = ["12:59-14:00"]',
            24,
            "bad-hours",
            "on wed, 12:59-14:00 lies over other hours of this calendar",
        ),
        (
            '[calendars.x.hours]\nsun = ["22:00-06:00"]\nmon = ["05:00-07:00"]',
            24,
            "bad-hours",
            "on mon, 05:00-07:00 lies over other hours of this calendar",
        ),
        (
            '[calendars.x.hours]\nmonday = ["09:00-18:00"]',
            23,
            "bad-value",
            '"monday" will not do: days are mon, tue, wed, thu, fri, sat, sun, or from one to another: mon-fri',
        ),
        (
            '[calendars.x]\nzone = "the moon"\nhours.mon = ["09:00-18:00"]',
            23,
            "bad-zone",
            '"the moon" is no time zone; write one such as Europe/Madrid, or UTC',
        ),
        (
            '[calendars.x]\nholidays = ["feriado"]\nhours.mon = ["09:00-18:00"]',
            23,
            "unknown-name",
            'there is no register "feriado"; did you mean "feriados"?',
        ),
        (
            '[calendars.x]\nholidays = ["codes"]\nhours.mon = ["09:00-18:00"]',
            23,
            "unknown-name",
            'the register codes has no column "date"',
        ),
    ],
)
def test_what_is_wrong_with_a_calendar_is_said_where_it_stands(text: str, line: int, code: str, message: str) -> None:
    assert findings(f"{BASE}{text}\n") == [(line, code, message)]


def test_a_shift_and_the_desks_calendar_must_be_there() -> None:
    wrong = BASE.replace('shift = "morning"', 'shift = "mornin"')
    assert str(only(wrong).message) == 'there is no calendar "mornin"; did you mean "morning"?'
    wrong = BASE.replace('language = "en"', 'language = "en"\ncalendar = "office"')
    assert (only(wrong).line, str(only(wrong).message)) == (5, 'there is no calendar "office"')


def test_hours_that_only_meet_do_not_lie_over_one_another() -> None:
    policy_of(BASE + '[calendars.x.hours]\nmon-sun = ["00:00-12:00", "12:00-24:00"]\n')
    policy_of(BASE + '[calendars.x.hours]\nsun = ["22:00-06:00"]\nmon = ["06:00-22:00"]\n')
