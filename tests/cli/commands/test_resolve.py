"""`tk resolve`: asked on a terminal, told by options, and mending what a forge merged without tk."""

import json
import subprocess

import pytest

from tests.terminal import seen, spawn
from tests.world import Desk
from tk.core.ids import path_of
from tk.core.ticket import Ticket
from tk.store import codec


def read(desk: Desk, number: str) -> Ticket:
    found = codec.read("", desk.file(number).read_bytes()).ticket
    assert found is not None
    return found


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Leave a merge in conflict about the title, and about who has the ticket."""
    held = desk.ok("new", "Monitor negro")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("set", held, "title=Monitor roto", "priority=low")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("set", held, "title=Monitor gris")
    desk.ok("set", held, "priority=high")
    assert subprocess.run(["git", "merge", "side"], cwd=desk.root, capture_output=True, check=False).returncode == 1
    return held


def test_on_a_terminal_it_asks_thing_by_thing(desk: Desk, ticket: str) -> None:
    child = spawn(desk, "resolve")
    child.expect("title")
    child.expect("here: Monitor gris")
    child.expect("there: Monitor roto")
    child.expect("o, t, =VALUE")
    child.sendline("=Monitor azul")
    child.expect("status")
    child.expect("o, t, =VALUE")
    child.sendline("x")
    child.expect("o, t, =VALUE")
    child.sendline("t")
    code, told = seen(child)
    assert (code, f"settled: {path_of(ticket)}" in told) == (0, True)
    assert (read(desk, ticket).title, read(desk, ticket).priority) == ("Monitor azul", "low")
    assert desk.git("status", "--porcelain") == ""
    assert desk.ok("audit", "HEAD", "--strict") == ""


def test_what_is_left_stays_open(desk: Desk, ticket: str) -> None:
    child = spawn(desk, "resolve")
    child.expect("o, t, =VALUE")
    child.sendline("o")
    child.expect("o, t, =VALUE")
    child.sendline("")
    code, told = seen(child)
    assert code == 1
    assert "! " in told
    assert desk.git("status", "--porcelain") == f"UU {path_of(ticket)}"
    assert "title: Monitor gris\n" in desk.file(ticket).read_text()
    assert desk.ok("resolve", "--theirs") == f"settled: {path_of(ticket)}"
    assert (read(desk, ticket).title, read(desk, ticket).priority) == ("Monitor gris", "low")


def test_a_program_reads_what_is_open(desk: Desk, ticket: str) -> None:
    result = desk.run("resolve", "--json")
    assert result.code == 1
    told = json.loads(result.out)
    assert list(told) == ["settled", "open", "commit"]
    title, status = told["open"]
    assert title == {
        "path": path_of(ticket),
        "ticket": ticket,
        "key": "title",
        "ours": "Monitor gris",
        "theirs": "Monitor roto",
    }
    assert (status["key"], status["ours"]["priority"], status["theirs"]["priority"]) == ("status", "high", "low")


def test_values_are_for_one_ticket_and_are_ones_that_the_desk_knows(desk: Desk, ticket: str) -> None:
    before = desk.file(ticket).read_bytes()
    for words, says in (
        (("title=x",), "KEY=VALUE is for one ticket"),
        ((ticket, "=x"), '"=x" is not KEY=VALUE'),
        ((ticket, "priority=hihg", "title=x"), 'did you mean "high"?'),
        (("TK-260812-ZZZZZ",), "no ticket answers"),
    ):
        result = desk.run("resolve", *words)
        assert result.code in {1, 2}
        assert says in result.err, (words, result)
    assert desk.file(ticket).read_bytes() == before
    assert desk.ok("resolve", ticket, "title=x", "priority=urgent")
    assert (read(desk, ticket).title, read(desk, ticket).priority) == ("x", "urgent")


def test_what_was_settled_by_hand_is_taken(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    sides = file.read_text().split("=======\n")[0].replace("<<<<<<< ours\n", "")
    rest = file.read_text().split(">>>>>>> theirs\n", 1)[1]
    file.write_text(sides + rest.replace("<<<<<<< ours\n", "").replace(">>>>>>> theirs\n", ""))
    desk.git("show", f"HEAD:{path_of(ticket)}")
    file.write_text(desk.git("show", f"HEAD:{path_of(ticket)}").replace("Monitor gris", "A mano") + "\n")
    assert desk.ok("resolve") == f"settled: {path_of(ticket)}"
    assert read(desk, ticket).title == "A mano"
    assert desk.git("rev-parse", "HEAD^2") == desk.git("rev-parse", "side")


def test_a_merge_that_was_staged_already_is_ended(desk: Desk, ticket: str) -> None:
    desk.git("checkout", "--ours", "--", path_of(ticket))
    desk.git("add", path_of(ticket))
    desk.ok("resolve")
    assert desk.git("rev-parse", "HEAD^2") == desk.git("rev-parse", "side")
    assert desk.run("resolve").err == "nothing is open, and nothing needs mending\n"


def test_markers_that_were_committed_are_mended(desk: Desk, ticket: str) -> None:
    desk.git("commit", "-qam", "all of it")
    assert "error[conflict]" in desk.run("check").out
    assert desk.run("resolve").code == 1
    desk.now = "2026-08-12T12:00:00-05:00"
    assert desk.ok("resolve", "--ours") == f"settled: {path_of(ticket)}"
    assert read(desk, ticket).title == "Monitor gris"
    assert desk.git("log", "-1", "--format=%s") == f"{ticket}: resolve"
    assert desk.ok("check", "--strict") == ""
    assert "refused" not in desk.run("audit", "HEAD~1..").out


def test_doubled_events_and_one_sided_links_are_mended(desk: Desk) -> None:
    one, other = desk.ok("new", "Uno"), desk.ok("new", "Otro")
    desk.ok("link", one, "relates", other)
    desk.ok("log", one, "note", "-m", "una vez")
    file = desk.file(one)
    text = file.read_text()
    event = text[text.index("### ") :]
    file.write_text(f"{text}\n{event}\n{event.replace('una vez', 'otra cosa')}")
    desk.file(other).write_text(desk.git("show", f"HEAD~2:{path_of(other)}") + "\n")
    desk.git("commit", "-qam", "a forge's merge")
    codes = desk.run("check").out
    assert "duplicate-event" in codes
    assert "one-sided-link" in codes
    desk.now = "2026-08-12T12:00:00-05:00"
    assert sorted(desk.ok("resolve").splitlines()) == sorted(f"settled: {path_of(n)}" for n in (one, other))
    assert desk.ok("check", "--strict") == ""
    assert [event.text for event in read(desk, one).events] == ["una vez", "otra cosa"]
    assert [link.id for link in read(desk, other).links] == [one]
    assert desk.git("status", "--porcelain") == ""


def test_what_is_given_for_one_thing_is_kept_while_another_is_open(desk: Desk, ticket: str) -> None:
    result = desk.run("resolve", ticket, "priority=urgent", "status=open")
    assert result.code == 1
    assert "title" in result.out
    assert desk.git("status", "--porcelain") == f"UU {path_of(ticket)}"
    desk.now = "2026-08-12T12:00:00-05:00"
    assert desk.ok("resolve", ticket, "title=Otro") == f"settled: {path_of(ticket)}"
    found = read(desk, ticket)
    assert (found.title, found.status, found.priority) == ("Otro", "open", "urgent")
    assert desk.ok("audit", "HEAD", "--strict") == ""


def test_every_value_is_looked_at_while_another_thing_is_open(desk: Desk, ticket: str) -> None:
    before = desk.file(ticket).read_bytes()
    result = desk.run("resolve", ticket, "priority=nonsense")
    assert result.code == 2
    assert 'unknown priority "nonsense"' in result.err
    assert desk.file(ticket).read_bytes() == before


def test_a_value_for_what_is_not_in_question_is_refused(desk: Desk, ticket: str) -> None:
    result = desk.run("resolve", ticket, "channel=phone", "priority=high")
    assert result.code == 2
    assert f"{ticket}: channel is not in question" in result.err
    desk.ok("resolve", "--ours")
    result = desk.run("resolve", ticket, "priority=high")
    assert result.code == 2
    assert f"{ticket}: priority is not in question" in result.err


@pytest.mark.parametrize("status", ["solved", "Solved"])
def test_a_status_alone_does_not_choose_a_priority(desk: Desk, status: str) -> None:
    held = desk.ok("new", "Monitor")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("set", held, "priority=low")
    desk.ok("advance", held, "solved")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("set", held, "priority=urgent")
    subprocess.run(["git", "merge", "side"], cwd=desk.root, capture_output=True, check=False)
    assert desk.run("resolve", held, f"status={status}").code == 1
    assert desk.git("status", "--porcelain") == f"UU {path_of(held)}"
    desk.ok("resolve", held, f"status={status}", "priority=low")
    assert (read(desk, held).status, read(desk, held).priority) == ("solved", "low")
    assert read(desk, held).updated != desk.now


def test_a_wrong_answer_is_told_and_asked_again(desk: Desk, ticket: str) -> None:
    child = spawn(desk, "resolve")
    child.expect("o, t, =VALUE")
    child.sendline("x")
    child.expect("x is none of these")
    child.sendline("")
    child.expect("status")
    child.expect("o, t, =VALUE")
    child.sendline("=nonsense")
    child.expect('unknown status "nonsense"')
    child.expect("o, t, =VALUE")
    child.sendline("=Solved / Urgent")
    code, told = seen(child)
    assert code == 1, told
    desk.now = "2026-08-12T13:00:00-05:00"
    desk.ok("resolve", ticket, "--theirs")
    found = read(desk, ticket)
    assert (found.title, found.status, found.priority) == ("Monitor roto", "solved", "urgent")


def test_who_meets_the_conflict_is_led_here(desk: Desk, ticket: str) -> None:
    for words in (("show", ticket), ("advance", ticket, "solved"), ("history", ticket)):
        assert f"hint: `tk resolve {ticket}` settles it" in desk.run(*words).err
    assert desk.run("list").err.endswith(": a merge left its conflict here; tk resolve goes through it\n")
    assert "tk resolve goes through it" in desk.run("check").out
    desk.git("commit", "-qam", "x")
    assert f"hint: `tk resolve {ticket}` settles it" in desk.run("show", ticket).err
    desk.ok("resolve", ticket, "--theirs")
    assert read(desk, ticket).title == "Monitor roto"
