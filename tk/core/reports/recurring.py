"""`recurring`: what comes up again and again (rule A14), by the branches of the category tree or by another key.

Counted are the tickets created within the bounds, by what they hold in the end: a type that was corrected counts as
corrected. What was reported at first stands beside it, since history keeps both.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

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
    Column("reported", say("Reported so"), "number"),
    Column("corrected", say("Corrected to it"), "number"),
    Column("before", say("Time before"), "number"),
    Column("periods", say("Over time"), "series"),
)


def recurring(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report, the most frequent first; a branch of a tree counts what is below it, too."""
    key = question.by or "category"
    everything = list(lives)
    tickets = question.begun(everything)
    before = Counter(under for life in everything if _just_before(question, life) for under in _under(key, life))
    counts: Counter[str] = Counter()
    reported: Counter[str] = Counter()
    corrected: Counter[str] = Counter()
    over_time: dict[str, Counter[str]] = {}
    every = _every(question, tickets)
    for life in tickets:
        now, first = _under(key, life), _branches(_first(key, life))
        period = name_of(every, start_of(every, life.begun.date()))
        counts.update(now)
        reported.update(first)
        corrected.update(under for under in now if under not in first)
        for under in now:
            over_time.setdefault(under, Counter())[period] += 1
    names = _periods(every, tickets)
    ordered = sorted(counts.keys() | reported.keys(), key=lambda under: (-counts[under], under))
    rows: list[tuple[Cell, ...]] = []
    for under in ordered:
        held = over_time.get(under, Counter())
        series = tuple(held[name] for name in names)
        whole = share(counts[under], len(tickets))
        known_before = before[under] if question.since is not None else None
        rows.append((Named(key, under), counts[under], whole, reported[under], corrected[under], known_before, series))
    return Report(
        name="recurring",
        title=say("What comes up most"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={
            "tickets": len(tickets),
            "corrected": _corrected(key, tickets),
            "every": every,
            "periods": tuple(names),
        },
        chart=Chart("bars", ("tickets",)),
    )


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


def _corrected(key: str, tickets: Iterable[Life]) -> int:
    return sum(text_of(_first(key, life)) != life.text(key) for life in tickets)


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
