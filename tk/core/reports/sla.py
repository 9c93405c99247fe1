"""`sla`: which clocks were met and which were missed, by whom (rules D7, E11).

Of the tickets created within the bounds: a clock that fell due is missed, by whoever had the ticket then; one that runs
or stands still is neither yet; every other that was ever set is met, by who has the ticket.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from tk.core.chronicle import Life, value_at
from tk.core.reports.courses import entries, instant_of, is_done, owners
from tk.core.reports.values import Chart, Column, Named, Question, Report, group, share
from tk.errors import say

FIELDS = ("status", "owner", "target", "due", "paused", "breached")
"""The keys whose changes this report reads, beside the one it groups by."""

_STATES = ("met", "missed", "running")

_COLUMNS = (
    Column("clock", say("Clock")),
    Column("key", say("By"), shrinks=True),
    Column("met", say("Met"), "number"),
    Column("missed", say("Missed"), "number"),
    Column("running", say("Running"), "number"),
    Column("share_met", say("Share met"), "share"),
)


def sla(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report, by owner where nothing else is asked."""
    counts: Counter[tuple[str, Named, str]] = Counter()
    for life in question.begun(lives):
        for clock, state, fell_due in _clocks(question, life):
            counts[clock, _under(question, life, fell_due), state] += 1
    keys = sorted({(clock, under) for clock, under, _ in counts})
    rows = []
    for clock, under in keys:
        met, missed, running = (counts[clock, under, state] for state in _STATES)
        rows.append((clock, under, met, missed, running, share(met, met + missed)))
    totals = {state: sum(count for (_, _, held), count in counts.items() if held == state) for state in _STATES}
    return Report(
        name="sla",
        title=say("Deadlines met and missed"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={**totals, "share_met": share(totals["met"], totals["met"] + totals["missed"])},
        chart=Chart("bars", ("met", "missed")),
    )


def _clocks(question: Question, life: Life) -> Iterator[tuple[str, str, datetime | None]]:
    """Yield each clock of a ticket that was ever set, how it went, and when it fell due if it was missed."""
    held = {key: entries(life.state.get(key)) for key in ("target", "due", "paused", "breached")}
    for clock in dict.fromkeys(clock for clocks in held.values() for clock in clocks):
        due = instant_of(held["breached"].get(clock) or held["due"].get(clock), question.now)
        if clock in held["breached"] or (due is not None and due < question.now):
            yield clock, "missed", due
        elif clock in held["due"] or (clock in held["paused"] and not is_done(question.policy, life)):
            yield clock, "running", None
        else:
            yield clock, "met", None


def _under(question: Question, life: Life, fell_due: datetime | None) -> Named:
    if question.by in {"", "owner"} and fell_due is not None:
        return Named("owner", value_at(owners(life), fell_due))
    return group(question, life, "owner")
