"""Whatever people write into a ticket's file by hand, the law, the checks and a merge have an answer to it."""

import json
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import AT
from tests.core.law.test_consequence import OUTSIDE, RULES
from tests.policies import DESK, policy_of
from tests.strategies import TRAPS
from tk.core.checks import Place, Subject, check_ticket
from tk.core.facts import actor_of
from tk.core.law.consequence import WAS
from tk.core.law.difference import derive
from tk.core.mending import mended
from tk.core.review import squash
from tk.core.review.contrast import contrast
from tk.core.review.handwork import settle
from tk.core.review.objections import review
from tk.core.sweep import swept
from tk.core.ticket import KEYS, Ticket
from tk.store import codec
from tk.store.merging.joining import join

CLOCKS = """
[calendars.office]
hours.mon-fri = ["09:00-13:00", "14:00-18:00"]
[[deadline]]
name = "first"
clock = "first-response"
target = "47h"
[[deadline]]
name = "next"
clock = "next-response"
target = "4bh"
calendar = "office"
stops = ["open", "pending"]
[[deadline]]
name = "solve"
clock = "resolution"
target = { low = "10bd", normal = "49h", high = "3d", urgent = "90bh" }
calendar = "office"
stops = ["pending"]
[[sweep]]
name = "close"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = "Closed."
[[sweep]]
name = "warn"
when = { kind = ["open", "new"], "left.resolution" = "< 2bh" }
set = { priority = "urgent" }
[[sweep]]
name = "old"
when = { bought = "< 2020-01-01", "not.level" = ">= 3", in-status = ">= 3bd" }
note = "Old."
once = true
"""
POLICY = policy_of(DESK + RULES + CLOCKS)
PATH = "tickets/2026/08/10/TK-260810-7K3QX.md"

INSTANTS = st.sampled_from(
    [
        "2026-08-10T11:02:40-05:00",
        "2026-08-12T11:02:40-05:00",
        "2026-08-12T16:00:00Z",
        *(f"{year}{offset}" for year in ("0001-01-01T00:00:00", "9999-12-31T23:59:59") for offset in ("Z", "+23:59")),
        *(f"{year}-23:59" for year in ("0001-01-01T00:00:00", "9999-12-31T23:59:59")),
    ]
)
DURATIONS = st.sampled_from(["0m", "0bd", "4h", "4bh", "999999999m", "999999w", "999999bd", "999999999bs"])
KNOWN = (
    *("new", "open", "pending", "on-hold", "solved", "closed", "mlopez", "zgomez", "support", "finance"),
    *("ana@example.cl", "low", "urgent", "phone", "SN-1", "warranty", "fault", "medidor", "true", "12", "-7.0"),
    *("2026-08-12", "note", "call-in", "TK-260701-0B2M4", "purchase-note", "follows", "good", "9" * 400),
)
NAMES = st.sampled_from(["refund", "type", "resolution", "first-response", "next-response", "close", "warn", "old"])
WORDS = st.sampled_from([*TRAPS, *KNOWN]).map(json.dumps)
SCALARS = st.one_of(WORDS, INSTANTS, DURATIONS, st.sampled_from(["~", "[]", "{}", "[a]", "{a: b}", "[[a], {b: [c]}]"]))
PARTS = st.sampled_from(["kind", "id", "file", "date", "by", "at", "value"])


def flow(entries: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"


def maps(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.dictionaries(NAMES, values, max_size=3).map(flow)


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda items: f"[{', '.join(items)}]")


def records(**parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.fixed_dictionaries(parts).map(flow)


SHAPES = {
    "text": WORDS,
    "texts": lists(WORDS),
    "instant": INSTANTS,
    "instants": maps(INSTANTS),
    "durations": maps(DURATIONS),
    "links": lists(records(kind=WORDS, id=WORDS)),
    "attachments": lists(records(file=WORDS, kind=WORDS)),
    "requests": maps(records(by=WORDS, at=INSTANTS, value=WORDS)),
    "approvals": maps(records(by=WORDS, at=INSTANTS)),
    "rating": records(value=WORDS, by=WORDS, at=INSTANTS),
}
ANY = st.one_of(SCALARS, lists(SCALARS), maps(SCALARS), st.dictionaries(PARTS, SCALARS, max_size=3).map(flow))
FIELDS = ("serial", "level", "bought", "line", "resolution", "consultant", "first-call", "x-1", "description", "events")
FACTS = st.sampled_from(
    [
        *("visibility", "minutes", "logged", "auto-submitted", "table", "row", "rule", "rule", "rule"),
        *(f"{WAS}{key}" for key in (*KEYS, *FIELDS)),
    ]
)
RULE_NAMES = st.sampled_from(["mail-only", "escalated", "cover", "assignment-ends-new", "close"])


@st.composite
def keys(draw: st.DrawFn) -> tuple[str, str]:
    key = draw(st.sampled_from([*KEYS, *KEYS, *FIELDS]))
    right = SHAPES[KEYS.get(key, "text")]
    return key, draw(st.one_of(right, right, right, ANY))


@st.composite
def entries(draw: st.DrawFn) -> str:
    by = draw(st.sampled_from(["mlopez", "zgomez", "ana@example.cl", "tk", "a b"]))
    kind = draw(st.sampled_from(["note", "note", "note", "call-in", "call-out", "follow-up", "nope"]))
    facts = draw(st.dictionaries(FACTS, st.one_of(WORDS, INSTANTS, RULE_NAMES), max_size=4))
    if "rule" in facts:
        facts["rule"] = draw(RULE_NAMES)
    told = "".join(f" {key}={value}" for key, value in facts.items())
    return f"### {draw(INSTANTS)} {kind} {by} {{#{draw(st.sampled_from(['e-aaaa', 'e-bbbb', 'e']))}{told}}}\n\nx\n"


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw what a file may hold after an hour of editing by hand."""
    held = {"id": "TK-260810-7K3QX", "title": "Boiler", "status": "open", "creator": "mlopez"}
    held |= dict.fromkeys(("created", "updated", "status-since"), "2026-08-10T11:02:40-05:00")
    held |= dict(draw(st.lists(keys(), max_size=6)))
    front = "".join(f"{key}: {value}\n" for key, value in held.items())
    text = draw(st.sampled_from(["", "a\nb\n"]))
    log = "\n".join(draw(st.lists(entries(), max_size=4)))
    return f"---\n{front}---\n{text}\n## Log\n\n{log}".encode()


def ticket_of(data: bytes | None) -> Ticket | None:
    return None if data is None else codec.read(PATH, data).ticket


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.none() | files(),
    after=files(),
    who=st.sampled_from(["mlopez", "zgomez", "nobody"]),
    at=st.sampled_from([AT, AT, datetime.fromisoformat("9999-12-31T23:59:59+00:00")]),
)
def test_the_law_has_an_answer_to_whatever_stands_in_a_file(
    before: bytes | None, after: bytes, who: str, at: datetime
) -> None:
    then, document = ticket_of(before), codec.read(PATH, after)
    now = document.ticket
    if now is None:
        return
    acting = actor_of(POLICY, f"{who}@example.com")
    derive(POLICY, then, now)
    derive(POLICY, then, now, acting, OUTSIDE)
    found = review(POLICY, OUTSIDE, then, now, acting, at)
    place = codec.placing(document)
    assert all(str(objection.message) and place(objection.key) for objection in found)
    squash.explains(POLICY, [(then, now)], acting.name, ["stamp"])
    contrast(POLICY, then, now)
    check_ticket(POLICY, Subject(now, PATH, lambda key: Place(*place(key))))
    mended(POLICY, now)
    for anew in (False, True):
        swept(POLICY, OUTSIDE, now, at, anew=anew)
    if then is not None:
        settle(POLICY, OUTSIDE, then, now, acting, at)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.none() | files(), files(), files())
def test_a_merge_has_an_answer_to_whatever_stands_in_its_files(base: bytes | None, ours: bytes, theirs: bytes) -> None:
    join(PATH, base, ours, theirs)
