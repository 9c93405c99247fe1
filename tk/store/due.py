"""What may have fallen due: the tickets that a sweep has to look at, as far as the index can tell.

Nothing here reads the whole desk: each rule's condition goes to the index as far as that can test it. A desk on which
nothing is due is answered about as fast as a list, so what judges and writes tickets stays shut here.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tk.core.condition_terms import Condition, Test
from tk.core.finding import Finding
from tk.core.instant import LATE_ENTRY
from tk.core.rules import SweepRule, in_force
from tk.core.ticket import Ticket
from tk.errors import say
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale
from tk.store.index_changes import Pending

_OVERDUE = Test("overdue", "is", (True,))
_UNCLOSED = Test("kind", "is", ("closed",), negated=True)
_CLOCKS = ("due", "breached")


class Seen(NamedTuple):
    """What the index knows of what is due.

    `candidates` are the files to be looked at; `late` has, by file, as much of each ticket with a clock overdue as
    tells which; `total` counts the desk's tickets, `broken` tells of each file that is none, and `ahead` of each ticket
    that says it was changed at an instant yet to come, which a sweep leaves alone.
    """

    candidates: list[str]
    late: dict[str, Ticket]
    total: int
    broken: list[Finding]
    ahead: list[Finding]

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do and nothing to tell."""
        return not (self.candidates or self.late or self.broken or self.ahead)


def look(desk: Desk, pending: Pending | None = None, *, today: datetime | None = None, restamp: bool = False) -> Seen:
    """Return what may be due at the desk's instant; with `restamp` every ticket that is not closed may be.

    `today` is the instant at which one looks, where that is not the desk's.
    """
    policy = desk.reading.usable()
    scale = Scale(policy, desk.now)
    with Index.open(desk.repo, pending, desk.progress) as index:

        def found(condition: Condition) -> Iterator[str]:
            return (row.path for row in index.rows(Selection(condition, scale), lambda _, __: True))

        late = {row.path: _of_front(row) for row in index.rows(Selection(Condition((_OVERDUE,)), scale, front=True))}
        paths = {path for path, ticket in late.items() if _is_unmarked(ticket, desk.now)}
        for rule in policy.sweeps:
            if in_force(rule, desk.now):
                paths.update(found(_wanted(rule)))
        if restamp:
            paths.update(found(Condition((_UNCLOSED,))))
        broken = [finding._replace(severity="warning") for finding in index.broken()]
        limit = max(desk.now, today or desk.now) + LATE_ENTRY
        changed = index.rows(Selection(Condition((Test("updated", ">", (limit,)),)), scale, front=True))
        ahead = [_ahead(row) for row in changed]
        return Seen(sorted(paths), late, index.total() - len(broken), broken, ahead)


def _ahead(row: Row) -> Finding:
    """Return what is to be told of a ticket that says it was changed at an instant yet to come."""
    message = say(
        "{id}: it was changed at {at}, as it says, which is yet to come: no sweep sees it until it is changed again",
        id=row.id,
        at=json.loads(row.front)["updated"],
    )
    return Finding(row.path, 0, 0, "postdated", "warning", message, ticket=row.id)


def _wanted(rule: SweepRule) -> Condition:
    """Return when a rule may have something to do: its condition, and that it has not acted where it does but once."""
    unfired = (Test(f"fired.{rule.key}", "none"),) if rule.once else ()
    return rule.when._replace(tests=(*rule.when.tests, *unfired))


def _of_front(row: Row) -> Ticket:
    """Return as much of the ticket as tells which clocks are due, and which of them are marked."""
    from tk.store.codec.shape import typed  # what is not late does without

    front = json.loads(row.front)
    return typed({key: front[key] for key in _CLOCKS if key in front}, row.id)[0]


def _is_unmarked(ticket: Ticket, at: datetime) -> bool:
    from tk.core.clocks.clock import mark_breaches

    return mark_breaches(ticket, at) != ticket
