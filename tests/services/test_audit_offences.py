"""An audit of a long history: each of many seeded offences is found by its commit, and of the honest ones none.

The honest thousand are work of four people by turns: tickets, logs, links, documents, approvals, undone mistakes,
merges, sealed squashes, sweeps, changes of the policy and commits that have nothing to do with the desk.
"""

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.services.office import AGENT, AGENT_MAY, BOSS, OTHER, STRANGER, Office
from tests.services.scribe import Scribe
from tk.core import ids
from tk.core.action import Action, Assignment
from tk.core.finding import Finding
from tk.core.instant import format_instant
from tk.core.ticket import Attachment

MORE = ', "attach.*", "link.*", "request.*", "schedule", "rate", "set.customer"]'

SWEEP = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = "Closed: four days without a word."
"""

HONEST = 1000


# The honest


class Crowd:
    """Four people at work, by chance that is always the same."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.random = random.Random(40)
        self.open: list[str] = []

    def step(self) -> None:
        """Let somebody do something."""
        deeds = (self.new, self.note, self.note, self.field, self.advance, self.assign, self.document, self.decide)
        self.scribe.wait(minutes=self.random.randrange(1, 90))
        (self.new if len(self.open) < 5 else self.random.choice((*deeds, self.link, self.undo, self.elsewhere)))()

    def who(self) -> str:
        return self.random.choice((BOSS, AGENT, OTHER))

    def any(self) -> str:
        return self.random.choice(self.open)

    def new(self) -> None:
        who = self.random.choice((BOSS, AGENT, OTHER, STRANGER))
        self.open.append(self.scribe.open(who, f"Monitor {self.scribe.marks}", priority="low"))

    def note(self) -> None:
        self.scribe.log(self.who(), self.any(), "## Log\n\n### 2020-01-01 no es una entrada", "call-out")

    def field(self) -> None:
        path = self.any()
        priority = self.random.choice([p for p in ("low", "high", "urgent") if p != self.scribe.ticket(path).priority])
        tags = Action("set", "tags", (f"t{self.scribe.marks}",))
        self.scribe.act(self.who(), path, Action("set", "priority", priority), tags)

    def advance(self) -> None:
        path = self.any()
        ways = self.scribe.policy.statuses.entries[self.scribe.ticket(path).status].to
        self.scribe.act(self.who(), path, Action("advance", "", self.random.choice(ways)))

    def assign(self) -> None:
        path = self.any()
        to = self.random.choice([p for p in ("ana", "raul", "mlopez") if p != self.scribe.ticket(path).owner])
        self.scribe.act(self.who(), path, Action("assign", "", Assignment(to)))

    def document(self) -> None:
        name = f"nota {self.scribe.marks}.txt"
        attach = Action("attach", "letter", Attachment(name, "letter"))
        self.scribe.act(self.who(), self.any(), attach, beside={name: b"Hola\n"})

    def decide(self) -> None:
        path = self.any()
        self.scribe.act(AGENT, path, Action("request", "type", self.random.choice(("incident", "question"))))
        self.scribe.act(BOSS, path, Action("approve", "go-ahead"))

    def link(self) -> None:
        near, far = self.random.sample(self.open, 2)
        number = ids.id_of(far) or ""
        if number not in {link.id for link in self.scribe.ticket(near).links}:
            self.scribe.act(self.who(), near, Action("link", "relates", number))

    def undo(self) -> None:
        path = self.any()
        self.scribe.log(self.who(), path, "Me equivoqué.")
        self.scribe.undo(path)

    def elsewhere(self) -> None:
        self.scribe.commit(STRANGER, {"README.md": f"{self.scribe.marks}\n".encode()})

    def merge(self) -> None:
        """Let two sides work on their own tickets, and merge them."""
        held, here = self.open, self.scribe.leave()
        half = len(held) // 2
        self.open = held[:half]
        for _ in range(3):
            self.note()
        side = self.scribe.leave()
        self.scribe.enter(here)
        self.open = held[half:]
        for _ in range(3):
            self.field()
        theirs = {path: data for path, data in side.files.items() if here.files.get(path) != data}
        self.scribe.commit(self.who(), theirs, merging=side.tip)
        self.open = held

    def squash(self) -> None:
        """Let several people work on a branch for a day, have it sealed, and squash it an hour later."""
        here, path = self.scribe.leave(), self.scribe.open(AGENT, "Por partes")
        for who in (AGENT, OTHER, BOSS):
            self.scribe.wait(hours=5)
            self.scribe.log(who, path)
        self.scribe.act(BOSS, path, Action("set", "title", "Por partes, juntas"))
        self.scribe.seal(str(self.scribe.marks), f"side{self.scribe.marks}")
        made = self.scribe.files[path]
        self.scribe.enter(here)
        self.scribe.wait(hours=1)
        self.scribe.commit(AGENT, {path: made})

    def policy(self) -> None:
        """Let the supervisor change the policy, a template and a register."""
        text = self.scribe.text("tk.toml").replace("[channels]", f"# {self.scribe.marks}\n[channels]", 1)
        template = f"Hola {self.scribe.marks}\n".encode()
        self.scribe.commit(BOSS, {"tk.toml": text.encode(), "templates/es/new.md": template, "registers/x.csv": b"a\n"})


def work(scribe: Scribe) -> None:
    """Let people work until there are enough commits of theirs."""
    crowd = Crowd(scribe)
    while len(scribe.honest) < HONEST:
        for _ in range(30):
            crowd.step()
        crowd.merge()
        crowd.squash()
        crowd.policy()
        scribe.wait(days=2)
        scribe.sweep(STRANGER)


# The offences


def victim(scribe: Scribe) -> str:
    """Let people work on a ticket until there is something in it for every offence."""
    path = scribe.open(AGENT, "Monitor negro", priority="low")
    attach = Action("attach", "letter", Attachment("nota.txt", "letter"))
    scribe.act(AGENT, path, attach, beside={"nota.txt": b"Hola\n"})
    scribe.log(AGENT, path, "Llamar mañana.")
    scribe.log(OTHER, path, "Vi el cable.", "call-out")
    scribe.act(BOSS, path, Action("approve", "go-ahead"))
    scribe.act(AGENT, path, Action("advance", "", "solved"), Action("rate", "", "good"))
    scribe.wait(hours=20)
    return path


Offence = Callable[[Scribe, str], str]


def edit(old: str, new: str, who: str = AGENT, *, moved: bool = True, name: str = "") -> Offence:
    """Return the offence of replacing text in a ticket; `{soon}` in it is the instant of the commit."""
    return lambda s, path: s.forge(who, path, (old, new.replace("{soon}", s.soon())), moved=moved, name=name)


def insert(line: str) -> Offence:
    """Return the offence of writing a line into the front matter."""
    return edit("\ncreated:", f"\n{line}\ncreated:")


def entry(heading: str, who: str = AGENT, at: timedelta | None = None, logged: timedelta | None = None) -> Offence:
    """Return the offence of entering an event by hand, so long ago as `at` says, and told to be entered at `logged`."""

    def enter(scribe: Scribe, path: str) -> str:
        when = scribe.soon() if at is None else format_instant(scribe.now - at)
        facts = "" if logged is None else f" logged={format_instant(scribe.now - logged)}"
        text = scribe.text(path)
        event = f"### {when} {heading} {{#e-zzzz{facts}}}"
        return scribe.forge(who, path, (text[-12:], f"{text[-12:]}\n{event}\n\nDijo que sí.\n"))

    return enter


def put(path: str, data: bytes | None, who: str = AGENT) -> Offence:
    """Return the offence of writing a file that governs the desk, which is put right again."""

    def write(scribe: Scribe, _: str) -> str:
        held = scribe.files.get(path)
        mark = scribe.commit(who, {path: data}, honest=False)
        scribe.commit(BOSS, {path: held})
        return mark

    return write


def change(data: bytes | None, beside: str = "") -> Offence:
    """Return the offence of writing a ticket's file anew, or one beside it."""
    place = f"/{beside}" if beside else ".md"
    return lambda s, path: s.commit(AGENT, {path.removesuffix(".md") + place: data}, honest=False)


def grant(scribe: Scribe, path: str) -> str:
    """Give agents the right to change the policy."""
    text = scribe.text("tk.toml").replace('"undo"', '"undo", "policy"', 1)
    return put("tk.toml", text.encode())(scribe, path)


def hire(scribe: Scribe, path: str) -> str:
    """Let a stranger make himself an agent."""
    text = scribe.text("tk.toml").replace("[people]", f'[people]\nx = {{ email = "{STRANGER}", roles = ["agent"] }}', 1)
    return put("tk.toml", text.encode(), STRANGER)(scribe, path)


def cut(scribe: Scribe, path: str) -> str:
    """Take the last event away."""
    text = scribe.text(path)
    return scribe.forge(AGENT, path, (text[text.rindex("\n### ") :], ""))


def sweep(scribe: Scribe, path: str) -> str:
    """Let a stranger close, as a sweep would, what was solved a day ago."""
    soon = scribe.soon()
    closed = scribe.text(path).replace("status: solved", "status: closed")
    lines = [f"status-since: {soon}" if line.startswith("status-since:") else line for line in closed.split("\n")]
    stamp = f"fired:\n  close-solved: {soon}\nattachments:"
    made = "\n".join(lines).replace("attachments:", stamp, 1)
    return scribe.forge(STRANGER, path, (scribe.text(path), made))


def disown(scribe: Scribe, path: str) -> str:
    """Take an approval away."""
    text = scribe.text(path)
    return scribe.forge(AGENT, path, (text[text.index("approvals:") : text.index("rating:")], ""))


def begin(old: str, new: str, who: str = AGENT, at: str = "") -> Offence:
    """Return the offence of opening a ticket by hand that does not begin as tickets do, or not where."""

    def write(scribe: Scribe, _: str) -> str:
        number, soon = scribe.number(), scribe.soon()
        text = f"---\nid: {number}\ntitle: Otro\nstatus: open\nstatus-since: {soon}\ncreator: ana\ncreated: {soon}\n"
        text += f"updated: {soon}\n---\n"
        assert old in text
        return scribe.commit(who, {at or ids.path_of(number): text.replace(old, new, 1).encode()}, honest=False)

    return write


def drop(scribe: Scribe, path: str) -> str:
    """Merge a side and lose what it had entered."""
    here = scribe.leave()
    scribe.log(OTHER, path)
    side = scribe.leave()
    scribe.enter(here)
    scribe.log(AGENT, path)
    return scribe.commit(AGENT, {}, honest=False, merging=side.tip)


def slip(scribe: Scribe, path: str) -> str:
    """Merge a side and slip something in that none of the two had."""
    here = scribe.leave()
    scribe.commit(STRANGER, {"README.md": b"side\n"})
    side = scribe.leave()
    scribe.enter(here)
    scribe.commit(STRANGER, {"LICENSE.md": b"main\n"})
    gratis = scribe.text(path).replace("Monitor negro", "Monitor gratis").encode()
    return scribe.commit(AGENT, {path: gratis, "README.md": b"side\n"}, honest=False, merging=side.tip)


def revert(scribe: Scribe, path: str) -> str:
    """Take back what somebody else did."""
    _, old = scribe.last[path]
    scribe.log(OTHER, path, "Vi otro cable.")
    _, old = scribe.last[path]
    return scribe.commit(AGENT, {path: old}, honest=False)


def undo_too_much(scribe: Scribe, path: str) -> str:
    """Take back what one did oneself, and a colleague's document with it."""
    attach = Action("attach", "letter", Attachment("otra.txt", "letter"))
    scribe.act(OTHER, path, attach, beside={"otra.txt": b"Hola\n"})
    scribe.log(AGENT, path)
    _, old = scribe.last[path]
    return scribe.commit(AGENT, {path: old, path.removesuffix(".md") + "/otra.txt": None}, honest=False)


def swap(scribe: Scribe, path: str) -> str:
    """Merge a side and put another document in the place of one that it brought."""
    here = scribe.leave()
    attach = Action("attach", "letter", Attachment("otra.txt", "letter"))
    scribe.act(OTHER, path, attach, beside={"otra.txt": b"Hola\n"})
    side = scribe.leave()
    scribe.enter(here)
    scribe.commit(STRANGER, {"LICENSE.md": b"swap\n"})
    brought = {path: side.files[path], path.removesuffix(".md") + "/otra.txt": b"Otra\n"}
    return scribe.commit(AGENT, brought, honest=False, merging=side.tip)


def turn(scribe: Scribe, path: str) -> str:
    """Turn the log over."""
    head, log, rest = scribe.text(path).partition("## Log\n")
    events = [f"### {event.strip()}\n" for event in rest.split("### ")[1:]]
    turned = head + log + "\n" + "\n".join(reversed(events))
    return scribe.commit(AGENT, {path: turned.encode()}, honest=False)


def claim(scribe: Scribe, path: str) -> str:
    """Open a ticket that answers to the id of another."""
    return begin("\ntitle:", f"\naliases: [{ids.id_of(path)}]\ntitle:", STRANGER)(scribe, path)


def ahead(scribe: Scribe, path: str) -> str:
    """Log at an instant that is yet to come, so that no sweep sees the ticket until then."""
    scribe.wait(days=3650)
    mark = scribe.log(AGENT, path)
    scribe.honest.discard(mark)
    scribe.wait(days=-3650)
    return mark


WEEK, HOUR = timedelta(days=7), timedelta(hours=1)

OFFENCES: dict[str, tuple[Offence, str]] = {
    "a field that the role may not set": (edit("Monitor negro", "Monitor gratis"), "not-allowed"),
    "a stranger's hand on a priority": (edit("priority: low", "priority: urgent", STRANGER), "not-allowed"),
    "a stranger who calls himself Ana": (
        edit("priority: low", "priority: urgent", STRANGER, name="Ana Ruiz"),
        "not-allowed",
    ),
    "a description rewritten": (edit("---\nHola.", "---\nAdiós."), "not-allowed"),
    "a status that nobody knows": (edit("status: solved", "status: nuevo"), "unknown-status"),
    "a status without its stamp": (edit("status: solved", "status: closed"), "stamp"),
    "the instant of a status": (edit("status-since: 2026", "status-since: 2025", moved=False), "stamp"),
    "the day of creation": (edit("created: 2026", "created: 2025"), "stamp"),
    "the creator": (edit("creator: ana", "creator: raul"), "stamp"),
    "a stamp of the future": (edit("updated: 2026", "updated: 2036", moved=False), "stamp"),
    "another id": (edit("id: TK-", "id: TX-"), "stamp"),
    "an alias": (edit("\ntitle:", "\naliases: [OLD-1]\ntitle:"), "stamp"),
    "a deadline": (insert("due: {resolution: 2036-01-01T00:00:00Z}"), "stamp"),
    "a target": (insert("target: {resolution: 900h}"), "stamp"),
    "a stopped clock": (insert("paused: {resolution: 900h}"), "stamp"),
    "a missed deadline": (insert("breached: {resolution: 2025-01-01T00:00:00Z}"), "stamp"),
    "a step of a sweep": (insert("fired: {warn: 2025-01-01T00:00:00Z}"), "stamp"),
    "a priority that nobody knows": (edit("priority: low", "priority: never"), "unknown-priority"),
    "an owner who is nobody": (insert("owner: nadie"), "unknown-owner"),
    "an event's words": (edit("Llamar mañana.", "Llamar nunca."), "event-altered"),
    "an event's hour": (edit("### 2026", "### 2025"), "event-altered"),
    "an event's author": (edit(" call-out raul ", " call-out ana "), "event-altered"),
    "an event's visibility": (edit(" call-out raul {", " call-out raul {visibility=internal "), "event-altered"),
    "an event taken away": (cut, "event-removed"),
    "an event of last week": (entry("note ana", at=WEEK), "backdated"),
    "an event of six minutes ago": (entry("note ana", at=timedelta(minutes=6)), "backdated"),
    "an event of tomorrow": (entry("note ana", at=-24 * HOUR), "future-event"),
    "an event entered another day than it says": (entry("note ana", at=WEEK, logged=48 * HOUR), "backdated"),
    "an event under a colleague's name": (entry("note raul"), "wrong-author"),
    "words of a requester's": (entry("note x@example.org"), "not-allowed"),
    "an event by a stranger": (entry(f"note {STRANGER}", STRANGER), "not-allowed"),
    "an event of a type that nobody knows": (entry("smoke ana"), "unknown-event"),
    "an approval that nobody knows": (
        edit("  go-ahead:", "  other: {by: ana, at: {soon}}\n  go-ahead:"),
        "unknown-approval",
    ),
    "an approval's day": (edit("go-ahead: {by: mlopez, at: 2026", "go-ahead: {by: mlopez, at: 2027"), "not-allowed"),
    "an approval taken over": (edit("go-ahead: {by: mlopez", "go-ahead: {by: raul", OTHER), "not-allowed"),
    "an approval taken away": (disown, "stamp"),
    "a request in a colleague's name": (
        insert("requests:\n  type: {by: raul, at: 2026-08-12T09:00:00-05:00, value: incident}"),
        "stamp",
    ),
    "a rating in the requester's name": (
        edit("rating: {value: good, by: ana", "rating: {value: bad, by: x@example.org"),
        "stamp",
    ),
    "a ticket taken away": (change(None), "removed"),
    "a ticket made unreadable": (change(b"Hola\n"), "unreadable"),
    "a ticket made a link": (change(b"-> /etc/passwd"), "symlink"),
    "a document replaced": (change(b"Otra\n", "nota.txt"), "attachment-altered"),
    "a document taken away": (change(None, "nota.txt"), "attachment-altered"),
    "a document that is not there": (
        edit("- file: nota.txt", "- file: otra.txt\n- file: nota.txt"),
        "missing-attachment",
    ),
    "a right for oneself": (grant, "not-allowed"),
    "a place among the people for oneself": (hire, "not-allowed"),
    "a policy that nobody can read": (put("tk.toml", b"= nonsense\n", BOSS), "unreadable"),
    "a template": (put("templates/es/new.md", b"Hola\n"), "not-allowed"),
    "a register": (put("registers/x.csv", b"b\n"), "not-allowed"),
    "a new ticket that a stranger solves at once": (begin("status: open", "status: solved", STRANGER), "not-allowed"),
    "a new ticket of last year": (begin("created: 2026", "created: 2025"), "stamp"),
    "a new ticket in a colleague's name": (begin("creator: ana", "creator: raul"), "stamp"),
    "a sweep before its time": (sweep, "not-allowed"),
    "a note in the sweep's name": (entry("note tk", STRANGER), "not-allowed"),
    "a merge that loses a side's words": (drop, "event-removed"),
    "a merge that slips something in": (slip, "not-allowed"),
    "a colleague's work taken back": (revert, "event-removed"),
    "a colleague's document taken back with one's own work": (undo_too_much, "attachment-altered"),
    "a merge that puts another document in the place of a side's": (swap, "attachment-altered"),
    "a log turned over": (turn, "event-moved"),
    "words that belong to no event": (edit("## Log\n", "## Log\n\nRaúl dijo que sí.\n"), "bad-event"),
    "the id of another ticket": (claim, "duplicate-id"),
    "a new ticket elsewhere than its id says": (begin("", "", STRANGER, "tickets/otro.md"), "misplaced"),
    "a commit of the day after tomorrow": (ahead, "postdated"),
    "a link among a ticket's documents": (change(b"-> /etc/passwd", "b.txt"), "symlink"),
    "a document in other capitals": (change(b"Otra\n", "NOTA.txt"), "misplaced"),
    "a policy in other capitals": (put("TK.toml", b"# x\n"), "not-allowed"),
    "how tickets are merged": (put(".gitattributes", b"tickets/** merge=ours\n"), "not-allowed"),
}


class Audited(NamedTuple):
    """The scribe of a whole history, the mark of each offence in it, and what an audit found."""

    scribe: Scribe
    seeded: dict[str, str]
    findings: tuple[Finding, ...]


@pytest.fixture(scope="module")
def audited(office_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Write the whole history and audit it."""
    office = Office(tmp_path_factory.mktemp("long") / "desk")
    shutil.copytree(office_template, office.root, symlinks=True)
    office.git("update-index", "-q", "--refresh")
    office.policy(AGENT_MAY, AGENT_MAY.replace("]", MORE))
    office.policy("[people]", f"{SWEEP}\n[people]")
    office.commit("tk.toml")
    scribe = Scribe(office)
    work(scribe)
    seeded = {}
    for name, (offence, _) in OFFENCES.items():
        path = victim(scribe)
        seeded[name] = offence(scribe, path)
        scribe.wait(hours=1)
    scribe.written()
    return Audited(scribe, seeded, office.audit("HEAD").findings)


def test_there_are_forty_offences_and_a_thousand_honest_commits(audited: Audited) -> None:
    assert len(audited.seeded) >= 40
    assert len(audited.scribe.honest) >= HONEST


def test_each_offence_is_refused_by_its_commit(audited: Audited) -> None:
    refused = {(finding.commit, finding.code) for finding in audited.findings if finding.verdict == "refused"}
    oids = {name: audited.scribe.oids[mark] for name, mark in audited.seeded.items()}
    missed = [name for name, (_, code) in OFFENCES.items() if (oids[name], code) not in refused]
    assert {name: sorted(code for oid, code in refused if oid == oids[name]) for name in missed} == {}


def test_no_honest_commit_has_a_finding(audited: Audited) -> None:
    offences = {audited.scribe.oids[mark] for mark in audited.seeded.values()}
    found = [finding for finding in audited.findings if finding.commit not in offences and finding.severity != "note"]
    assert [(finding.code, str(finding.message)) for finding in found] == []
