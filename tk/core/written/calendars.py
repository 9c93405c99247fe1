"""What tk.toml says of calendars: the hours of each weekday, their zone, their holidays, and whose shift one is."""

from collections.abc import Iterator, Mapping

from tk.core.condition_terms import Path
from tk.core.names import nearest
from tk.core.policy import Policy
from tk.core.rules import HOLIDAY, Calendar, Spells
from tk.core.vocabulary import vocabulary
from tk.core.written import file
from tk.core.written.builder import LineOf, check_zone, labels
from tk.core.written.faults import Faults
from tk.core.written.file_rules import Calendar as Written
from tk.errors import Message, say

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY


def add_calendars(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the calendars of `data`, the one that conditions go by, and the shifts of people."""
    reader = _Reader(policy, line_of, faults)
    calendars = vocabulary(reader.calendar(key, written) for key, written in data.calendars.items())
    reader = _Reader(policy._replace(calendars=calendars), line_of, faults)
    own = reader.known(data.desk.calendar, ("desk", "calendar")) or next(iter(calendars.entries), None)
    people = vocabulary(
        person._replace(shift=reader.known(data.people[key].shift, ("people", key, "shift")))
        for key, person in policy.people.entries.items()
    )
    holidays = {name for calendar in calendars.entries.values() for name in calendar.holidays}
    registers = vocabulary(
        register._replace(days=(HOLIDAY,)) if register.key in holidays else register
        for register in policy.registers.entries.values()
    )
    desk = policy.desk._replace(calendar=own)
    return policy._replace(calendars=calendars, registers=registers, people=people, desk=desk)


class _Reader:
    def __init__(self, policy: Policy, line_of: LineOf, faults: Faults) -> None:
        self._policy = policy
        self._line = line_of
        self._faults = faults

    def known(self, name: str | None, path: Path) -> str | None:
        """Return the calendar called `name`; None, noted, where there is none."""
        calendars = self._policy.calendars
        if name is None or name in calendars.entries:
            return name
        self._faults.unknown(path, say("calendar"), name, calendars.find(name) or nearest(name, calendars.entries))
        return None

    def calendar(self, key: str, written: Written) -> Calendar:
        path: Path = ("calendars", key)
        zone = written.zone or self._policy.desk.zone
        if written.zone is not None:
            check_zone(written.zone, (*path, "zone"), self._faults)
        week = self._week(written.hours, (*path, "hours"))
        if not any(week) and not self._is_noted(path):
            self._faults.add_key(path, "bad-hours", say("the calendar {calendar} has no hours at all", calendar=key))
        holidays = tuple(self._holidays(written.holidays, (*path, "holidays")))
        return Calendar(key, labels(written.label), zone, week, holidays, self._line(path))

    def _is_noted(self, path: Path) -> bool:
        """Return whether something is noted already, for which hours may be gone."""
        return any(fault.path[: len(path)] == path for fault in self._faults.found)

    def _week(self, written: Mapping[str, list[str]], path: Path) -> tuple[Spells, ...]:
        """Return the spells of seven days; one that lies over another is noted, and left out."""
        week: list[list[tuple[int, int]]] = [[] for _ in _DAYS]
        taken: list[tuple[int, int]] = []
        for days, texts in written.items():
            for here, text in self._faults.numbered((*path, days), texts):
                spell = _spell(text)
                if isinstance(spell, Message):
                    self._faults.add(here, "bad-hours", spell)
                    continue
                for day in _days(days):
                    begin, end = day * _DAY + spell[0], day * _DAY + spell[1]
                    if any(_meet((begin, end), other) for other in taken):
                        message = say(
                            "on {day}, {spell} lies over other hours of this calendar", day=_DAYS[day], spell=text
                        )
                        self._faults.add(here, "bad-hours", message)
                        break
                    taken.append((begin, end))
                    week[day].append(spell)
        return tuple(tuple(sorted(day)) for day in week)

    def _holidays(self, written: list[str], path: Path) -> Iterator[str]:
        registers = self._policy.registers
        for here, name in self._faults.numbered(path, written):
            register = registers.entries.get(name)
            if register is None:
                self._faults.unknown(
                    here, say("register"), name, registers.find(name) or nearest(name, registers.entries)
                )
            elif HOLIDAY not in (register.column, *register.columns):
                message = say('the register {register} has no column "{column}"', register=name, column=HOLIDAY)
                self._faults.add(here, "unknown-name", message)
            else:
                yield name


def _days(text: str) -> Iterator[int]:
    """Yield the days that `mon-fri` names, Monday being 0; from one to another goes round the week."""
    first, _, last = text.partition("-")
    day = _DAYS.index(first)
    yield day
    while last and _DAYS[day] != last:
        day = (day + 1) % len(_DAYS)
        yield day


def _spell(text: str) -> tuple[int, int] | Message:
    """Return the minutes that `22:00-06:00` names, or what is wrong with them."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in text.split("-"))
    if end > _DAY:
        return say("{spell} ends at no time of day; midnight is 24:00", spell=text)
    if start == end:
        return say("{spell} is no time at all; a whole day is 00:00-24:00", spell=text)
    return (start, end) if end > start else (start, end + _DAY)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether two spells of a week lie over each other, one week's end being the next one's beginning."""
    return any(one[0] < other[1] + turn and other[0] + turn < one[1] for turn in (-_WEEK, 0, _WEEK))
