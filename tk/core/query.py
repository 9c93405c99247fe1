"""Queries: the words after `tk list` as a condition, an order and a limit (design, section 3).

A word is `FIELD:VALUE`, or plain and looked for in the text of the tickets (`tk.core.terms`); all words must hold. The
fields are the facts of the condition language and the few that only a list has (`_OWN`); values are what conditions
compare with: names as keys or labels, `>=2026-08-01`, `<2d`. Several values, with commas between, are alternatives;
`none` and `any` ask whether there is a value; a `-` before the word, or `not.`, turns it round. `me` is the person who
asks. `category:a/b` holds what lies below `a/b` too, and `title:` finds words within the title. Unless a word asks for
a status (`status:any`, `is:closed`), closed tickets are left out.

What is most urgent comes first: the highest priority, then what is due soonest, then the oldest.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tk.core.conditions.language import Condition, Context, Test, compile_test, own_facts, tokens
from tk.core.conditions.testable import Fact, NoFact, look_up
from tk.core.instant import parse_date, parse_duration, parse_instant
from tk.core.names import fold, nearest
from tk.core.policy import Policy
from tk.core.terms import Term, read_terms
from tk.errors import Message, WrongUsage, say

SORTS = (
    "priority",
    "due",
    "created",
    "updated",
    "status",
    "title",
    "owner",
    "team",
    "id",
    "type",
    "category",
    "channel",
    "requester",
    "customer",
    "unit",
    "creator",
    "activity",
    "status-since",
    "follow-up",
    "age",
    "idle",
    "in-status",
)
"""What a list can be sorted by: priorities from the highest, statuses as tk.toml has them, the rest from the least."""

DEFAULT_SORT = (("priority", False), ("due", False), ("created", False))
"""The order in which a help desk works."""

Sort = tuple[tuple[str, bool], ...]
"""Keys of `SORTS`, each with whether it is descending."""


class Query(NamedTuple):
    """What a list shows: the tickets that meet `condition`, in the order of `sort`, at most `limit`.

    `words` are the plain words, to be searched for in the text; of each of `without`, not all may occur there.
    """

    condition: Condition
    sort: Sort = DEFAULT_SORT
    limit: int | None = None
    words: tuple[Term, ...] = ()
    without: tuple[tuple[Term, ...], ...] = ()


class _Word(NamedTuple):
    """One word taken apart: its field, its value, and whether it is turned round."""

    text: str
    field: str
    value: str
    negated: bool

    def values(self) -> list[str]:
        """Return the alternatives; raise WrongUsage where there is none."""
        values = [part.strip() for part in _unquoted(self.value).split(",")]
        if not all(values):
            hint = None if self.value else say("a shell takes < and > for itself: put a word with one in quotes")
            raise self.wrong(say("a value is missing"), hint)
        return values

    def wrong(self, why: Message, hint: Message | None = None) -> WrongUsage:
        return WrongUsage(say('"{word}": {why}', word=self.text, why=why), hint)


class _Asker(NamedTuple):
    """Who asks, when, and what the desk's words mean."""

    policy: Policy
    context: Context
    me: str | None
    now: datetime


_WORD = re.compile(r"(-?)(not\.)?([^\W\d_][\w.-]*):(.*)", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|<|>|)\s*(.*)", re.DOTALL)
_ALIASES: Mapping[str, str] = {"tag": "tags", "is": "kind"}
_SHAPING = ("sort", "limit")
_OWN = ("tag", "is", "due", *_SHAPING)
_ANY = "any"
_NOT_CLOSED = Test("kind", "is", ("closed",), negated=True)
_MOST = 10**9


def parse(words: Sequence[str], policy: Policy, me: str | None, now: datetime) -> Query:
    """Return the query that `words` make; `me` is the handle of the person who asks, None for a stranger.

    Raises:
        WrongUsage: a word cannot be understood; it says which, why, and the nearest right spelling.
    """
    asker = _Asker(policy, Context.of(policy), me, now)
    plain: list[Term] = []
    without: list[tuple[Term, ...]] = []
    tests: list[Test] = []
    groups: list[tuple[Condition, ...]] = []
    sort: Sort = ()
    limit: int | None = None
    lists_closed = False
    for text in words:
        word = _taken_apart(text)
        if word is None and text.startswith("-"):
            without.append(_plain(text))
        elif word is None:
            plain += _plain(text)
        elif word.field == "sort":
            sort += _sort(word)
        elif word.field == "limit":
            limit = _limit(word)
        else:
            condition = _condition(word, asker)
            tests += condition.tests
            groups += condition.groups
            lists_closed = lists_closed or (word.field in {"status", "kind"} and not word.negated)
    if not lists_closed:
        tests.append(_NOT_CLOSED)
    return Query(Condition(tuple(tests), tuple(groups)), sort or DEFAULT_SORT, limit, tuple(plain), tuple(without))


def names_me(words: Sequence[str]) -> bool:
    """Return whether a word says `me`: only then must git know who that is."""
    return any("me" in word.partition(":")[2].split(",") for word in words)


def _taken_apart(text: str) -> _Word | None:
    """Return the parts of `FIELD:VALUE`; None for a plain word."""
    match = _WORD.fullmatch(text)
    if match is None:
        return None
    head, dot, rest = match[3].partition(".")
    field = f"{fold(head)}{dot}{rest}"
    return _Word(text, _ALIASES.get(field, field), match[4], bool(match[1]) is not bool(match[2]))


def _plain(text: str) -> tuple[Term, ...]:
    terms = read_terms(text.removeprefix("-"))
    if not terms:
        raise WrongUsage(say('"{word}": {why}', word=text, why=say("there is no word in it")))
    return terms


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _sort(word: _Word) -> Sort:
    sort: Sort = ()
    for value in word.values():
        key = fold(value.removeprefix("-"))
        if key not in SORTS or word.negated:
            near = nearest(key, SORTS)
            hint = None if near is None or word.negated else say('did you mean "{near}"?', near=near)
            raise word.wrong(say("a list can be sorted by {keys}", keys=", ".join(SORTS)), hint)
        sort += ((key, value.startswith("-")),)
    return sort


def _limit(word: _Word) -> int:
    value = word.value.strip()
    if word.negated or not (value.isascii() and value.isdigit() and 0 < int(value[:10]) <= _MOST):
        raise word.wrong(say("a limit is a whole number from 1"), say("limit:20"))
    return int(value)


def _condition(word: _Word, asker: _Asker) -> Condition:
    """Return the condition that one word makes."""
    values = word.values()
    if word.field in {"status", "kind"} and values == [_ANY] and not word.negated:
        return Condition()
    if word.field == "due":
        return _due(word, asker.now)
    fact = _fact(word, asker)
    if word.field == "title" and not {_ANY, "none", "!"} & set(values):
        return Condition((Test("title", "words", tuple(_in_words(word, value) for value in values), word.negated),))
    if values == [_ANY] and not _knows(fact, _ANY):
        return Condition((Test(fact.name, "none", (), not word.negated),))
    name = f"not.{fact.name}" if word.negated else fact.name
    compiled = compile_test(name, [_meant(word, fact, value, asker) for value in values], asker.context)
    for problem in compiled.problems:
        raise word.wrong(problem.message)
    return compiled.condition


def _fact(word: _Word, asker: _Asker) -> Fact:
    """Return the fact that a word asks about, a custom field by key or label."""
    name = asker.policy.fields.find(word.field) or word.field
    fact = look_up(name, asker.context)
    if isinstance(fact, NoFact):
        near = nearest(word.field, [*own_facts(asker.context), *_OWN]) or fact.near
        hint = None if near is None else say('did you mean "{near}:"?', near=near)
        raise word.wrong(say('a query has no field "{field}"', field=word.field), hint)
    return fact


def _knows(fact: Fact, name: str) -> bool:
    return fact.names is not None and fact.names.find(name) is not None


def _meant(word: _Word, fact: Fact, value: str, asker: _Asker) -> str:
    """Return what a value stands for in the condition language."""
    if _knows(fact, value):
        return f"{value}/**" if fact.shape == "path" else value
    if value == "none":
        return "!"
    if value == "me" and fact.names is asker.policy.people:
        if asker.me is None:
            raise word.wrong(say("you are no person of this desk"), say("[people] in tk.toml names them by address"))
        return asker.me
    return value


def _in_words(word: _Word, value: str) -> str:
    found = " ".join(tokens(value))
    if not found:
        raise word.wrong(say("there is no word in it"))
    return found


def _due(word: _Word, now: datetime) -> Condition:
    """Return what `due:` asks of the first clock to fall due: within `2d`, by a day or an instant, or none at all."""
    branches = [_due_tests(word, value, now) for value in word.values()]
    if not word.negated:
        return Condition((), (tuple(map(Condition, branches)),))
    turned = [tuple(Condition((test._replace(negated=not test.negated),)) for test in tests) for tests in branches]
    return Condition((), tuple(turned))


def _due_tests(word: _Word, value: str, now: datetime) -> tuple[Test, ...]:
    if value in {"none", "!", _ANY}:
        return (Test("due", "none", (), value == _ANY),)
    match = _COMPARISON.fullmatch(value)
    operator, text = (match[1], match[2]) if match else ("", value)
    for read in (_after_a_while, _on_a_day, _at_an_instant):
        try:
            return tuple(Test("due", sign, (instant,)) for sign, instant in read(operator, text, now))
        except (ValueError, KeyError, OverflowError):
            continue
    raise word.wrong(say('"{value}" is no time', value=text), say("due:<2d, due:<=2026-08-14, due:none; overdue:yes"))


_Bounds = list[tuple[str, datetime]]


def _after_a_while(operator: str, text: str, now: datetime) -> _Bounds:
    return [(operator or "<=", now + parse_duration(text).wall)]


def _on_a_day(operator: str, text: str, now: datetime) -> _Bounds:
    """Return the bounds of a day in the desk's zone; "on or before" a day means before the next one."""
    first = parse_date(text)
    start, end = (_midnight(day, now) for day in (first, first + timedelta(days=1)))
    bounds: dict[str, _Bounds] = {
        "<": [("<", start)],
        "<=": [("<", end)],
        ">": [(">=", end)],
        ">=": [(">=", start)],
        "": [(">=", start), ("<", end)],
    }
    return bounds[operator]


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _at_an_instant(operator: str, text: str, _: datetime) -> _Bounds:
    return [(operator or "is", parse_instant(text))]
