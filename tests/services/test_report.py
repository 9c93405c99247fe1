"""A desk with a known past reports exactly what was put in, through merges and edits by hand."""

import random
import statistics
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.services.office import AGENT, BOSS, OTHER, Office
from tk.core.reports.catalogue import KINDS
from tk.core.reports.values import days, plain, report_json
from tk.errors import WrongUsage
from tk.services.report import Asked, report
from tk.store.past import as_of

CALENDAR = """
[calendars.office]
label = "Office"
hours = { mon-fri = ["09:00-17:00"] }
"""


class Done(NamedTuple):
    """What was put in: when a ticket got a status."""

    at: datetime
    status: str


def told(office: Office, name: str, **asked: Any) -> dict[str, Any]:
    """Return a report as programs read it."""
    return report_json(report(office.opened(), name, Asked(**asked)))


def rows(office: Office, name: str, **asked: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in told(office, name, **asked)["rows"]]


def add(office: Office, section: str) -> None:
    """Add a section to tk.toml, and commit it."""
    with (office.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write(section)
    office.commit("tk.toml")


def worked(office: Office, seed: int) -> dict[str, list[Done]]:
    """Work on tickets, each on a branch of its own, by commands and by hand, and merge it all; return the truth."""
    chance = random.Random(seed)
    done: dict[str, list[Done]] = {}
    for number in range(5):
        ticket = office.ok("new", f"T{number}")
        done[ticket] = [Done(datetime.fromisoformat(office.now), "open")]
    for place, (ticket, past) in enumerate(done.items()):
        office.git("checkout", "-q", "-b", f"work-{place}", "main")
        for _ in range(chance.randint(1, 4)):
            office.wait(chance.randint(1, 3000))
            before = past[-1].status
            status = chance.choice([held for held in ("open", "in-progress", "solved") if held != before])
            if chance.random() < 0.4:
                office.replace(ticket, f"status: {before}\n", f"status: {status}\n")
                office.commit()
            else:
                with office.by(chance.choice([AGENT, BOSS, OTHER])):
                    office.ok("advance", ticket, status)
            past.append(Done(datetime.fromisoformat(office.now), status))
    office.git("checkout", "-q", "main")
    for place in range(len(done)):
        office.wait(60)
        office.git("merge", "-q", "--no-edit", f"work-{place}")
    return done


def in_status(past: list[Done], now: datetime) -> dict[str, timedelta]:
    """Return how long a ticket was in each status; a solution that stands does not count."""
    ends = [*(after.at for _, after in pairwise(past)), None if past[-1].status == "solved" else now]
    spent: dict[str, timedelta] = {}
    for each, end in zip(past, ends, strict=True):
        if end is not None:
            spent[each.status] = spent.get(each.status, timedelta()) + (end - each.at)
    return spent


@pytest.mark.parametrize("seed", range(3))
def test_times_are_those_that_were_put_in(office: Office, seed: int) -> None:
    done = worked(office, seed)
    now = datetime.fromisoformat(office.now)
    found = {(row["measure"], row["key"]): row for row in told(office, "time")["rows"]}
    for status in {each.status for past in done.values() for each in past}:
        spent = [times[status] for past in done.values() if status in (times := in_status(past, now))]
        if spent:
            row = found["status", status]
            assert row["tickets"] == len(spent)
            assert row["mean_days"] == days(sum(spent, timedelta()) / len(spent))
            assert row["median_days"] == days(
                timedelta(seconds=statistics.median(time.total_seconds() for time in spent))
            )
    whole = [past[-1].at - past[0].at for past in done.values()]
    assert found["first-to-last", None]["tickets"] == len(done)
    assert found["first-to-last", None]["mean_days"] == days(sum(whole, timedelta()) / len(whole))


@pytest.mark.parametrize("seed", range(3, 6))
def test_ways_and_flow_are_those_that_were_put_in(office: Office, seed: int) -> None:
    done = worked(office, seed)
    ways = Counter(tuple(each.status for each in past) for past in done.values())
    assert {tuple(row[0]): row[1] for row in rows(office, "paths")} == dict(ways)
    moves = [(a.status == "solved", b.status == "solved") for past in done.values() for a, b in pairwise(past)]
    assert told(office, "flow")["totals"] == {
        "created": len(done),
        "solved": moves.count((False, True)),
        "reopened": moves.count((True, False)),
        "closed": 0,
        "backlog": sum(past[-1].status != "solved" for past in done.values()),
    }


def test_owners_and_answers_are_those_that_were_put_in(office: Office) -> None:
    with office.by(AGENT):
        number = office.ok("new", "Calentador", "--requester", "ana@example.cl")
        office.ok("assign", number, "ana")
        start = datetime.fromisoformat(office.now)
        office.wait(59)
        office.ok("log", number, "call-out", "-m", "x", "--set", "minutes=20")
        office.wait(59)
        office.ok("assign", number, "raul")
    office.wait(120)
    found = {(row["measure"], row["key"]): row["mean_days"] for row in told(office, "time")["rows"]}
    assert found["first-response", None] == days(timedelta(minutes=61))
    assert found["owner", "ana"] == days(timedelta(minutes=120))
    assert found["owner", "raul"] == days(datetime.fromisoformat(office.now) - start - timedelta(minutes=120))
    assert rows(office, "workload") == [
        ("raul", 1, 0, 0, 1, days(timedelta(minutes=241)), 0, 0),
        ("ana", 0, 0, 0, 0, None, 0, 20),
    ]
    reasons = [row[0] for row in rows(office, "attention")]
    assert reasons == ["one-call", "no-next-step", "longest-waiting"]


def test_what_is_not_committed_is_not_counted(office: Office) -> None:
    number = office.ok("new", "Uno")
    office.ok("advance", number, "solved", "--no-commit")
    assert told(office, "flow")["totals"]["solved"] == 0
    office.commit()
    assert told(office, "flow")["totals"]["solved"] == 1


def test_what_is_not_counted_is_said(office: Office, tmp_path: Path) -> None:
    number = office.ok("new", "Uno")
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    assert office.ok("report", "flow") == clone.ok("report", "flow")
    assert office.run("report", "flow").err == ""
    told = clone.run("report", "flow").err.splitlines()
    assert told == ["this clone is shallow: what was before its first commit is not counted"]
    office.ok("set", number, "priority=high", "--no-commit")
    assert office.run("report", "flow").err.splitlines() == ["not committed, and not counted: 1 changed"]
    assert office.run("report", "flow", "--at", "HEAD").err == ""


def test_a_desk_as_it_stood_reports_what_it_knew_then(office: Office) -> None:
    number = office.ok("new", "Uno")
    office.wait(60 * 24)
    office.ok("advance", number, "solved")
    office.ok("new", "Dos")
    then = report_json(report(as_of(office.opened(), "HEAD~2"), "flow", Asked()))
    assert then["totals"] == {"created": 1, "solved": 0, "reopened": 0, "closed": 0, "backlog": 1}
    day = report(as_of(office.opened(), "2026-08-12"), "paths", Asked())
    assert [plain(row[0]) for row in day.rows] == [["open"]]
    assert told(office, "flow")["totals"]["created"] == 2


def test_days_bound_what_is_counted(office: Office) -> None:
    office.ok("new", "Uno")
    office.wait(60 * 24)
    office.ok("new", "Dos")
    assert told(office, "time")["totals"]["tickets"] == 2
    assert told(office, "time", since="2026-08-13")["totals"]["tickets"] == 1
    assert told(office, "time", until="2026-08-12")["totals"]["tickets"] == 1
    assert told(office, "time", since="1h")["totals"]["tickets"] == 1
    bounds = told(office, "time", since="2026-08-12", until="2026-08-12")
    assert (bounds["since"], bounds["until"]) == ("2026-08-12T00:00:00-05:00", "2026-08-13T00:00:00-05:00")


def test_business_time_is_that_of_the_desk_s_calendar(office: Office) -> None:
    add(office, CALENDAR)
    office.now = "2026-08-14T15:59:00-05:00"  # a Friday
    number = office.ok("new", "Uno")
    office.now = "2026-08-17T09:59:00-05:00"
    office.ok("advance", number, "solved")
    (row,) = [row for row in told(office, "time")["rows"] if row["measure"] == "resolution"]
    assert row["mean_days"] == days(timedelta(days=2, hours=18))
    assert row["business_mean_days"] == days(timedelta(hours=2))


@pytest.mark.parametrize("name", KINDS)
def test_every_report_answers_about_nothing(office: Office, name: str) -> None:
    assert told(office, name)["rows"] == []
    office.git("checkout", "-q", "--orphan", "empty")
    assert told(office, name)["rows"] == []


def test_custom_fields_group_too_by_key_or_label(office: Office) -> None:
    label = 'label = { en = "Level", es = "Nivel" }'
    field = f'\n[fields.level]\n{label}\ntype = "choice"\nvalues = {{ one = "One", two = "Two" }}\n'
    add(office, field)
    office.ok("new", "Uno", "--set", "level=one")
    assert [row[0] for row in rows(office, "recurring", by="Nivel")] == ["one"]


@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("tmie", {}, 'there is no report "tmie"'),
        ("time", {"by": "ownr"}, 'report time cannot be grouped by "ownr"'),
        ("paths", {"by": "owner"}, 'report paths cannot be grouped by "owner"'),
        ("attention", {"by": "owner"}, "report attention is grouped by nothing"),
        ("time", {"every": "day"}, "report time counts over no periods"),
        ("attention", {"since": "1d"}, "report attention is about what is open now"),
        ("time", {"since": "gestern"}, '--since is "gestern", which is no date'),
        ("time", {"until": "gestern"}, '--until is "gestern", which is no date'),
        ("time", {"since": "2026-08-02", "until": "2026-08-01"}, "--since 2026-08-02 is not before"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(office: Office, name: str, asked: dict[str, str], words: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        told(office, name, **asked)
    assert words in str(refusal.value)
