"""What waits for a person: their own tickets, those that nobody of their team has taken, follow-ups that are due."""

from collections.abc import Sequence
from typing import NamedTuple

from tk.core import query
from tk.core.conditions.language import Condition, Test
from tk.core.instant import epoch, parse_instant
from tk.core.law.requests import decides, open_requests
from tk.store import codec
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale
from tk.store.index_changes import Pending

_AWAKE = Test("kind", "is", ("new", "open"))
_UNFINISHED = Test("kind", "is", ("new", "open", "waiting"))


class Waiting(NamedTuple):
    """What waits for one person, the most urgent first.

    Own tickets, ones without an owner, other follow-ups due, and what others ask for that this person may decide.
    """

    mine: list[Row]
    unassigned: list[Row]
    follow_ups: list[Row]
    asked: list[Row]


def waiting(desk: Desk, person: str, pending: Pending | None = None) -> Waiting:
    """Return what waits for a person of the desk.

    Own tickets that wait for somebody else are among them once they are overdue or their follow-up is due. Without an
    owner are those of the person's team and of no team; of them, too, follow-ups are told.
    """
    team = desk.policy.people.entries[person].team
    mine = Test("owner", "is", (person,))
    free = Condition((Test("owner", "none"),), () if team is None else (_of_team(team),))
    if team is None:
        free = Condition((*free.tests, Test("team", "none")))
    overdue = Test("overdue", "is", (True,))
    due = Test("follow-up", "<=", (desk.now,))
    with Index.open(desk.repo, pending, desk.progress) as index:

        def found(*tests: Test, groups: Sequence[tuple[Condition, ...]] = ()) -> list[Row]:
            condition = Condition(tests, tuple(groups))
            return index.rows(Selection(condition, Scale(desk.policy, desk.now), query.DEFAULT_SORT))

        awake = (Condition((_AWAKE,)), Condition((overdue,)))
        own = found(mine, _UNFINISHED, groups=[awake])
        unassigned = found(*free.tests, _AWAKE, groups=free.groups)
        names = [name for name in desk.policy.requests.entries if decides(desk.policy, desk.actor, name)]
        held = [Condition((Test(f"requests.{name}", "none", negated=True),)) for name in names]
        asked = found(_UNFINISHED, groups=[tuple(held)]) if names else []
        later = [*found(mine, _UNFINISHED, due), *found(*free.tests, _UNFINISHED, due, groups=free.groups)]
    shown = {row.path for row in (*own, *unassigned)}
    now = epoch(desk.now)
    return Waiting(
        sorted(own, key=lambda row: _lateness(row, now)),
        sorted(unassigned, key=lambda row: _lateness(row, now)),
        sorted((row for row in later if row.path not in shown), key=_follow_up),
        [row for row in asked if _is_asked(desk, row, names)],
    )


def _is_asked(desk: Desk, row: Row, names: Sequence[str]) -> bool:
    """Return whether one of these requests is still open on a ticket."""
    ticket = codec.read(row.path, desk.content(row.path) or b"").ticket
    return ticket is not None and any(name in names for name in open_requests(desk.policy, ticket))


def _of_team(team: str) -> tuple[Condition, ...]:
    return (Condition((Test("team", "is", (team,)),)), Condition((Test("team", "none"),)))


def _lateness(row: Row, now: int) -> tuple[bool, int]:
    """Return what puts the overdue first, the longest overdue before the others, and leaves the rest in order."""
    is_late = row.due_at is not None and row.due_at < now
    return not is_late, row.due_at or 0 if is_late else 0


def _follow_up(row: Row) -> int:
    try:
        return epoch(parse_instant(row.follow_up or ""))
    except ValueError:
        return 0
