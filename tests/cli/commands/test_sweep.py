"""`tk sweep`: what has fallen due is done in one commit, the same whoever runs it, and nothing else is."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.world import Desk, run_here
from tk.services import sweep as services
from tk.store import codec

RULES = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = "Closed: four days without a word."

[[sweep]]
name = "warn"
when = { left = "<= 1h" }
report = "{title}: {left} left"
once = true

[[sweep]]
name = "forgotten"
when = { owner = "!", kind = "open", age = ">= 1d" }
report = "nobody has it since {created}"
"""

LATER = "2026-08-17T09:14:03-05:00"
"""Five days after tests take place."""


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Return a desk with sweep rules."""
    ruled(desk, RULES)
    return desk


def ruled(desk: Desk, rules: str) -> None:
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text("utf-8") + rules, encoding="utf-8")
    assert desk.run("check").code == 0
    desk.git("commit", "-qam", "rules")


def solved(desk: Desk, title: str = "Heater") -> str:
    ticket = desk.ok("new", title, "--owner", "me")
    desk.ok("advance", ticket, "solved")
    return ticket


def due(desk: Desk, ticket: str, instant: str) -> None:
    """Stamp a running clock into a ticket, and commit it."""
    file = desk.file(ticket)
    front, body = file.read_text("utf-8").split("\n---\n", 1)
    file.write_text(f"{front}\ndue:\n  resolution: {instant}\n---\n{body}", encoding="utf-8")
    desk.git("commit", "-qam", "due")


def commits(desk: Desk) -> int:
    return int(desk.git("rev-list", "--count", "HEAD"))


def ticket_json(desk: Desk, ticket: str) -> dict[str, object]:
    shown: dict[str, object] = json.loads(desk.ok("show", ticket, "--json"))
    return shown


def test_what_is_due_is_done_in_one_commit_that_names_the_rule_and_no_words_of_tickets(office: Desk) -> None:
    first, second = sorted([solved(office, "[skip ci] one"), solved(office, "two")])
    office.now = LATER
    before = commits(office)
    result = office.run("sweep")
    assert result.code == 0, result
    assert [line.split(" note ")[0] for line in result.out.splitlines()] == [
        f"{first} close-solved: solved → closed,",
        f"{second} close-solved: solved → closed,",
    ]
    assert result.err == "2 tickets: 2 changed, 0 clocks overdue\n"
    assert commits(office) == before + 1
    message = office.git("log", "-1", "--format=%B %aI").strip().splitlines()
    assert message[0] == "sweep: 2 tickets"
    assert message[2:7] == [
        f"Tk-Ticket: {first}",
        f"Tk-Ticket: {second}",
        "Tk-Action: advance",
        "Tk-Action: log.note",
        "Tk-Rule: close-solved",
    ]
    assert office.run("audit").err.startswith(f"{commits(office)} commits audited: 0 refusals")
    assert office.run("check").code == 0
    assert office.git("status", "--porcelain") == ""
    again = office.run("sweep")
    assert (again.code, again.out, commits(office)) == (0, "", before + 1)


def test_the_history_names_the_rule(office: Desk) -> None:
    ticket = solved(office)
    office.now = LATER
    office.ok("sweep")
    (*_, last) = json.loads(office.ok("history", ticket, "--json"))
    assert (last["rule"], last["actions"]) == ("close-solved", ["advance"])
    assert ticket_json(office, ticket)["fired"] == {"close-solved": "2026-08-16T09:14:03-05:00"}


def test_who_may_do_nothing_may_sweep_and_do_nothing_else_by_it(office: Desk) -> None:
    policy = office.root / "tk.toml"
    ticket = solved(office)
    text = re.sub(r"(?m)^may = .*$", "may = []", policy.read_text("utf-8"))
    policy.write_text(text, encoding="utf-8")
    office.git("commit", "-qam", "nobody may")
    office.now = LATER
    assert office.run("advance", ticket, "closed").code == 1
    assert office.run("sweep").code == 0
    assert ticket_json(office, ticket)["status"] == "closed"
    assert office.run("audit", "HEAD~1..").code == 0
    file = office.file(ticket)
    file.write_text(file.read_text("utf-8").replace("title: Heater", "title: Other"), encoding="utf-8")
    office.git("commit", "-qa", "--amend", "--no-edit")
    assert office.run("audit", "HEAD~1..").code == 1


def test_a_sweep_forged_before_its_time_is_found(office: Desk) -> None:
    ticket = solved(office)
    file = office.file(ticket)
    was = file.read_bytes()
    office.now = LATER
    office.ok("sweep", "--no-commit")
    forged = file.read_text("utf-8").replace("updated: 2026-08-17", "updated: 2026-08-12").encode()
    file.write_bytes(was)
    office.now = "2026-08-12T09:16:03-05:00"
    file.write_bytes(forged.replace(b"status-since: 2026-08-17", b"status-since: 2026-08-12"))
    office.git("commit", "-qam", "forged")
    assert {found["code"] for found in json.loads(office.run("audit", "HEAD~1..", "--json").out)["findings"]}


def test_a_dry_run_says_what_would_be_done_and_why_and_does_nothing(office: Desk) -> None:
    ticket = solved(office)
    office.now = LATER
    before, file = commits(office), office.file(ticket).read_bytes()
    result = office.run("sweep", "--dry-run")
    assert result.code == 0
    assert result.out.startswith(f"{ticket} close-solved: solved → closed, note e-")
    why = "(status is solved and idle is at least 4d; since 2026-08-16T09:14:03-05:00; tk.toml:"
    assert why in result.out
    assert result.err == "1 ticket: 1 would be changed, 0 clocks overdue\n"
    assert (commits(office), office.file(ticket).read_bytes()) == (before, file)
    office.ok("sweep")
    assert office.ok("sweep", "--dry-run") == ""


def test_as_of_an_instant_to_come_is_a_dry_run(office: Desk) -> None:
    ticket = solved(office)
    before = commits(office)
    for when in ("+5d", "2026-08-17T09:14", LATER):
        result = office.run("sweep", "--as-of", when)
        assert ticket in result.out
        assert "would be changed" in result.err
    assert office.run("sweep", "--as-of", "+3d").out == ""
    assert commits(office) == before


def test_as_of_an_instant_that_is_past_leaves_alone_what_was_written_since(office: Desk) -> None:
    solved(office)
    office.now = LATER
    late = solved(office)
    assert office.run("sweep", "--as-of", "2026-08-17T09:00:00-05:00").err.startswith("2 tickets: 1 changed")
    assert ticket_json(office, late)["status"] == "solved"
    assert office.git("log", "-1", "--format=%aI") == "2026-08-17T09:00:00-05:00"


@pytest.mark.parametrize("words", ["soon", "2026-13-01", "", "+3bd"])
def test_an_instant_that_is_none_is_refused(office: Desk, words: str) -> None:
    result = office.run("sweep", "--as-of", words)
    assert result.code == 2
    assert f'"{words}" is no instant' in result.err


def test_options_that_contradict_each_other_are_refused(office: Desk) -> None:
    assert office.run("sweep", "--per-ticket", "--no-commit").code == 2


def test_exit_code_tells_whether_there_was_anything(office: Desk) -> None:
    ticket = solved(office)
    assert office.run("sweep", "--exit-code").code == 0
    office.now = LATER
    assert office.run("sweep", "--exit-code", "--dry-run").code == 1
    assert office.run("sweep", "--exit-code").code == 1
    assert office.run("sweep", "--exit-code").code == 0
    due(office, ticket, "2026-08-20T09:00:00-05:00")
    office.now = "2026-08-21T09:14:03-05:00"
    office.ok("sweep")
    assert office.run("sweep", "--exit-code").code == 1  # it is overdue still


def test_json_has_the_names_of_the_design(office: Desk) -> None:
    closed, late = solved(office), office.ok("new", "Late", "--owner", "me")
    due(office, late, "2026-08-17T09:00:00-05:00")
    office.now = LATER
    told = json.loads(office.ok("sweep", "--json"))
    assert list(told) == ["as_of", "scanned", "changed", "commit", "actions", "overdue"]
    assert told["as_of"] == LATER
    assert (told["scanned"], told["changed"]) == (2, 2)
    assert told["commit"] == office.git("rev-parse", "HEAD")
    assert told["overdue"] == [
        {"ticket": late, "clock": "resolution", "due": "2026-08-17T09:00:00-05:00", "late_seconds": 843}
    ]
    by_ticket = {(action["ticket"], action["action"]): action for action in told["actions"]}
    assert set(by_ticket) == {(closed, "advance"), (closed, "log.note"), (late, "breach")}
    assert by_ticket[closed, "advance"] == {
        "ticket": closed,
        "rule": "close-solved",
        "action": "advance",
        "changes": [{"field": "status", "from": "solved", "to": "closed"}],
        "report": None,
    }
    breach = by_ticket[late, "breach"]
    assert breach["rule"] is None
    assert breach["changes"] == [{"field": "breached", "from": None, "to": {"resolution": "2026-08-17T09:00:00-05:00"}}]
    nothing = json.loads(office.ok("sweep", "--json"))
    assert (nothing["changed"], nothing["commit"], nothing["actions"]) == (0, None, [])
    assert len(nothing["overdue"]) == 1


def test_a_warning_is_told_once_a_report_each_time(office: Desk) -> None:
    late = office.ok("new", "Late", "--owner", "me")
    due(office, late, "2026-08-12T10:00:00-05:00")
    lost = office.ok("new", "Lost")
    first = office.run("sweep")
    assert first.out == f"{late} warn: Late: 45m left\n"
    assert office.ok("sweep") == ""
    office.now = "2026-08-13T10:00:00-05:00"
    for _ in range(2):
        assert f"{lost} forgotten: nobody has it since 2026-08-12 09:14" in office.ok("sweep")


def test_ticket_by_ticket_each_has_its_commit(office: Desk) -> None:
    tickets = sorted([solved(office), solved(office), solved(office)])
    office.now = LATER
    before = commits(office)
    told = json.loads(office.ok("sweep", "--per-ticket", "--json"))
    assert told["commit"] == office.git("rev-parse", "HEAD")
    assert commits(office) == before + 3
    subjects = office.git("log", "-3", "--reverse", "--format=%s").splitlines()
    assert subjects == [f"{ticket}: solved → closed" for ticket in tickets]
    assert office.run("audit").code == 0


@pytest.mark.parametrize("way", ["one by one", "in a series"])
def test_many_tickets_each_with_its_commit(office: Desk, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """By one git or one after the other: the same commits, each lawful, nothing left over."""
    monkeypatch.setattr(services, "MANY", 2 if way == "in a series" else 1000)
    first, second, third = sorted([solved(office), solved(office), solved(office)])
    office.ok("link", first, "relates", second)
    (office.root / "mine.txt").write_text("mine", encoding="utf-8")
    office.git("add", "mine.txt")
    office.now = LATER
    before = commits(office)
    told = json.loads(office.ok("sweep", "--per-ticket", "--json"))
    assert told["commit"] == office.git("rev-parse", "HEAD")
    assert (told["changed"], commits(office)) == (3, before + 3)
    shown = office.git("log", "-3", "--reverse", "--format=%s|%aN|%aI|%cI").splitlines()
    assert shown == [f"{t}: solved → closed|María López|{LATER}|{LATER}" for t in (first, second, third)]
    assert office.git("status", "--porcelain") == "A  mine.txt"
    assert office.git("fsck", "--no-dangling") == ""
    assert office.run("audit").code == 0
    assert office.ok("sweep", "--per-ticket") == ""


def test_a_hook_that_wants_a_say_in_each_commit_has_it(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MANY", 1)
    hook = office.root / ".git/hooks/commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "Seen: yes" >> "$1"\n', encoding="ascii")
    hook.chmod(0o755)
    solved(office)
    solved(office)
    office.now = LATER
    office.ok("sweep", "--per-ticket")
    assert office.git("log", "-2", "--format=%B").count("Seen: yes") == 2


def test_without_commit_the_files_are_written(office: Desk) -> None:
    ticket = solved(office)
    office.now = LATER
    before = commits(office)
    office.ok("sweep", "--no-commit")
    assert commits(office) == before
    assert "status: closed" in office.file(ticket).read_text("utf-8")


def test_two_rules_that_undo_each_other_are_told_and_the_others_act(office: Desk) -> None:
    ruled(
        office,
        """
[[sweep]]
name = "up"
when = { priority = "low", any = [{ status = "open" }, { tags = "x" }] }
set.priority = "high"
[[sweep]]
name = "down"
when = { priority = "high", text = "swing" }
set.priority = "low"
""",
    )
    swings = office.ok("new", "swing", "--priority", "high", "--owner", "me")
    closed = solved(office)
    office.now = LATER
    result = office.run("sweep")
    assert result.code == 1
    assert "error[sweep-cycle]" in result.out
    assert "up and down undo each other" in result.out
    assert ticket_json(office, swings)["priority"] == "high"
    assert ticket_json(office, closed)["status"] == "closed"


def test_a_ticket_changed_at_an_instant_yet_to_come_is_told_until_it_is_changed_again(office: Desk) -> None:
    """Or nobody would notice that sweeps leave it alone for years."""
    now = office.now
    ticket = solved(office)
    office.now = "2035-01-01T00:00:00-05:00"
    office.ok("log", ticket, "note", "-m", "later")
    office.now = LATER
    result = office.run("sweep")
    path = office.file(ticket).relative_to(office.root)
    assert result.out == (
        f"{path}: warning[postdated] {ticket}: it was changed at 2035-01-01T00:00:00-05:00, as it says, "
        "which is yet to come: no sweep sees it until it is changed again\n"
    )
    assert result.code == 0
    assert office.run("sweep", "--exit-code").code == 1
    assert office.run("sweep", "--as-of", now, "--dry-run").out == result.out
    office.ok("log", ticket, "note", "-m", "now")
    assert office.run("sweep").out == ""
    assert office.run("sweep", "--as-of", now, "--dry-run").out == ""


def test_a_broken_ticket_is_told_and_the_others_are_swept(office: Desk) -> None:
    ticket, broken = solved(office), office.ok("new", "Broken")
    file = office.file(broken)
    file.write_text(file.read_text("utf-8").replace("---\n", "---\n: [\n", 1), encoding="utf-8")
    office.now = LATER
    result = office.run("sweep")
    assert result.code == 0, result
    assert "warning[yaml]" in result.out
    assert ticket_json(office, ticket)["status"] == "closed"
    assert office.run("sweep", "--exit-code").code == 1


def test_a_ticket_that_somebody_edits_meanwhile_is_refused_or_read_as_it_is(office: Desk) -> None:
    ticket = solved(office)
    file = office.file(ticket)
    file.write_text(file.read_text("utf-8") + "\nA line of one's own.\n", encoding="utf-8")
    office.now = LATER
    office.ok("sweep")
    assert "A line of one's own." in file.read_text("utf-8")
    assert office.git("status", "--porcelain") == ""


def test_a_clone_of_depth_1_is_enough(office: Desk, tmp_path: Path) -> None:
    ticket = solved(office)
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{office.root}", str(tmp_path / "ci")], check=True)
    ci = Desk(tmp_path / "ci", LATER)
    ci.ok("sweep")
    assert ticket_json(ci, ticket)["status"] == "closed"
    assert ci.git("rev-list", "--count", "HEAD") == "2"


def test_two_clones_write_the_same_but_for_when_they_did(office: Desk, tmp_path: Path) -> None:
    ticket = solved(office)
    other = Desk(tmp_path / "other", "2026-08-17T11:00:00-05:00")
    shutil.copytree(office.root, other.root, symlinks=True)
    office.now = LATER
    made = []
    for desk in (office, other):
        desk.ok("sweep")
        held = codec.read("", desk.file(ticket).read_bytes()).ticket
        assert held is not None
        made.append(held._replace(updated=None, status_since=None))
    assert made[0] == made[1]


def test_forms_for_forges_hold_no_words_that_act(office: Desk) -> None:
    ticket = office.ok("new", "::error::x <b>", "--owner", "me")
    due(office, ticket, "2026-08-12T10:00:00-05:00")
    for form in ("markdown", "github", "sarif", "junit"):
        result = office.run("sweep", "--dry-run", "--format", form)
        assert result.code == 0, result
        assert "\n::error::x" not in result.out
        assert ticket in result.out


def test_in_spanish(office: Desk) -> None:
    solved(office)
    office.now = LATER
    result = office.run("--lang", "es", "sweep", "--dry-run")
    assert result.err == "1 ticket: 1 se cambiarían, 0 relojes vencidos\n"
    assert "status es solved" in result.out


def test_a_policy_that_makes_none_is_refused(office: Desk) -> None:
    (office.root / "tk.toml").write_text("[desk\n", encoding="utf-8")
    result = office.run("sweep")
    assert result.code == 2
    assert "tk.toml" in result.err


def test_not_a_desk(tmp_path: Path) -> None:
    result = run_here("-C", str(tmp_path), "sweep")
    assert result.code == 2
    assert "not a desk" in result.err


def test_a_letter_is_written_in_the_commit_of_the_sweep_once_and_the_same_in_every_clone(tmp_path: Path) -> None:
    home = Desk(tmp_path / "one", "2026-08-12T09:00:00-05:00")
    assert run_here("init", str(home.root), "--preset", "warranty", now=home.now).code == 0
    ticket = home.ok("new", "Calentador", "--type", "process-report", "--requester", "ana@example.cl")
    other = Desk(tmp_path / "two", "2026-08-13T17:00:00-05:00")
    shutil.copytree(home.root, other.root, symlinks=True)
    home.now = "2026-08-13T09:00:00-05:00"
    written = []
    for desk in (home, other):
        assert "follow-ups missing: 0 of 3" in desk.ok("--lang", "en", "sweep")
        made = [
            path for path in desk.git("show", "--name-only", "--format=").splitlines() if path.startswith("outbox/")
        ]
        (name,) = made
        written.append((name, (desk.root / name).read_bytes()))
        assert "follow-ups missing: 0 of 3" in desk.ok("--lang", "en", "sweep")  # reported still, told no more
        assert desk.git("show", "--name-only", "--format=", "HEAD").count("outbox/") == 1
    assert written[0] == written[1]
    home.ok("undo")
    assert not (home.root / written[0][0]).exists()
    assert home.run("audit").code == 0
    home.ok("sweep")
    assert (home.root / written[0][0]).read_bytes() == written[0][1]
    for _ in range(3):
        home.ok("log", ticket, "follow-up", "-m", "x")
    home.ok("sweep")
    assert ticket_json(home, ticket)["status"] == "closed-undocumented"
    assert home.run("audit").code == 0


def test_clocks_are_set_anew_as_the_policy_has_them_now(desk: Desk) -> None:
    deadline = '\n[[deadline]]\nname = "resolution"\nclock = "resolution"\ntarget = "{length}"\n'
    ruled(desk, deadline.format(length="4h"))
    ticket = desk.ok("new", "x", "--owner", "me")
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text("utf-8").replace('target = "4h"', 'target = "2h"'), encoding="utf-8")
    desk.git("commit", "-qam", "shorter")
    desk.now = "2026-08-12T09:20:00-05:00"
    assert desk.ok("sweep") == ""
    assert ticket_json(desk, ticket)["due"] == {"resolution": "2026-08-12T13:14:03-05:00"}
    assert "due" in desk.ok("sweep", "--restamp", "--dry-run")
    told = json.loads(desk.ok("sweep", "--restamp", "--json"))
    assert [action["action"] for action in told["actions"]] == ["restamp"]
    assert ticket_json(desk, ticket)["due"] == {"resolution": "2026-08-12T11:14:03-05:00"}
    assert desk.ok("sweep", "--restamp") == ""
    assert desk.run("audit").code == 0
