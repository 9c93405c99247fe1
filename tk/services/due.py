"""The clocks that run: of the tickets that a query finds, what falls due when."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core import query
from tk.core.conditions.language import Condition, Test, holds
from tk.core.facts import Facts
from tk.core.finding import Finding
from tk.core.instant import Duration
from tk.core.ticket import Ticket
from tk.core.values import choose
from tk.core.vocabulary import Plain, vocabulary
from tk.errors import WrongUsage, say
from tk.store import codec
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale
from tk.store.index_changes import Pending

_RUNS = Test("due", "none", (), negated=True)


class Running(NamedTuple):
    """A clock that runs: whose, which, and when it falls due."""

    path: str
    ticket: Ticket
    clock: str
    due: datetime


class Clocks(NamedTuple):
    """The clocks found, in order, and one finding for each ticket file that could not be read."""

    running: list[Running]
    broken: list[Finding]


def running(
    desk: Desk,
    words: Sequence[str],
    within: Duration | None = None,
    clock: str | None = None,
    pending: Pending | None = None,
) -> Clocks:
    """Return the clocks of the tickets that the words of a query find, what is due soonest first unless they sort.

    Args:
        desk: the desk.
        words: the query; its limit is one on clocks.
        within: only those that are late or have no more than this left; business time goes by the clock's calendar.
        clock: only the clock of this name.
        pending: the look at the files that is under way.

    Raises:
        WrongUsage: a word is none of the query language, no clock is called so, or business time has no calendar.
    """
    policy = desk.policy
    if within is not None and within.is_business and not policy.calendars.entries:
        raise WrongUsage(say("business time needs a calendar, and this desk has none"))
    clock = None if clock is None else _named(desk, clock)
    asked = query.parse(words, policy, desk.actor.handle if query.names_me(words) else None, desk.now)
    condition = asked.condition._replace(tests=(*asked.condition.tests, _RUNS))
    with Index.open(desk.repo, pending, desk.progress) as index:
        selection = Selection(
            condition, Scale(policy, desk.now), asked.sort, None, words=asked.words, without=asked.without
        )
        rows = index.rows(selection, lambda row, left: desk.meets(row.path, left))
        broken = index.broken()
    found = [each for each in _clocks(desk, rows, within) if clock in {None, each.clock}]
    if asked.sort == query.DEFAULT_SORT:
        found.sort(key=lambda each: (each.due, each.ticket.id, each.clock))
    return Clocks(found[: asked.limit], broken)


def _named(desk: Desk, clock: str) -> str:
    stamped = (rule.clock for rule in desk.policy.deadlines)
    return choose(vocabulary([Plain(name, {}) for name in dict.fromkeys(stamped)]), clock, "clock")


def _clocks(desk: Desk, rows: Sequence[Row], within: Duration | None) -> Iterator[Running]:
    """Yield the clocks of the tickets, each ticket's in the order they fall due."""
    for row, data in zip(rows, desk.contents([row.path for row in rows]), strict=True):
        ticket = codec.read(row.path, data or b"").ticket
        if ticket is None:
            continue
        facts = Facts(desk.policy, ticket, desk.now, None, desk.outside(ticket))
        for clock, due in sorted(ticket.due.items(), key=lambda pair: pair[1]):
            soon = within is None or holds(Condition((Test(f"left.{clock}", "<=", (within,)),)), facts)
            if soon or due < desk.now:
                yield Running(row.path, ticket, clock, due)
