"""A person's day: the follow-ups scheduled for it, what is overdue, and what has no next step when the shift ends."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core import query
from tk.core.calendars.calendar import spells
from tk.core.clocks.shift import hours_of_person
from tk.core.condition_terms import Condition, Test
from tk.core.facts import Outside
from tk.core.instant import in_zone
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale
from tk.store.index_changes import Pending

_UNFINISHED = Test("kind", "is", ("new", "open", "waiting"))
_NONE = Condition((Test("follow-up", "none"),))


class Agenda(NamedTuple):
    """The day of a person.

    `scheduled` are the tickets to be followed up that day, by the hour; `overdue` those that should have been before;
    `late` those with a clock past its instant; `unplanned` those that have no follow-up to come. `shift_end` is when
    the person's shift of that day ends, None where there is none.
    """

    person: str
    day: date
    shift_end: datetime | None
    scheduled: list[Row]
    overdue: list[Row]
    late: list[Row]
    unplanned: list[Row]


def agenda(desk: Desk, person: str, day: date, pending: Pending | None = None) -> Agenda:
    """Return the agenda of a person of the desk for a day in the desk's zone: of what is his and not solved."""
    start, end = _bounds(desk, day)
    begun = min(start, desk.now)
    past = Condition((Test("follow-up", "<", (desk.now,)),))
    with Index.open(desk.repo, pending, desk.progress) as index:
        scale = Scale(desk.policy, desk.now)
        mine = (Test("owner", "is", (person,)), _UNFINISHED)

        def found(*tests: Test, sort: str = "", groups: Sequence[tuple[Condition, ...]] = ()) -> list[Row]:
            order = ((sort, False),) if sort else query.DEFAULT_SORT
            return index.rows(Selection(Condition((*mine, *tests), tuple(groups)), scale, order))

        return Agenda(
            person,
            day,
            _shift_end(desk, person, start, end),
            found(Test("follow-up", ">=", (start,)), Test("follow-up", "<", (end,)), sort="follow-up"),
            found(Test("follow-up", "<", (begun,)), sort="follow-up"),
            found(Test("overdue", "is", (True,)), sort="due"),
            found(groups=[(_NONE, past)]),
        )


def follow_ups(desk: Desk, person: str, pending: Pending | None = None) -> list[Row]:
    """Return all tickets that a person is to follow up, from today on, in time order."""
    start, _ = _bounds(desk, desk.now.date())
    tests = (Test("owner", "is", (person,)), _UNFINISHED, Test("follow-up", ">=", (start,)))
    with Index.open(desk.repo, pending, desk.progress) as index:
        return index.rows(Selection(Condition(tests), Scale(desk.policy, desk.now), (("follow-up", False),)))


def _bounds(desk: Desk, day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in the desk's zone."""
    zone = ZoneInfo(desk.policy.desk.zone)
    start, end = (datetime.combine(day + timedelta(days=ahead), time(), zone) for ahead in (0, 1))
    return in_zone(start, zone), in_zone(end, zone)


def _shift_end(desk: Desk, person: str, start: datetime, end: datetime) -> datetime | None:
    """Return when the last shift ends that begins on the day."""
    hours = hours_of_person(desk.policy, Outside(desk.registers), person)
    if hours is None:
        return None
    ends = [closing for opening, closing in spells(hours, start, end + timedelta(days=1)) if start <= opening < end]
    return in_zone(ends[-1], ZoneInfo(desk.policy.desk.zone)) if ends else None
