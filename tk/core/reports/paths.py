"""`paths`: the ways tickets take, each with how many took it: through statuses or, by activity, through what was done.

Of the tickets created within the bounds. An activity is what one step did: the event it logged, else the action that
its changes are; a ticket's first step counts as `new` where it did nothing else.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from tk.core.chronicle import Life, Step, spans, text_of
from tk.core.reports.values import Chart, Column, Named, Question, Report, figures, plain, share
from tk.errors import say

BY = ("status", "activity")
"""What a way can lead through."""

_COLUMNS = (
    Column("path", say("Way"), "way", shrinks=True),
    Column("tickets", say("Tickets"), "number"),
    Column("share", say("Share"), "share"),
    Column("median_days", say("Median"), "length"),
)

_ACTIONS = {
    "status": "advance",
    "owner": "assign",
    "team": "assign",
    "follow-up": "schedule",
    "rating": "rate",
    "attachments": "attach",
    "links": "link",
    "requests": "request",
    "approvals": "approve",
}
"""The actions that a change of a key is, by the key; of any other key it is a `set`."""

_CLOCKS = frozenset({"due", "target", "paused", "breached", "fired"})
"""Keys whose changes follow from others."""

NEW = Named("action", "new")
"""What the first step of a ticket is, where it is nothing else."""

Way = tuple[Named, ...]


def paths(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report, the way that most took first."""
    by_activity = question.by == "activity"
    tickets = question.begun(lives)
    taken: dict[Way, list[timedelta]] = {}
    for life in tickets:
        way = tuple(_activities(life)) if by_activity else tuple(_statuses(life))
        taken.setdefault(way, []).append(life.last - life.begun)
    ordered = sorted(taken, key=lambda way: (-len(taken[way]), [str(plain(stop)) for stop in way]))
    stops = len({stop for way in taken for stop in way})
    rows = ((way, len(taken[way]), share(len(taken[way]), len(tickets)), figures(taken[way]).median) for way in ordered)
    return Report(
        name="paths",
        title=say("The ways tickets take"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={
            "tickets": len(tickets),
            "variants": len(taken),
            "activities" if by_activity else "statuses": stops,
        },
        chart=Chart("bars", ("tickets",)),
    )


def _statuses(life: Life) -> Iterator[Named]:
    return (Named("status", span.value) for span in spans(life, "status"))


def _activities(life: Life) -> Iterator[Named]:
    for step in life.steps:
        yield from _of(step)


def _of(step: Step) -> Iterator[Named]:
    if step.events:
        for event in sorted(step.events, key=lambda event: event.at):
            yield Named("event", event.type)
        return
    fields = [change.field for change in step.changes if change.field not in _CLOCKS]
    if "id" in fields:
        yield NEW
        return
    for name in dict.fromkeys(_ACTIONS.get(field) or f"set.{field}" for field in fields):
        change = step.change("status") if name == "advance" else None
        yield Named("action", name) if change is None else Named("advance", text_of(change.after))
