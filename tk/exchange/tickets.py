"""Exports of other help desks: each row a ticket, read by a map into how it began and how it stands."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from tk.core.action import Action, Assignment
from tk.core.arrival import Arrival, Names
from tk.core.links import other_end
from tk.core.policy import Policy
from tk.core.text import normalise, one_line
from tk.core.ticket import Link, Ticket
from tk.errors import WrongUsage, say
from tk.exchange.events import Told, plan_of, start
from tk.exchange.lens import ACTED, Lens
from tk.exchange.mapping import Map
from tk.exchange.read import Read
from tk.exchange.table import Row, Table
from tk.exchange.words import NOBODY, Unreadable, Who

OWN = ("case", "created", "creator", "updated", "who")
"""What of a ticket a column may be, beside its fields."""


def read_tickets(table: Table, held: Map, policy: Policy, now: datetime) -> Read:
    """Return the tickets of a table by a map: each begins when it was created, and comes to how it stands.

    What has no instant of its own happens `now`, and what nobody is said to have done is the importer's.

    Raises:
        WrongUsage: map, table and desk do not fit together.
    """
    lens = Lens(table, held, policy, OWN, needs=("case",))
    arrivals: list[Arrival] = []
    findings = list(table.faults)
    last: dict[str, Arrival] = {}
    for row in table.rows:
        try:
            made = _arrivals(lens, row, now)
        except Unreadable as error:
            findings.append(lens.finding(row, error))
        else:
            arrivals += made
            last[made[-1].case] = made[-1]
    links = (link for row in table.rows for link in _links(lens, row, last, now))
    return Read([*arrivals, *links], [*findings, *lens.left_out()])


def _links(lens: Lens, row: Row, last: Mapping[str, Arrival], now: datetime) -> Iterator[Arrival]:
    """Yield the two ends of each link that a row tells, once both tickets stand as they do."""
    case = one_line(lens.cell(row, "case"))
    for word, column in lens.map.links.items():
        kind = lens.words.kind_of(word)
        names = dict.fromkeys(one_line(name) for name in lens.column(row, column).split(","))
        for other in filter(None, names) if kind is not None and case in last else ():
            ends = [last[name].at for name in (case, other) if name in last]
            at = max(ends) if len(ends) > 1 else now
            for here, there, of in ((case, other, kind), (other, case, other_end(lens.policy, kind or ""))):
                plan = partial(_linked, of or "", there)
                yield Arrival(row.line, here, at, "", "", plan, f"{case} {kind} {other}")


def _linked(kind: str, other: str, _: Policy, ticket: Ticket | None, __: str, names: Names) -> list[Action]:
    number = names(other)
    if ticket is None or number is None:
        raise WrongUsage(say("{other} is linked, and is no ticket of this desk", other=other))
    return [] if Link(kind, number) in ticket.links else [Action("link", kind, number)]


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
    return lens.words.who(word) if word else NOBODY


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
