"""A query answered by the index is answered as a scan of the files with the condition language would."""

import random
import subprocess
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.policies import DESK, policy_of
from tk.core.calendars.lapse import first_due
from tk.core.conditions.language import Condition, holds
from tk.core.conditions.language import Test as Leaf
from tk.core.facts import Facts
from tk.core.instant import format_instant, in_zone, parse_instant
from tk.core.query import SORTS, parse
from tk.core.ticket import Event, Plain, Rating, Ticket
from tk.store import codec
from tk.store.index import Index, Row, Selection
from tk.store.index.query import Scale, split
from tk.store.repo import find

NOW = parse_instant("2026-08-12T12:00:00-05:00")
POLICY = policy_of(DESK + '[calendars.office]\nhours.mon-fri = ["08:00-18:00"]\n')
SCALE = Scale(POLICY, NOW)


def some_ticket(dice: random.Random, number: int) -> Ticket:
    """Return a ticket of which anything may be missing, odd, or unknown to the policy."""
    instants = [NOW + timedelta(seconds=dice.choice([-1, 0, 1, 3600, 86400]) * dice.randrange(20)) for _ in range(9)]
    instants = [in_zone(at, timezone(timedelta(hours=dice.choice([-5, 9])))) for at in instants]

    def maybe(*values: object) -> object:
        return dice.choice([None, *values])

    fields: dict[str, Plain] = {"level": str(dice.randrange(4)), "serial": dice.choice(["SN 1", "Ñandú"])}
    values: dict[str, Any] = {
        "title": dice.choice(["Calentador no enciende", "CALENTADOR", "otra cosa, más", "x"]),
        "status": dice.choice([*POLICY.statuses.entries, "mislaid"]),
        "priority": maybe("low", "high", "urgent", "unheard-of"),
        "type": maybe("incident", "fault"),
        "category": dice.choice(
            [(), ("medidor",), ("medidor", "cobranza"), ("medidor", "lectura"), ("garantía",), ("medido",)]
        ),
        "channel": maybe("phone", "web"),
        "requester": maybe("ana@example.cl", "ANA@example.cl", "bo@x.org"),
        "customer": maybe("k", "K"),
        "creator": maybe("mlopez"),
        "owner": maybe("mlopez", "zgomez", "gone"),
        "team": maybe("support", "finance"),
        "created": instants[0],
        "updated": maybe(instants[1]),
        "activity": maybe(instants[2]),
        "status_since": maybe(instants[3]),
        "follow_up": maybe(instants[4]),
        "due": dice.choice(
            [{}, {"resolution": instants[5]}, {"resolution": instants[6], "first-response": instants[7]}]
        ),
        "tags": dice.choice([(), ("vip",), ("vip", "x"), ("X",)]),
        "rating": maybe(Rating("good", "ana@example.cl", instants[8])),
        "fields": dice.choice([{}, fields]),
        "events": tuple(
            Event(NOW, dice.choice(["note", "call-in"]), "mlopez", f"e-000{n}") for n in range(dice.randrange(4))
        ),
    }
    return Ticket(f"TK-260812-{number:05d}", description="word", **values)


def some_words(dice: random.Random) -> list[str]:
    """Return a query of up to four words."""
    spans = [f"{sign}{length}" for sign in ("<", "<=", ">", ">=") for length in ("1h", "2d", "15d", "3bh", "2bd")]
    instant = format_instant(NOW + timedelta(seconds=dice.choice([-86400, 0, 3600])))
    times = [f"{sign}{at}" for sign in ("", "<", "<=", ">", ">=") for at in ("2026-08-12", instant)]
    values = {
        "status": ["open", "closed,solved", "any", "Abierto"],
        "is": ["open", "waiting,new", "closed", "any"],
        "kind": ["none", "solved"],
        "priority": ["high", "low,urgent", "none", "any"],
        "type": ["fault", "none"],
        "category": ["medidor", "medidor/*", "medidor/cobranza", "none", "garantía,medidor/lectura"],
        "channel": ["phone", "none,web"],
        "requester": ["ana@EXAMPLE.cl", "none", "bo@x.org,ana@example.cl"],
        "customer": ["k", "none"],
        "owner": ["me", "none", "zgomez,none", "@creator", "any"],
        "team": ["support"],
        "tag": ["vip", "x,X", "none", "any"],
        "title": ["calentador", "enciende no", "mas", "none"],
        "rating": ["good", "none"],
        "created": times,
        "updated": [*times, "none"],
        "activity": times,
        "status-since": [*times, "any"],
        "follow-up": [*times, "none", "<2026-08-10,none"],
        "due": [*times, *(span for span in spans if "b" not in span), "2d", "none", "any", "<1h,none"],
        "due.resolution": [*times, "none"],
        "age": spans,
        "idle": [*spans, "none"],
        "in-status": spans,
        "late": spans,
        "left": [*spans, "none"],
        "overdue": ["yes", "no"],
        "overdue.resolution": ["yes", "no"],
        "late.resolution": spans,
        "left.first-response": [*spans, "none"],
        "events.note": ["<2", "2", "none"],
        "level": [">=2", "none"],
        "serial": ["sn-1", "nandu"],
        "text": ["calentador word"],
    }
    fields = dice.choices(list(values), k=dice.randrange(1, 4))
    words = [f"{dice.choice(['', '', '-'])}{field}:{dice.choice(values[field])}" for field in fields]
    return [word for word in words if word not in {"-status:any", "-is:any"}]


def meets(ticket: Ticket, condition: Condition) -> bool:
    facts = Facts(POLICY, ticket, NOW)
    return holds(condition, lambda name: first_due(ticket) if name == "due" else facts(name))


def make(root: Path, tickets: list[Ticket]) -> None:
    (root / "tickets").mkdir(parents=True)
    (root / "tk.toml").write_text("")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for ticket in tickets:
        (root / f"tickets/{ticket.id}.md").write_bytes(codec.render(ticket))


@pytest.mark.parametrize("seed", range(4))
def test_a_query_finds_what_a_scan_would(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    tickets = {ticket.id: ticket for ticket in (some_ticket(dice, number) for number in range(40))}
    make(tmp_path, list(tickets.values()))

    def by_file(row: Row, condition: Condition) -> bool:
        assert row.front.startswith("{")
        return meets(tickets[row.id], condition)

    left_over = 0
    with Index.open(find(tmp_path)) as index:
        for _ in range(100):
            words = some_words(dice)
            asked = parse(words, POLICY, "mlopez", NOW)
            expected = {ticket.id for ticket in tickets.values() if meets(ticket, asked.condition)}
            selection = Selection(asked.condition, SCALE, asked.sort, None)
            rows = index.rows(selection, by_file)
            assert {row.id for row in rows} == expected, words
            assert index.count(selection, by_file) == len(expected), words
            limit = dice.randrange(1, 9)
            assert index.rows(selection._replace(limit=limit), by_file) == rows[:limit], words
            left_over += any("." in word for word in words)
    assert left_over > 0


def test_what_lists_ask_most_is_left_to_sqlite() -> None:
    words = ["status:open", "-is:closed", "owner:me,none", "overdue:yes", "category:medidor", "created:>=2026-08-01"]
    words += [
        "due:<2d",
        "idle:>4d",
        "tag:vip",
        "title:calentador",
        "follow-up:<=2026-08-01",
        "requester:ana@example.cl",
    ]
    assert split(parse(words, POLICY, "mlopez", NOW).condition, SCALE).left == Condition()


def test_any_of_several_may_be_half_known(tmp_path: Path) -> None:
    """What the index cannot test in one branch leaves the whole group over."""
    tickets = [
        Ticket(f"TK-260812-0000{n}", title=f"t{n}", status="open", owner="mlopez" if n else None) for n in range(3)
    ]
    make(tmp_path, [ticket._replace(created=NOW) for ticket in tickets])
    none, noted = Condition((Leaf("owner", "none"),)), Condition((Leaf("events.note", ">=", (1,)),))
    selection = Selection(Condition((Leaf("status", "is", ("open",)),), ((none, noted),)), SCALE)
    with Index.open(find(tmp_path)) as index:
        asked: list[Condition] = []

        def answer(row: Row, condition: Condition) -> bool:
            asked.append(condition)
            return row.title == "t2"

        assert [row.title for row in index.rows(selection, answer)] == ["t2"]
        assert set(asked) == {Condition((), ((none, noted),))}
        with pytest.raises(ValueError, match=r"events\.note"):
            index.rows(selection)


def test_the_order_of_a_list(tmp_path: Path) -> None:
    def ticket(number: int, **values: Any) -> Ticket:
        start = Ticket(f"TK-260812-{number:05d}", title="t", status="open", created=NOW)
        return start._replace(**values)

    make(
        tmp_path,
        [
            ticket(1, priority="low", title="Zeta", status="solved"),
            ticket(
                2, priority="urgent", title="ábaco", due={"a": NOW + timedelta(days=2), "b": NOW + timedelta(days=9)}
            ),
            ticket(3, priority="urgent", title="beta", due={"a": NOW + timedelta(days=1)}, status="new"),
            ticket(4, priority="urgent", title="Alfa", created=NOW - timedelta(days=1)),
            ticket(5, title="alfa", status="mislaid"),
        ],
    )
    with Index.open(find(tmp_path)) as index:

        def order(*words: str) -> str:
            asked = parse(words, POLICY, None, NOW)
            return "".join(row.id[-1] for row in index.rows(Selection(asked.condition, SCALE, asked.sort, asked.limit)))

        assert order() == "32415"
        assert order("sort:-priority") == "12345"
        assert order("sort:due") == "32145"
        assert order("sort:-due", "limit:2") == "23"
        assert order("sort:title") == "24531"
        assert order("sort:status") == "32415"
        assert order("sort:age,-id") == "53214"
        for key in SORTS:
            assert sorted(order(f"sort:{key}")) == sorted(order(f"sort:-{key}")) == list("12345")
