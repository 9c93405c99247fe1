"""Who asks, as the desk knows him already: his tickets that are not closed (desks.md D2)."""

from tk.core import query
from tk.core.conditions.language import Condition, Test
from tk.store.desk import Desk
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale

_MOST = 20
"""How many tickets are told of."""


def open_tickets_of(desk: Desk, requester: str | None, customer: str | None) -> list[Row]:
    """Return the tickets of a requester, and of a customer, that are not closed, the latest first, 20 at the most."""
    by_whom = []
    if requester:
        by_whom.append(Condition((Test("requester", "address", (requester.strip(),)),)))
    if customer:
        by_whom.append(Condition((Test("customer", "is", (customer.strip(),)),)))
    if not by_whom:
        return []
    condition = Condition((Test("kind", "is", ("new", "open", "waiting", "solved")),), (tuple(by_whom),))
    with Index.open(desk.repo, progress=desk.progress) as index:
        return index.rows(Selection(condition, Scale(desk.policy, desk.now), query.DEFAULT_SORT, _MOST))
