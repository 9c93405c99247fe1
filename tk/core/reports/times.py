"""`time`: how long tickets took, in natural and in business time (rules D14, E11).

Of the tickets created within the bounds: the time in each status and with each owner, to the first answer, to the
solution, and from the first thing that happened to the last. What has not ended counts up to now, but for statuses in
which nothing is expected any more; time with an owner counts while the ticket was neither solved nor closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tk.core.chronicle import Life, spans
from tk.core.reports.courses import DONE, contacts, held, solved_at
from tk.core.reports.values import Cell, Chart, Column, Named, Question, Report, Word, figures, group
from tk.errors import Message, say

FIELDS = ("status", "owner")
"""The keys whose changes this report reads, beside the one it groups by."""


class _Taken(NamedTuple):
    """What one ticket took of one measure: the times it is made of."""

    measure: str
    under: Named
    times: tuple[tuple[datetime, datetime], ...]


MEASURES: Mapping[str, Message] = {
    "first-response": say("First response"),
    "resolution": say("Resolution"),
    "first-to-last": say("First to last event"),
    "status": say("In status"),
    "owner": say("With owner"),
}
"""What is measured, by name."""

_COLUMNS = (
    Column("measure", say("What")),
    Column("key", say("Of which"), shrinks=True),
    Column("tickets", say("Tickets"), "number"),
    Column("mean_days", say("Mean"), "length"),
    Column("median_days", say("Median"), "length"),
    Column("p90_days", say("90 of 100"), "length"),
    Column("business_mean_days", say("Mean in hours"), "length"),
    Column("business_median_days", say("Median in hours"), "length"),
    Column("business_p90_days", say("90 of 100 in hours"), "length"),
)

_Lengths = dict[tuple[str, Named], list[timedelta]]


def time(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report; lengths of business time are missing where no calendar applies."""
    natural: _Lengths = {}
    business: _Lengths = {}
    tickets = question.begun(lives)
    for life in tickets:
        for measure, under, times in _of(question, life):
            natural.setdefault((measure, under), []).append(_sum(end - start for start, end in times))
            if question.business is not None:
                spent = _sum(question.business(start, end) for start, end in times)
                business.setdefault((measure, under), []).append(spent)
    return Report(
        name="time",
        title=say("How long tickets took"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(_rows(question, natural, business)),
        totals={"tickets": len(tickets), **_totals(natural)},
        chart=Chart("bars", ("mean_days",), "status"),
    )


def _of(question: Question, life: Life) -> Iterator[_Taken]:
    policy, now = question.policy, question.now
    under = group(question, life) if question.by else Named("", "")
    answered = next(iter(contacts(policy, life, "to")), None)
    if answered is not None:
        yield _Taken("first-response", under, ((life.begun, max(life.begun, answered.at)),))
    solved = solved_at(policy, life)
    if solved is not None:
        yield _Taken("resolution", under, ((life.begun, solved),))
    yield _Taken("first-to-last", under, ((life.begun, life.last),))
    in_status: dict[str, list[tuple[datetime, datetime]]] = {}
    for span in spans(life, "status"):
        if span.end is not None or policy.kind(span.value) not in DONE:
            in_status.setdefault(span.value, []).append((span.start, span.until(now)))
    yield from (_Taken("status", Named("status", key), tuple(times)) for key, times in in_status.items())
    with_owner = held(policy, life, now)
    yield from (_Taken("owner", Named("owner", key), tuple(times)) for key, times in with_owner.items())


def _rows(question: Question, natural: _Lengths, business: _Lengths) -> Iterator[tuple[Cell, ...]]:
    measures = list(MEASURES)
    statuses = list(question.policy.statuses.entries)

    def place(item: tuple[str, Named]) -> tuple[int, int, str]:
        measure, under = item
        known = measure == "status" and under.key in statuses
        return measures.index(measure), statuses.index(under.key) if known else len(statuses), under.key

    for measure, under in sorted(natural, key=place):
        taken = figures(natural[measure, under])
        open_time = figures(business.get((measure, under), []))
        yield (Word(measure, MEASURES[measure]), under, taken.tickets, *taken.cells, *open_time.cells)


def _totals(natural: _Lengths) -> dict[str, object]:
    """Return the figures of each measure that is of the ticket whole, over all groups."""
    totals: dict[str, object] = {}
    for measure in ("first-response", "resolution", "first-to-last"):
        lengths = [length for (name, _), held in natural.items() if name == measure for length in held]
        found = figures(lengths)
        named = zip(("mean_days", "median_days", "p90_days"), found.cells, strict=True)
        totals[measure.replace("-", "_")] = {"tickets": found.tickets, **dict(named)}
    return totals


def _sum(lengths: Iterable[timedelta]) -> timedelta:
    return sum(lengths, timedelta())
