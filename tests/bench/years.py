"""Three years of a help desk as commits: who did what to which ticket, each change as the law leaves it.

All of it follows from how many tickets there are and how many commits each has: two runs make the same desk.
"""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tk.core import ids
from tk.core.action import Action, Assignment, Draft
from tk.core.facts import NOTHING, Actor, actor_of
from tk.core.law.judge import judge
from tk.core.policy import Policy
from tk.core.ticket import Event
from tk.core.verdict import Refusal
from tk.store import codec
from tk.store.revision import Revision, message_of, shape

BEGIN = datetime.fromisoformat("2023-09-01T08:00:00-05:00")
END = datetime.fromisoformat("2026-09-01T08:00:00-05:00")
PEOPLE = ("ana", "bruno", "carla", "diego", "elena", "fabio")

_WORK = ("in-progress", "call-in", "priority", "note", "mail-in", "mail-out")
LEAST, MOST = 4, 4 + len(_WORK)
"""How many commits a ticket may have: one makes it, one gives it to somebody, two solve and close it, the rest work."""

RECHECKED = "recheck"
"""The tag of the tickets that stay solved until a sweep, which has a rule for them, closes them."""

_LOGGED = frozenset({"call-in", "note", "mail-in", "mail-out"})

_SIZE, _LOG = 1_400, 200
"""About how many bytes a ticket's texts come to in all, and one entry of its log; its front matter has 600 more."""

_VOCABULARY = 15_000
_SOUNDS = "ca len ta dor pre sión ga ran tí a téc ni co bo le mo se vál vu ruí do me ñi fac tu re cla mo pla zo"
_SYLLABLES = _SOUNDS.split()


class Commit(NamedTuple):
    """One commit of the desk's history: when, by whom, its message, the path of the ticket's file and what it holds.

    `number` counts the tickets, so that commits of one instant have an order.
    """

    at: datetime
    number: int
    who: str
    message: str
    path: str
    data: bytes


class Life(NamedTuple):
    """One ticket's way through the desk: who works on it, and what is done after it was made."""

    number: int
    begun: datetime
    owner: Actor
    steps: tuple[str, ...]
    is_rechecked: bool
    dice: random.Random


def years(policy: Policy, tickets: int, commits: int) -> Iterator[Commit]:
    """Yield the commits of so many tickets in time order: for each ticket so many, or what was done to it by `END`."""
    waiting: list[tuple[Commit, Iterator[Commit]]] = []
    for number in range(tickets):
        told = _told(policy, _life(policy, number, tickets, commits))
        first = next(told)
        while waiting and waiting[0][0] < first:
            yield _earliest(waiting)
        heapq.heappush(waiting, (first, told))
    while waiting:
        yield _earliest(waiting)


def rechecked(tickets: int) -> int:
    """Return how many of so many tickets are to be rechecked: a thousand, or a tenth of few."""
    return min(1_000, tickets // 10)


def address(handle: str) -> str:
    """Return the address of a person of the desk."""
    return f"{handle}@desk.example"


def _earliest(waiting: list[tuple[Commit, Iterator[Commit]]]) -> Commit:
    commit, told = waiting[0]
    following = next(told, None)
    if following is None:
        heapq.heappop(waiting)
    else:
        heapq.heapreplace(waiting, (following, told))
    return commit


def _life(policy: Policy, number: int, tickets: int, commits: int) -> Life:
    begun = (BEGIN + (END - BEGIN) / tickets * number).replace(microsecond=0)
    again = number % (tickets // rechecked(tickets)) == 0
    steps = ("assign", *_WORK[: commits - LEAST], "solved", *([] if again else ["closed"]))
    dice = random.Random(number)
    return Life(number, begun, actor_of(policy, address(dice.choice(PEOPLE))), steps, again, dice)


def _told(policy: Policy, life: Life) -> Iterator[Commit]:
    """Yield the commits of one ticket."""
    at, ticket = life.begun, None
    for place, step in enumerate(("new", *life.steps)):
        action = _new(life) if step == "new" else _step(life, place, step, at)
        after = judge(policy, NOTHING, ticket, action, life.owner, at)
        assert not isinstance(after, Refusal), after
        path, data = ids.path_of(after.id), codec.render(after, *shape(policy))
        message = message_of(policy, [Revision(ticket, after, path, (action,), None, data)])
        yield Commit(at, life.number, life.owner.name, message, path, data)
        ticket = after
        at += timedelta(minutes=life.dice.randrange(20, 7 * 24 * 60))
        if at > END:
            return


def _new(life: Life) -> Action:
    dice = life.dice
    number = ids.make("TK", life.begun.date(), ids.tail_from(life.number * 0x9E3779B1))  # odd: no two are the same
    tags = dice.sample(["vip", "norte", "sur", "reinstalación", "garantía"], dice.randrange(3))
    values = {
        "priority": dice.choice(["low", "normal", "high"]),
        "type": dice.choice(["question", "incident", "request"]),
        "category": dice.choice([("hardware", "printer"), ("software", "access"), ("other",)]),
        "channel": dice.choice(["phone", "mail", "in-person"]),
        "requester": f"{_word(dice)}{dice.randrange(100)}@client.example",
        "customer": f"C-{dice.randrange(3_000):05}",
        "unit": f"SN-{dice.randrange(40_000):06}",
        "tags": (*tags, *([RECHECKED] if life.is_rechecked else [])),
    }
    given = {key: value for key, value in values.items() if value}
    logs = sum(step in _LOGGED for step in life.steps)
    return Action("new", "", Draft(number, _text(dice, 50), _text(dice, _SIZE - logs * _LOG), given))


def _step(life: Life, place: int, step: str, at: datetime) -> Action:
    if step == "assign":
        return Action("assign", "", Assignment(life.owner.handle))
    if step == "priority":
        return Action("set", "priority", "urgent")
    if step in _LOGGED:
        number = ids.event_id(place + 32 * life.dice.randrange(1 << 15))
        return Action("log", step, Event(at, step, life.owner.name, number, _text(life.dice, _LOG)))
    return Action("advance", "", step)


def _text(dice: random.Random, size: int) -> str:
    """Return about so many characters of words, a few of them often and most of them seldom, as in any language."""
    words = [_word(dice) for _ in range(size // 7)]
    lines = (" ".join(words[at : at + 12]) for at in range(0, len(words), 12))
    return ".\n".join(lines).capitalize() + "."


def _word(dice: random.Random) -> str:
    rank = int(_VOCABULARY ** dice.random())
    text = ""
    while rank:
        rank, syllable = divmod(rank, len(_SYLLABLES))
        text += _SYLLABLES[syllable]
    return text
