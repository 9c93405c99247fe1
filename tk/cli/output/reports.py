"""Reports in words: for people and for programs from the same cells.

People get labels, lengths of time in the unit that suits, ways with arrows; programs keys, RFC 3339, days as numbers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tk.cli.output.columns import Column, Table
from tk.cli.output.voice import NOTHING, Voice
from tk.cli.terminal.safe import cell
from tk.core.reports.values import Named, Report, Word, plain
from tk.errors import say

_RIGHT = frozenset({"number", "share", "length"})
_BARS = "▁▂▃▄▅▆▇█"
ARROW = " → "
"""What stands between the steps of a way."""


def table_of(report: Report, voice: Voice) -> Table:
    """Return a report as a table; for people without the columns in which nothing stands."""
    columns = [
        Column(held.name, str(held.title), "number" if held.kind in _RIGHT else "text", shrinks=held.shrinks)
        for held in report.columns
    ]
    rows = [[words(value, voice) for value in row] for row in report.rows]
    if not voice.for_people or not rows:
        return Table(columns, rows)
    kept = [place for place, texts in enumerate(zip(*rows, strict=True)) if any(texts)]
    return Table([columns[place] for place in kept], [[row[place] for place in kept] for row in rows])


def words(value: object, voice: Voice) -> str:
    """Return what stands in a cell; "" for nothing."""
    return _for_people(value, voice) if voice.for_people else _for_programs(value)


def _for_programs(value: object) -> str:
    told = plain(value)
    if isinstance(told, list) and isinstance(value, tuple):
        gap = ARROW if any(isinstance(part, Named) for part in value) else " "
        return gap.join(str(plain(part) or NOTHING) for part in value)
    if isinstance(told, float):
        return f"{told:.6f}".rstrip("0").removesuffix(".")
    return "" if told is None else str(told)


def _for_people(value: object, voice: Voice) -> str:
    match value:
        case Named():
            return _named(value, voice)
        case tuple() if not isinstance(value, Word):
            steps = [_named(part, voice) or NOTHING for part in value if isinstance(part, Named)]
            return ARROW.join(steps) if steps else line(value)
        case Word():
            told = str(value.message)
        case timedelta():
            told = length(value)
        case datetime():
            told = voice.time(value)
        case float():
            told = f"{value:.1%}"
        case _:
            told = "" if value is None else cell(str(value))
    return told


def _named(value: Named, voice: Voice) -> str:
    if not value.key:
        return str(say("none")) if value.of else ""
    if value.of == "event":
        return voice.event_type(value.key)
    if value.of == "advance":
        return voice.value("status", value.key)
    if value.of in {"", "action"}:
        return cell(value.key)
    tree = voice.steps_of(value.of, value.key)
    return voice.value(value.of, value.key) if tree is None else tree


def length(time: timedelta) -> str:
    """Return a length of time in the largest unit of which it is one or more: `40.858 d`, `5.2 h`, `12 min`, `30 s`."""
    seconds = time.total_seconds()
    if abs(seconds) >= 86400:
        return str(say("{count} d", count=f"{seconds / 86400:.3f}"))
    if abs(seconds) >= 3600:
        return str(say("{count} h", count=f"{seconds / 3600:.1f}"))
    if abs(seconds) >= 60:
        return str(say("{count} min", count=f"{seconds / 60:.0f}"))
    return str(say("{count} s", count=f"{seconds:.0f}"))


def line(values: Sequence[object]) -> str:
    """Return numbers over time as a line of bars, one column each."""
    numbers = [value for value in values if isinstance(value, int)]
    most = max(numbers, default=0)
    return "".join(_BARS[(value * (len(_BARS) - 1) + most // 2) // most] if most else _BARS[0] for value in numbers)


def total_names(report: Report, voice: Voice) -> list[tuple[str, str]]:
    """Return what the totals of a report are called, and each in words; without those of nothing."""
    told = ((_title(name), _total(value, voice)) for name, value in report.totals.items())
    return [(name, value) for name, value in told if value]


def _total(value: object, voice: Voice) -> str:
    if isinstance(value, Mapping):
        if value.get("tickets") == 0:
            return ""
        return ", ".join(f"{_title(name)} {words(part, voice)}" for name, part in value.items() if words(part, voice))
    return "" if isinstance(value, tuple | str) else words(value, voice)


def _title(name: str) -> str:
    told = str(TITLES.get(name) or name.replace("_", " "))
    return told[:1].lower() + told[1:]


TITLES = {
    "tickets": say("tickets"),
    "first_response": say("first response"),
    "resolution": say("resolution"),
    "first_to_last": say("first to last event"),
    "mean_days": say("mean"),
    "median_days": say("median"),
    "p90_days": say("90 of 100"),
    "corrected": say("corrected"),
    "met": say("met"),
    "missed": say("missed"),
    "running": say("running"),
    "share_met": say("share met"),
    "open": say("open"),
    "waiting": say("waiting"),
    "overdue": say("overdue"),
    "without_next": say("no next step"),
    "solved": say("solved"),
    "minutes": say("minutes logged"),
    "scheduled": say("scheduled"),
    "none": say("none"),
    "logged": say("logged"),
    "good": say("Good"),
    "bad": say("Bad"),
    "rated": say("rated"),
    "share_good": say("share good"),
    "one_call": say("one call only"),
    "no_next_step": say("no next step"),
    "longest_waiting": say("waiting longest"),
    "ping_pong": say("back and forth"),
    "created": say("created"),
    "reopened": say("reopened"),
    "closed": say("closed"),
    "backlog": say("left"),
    "variants": say("variants"),
    "statuses": say("statuses"),
    "activities": say("activities"),
}
"""What people call a total, by its name."""
