"""A small event log of another help desk, its map to the preset `simple`, and the real log where it is at hand."""

from pathlib import Path

from tk.core.policy import Policy
from tk.core.written.reader import read as read_policy
from tk.exchange.events import read_events
from tk.exchange.mapping import Map, read_map
from tk.exchange.read import Read
from tk.exchange.table import Table, read_csv
from tk.store import presets

REAL = Path(__file__).parents[2] / "shared/data/helpdesk-log.csv"
REAL_MAP = Path(__file__).parent / "data/helpdesk-log.map.toml"

LOG = """\
Case,What,When,Who,Prio,Prio,Client,Note,Batch
A-1,opened,2026-01-05 09:00:00,Ana Ruiz,Hoch,Hoch,acme,Screen is black,7
A-1,taken,2026-01-05 09:30:00,Ana Ruiz,Hoch,Hoch,acme,,7
B 2,opened,2026-01-05 09:10:00,Raul,Tief,Tief,"beta, inc","first line
second line",7
A-1,called,2026-01-06 10:00:00,Somebody Else,Tief,Tief,acme,"=1+1",7
A-1,called,2026-01-06 10:00:00,Somebody Else,Tief,Tief,acme,again,7
B 2,done,2026-01-07 11:00:00,Raul,Tief,Tief,,,7
A-1,shut,2026-01-08 12:00:00,Ana Ruiz,Tief,Tief,acme,,7
A-1,reopened,2026-01-09 12:00:00,Ana Ruiz,Tief,Tief,acme,,7
"""
"""Eight events of two cases; two of them are the same but for their text."""

MAP = """\
ignore = ["Batch"]
[columns]
case = "Case"
activity = "What"
at = "When"
who = "Who"
text = "Note"
priority = ["Prio", "Prio#2"]
customer = "Client"
[time]
format = "%Y-%m-%d %H:%M:%S"
zone = "Europe/Berlin"
[ticket]
title = "Case {case}: {Note}"
channel = "phone"
[values.priority]
Hoch = "high"
Tief = "low"
[people]
"Ana Ruiz" = "ana"
Raul = "raul@example.com"
[activities]
opened = "note"
called = { log = "call-in", internal = true }
taken = { log = "note", advance = "in-progress", assign = "@who" }
done = { log = "note", advance = "solved" }
shut = { log = "note", advance = "closed" }
reopened = { log = "note", advance = "open", text = "{What} by {who}" }
[unnamed]
people = "stranger"
"""

PEOPLE = """\
ana = { name = "Ana Ruiz", email = "ana@example.com", roles = ["agent"] }
raul = { name = "Raúl Peña", email = ["raul@example.com", "rp@example.com"], roles = ["agent"] }
"""


def simple() -> Policy:
    """Return the policy of the preset `simple` with two people."""
    text = presets.load("simple").policy + PEOPLE
    policy, findings = read_policy(text)
    assert policy is not None, findings
    return policy


def table(text: str = LOG, **more: str) -> Table:
    """Return a CSV text as a table called log.csv."""
    return read_csv("log.csv", text.encode(), **more)


def mapping(text: str = MAP) -> Map:
    """Return a map called log.map.toml."""
    return read_map("log.map.toml", text.encode())


def events(text: str = LOG, held: str = MAP) -> Read:
    """Return what a log says by a map, on a desk of the preset `simple`."""
    return read_events(table(text), mapping(held), simple())


def told(read: Read) -> list[tuple[int, str, str]]:
    """Return line, code and sentence of what was wrong with rows."""
    return [(finding.line, finding.code, str(finding.message)) for finding in read.findings]
