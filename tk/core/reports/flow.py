"""`flow`: what came in and what was solved, period by period, and what was left at the end of each."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from tk.core.chronicle import Life
from tk.core.policy import Policy
from tk.core.reports.courses import DONE, stretches
from tk.core.reports.periods import between, suited
from tk.core.reports.values import Cell, Chart, Column, Named, Question, Report, group
from tk.errors import say

FIELDS = ("status",)
"""The keys whose changes this report reads, beside the one it groups by."""

_COLUMNS = (
    Column("period", say("Period")),
    Column("key", say("Of which"), shrinks=True),
    Column("created", say("Created"), "number"),
    Column("solved", say("Solved"), "number"),
    Column("reopened", say("Reopened"), "number"),
    Column("closed", say("Closed"), "number"),
    Column("backlog", say("Left"), "number"),
)
_COUNTED = ("created", "solved", "reopened", "closed")

_Instants = Mapping[str, Sequence[datetime]]


def flow(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report: a row for each period and, where it is asked by a key, each of its values.

    Without bounds it goes from the first to the last thing that happened; since some day, up to now.
    """
    groups: dict[Named, dict[str, list[datetime]]] = {}
    for life in lives:
        under = group(question, life) if question.by else Named("", "")
        held = groups.setdefault(under, {name: [] for name in _COUNTED})
        for name, at in _events(question.policy, life):
            held[name].append(at)
    for held in groups.values():
        for instants in held.values():
            instants.sort()
    rows = tuple(_rows(question, groups))
    counted = {name: sum(_within(question, held[name]) for held in groups.values()) for name in _COUNTED}
    backlog = sum(_left(held, question.until) for held in groups.values())
    return Report(
        name="flow",
        title=say("What came in, what was solved, what was left"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=rows,
        totals={**counted, "backlog": backlog},
        chart=Chart("lines", ("created", "solved", "backlog")),
    )


def _events(policy: Policy, life: Life) -> Iterator[tuple[str, datetime]]:
    """Yield what happened to a ticket as this report counts it; one that was created solved is both at once."""
    yield "created", life.begun
    was_done = was_closed = False
    for stretch in stretches(policy, life):
        is_done = stretch.kind in DONE
        if is_done != was_done:
            yield ("solved" if is_done else "reopened"), stretch.start
        if stretch.kind == "closed" and not was_closed:
            yield "closed", stretch.start
        was_done, was_closed = is_done, stretch.kind == "closed"


def _rows(question: Question, groups: Mapping[Named, _Instants]) -> Iterator[tuple[Cell, ...]]:
    instants = [at for held in groups.values() for name in _COUNTED for at in held[name]]
    if not instants:
        return
    first = question.since or min(instants)
    last = max(first, question.until or (max(instants) if question.since is None else question.now))
    begin = question.since
    for name, end in between(question.every or suited(first, last), first, last):
        until = end if question.until is None else min(end, question.until)
        for under in sorted(groups):
            held = groups[under]
            counts = (_count(held[counted], begin, until) for counted in _COUNTED)
            yield (name, under, *counts, _left(held, until))
        begin = until
        if question.until is not None and until >= question.until:
            return


def _count(ordered: Sequence[datetime], since: datetime | None, until: datetime | None) -> int:
    start = 0 if since is None else bisect_left(ordered, since)
    return (len(ordered) if until is None else bisect_left(ordered, until)) - start


def _within(question: Question, ordered: Sequence[datetime]) -> int:
    return _count(ordered, question.since, question.until)


def _left(held: _Instants, until: datetime | None) -> int:
    """Return how many tickets were neither solved nor closed just before an instant, or in the end."""
    counts = {name: _count(held[name], None, until) for name in _COUNTED}
    return counts["created"] - counts["solved"] + counts["reopened"]
