"""Registers: tables of the desk that rules look into, and the facts that a row of one gives on a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from tk.core.instant import parse_date
from tk.core.rules import Cover, Register
from tk.core.vocabulary import Plain, Vocabulary, vocabulary

Row = Mapping[str, str]
"""A row of a register: column → what stands there, without space around it."""

FAMILIES: Mapping[str, tuple[str, str]] = {
    "customer": ("customers", "customer"),
    "unit": ("units", "unit"),
    "contact": ("contacts", "requester"),
}
"""The facts that come from a register of their own: its name, and the key of the ticket that names the row."""

COVER_STATES: Vocabulary[Plain] = vocabulary(
    [
        Plain("active", {"en": "active", "es": "vigente"}),
        Plain("expired", {"en": "expired", "es": "vencida"}),
        Plain("future", {"en": "future", "es": "futura"}),
        Plain("none", {"en": "none", "es": "ninguna"}),
    ]
)
"""What a term can be on a day."""


class Registers(Protocol):
    """The registers of the desk, as they stand where the law is asked."""

    def entry(self, register: str, key: str) -> Row | None:
        """Return the row of `register` that `key` tells apart, None where there is none or no such register."""

    def rows(self, register: str) -> Sequence[Row]:
        """Return all rows of `register`, none where it cannot be read."""


class Tables(NamedTuple):
    """Registers that are at hand as values: for each its rows, by what tells them apart."""

    tables: Mapping[str, Mapping[str, Row]] = {}

    def entry(self, register: str, key: str) -> Row | None:
        """Return the row of `register` that `key` tells apart."""
        return self.tables.get(register, {}).get(key)

    def rows(self, register: str) -> Sequence[Row]:
        """Return all rows of `register`."""
        return tuple(self.tables.get(register, {}).values())


def fact_of(register: Register, row: Row | None, name: str, day: date) -> str | None:
    """Return the fact `name` of a row on a day: the state of a cover, else what stands in that column."""
    if name in register.covers:
        return "none" if row is None else cover_state(register.covers[name], row, day)
    return None if row is None else row.get(name) or None


def cover_state(cover: Cover, row: Row, day: date) -> str:
    """Return whether a term is active on the day, expired, future, or none: a day missing that it asks for, or wrong.

    Both its first and its last day belong to it (desks.md C1, D4).
    """
    try:
        first = None if cover.since is None else parse_date(row.get(cover.since, ""))
        last = None if cover.until is None else parse_date(row.get(cover.until, ""))
    except ValueError:
        return "none"
    if last is not None and day > last:
        return "expired"
    return "future" if first is not None and day < first else "active"
