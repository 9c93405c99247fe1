"""What became of each ticket, step by step: the past that reports count, as values.

A step is what one commit did to one ticket. It happened when the ticket's own stamps say, so that a squash, a rebase or
an import does not move it; where they do not, when the commit was written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value] | None"
"""What front matter holds under a key, every scalar as written; None for nothing."""


class Happened(NamedTuple):
    """An event of a ticket's log: its id, when, of which type, by whom, its minutes of work, if written there."""

    id: str
    at: datetime
    type: str
    by: str
    minutes: int = 0


class Change(NamedTuple):
    """A key that changed: what stood there before and after, None for nothing."""

    field: str
    before: Value
    after: Value


class Step(NamedTuple):
    """What one commit did to one ticket.

    `at` is when it happened; `since` when the status it set began, which a squash of several steps knows better;
    `email` the author's. `events` are those it added to the log, or altered; `gone` the ids of those it took away.
    """

    commit: str
    at: datetime
    since: datetime
    email: str
    rule: str | None
    changes: tuple[Change, ...]
    events: tuple[Happened, ...]
    gone: tuple[str, ...] = ()

    def change(self, field: str) -> Change | None:
        """Return what became of a key in this step; None where nothing did."""
        return next((change for change in self.changes if change.field == field), None)


class Life(NamedTuple):
    """One ticket's past, in time order; `state` is what its keys held in the end, `begun` when it was created."""

    id: str
    begun: datetime
    steps: tuple[Step, ...]
    state: Mapping[str, Value]

    @property
    def events(self) -> Iterator[Happened]:
        """Every event of the log."""
        return (event for step in self.steps for event in step.events)

    @property
    def last(self) -> datetime:
        """When the last thing happened to it that git or its log knows of."""
        return max([self.begun, self.steps[-1].at, *(event.at for event in self.steps[-1].events)])

    def text(self, field: str) -> str:
        """Return what a key held in the end as text, the steps of a path joined by "/"; "" for nothing."""
        return text_of(self.state.get(field))


class Span(NamedTuple):
    """A stretch of time during which a key held one value; without an end it has not ended."""

    value: str
    start: datetime
    end: datetime | None

    def until(self, now: datetime) -> datetime:
        """Return the end of the span, `now` where it has none."""
        return now if self.end is None else self.end


def text_of(value: Value) -> str:
    """Return a value as text: a path's steps joined by "/", "" for nothing and for what is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return "/".join(map(str, value))
    return ""


def lived(number: str, steps: Sequence[Step]) -> Life | None:
    """Return the life that `steps` make in their order; None where nothing is left of them.

    A change is told against what was there then, whichever branch it was made on: what two sides both did counts once,
    and a merge only by what it made of them. An event counts in the step that first added it, as it reads in the end;
    one that was taken away, not at all.
    """
    kept: dict[str, Happened] = {}
    for step in steps:
        kept.update((event.id, event) for event in step.events)
        for taken in step.gone:
            kept.pop(taken, None)
    state: dict[str, Value] = {}
    told = []
    for step in steps:
        changes = tuple(_news(state, step.changes))
        events = tuple(held for event in step.events if (held := kept.pop(event.id, None)) is not None)
        if changes or events:
            told.append(step._replace(changes=changes, events=events))
    return Life(number, told[0].at, tuple(told), state) if told else None


def _news(state: dict[str, Value], changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes that changed something, and note them in `state`."""
    for field, _, after in changes:
        before = state.get(field)
        if before != after:
            state[field] = after
            yield Change(field, before, after)


def spans(life: Life, field: str) -> list[Span]:
    """Return the stretches during which a key held a value, in order; times without one are left out."""
    found: list[Span] = []
    value, start = "", life.begun
    for step in life.steps:
        change = step.change(field)
        if change is None:
            continue
        at = step.since if field == "status" else step.at
        at = max(at, start)
        if value:
            found.append(Span(value, start, at))
        value, start = text_of(change.after), at
    if value:
        found.append(Span(value, start, None))
    return found


def value_at(held: Sequence[Span], at: datetime) -> str:
    """Return which value was held at an instant, "" for none; the later one where one had just followed another."""
    return next((span.value for span in reversed(held) if span.start <= at and (span.end is None or at < span.end)), "")
