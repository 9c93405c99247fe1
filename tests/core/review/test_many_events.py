"""A commit of many events is reviewed in work that grows with their number, not with its square."""

from collections.abc import Callable

import pytest

from tests.cases import AT, actor, ticket
from tests.core.law.test_consequence import RULES
from tests.policies import DESK, policy_of
from tk.core.facts import NOTHING, Actor
from tk.core.ids import event_id
from tk.core.law.consequence import RULE
from tk.core.review.objections import review
from tk.core.ticket import Event

DEADLINES = """
[[deadline]]
name = "first"
clock = "first-response"
target = "47h"
[[deadline]]
name = "next"
clock = "next-response"
target = "4h"
[[on]]
name = "noted"
action = "log.follow-up"
note = "It was followed up."
"""
POLICY = policy_of(DESK + RULES + DEADLINES)


class Watched(Event):
    """An event that counts how often anything of it is looked at."""

    looks = 0

    def __getattribute__(self, name: str) -> object:
        Watched.looks += 1
        return super().__getattribute__(name)

    def __eq__(self, other: object) -> bool:
        Watched.looks += 1
        return super().__eq__(other)

    __hash__ = Event.__hash__


def looked(count: int, made: Callable[[int], Watched], who: Actor) -> int:
    """Return how often a review of so many new events looks at one."""
    after = ticket(status="pending", updated=AT, status_since=AT, events=tuple(made(number) for number in range(count)))
    Watched.looks = 0
    review(POLICY, NOTHING, ticket(), after, who, AT)
    return Watched.looks


@pytest.mark.parametrize(
    ("kind", "facts", "who"),
    [
        ("note", {}, "mlopez"),
        ("call-in", {}, "mlopez"),
        ("call-out", {}, "pnunez"),
        ("note", {RULE: "mail-only", "was-channel": "phone"}, "mlopez"),
        ("follow-up", {}, "mlopez"),
    ],
)
def test_twice_the_events_are_twice_the_work(kind: str, facts: dict[str, str], who: str) -> None:
    def made(number: int) -> Watched:
        return Watched(AT, kind, "mlopez", event_id(number), "x", facts)

    few, many = (looked(count, made, actor(who)) for count in (150, 300))
    assert few > 150
    assert many < 2.2 * few
