"""At 10,000 tickets `list` and `show` answer as a scan of the files does."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.world import NOW, Desk
from tk.core import ids, query
from tk.core.conditions.language import holds
from tk.core.facts import Facts
from tk.core.policy import Policy
from tk.core.portrait import ticket_json
from tk.core.ticket import Event, Ticket
from tk.store import codec
from tk.store.desk import open_desk

AT = datetime.fromisoformat(NOW)
TICKETS = 10_000

QUERIES = (
    "",
    "status:any",
    "is:solved,closed owner:me",
    "-status:solved priority:high,urgent created:>=2026-07-01",
    "overdue:no due:<2026-08-20",
    "category:hardware/*",
    "tag:vip -tag:norte",
    "title:calentador",
    "idle:>30d status:any",
    "events.note:>=2",
    "owner:none customer:sol",
    "status:any sort:created limit:50",
    "status:any sort:-updated limit:20",
    "status:any sort:priority,title limit:200",
)
"""Queries of each kind; the sorted ones are compared in their order."""


class Shelf(NamedTuple):
    """All tickets of a desk as their files say, by path."""

    policy: Policy
    tickets: dict[str, Ticket]

    def scan(self, words: list[str]) -> list[str]:
        """Return the ids that a query finds, without any index, in order by id."""
        asked = query.parse(words, self.policy, "mlopez", AT)
        return sorted(
            ticket.id for ticket in self.tickets.values() if holds(asked.condition, Facts(self.policy, ticket, AT))
        )


def some_ticket(dice: random.Random, number: int) -> Ticket:
    """Return a ticket of the last hundred days."""
    created = AT - timedelta(minutes=dice.randrange(100 * 24 * 60))
    moved = created + (AT - created) * dice.random()
    moved = moved.replace(microsecond=0)
    events = [
        Event(moved, dice.choice(["note", "call-in"]), "mlopez", f"e-{n:04}", "Llamó.\n\n### nada")
        for n in range(dice.randrange(4))
    ]
    return Ticket(
        id=ids.make("TK", created.date(), ids.tail_from(number)),
        title=dice.choice(["Calentador no enciende", "CALENTADOR: «sí»", "otra cosa, más", "no"]) + f" {number}",
        status=dice.choice(["open", "in-progress", "solved", "closed"]),
        status_since=moved,
        priority=dice.choice(["low", "normal", "high", "urgent", None]),
        category=dice.choice([(), ("hardware",), ("hardware", "printer"), ("software", "fault")]),
        customer=dice.choice(["sol", "Sol", None]),
        creator="mlopez",
        owner=dice.choice(["mlopez", None, "gone"]),
        created=created,
        updated=moved,
        due=dice.choice([{}, {"resolution": (moved + timedelta(days=dice.randrange(40)))}]),
        tags=dice.choice([(), ("vip",), ("vip", "norte")]),
        description="No enciende desde ayer.",
        events=tuple(events),
    )


def fill(desk: Desk) -> None:
    """Write the tickets and commit them."""
    dice = random.Random(2)
    for number in range(TICKETS):
        ticket = some_ticket(dice, number)
        file = desk.root / ids.path_of(ticket.id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(codec.render(ticket))
    desk.git("add", "tickets")
    desk.git("commit", "-qm", "ten thousand")


def read(desk: Desk) -> Shelf:
    """Read every file, as a person with much time would."""
    tickets = {}
    for file in sorted(Path(desk.root, "tickets").rglob("*.md")):
        path = file.relative_to(desk.root).as_posix()
        ticket = codec.read(path, file.read_bytes()).ticket
        assert ticket is not None
        tickets[path] = ticket
    return Shelf(open_desk(desk.root, AT, lambda _: None).policy, tickets)


def listed(desk: Desk, words: list[str]) -> list[str]:
    return desk.ok("list", *words, "--format", "ids").split()


def assert_in_order(shelf: Shelf, words: list[str], found: list[str]) -> None:
    """The tickets come as `sort:` says, and those left out by `limit:` would come later."""
    by_id = {ticket.id: ticket for ticket in shelf.tickets.values()}
    sort, limit = words[1].removeprefix("sort:"), int(words[2].removeprefix("limit:"))
    rank = {key: -entry.rank for key, entry in shelf.policy.priorities.entries.items()}

    def place(ticket: Ticket) -> tuple[object, ...]:
        if sort == "created":
            return (ticket.created, ticket.id)
        if sort == "-updated":
            return (AT - (ticket.updated or AT), ticket.id)
        return (rank.get(ticket.priority or "", 99), ticket.title.casefold(), ticket.id)

    assert found == [ticket.id for ticket in sorted(by_id.values(), key=place)][:limit]


def test_list_and_show_answer_as_a_scan_of_the_files_does(desk: Desk) -> None:
    fill(desk)
    shelf = read(desk)
    assert len(shelf.tickets) == TICKETS
    for text in QUERIES:
        words = text.split()
        found = listed(desk, words)
        if "limit:" in text:
            assert_in_order(shelf, words, found)
        else:
            assert sorted(found) == shelf.scan(words), text
    printed = json.loads(desk.ok("list", "status:any", "sort:title", "limit:500", "--json"))
    assert len(printed) == 500
    assert printed == [as_json(shelf, ids.path_of(shown["id"]), whole=False) for shown in printed]
    assert_shown(desk, shelf)
    assert_still_right_after_changes(desk)


def as_json(shelf: Shelf, path: str, *, whole: bool) -> object:
    return json.loads(json.dumps(ticket_json(shelf.tickets[path], shelf.policy, path, whole=whole)))


def assert_shown(desk: Desk, shelf: Shelf) -> None:
    """A ticket is shown whole by its id, and by a beginning that is its own."""
    tails = sorted(ticket.id[-5:] for ticket in shelf.tickets.values())
    for path in random.Random(3).sample(sorted(shelf.tickets), 20):
        number = shelf.tickets[path].id
        names = [number, number.lower(), number[-5:]] if tails.count(number[-5:]) == 1 else [number]
        for name in names:
            assert json.loads(desk.ok("show", name, "--json")) == as_json(shelf, path, whole=True)


def assert_still_right_after_changes(desk: Desk) -> None:
    """Files edited, removed and added behind tk's back, and work by tk itself, are in the next answer."""
    files = sorted(Path(desk.root, "tickets").rglob("*.md"))
    for file in files[::1000]:
        file.write_bytes(file.read_bytes().replace(b"\ncreator: ", b"\nunit: SN 7\ncreator: "))
    for file in files[500::1000]:
        file.unlink()
    desk.ok("new", "Calentador nuevo", "--priority", "urgent", "--tag", "vip")
    desk.ok("set", files[1].stem, "unit=SN 7")
    desk.git("stash", "-q")
    desk.git("stash", "pop", "-q")
    shelf = read(desk)
    for text in ("status:any", "tag:vip", "unit:SN 7", "title:calentador priority:urgent"):
        words = [text] if text.startswith("unit") else text.split()
        assert sorted(listed(desk, words)) == shelf.scan(words), text
