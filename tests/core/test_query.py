"""What the words of a query mean, and what is said of those that mean nothing."""

from datetime import datetime, timedelta

import pytest

from tests.policies import desk_policy
from tk.core.calendars.lapse import first_due
from tk.core.conditions.language import Condition, holds
from tk.core.conditions.language import Test as Leaf
from tk.core.facts import Facts
from tk.core.query import DEFAULT_SORT, SORTS, Query, parse
from tk.core.terms import read_terms
from tk.core.ticket import Ticket
from tk.errors import WrongUsage

NOW = datetime.fromisoformat("2026-08-12T12:00:00-05:00")
TICKET = Ticket(
    "TK-260812-7K3QX",
    title="Calentador no enciende tras la reinstalación",
    status="open",
    priority="high",
    category=("medidor", "cobranza"),
    requester="Ana@example.cl",
    customer="k",
    owner="mlopez",
    created=NOW - timedelta(days=5),
    updated=NOW - timedelta(days=5),
    due={"resolution": NOW + timedelta(hours=30)},
    follow_up=NOW - timedelta(days=20),
    tags=("vip", "a,b"),
    fields={"serial": "SN 1", "line": "granel", "level": "2", "resolution": ("replaced", "sensor")},
)


def query(*words: str, me: str | None = "mlopez") -> Query:
    return parse(words, desk_policy(), me, NOW)


def finds(ticket: Ticket, *words: str) -> bool:
    facts = Facts(desk_policy(), ticket, NOW)
    return holds(query(*words).condition, lambda name: first_due(ticket) if name == "due" else facts(name))


def refused(*words: str, me: str | None = "mlopez") -> tuple[str, str]:
    with pytest.raises(WrongUsage) as caught:
        query(*words, me=me)
    return str(caught.value), str(caught.value.hint or "")


@pytest.mark.parametrize(
    "word",
    [
        "status:open",
        "status:open,pending",
        "STATUS:Abierto",
        "status:any",
        "is:open",
        "is:waiting,open",
        "-is:closed",
        "owner:me",
        "owner:mlopez",
        "owner:MARÍA-LOPEZ",
        "owner:any",
        "team:none",
        "-owner:none",
        "-owner:zgomez",
        "not.owner:zgomez",
        "-not.owner:me",
        "overdue:no",
        "category:medidor/cobranza",
        "category:medidor",
        "category:medidor/*",
        "category:Meter/Billing",
        "created:>=2026-08-01",
        "created:2026-08-07",
        "tag:vip",
        "tags:vip,x",
        "tag:vip,none",
        "title:reinstalacion",
        'title:"CALENTADOR enciende"',
        "title:calentador no",
        "requester:ana@EXAMPLE.cl",
        "customer:k",
        "idle:>4d",
        "age:<6d",
        "follow-up:<=2026-08-01",
        "follow_up:<=2026-08-01",
        "events.note:<3",
        "events.Nota:<3",
        "serial:sn-1",
        "line:Granel",
        "nivel:>=2",
        "resolution:replaced",
        "due:<2d",
        "due:2d",
        "due:2026-08-13",
        "due:<=2026-08-13",
        "due:>=2026-08-13",
        "due:>2026-08-12",
        "due:<2026-08-14",
        "due:any",
        "due:none,<2d",
        "-due:2026-08-14",
        "-due:none",
        "due:>2026-08-12T12:00:00-05:00",
    ],
)
def test_a_word_holds(word: str) -> None:
    assert finds(TICKET, word)
    turned = word.removeprefix("-") if word.startswith("-") else f"-{word}"
    if word != "status:any":
        assert not finds(TICKET, turned)


def test_all_words_must_hold() -> None:
    assert finds(TICKET, "status:open", "tag:vip")
    assert not finds(TICKET, "status:open", "tag:x")
    assert not finds(TICKET, "tag:vip", "tag:x")


def test_what_is_not_closed_is_shown_unless_a_status_is_asked_for() -> None:
    closed, unknown = TICKET._replace(status="closed"), TICKET._replace(status="mislaid")
    assert [finds(closed), finds(unknown), finds(TICKET)] == [False, True, True]
    assert [finds(closed, word) for word in ("status:any", "is:closed", "status:closed", "is:any")] == [True] * 4
    assert not finds(closed, "-status:solved")


def test_without_a_running_clock_nothing_is_due() -> None:
    idle = TICKET._replace(due={})
    assert finds(idle, "due:none")
    assert not finds(idle, "due:<2d")
    assert finds(idle, "-due:<2d")


def test_no_word_at_all() -> None:
    assert query() == Query(Condition((Leaf("kind", "is", ("closed",), negated=True),)), DEFAULT_SORT, None, ())


def test_order_and_limit() -> None:
    found = query("sort:due,-updated", "limit:20", "sort:-In_Status")
    assert found.sort == (("due", False), ("updated", True), ("in-status", True))
    assert found.limit == 20


def test_plain_words_are_looked_for_in_the_text() -> None:
    found = query("caldera", "two words", "-not this", "7k3", "10:30", "x y:z", '"in order"', "-tag:vip")
    assert found.words == read_terms('caldera two words 7k3 10:30 x y:z "in order"')
    assert found.without == (read_terms("not this"),)
    assert found.condition == query("-tag:vip").condition


@pytest.mark.parametrize("word", [":", "-", "", "?!", '""', "-*"])
def test_a_plain_word_without_letters_is_a_mistake(word: str) -> None:
    assert refused("caldera", word) == (f'"{word}": there is no word in it', "")


@pytest.mark.parametrize("key", SORTS)
def test_each_key_sorts_both_ways(key: str) -> None:
    assert query(f"sort:{key}", f"sort:-{key}").sort == ((key, False), (key, True))


@pytest.mark.parametrize(
    ("word", "named", "hinted"),
    [
        ("statvs:open", '"statvs"', '"status:"'),
        ("sorted:due", '"sorted"', '"sort:"'),
        ("status:opne", '"open"', ""),
        ("owner:zgomes", '"zgomez"', ""),
        ("category:medidor/cobransa", '"medidor/cobranza"', ""),
        ("is:opn", '"open"', ""),
        ("priority:>high", "priority", ""),
        ("created:yesterday", '"yesterday"', ""),
        ("overdue:maybe", '"maybe"', ""),
        ("idle:4", '"4"', ""),
        ("level:many", '"many"', ""),
        ("events.nota-x:>1", "events.nota-x", ""),
        ("owner:", "value is missing", ""),
        ("owner:a,,b", "value is missing", ""),
        ("sort:deu", "priority, due", '"due"'),
        ("-sort:due", "sorted by", ""),
        ("limit:0", "whole number", "limit:20"),
        ("limit:many", "whole number", "limit:20"),
        ("-limit:3", "whole number", ""),
        ("limit:²", "whole number", ""),
        ("due:soon", '"soon"', "due:<2d"),
        ("due:3bh", '"3bh"', "due:<2d"),
        ("title:,", "value is missing", ""),
        ("title:!?", "no word", ""),
        ("not.owner:nobody", '"nobody"', ""),
    ],
)
def test_a_mistake_is_named_with_what_was_meant(word: str, named: str, hinted: str) -> None:
    message, hint = refused("status:open", word)
    assert message.startswith(f'"{word}": ')
    assert named in message
    assert hinted in hint


def test_a_stranger_owns_nothing() -> None:
    message, hint = refused("owner:me", me=None)
    assert message == '"owner:me": you are no person of this desk'
    assert "[people]" in hint
