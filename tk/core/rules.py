"""The rules of a policy as values: consequences, routes, deadlines, sweeps, decisions, notices, and what they go by.

A rule that bears `since` and `until` is in force from the one day, and no longer on the other, in the desk's zone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol

from tk.core.condition_terms import Condition
from tk.core.instant import Duration
from tk.core.vocabulary import Labels, Plain, Vocabulary

Spells = tuple[tuple[int, int], ...]
"""The spells of one day in minutes since its midnight: each a beginning and an end, which may lie after the next."""


class Dated(Protocol):
    """A rule that is in force for a time."""

    @property
    def since(self) -> date | None:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The day after the last."""


def in_force(rule: Dated, at: datetime) -> bool:
    """Return whether the rule is in force on the day that `at` has in its own offset, the desk's (desks.md A20)."""
    day = at.date()
    return (rule.since is None or rule.since <= day) and (rule.until is None or day < rule.until)


FIRST_RESPONSE = "first-response"
NEXT_RESPONSE = "next-response"
RESOLUTION = "resolution"
CLOCKS = (FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION)
"""The clocks that tk itself starts and ends; any other is the desk's own."""

HOLIDAY = "date"
"""The column of a register that says which days are holidays."""


class Calendar(NamedTuple):
    """Hours in which somebody works; `week` has the spells of seven days, Monday first, `holidays` names registers."""

    key: str
    labels: Labels
    zone: str
    week: tuple[Spells, ...]
    holidays: tuple[str, ...] = ()
    line: int = 0


class Cover(NamedTuple):
    """A term in a register: the columns of its first and last day, None for one without end."""

    since: str | None = None
    until: str | None = None


class Register(NamedTuple):
    """A CSV table in the desk: `column` tells its rows apart, `columns` are the others it must have.

    `covers` are facts made of terms; where it is `required`, a ticket may name only what stands in it. In the columns
    `days` there are days alone.
    """

    key: str
    labels: Labels
    file: str
    column: str
    columns: tuple[str, ...] = ()
    covers: Mapping[str, Cover] = {}
    required: bool = False
    line: int = 0
    days: tuple[str, ...] = ()


class Mail(NamedTuple):
    """Who the desk's letters are from."""

    address: str
    name: str
    line: int = 0


class Consequence(NamedTuple):
    """What an action brings with it: values set, facts copied, to whom it is assigned, the status, a note.

    `set` holds values as a ticket does, keyed by field; `copy` the name of a fact; `assign` a person, a team or a
    reference.
    """

    key: str
    labels: Labels
    action: str
    when: Condition | None = None
    set: Mapping[str, object] = {}
    copy: Mapping[str, str] = {}
    assign: str | None = None
    advance: str | None = None
    note: Labels | None = None
    since: date | None = None
    until: date | None = None
    line: int = 0


class Route(NamedTuple):
    """To whom a ticket goes that nobody has.

    Either `to` (a person, a team or a reference), or one of `among` (people, teams and roles), picked "least-loaded" or
    "in-turn", or what the `column` of a `register` says of the code that stands in the ticket.
    """

    key: str
    labels: Labels
    when: Condition | None = None
    to: str | None = None
    among: tuple[str, ...] = ()
    pick: str = "least-loaded"
    register: str | None = None
    column: str | None = None
    since: date | None = None
    until: date | None = None
    line: int = 0


class Deadline(NamedTuple):
    """How long a clock may run: `targets` by priority, "" for any; business time goes by `calendar`.

    In the statuses `stops` the clock stands still. A clock of the desk's own begins by `start` and is done by `end`.
    """

    key: str
    labels: Labels
    clock: str
    targets: Mapping[str, Duration]
    when: Condition | None = None
    calendar: str | None = None
    stops: tuple[str, ...] = ()
    start: Condition | None = None
    end: Condition | None = None
    since: date | None = None
    until: date | None = None
    line: int = 0


class SweepRule(NamedTuple):
    """What falls due by itself; `report` is what the sweep says of it, `once` stamps it in the ticket's `fired`."""

    key: str
    labels: Labels
    when: Condition
    set: Mapping[str, object] = {}
    assign: str | None = None
    advance: str | None = None
    note: Labels | None = None
    report: Labels | None = None
    once: bool = False
    since: date | None = None
    until: date | None = None
    line: int = 0


class Question(NamedTuple):
    """A fact of a decision table: its answers, the question, and the conditions by which a ticket answers.

    One to `record` is asked where no row depends on it, too.
    """

    key: str
    labels: Labels
    values: Vocabulary[Plain]
    found: Mapping[str, Condition] = {}
    record: bool = False
    line: int = 0


Case = Mapping[str, tuple[str, ...]]
"""Facts of a decision table, each with the answers it may have; a fact left out may have any."""


class Row(NamedTuple):
    """A row of a decision table: the case it is for, what to do and why.

    `may` are the reasons for which a complaint may be filed then; where it `forbids`, none may; `ask` is who decides.
    """

    key: str
    labels: Labels
    case: Case
    reason: Labels
    may: tuple[str, ...] = ()
    forbids: bool = False
    ask: str | None = None
    line: int = 0


class Complaint(NamedTuple):
    """The ticket that a complaint makes: its link to the earlier one, the reasons, the field that holds the reason."""

    link: str | None
    reasons: Vocabulary[Plain]
    field: str | None
    set: Mapping[str, object] = {}


class Decision(NamedTuple):
    """A table of decisions; `impossible` are cases that no row need cover, `ask` is who decides what none covers.

    A row's `labels` are its advice.
    """

    key: str
    labels: Labels
    questions: Vocabulary[Question]
    rows: tuple[Row, ...]
    impossible: tuple[Case, ...] = ()
    ask: str | None = None
    complaint: Complaint | None = None
    line: int = 0


SWEEP = "sweep."
"""What a notice's action begins with that is not an action but a sweep rule."""


class Notice(NamedTuple):
    """Who is written to, and when: `to` holds references, people, teams, roles, addresses."""

    key: str
    labels: Labels
    action: str
    to: tuple[str, ...]
    template: str
    when: Condition | None = None
    since: date | None = None
    until: date | None = None
    line: int = 0
