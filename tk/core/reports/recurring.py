"""`recurring`: what comes up again and again (rule A14), by the branches of the category tree or by another key.

Counted are the tickets created within the bounds, by what they hold in the end: a type that was corrected counts as
corrected. What was reported at first stands beside it, since history keeps both.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tk.core.chronicle import Life, Value, text_of
from tk.core.reports.periods import between, name_of, start_of, suited
from tk.core.reports.values import Cell, Chart, Column, Named, Question, Report, share
from tk.errors import say

FIELDS = ("category", "type")
"""The keys whose changes this report reads, beside the one it groups by."""

_COLUMNS = (
    Column("key", say("What"), shrinks=True),
    Column("tickets", say("Tickets"), "number"),
    Column("share", say("Share"), "share"),
    Column("reported", say("Reported"), "number"),
    Column("corrected", say("Corrected"), "number"),
    Column("before", say("Before"), "number"),
    Column("periods", say("Over time"), "series"),
)


class _Counts(NamedTuple):
    """How many tickets hold what: in the end, at first, only in the end; and the first of these by period."""

    now: Counter[str]
    first: Counter[str]
    corrected: Counter[str]
    over_time: dict[str, Counter[str]]


def recurring(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report, the most frequent first; a branch of a tree counts what is below it, too."""
    key = question.by or "category"
    everything = list(lives)
    tickets = question.begun(everything)
    before = Counter(under for life in everything if _just_before(question, life) for under in _under(key, life))
    every = _every(question, tickets)
    counts = _counted(key, every, tickets)
    periods = _periods(every, tickets)
    ordered = sorted(counts.now.keys() | counts.first.keys(), key=lambda under: (-counts.now[under], under))
    rows: list[tuple[Cell, ...]] = []
    for under in ordered:
        held = counts.over_time.get(under, Counter())
        series = tuple(held[name] for name in periods)
        now, first, corrected = counts.now[under], counts.first[under], counts.corrected[under]
        known_before = before[under] if question.since is not None else None
        rows.append((Named(key, under), now, share(now, len(tickets)), first, corrected, known_before, series))
    changed = sum(text_of(_first(key, life)) != life.text(key) for life in tickets)
    return Report(
        name="recurring",
        title=say("What comes up most"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={"tickets": len(tickets), "corrected": changed, "every": every, "periods": tuple(periods)},
        chart=Chart("bars", ("tickets",)),
    )


def _counted(key: str, every: str, tickets: Iterable[Life]) -> _Counts:
    counts = _Counts(Counter(), Counter(), Counter(), {})
    for life in tickets:
        now, first = _under(key, life), _branches(_first(key, life))
        period = name_of(every, start_of(every, life.begun.date()))
        counts.now.update(now)
        counts.first.update(first)
        counts.corrected.update(under for under in now if under not in first)
        for under in now:
            counts.over_time.setdefault(under, Counter())[period] += 1
    return counts


def _under(key: str, life: Life) -> list[str]:
    return _branches(life.state.get(key))


def _branches(value: Value) -> list[str]:
    """Return what a value is counted under: a path of a tree with those above it, any other text alone."""
    if isinstance(value, str) or not value:
        return [text_of(value)]
    steps = text_of(value).split("/")
    return ["/".join(steps[: end + 1]) for end in range(len(steps))]


def _first(key: str, life: Life) -> Value:
    """Return what a ticket held first under a key."""
    changes = (change for step in life.steps if (change := step.change(key)) is not None)
    return next((change.after for change in changes if change.after), None)


def _just_before(question: Question, life: Life) -> bool:
    """Return whether a ticket was created within the time just before the bounds, as long as they are apart."""
    if question.since is None:
        return False
    length = (question.until or question.now) - question.since
    return question.since - length <= life.begun < question.since


def _bounds(tickets: list[Life]) -> tuple[datetime, datetime]:
    begun = [life.begun for life in tickets]
    return min(begun), max(begun)


def _every(question: Question, tickets: list[Life]) -> str:
    return question.every or (suited(*_bounds(tickets)) if tickets else "month")


def _periods(every: str, tickets: list[Life]) -> list[str]:
    return [name for name, _ in between(every, *_bounds(tickets))] if tickets else []
