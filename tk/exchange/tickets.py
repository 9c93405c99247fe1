"""Exports of other help desks: each row a ticket, read by a map into how it began and how it stands."""

from collections.abc import Mapping
from datetime import datetime

from tk.core.action import Assignment
from tk.core.arrival import Arrival
from tk.core.policy import Policy
from tk.core.text import normalise, one_line
from tk.errors import say
from tk.exchange.events import Told, plan_of, start
from tk.exchange.lens import ACTED, Lens
from tk.exchange.mapping import Map
from tk.exchange.read import Read
from tk.exchange.table import Row, Table
from tk.exchange.words import Unreadable, Who

OWN = ("case", "created", "creator", "updated", "who")
"""What of a ticket a column may be, beside its fields."""

_IMPORTER = Who("", "", "")


def read_tickets(table: Table, held: Map, policy: Policy, now: datetime) -> Read:
    """Return the tickets of a table by a map: each begins when it was created, and comes to how it stands.

    What has no instant of its own happens `now`, and what nobody is said to have done is the importer's.

    Raises:
        WrongUsage: map, table and desk do not fit together.
    """
    lens = Lens(table, held, policy, OWN, needs=("case",))
    arrivals: list[Arrival] = []
    findings = list(table.faults)
    for row in table.rows:
        try:
            arrivals.extend(_arrivals(lens, row, now))
        except Unreadable as error:
            findings.append(lens.finding(row, error))
    return Read(arrivals, [*findings, *lens.left_out()])


def _arrivals(lens: Lens, row: Row, now: datetime) -> list[Arrival]:
    case = one_line(lens.cell(row, "case"))
    if not case:
        raise Unreadable("bad-row", say("the row names no case"))
    values, started = lens.values(row), start(lens, row)
    title = one_line(str(values.get("title") or started.get("title") or case))
    text = normalise(str(values.get("description") or started.get("description") or ""))
    kept = {key: value for key, value in values.items() if key not in ACTED}
    created, creator = _instant(lens, row, "created") or now, _who(lens, row, "creator")
    updated, who = max(created, _instant(lens, row, "updated") or created), _who(lens, row, "who")
    first = _arrival(row, created, Told(case, creator, kept, started, title, text))
    to = _owner(values, lens.policy)
    steps = _steps(lens.policy, _text(values.get("status")))
    steps = steps or ([None] if to is not None else [])
    rest = (Told(case, who, {}, {}, title, text, to=to, status=step) for step in steps)
    return [first, *(_arrival(row, updated, told) for told in rest)]


def _arrival(row: Row, at: datetime, told: Told) -> Arrival:
    return Arrival(row.line, told.case, at, told.who.name, told.who.email, plan_of(told))


def _instant(lens: Lens, row: Row, key: str) -> datetime | None:
    text = lens.cell(row, key)
    return lens.words.instant(text) if text else None


def _who(lens: Lens, row: Row, key: str) -> Who:
    word = lens.cell(row, key)
    return lens.words.who(word) if word else _IMPORTER


def _owner(values: Mapping[str, object], policy: Policy) -> Assignment | None:
    """Return to whom a ticket goes; a person brings the team he belongs to."""
    owner, team = _text(values.get("owner")), _text(values.get("team"))
    if owner is None and team is None:
        return None
    return Assignment(owner, team or (None if owner is None else policy.people.entries[owner].team))


def _steps(policy: Policy, goal: str | None) -> list[str | None]:
    """Return the statuses by which a new ticket comes to `goal`, the shortest way that the policy has.

    Raises:
        Unreadable: no way leads there.
    """
    start_at, statuses = policy.desk.start, policy.statuses.entries
    ways: dict[str, list[str | None]] = {start_at: []}
    for here in (queue := [start_at]):
        for way in statuses[here].to:
            if way not in ways and way in statuses:
                ways[way] = [*ways[here], way]
                queue.append(way)
    if goal is None or goal in ways:
        return ways[goal or start_at]
    raise Unreadable("transition", say("no way leads from {was} to {to}", was=start_at, to=goal))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
