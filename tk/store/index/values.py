"""What is asked of an index, and what it answers with."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from tk.core.condition_terms import Condition
from tk.core.terms import Match, Term
from tk.store.index.query import Scale


class Row(NamedTuple):
    """A ticket as a list shows it: texts as in the file, the category's steps joined by `/`, `due_at` in seconds.

    `front` is the front matter as JSON, "" where the selection does not ask for it.
    """

    path: str
    id: str
    title: str
    status: str
    status_since: str | None
    priority: str | None
    type: str | None
    category: str | None
    channel: str | None
    requester: str | None
    customer: str | None
    unit: str | None
    creator: str | None
    owner: str | None
    team: str | None
    created: str | None
    updated: str | None
    activity: str | None
    follow_up: str | None
    due_at: int | None
    front: str


class Selection(NamedTuple):
    """Which tickets, in which order, how many; kinds, ranks and lengths of time go by the policy and the instant.

    The terms of `words` must all occur in a ticket's text, and those of none of `without`.
    """

    condition: Condition
    scale: Scale
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    front: bool = False
    words: tuple[Term, ...] = ()
    without: tuple[tuple[Term, ...], ...] = ()


class Hit(NamedTuple):
    """A ticket that answers to an id: `title` is "" where the file cannot be read."""

    id: str
    path: str
    title: str


class Found(NamedTuple):
    """What a search found: the tickets, best first, each with what matches in it; and how many there are in all."""

    hits: list[tuple[Row, tuple[Match, ...]]]
    total: int


Residual: TypeAlias = Callable[[Row, Condition], bool]
"""Whether a ticket meets a condition that the index cannot test."""
