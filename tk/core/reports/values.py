"""What a report is asked and what it answers with, before it is known how it will be shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from tk.core.chronicle import Life
from tk.core.instant import format_instant
from tk.core.policy import Policy
from tk.errors import Message


class Named(NamedTuple):
    """A key of the desk's vocabulary: programs read `key`, people what it is called among the values of `of`.

    `of` is a key of the ticket, "event" for a type of event, "action" for an action, or "advance" for the
    status that a step led to.
    """

    of: str
    key: str


class Word(NamedTuple):
    """A word of the report's own: programs read `key`, people the message."""

    key: str
    message: Message


Cell: TypeAlias = "str | int | float | datetime | timedelta | Named | Word | tuple[Named, ...] | tuple[int, ...] | None"
"""What stands in a row; a tuple is a way, one thing after another, or a series of numbers over time."""


class Column(NamedTuple):
    """A column of a report.

    `name` is for programs, `title` for people. `kind` is "text", "number", "share" (of one), "length" (of time, which
    programs read in days), "instant", "way" or "series". One that `shrinks` gives way where the screen is too narrow.
    """

    name: str
    title: Message
    kind: str = "text"
    shrinks: bool = False


class Chart(NamedTuple):
    """What of a report is worth a picture.

    `kind` is "bars" (beside each row what its first column says, one bar a value) or "lines" (over time). `values`
    names the columns to be drawn; `only` a word in the first column without which a row is left out, "" for none.
    """

    kind: str
    values: tuple[str, ...]
    only: str = ""


class Report(NamedTuple):
    """A report: its columns, rows and totals, for the time from `since` and before `until`, without a bound where None.

    `totals` are by name; a number, a share of one, a length of time, or a map of such.
    """

    name: str
    title: Message
    since: datetime | None
    until: datetime | None
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: Mapping[str, object]
    chart: Chart | None = None

    def place(self, column: str) -> int:
        """Return where a column stands."""
        return next(place for place, held in enumerate(self.columns) if held.name == column)


Business = Callable[[datetime, datetime], timedelta]
"""How much business time lies between two instants."""


class Question(NamedTuple):
    """What a report is asked.

    `now` is the instant by which it is told, in the desk's zone; `since` and `until` bound it (the latter excluded);
    `by` is the key of a ticket to group by, "" for the report's own choice; `every` a length of time to count over;
    `business` measures business time, None where the desk has none.
    """

    policy: Policy
    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    every: str = ""
    business: Business | None = None

    def covers(self, at: datetime) -> bool:
        """Return whether an instant lies within the bounds."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def begun(self, lives: Iterable[Life]) -> list[Life]:
        """Return the tickets that were created within the bounds."""
        return [life for life in lives if self.covers(life.begun)]


class Figures(NamedTuple):
    """The mean, the median and the 90th percentile of so many lengths of time; of none, no time."""

    tickets: int
    mean: timedelta | None = None
    median: timedelta | None = None
    p90: timedelta | None = None

    @property
    def cells(self) -> tuple[timedelta | None, timedelta | None, timedelta | None]:
        """The three as a row holds them."""
        return self.mean, self.median, self.p90


def figures(lengths: Sequence[timedelta]) -> Figures:
    """Return the figures of some lengths of time; what lies between two of them is found in proportion."""
    if not lengths:
        return Figures(0)
    seconds = sorted(length.total_seconds() for length in lengths)
    mean = timedelta(seconds=sum(seconds) / len(seconds))
    return Figures(len(seconds), mean, _percentile(seconds, 0.5), _percentile(seconds, 0.9))


def _percentile(ordered: Sequence[float], part: float) -> timedelta:
    place = (len(ordered) - 1) * part
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return timedelta(seconds=ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def share(part: int, whole: int) -> float | None:
    """Return how much of one `part` is of `whole`, to a ten-thousandth; None of nothing."""
    return round(part / whole, 4) if whole else None


def group(question: Question, life: Life, otherwise: str = "") -> Named:
    """Return what a ticket is counted under: what it held in the end under the key asked for, or `otherwise`."""
    key = question.by or otherwise
    return Named(key, life.text(key))


def days(length: timedelta) -> float:
    """Return a length of time in days: to a thousandth, below one day to a millionth."""
    told = length.total_seconds() / 86400
    return round(told, 3 if abs(told) >= 1 else 6)


def plain(value: object) -> object:
    """Return a cell or a total as programs read it: keys, RFC 3339, days."""
    match value:
        case Named(of="advance"):
            return f"advance.{value.key}"
        case Named() | Word():
            return value.key or None
        case datetime():
            return format_instant(value)
        case timedelta():
            return days(value)
        case tuple():
            return [plain(part) for part in value]
        case Mapping():
            return {name: plain(part) for name, part in value.items()}
        case "":
            return None
    return value


def report_json(report: Report) -> dict[str, object]:
    """Return the report as programs read it: `report since until rows totals` (design, section 4)."""
    names = [column.name for column in report.columns]
    return {
        "report": report.name,
        "since": plain(report.since),
        "until": plain(report.until),
        "rows": [{name: plain(cell) for name, cell in zip(names, row, strict=True)} for row in report.rows],
        "totals": plain(report.totals),
    }
