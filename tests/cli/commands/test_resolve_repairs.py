"""`tk resolve` after a merge that tk's driver had no hand in, as a forge makes one: what was lost comes back."""

import subprocess

import pytest

from tests.world import Desk
from tk.core.ids import path_of
from tk.core.ticket import Ticket
from tk.store import codec


def read(desk: Desk, number: str) -> Ticket:
    found = codec.read("", desk.file(number).read_bytes()).ticket
    assert found is not None
    return found


def merge(desk: Desk, *options: str) -> None:
    """Merge the branch `side` as a clone does that knows nothing of tk."""
    desk.git("config", "--remove-section", "merge.tk")
    done = subprocess.run(
        ["git", "merge", "-q", "-m", "a forge's merge", *options, "side"],
        cwd=desk.root,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done


def with_deadline(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    rule = '[[deadline]]\nname = "eight"\nclock = "resolution"\ntarget = "8h"\nstops = ["in-progress"]\n'
    policy.write_text(f"{policy.read_text()}\n{rule}")
    desk.git("commit", "-qam", "a deadline")


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Leave two branches that each logged, tagged and changed a ticket."""
    held = desk.ok("new", "Monitor", "--tag", "a")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("log", held, "note", "-m", "allí")
    desk.ok("set", held, "tags+=b", "priority=low")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("log", held, "note", "-m", "aquí")
    desk.ok("set", held, "tags+=c")
    desk.now = "2026-08-12T12:00:00-05:00"
    return held


def texts(desk: Desk, number: str) -> list[str]:
    return [event.text for event in read(desk, number).events]


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("by_name", [False, True])
def test_what_a_side_lost_comes_back(desk: Desk, ticket: str, side: str, by_name: bool) -> None:
    merge(desk, "-X", side)
    assert len(texts(desk, ticket)) == 1
    merged = desk.git("rev-parse", "HEAD")
    words = [ticket] if by_name else []
    assert desk.ok("resolve", *words) == f"settled: {path_of(ticket)}"
    assert texts(desk, ticket) == ["allí", "aquí"]
    assert read(desk, ticket).tags == ("a", "b", "c")
    assert read(desk, ticket).priority == "low"
    assert desk.ok("check", "--strict") == ""
    assert desk.git("log", "-1", "--format=%(trailers:key=Tk-Merge,valueonly)").strip() == merged
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""
    assert desk.run("resolve").err == "nothing is open, and nothing needs mending\n"


def test_what_came_later_stays(desk: Desk, ticket: str) -> None:
    merge(desk, "-X", "ours")
    desk.ok("log", ticket, "note", "-m", "más tarde")
    desk.ok("set", ticket, "title=Otro")
    desk.now = "2026-08-12T13:00:00-05:00"
    desk.ok("resolve", ticket)
    assert texts(desk, ticket) == ["allí", "aquí", "más tarde"]
    assert (read(desk, ticket).title, read(desk, ticket).priority) == ("Otro", "low")
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_what_the_merge_chose_stays_chosen(desk: Desk, ticket: str) -> None:
    desk.ok("set", ticket, "priority=high")
    merge(desk, "-X", "ours")
    desk.now = "2026-08-12T13:00:00-05:00"
    desk.ok("resolve", ticket)
    assert texts(desk, ticket) == ["allí", "aquí"]
    assert read(desk, ticket).priority == "high"
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_keys_that_stand_twice_are_joined(desk: Desk) -> None:
    (desk.root / ".git/info/attributes").write_text("tickets/**/*.md merge=union\n")
    held = desk.ok("new", "Monitor", "--tag", "a")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("set", held, "tags+=b")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("set", held, "tags+=c")
    merge(desk)
    assert "duplicate-key" in desk.run("check").out
    desk.now = "2026-08-12T12:00:00-05:00"
    assert desk.ok("resolve") == f"settled: {path_of(held)}"
    assert read(desk, held).tags == ("a", "b", "c")
    assert desk.ok("check", "--strict") == ""
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_what_ran_into_the_text_of_another_event_is_an_event_again(desk: Desk, ticket: str) -> None:
    (desk.root / ".git/info/attributes").write_text("tickets/**/*.md merge=union\n")
    merge(desk)
    assert "tags: [a, b]" in texts(desk, ticket)[0]
    assert desk.ok("resolve") == f"settled: {path_of(ticket)}"
    assert texts(desk, ticket) == ["allí", "aquí"]
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_clocks_that_were_mixed_up_are_as_their_status_has_them(desk: Desk) -> None:
    with_deadline(desk)
    held = desk.ok("new", "Monitor")
    desk.git("switch", "-q", "-c", "side")
    desk.now = "2026-08-12T10:00:00-05:00"
    desk.ok("advance", held, "in-progress")
    desk.git("switch", "-q", "main")
    desk.now = "2026-08-12T11:00:00-05:00"
    desk.ok("log", held, "note", "-m", "aquí")
    desk.git("config", "--remove-section", "merge.tk")
    subprocess.run(["git", "merge", "-q", "side"], cwd=desk.root, capture_output=True, check=False)
    theirs = codec.read("", desk.git("show", f"side:{path_of(held)}").encode() + b"\n").ticket
    ours = desk.git("show", f"HEAD:{path_of(held)}") + "\n"
    assert theirs is not None
    left = theirs.paused["resolution"]
    by_hand = ours.replace("status: open", "status: in-progress").replace(
        "target:", f"paused:\n  resolution: {left}\ntarget:"
    )
    desk.file(held).write_text(by_hand)
    desk.git("commit", "-qam", "a forge's merge")
    assert "bad-clock" in desk.run("check").out
    desk.now = "2026-08-12T12:00:00-05:00"
    assert desk.ok("resolve") == f"settled: {path_of(held)}"
    found = read(desk, held)
    assert (found.status, found.due, found.paused) == ("in-progress", {}, theirs.paused)
    assert [event.text for event in found.events] == ["aquí"]
    assert desk.ok("check", "--strict") == ""
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_clocks_at_odds_without_a_merge_are_set_anew(desk: Desk) -> None:
    with_deadline(desk)
    held = desk.ok("new", "Monitor")
    file = desk.file(held)
    file.write_text(file.read_text().replace("target:", "paused:\n  resolution: 3h\ntarget:"))
    desk.git("commit", "-qam", "by hand")
    assert "bad-clock" in desk.run("check").out
    desk.now = "2026-08-12T10:00:00-05:00"
    assert desk.ok("resolve") == f"settled: {path_of(held)}"
    assert (list(read(desk, held).due), read(desk, held).paused) == (["resolution"], {})
    assert desk.ok("check", "--strict") == ""
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_of_two_tickets_with_one_id_the_dropped_one_comes_back(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    number = desk.ok("new", "Uno")
    data = desk.file(number).read_bytes()
    desk.git("switch", "-q", "main")
    other = desk.root / path_of(number)
    other.parent.mkdir(parents=True, exist_ok=True)
    desk.now = "2026-08-12T09:30:00-05:00"
    twin = desk.ok("new", "Otro")
    text = desk.file(twin).read_bytes().replace(twin.encode(), number.encode())
    desk.git("rm", "-q", "--cached", path_of(twin))
    desk.file(twin).unlink()
    other.write_bytes(text)
    desk.git("add", path_of(number))
    desk.git("commit", "-q", "--amend", "-m", "Otro")
    merge(desk, "-X", "ours")
    assert other.read_bytes() == text != data
    assert "is gone" in desk.run("audit", "HEAD~1..").out
    desk.now = "2026-08-12T12:00:00-05:00"
    assert len(desk.ok("resolve").splitlines()) in {1, 2}
    titles = sorted(line.split("\t")[4] for line in desk.ok("list", "--format", "tsv").splitlines())
    assert titles == ["Otro", "Uno"]
    assert desk.ok("check", "--strict") == ""
    assert desk.ok("audit", "HEAD~1..", "--strict") == ""


def test_a_merge_that_the_law_allows_is_not_made_again(desk: Desk, ticket: str) -> None:
    desk.git("switch", "-q", "-c", "other")
    desk.git("switch", "-q", "main")
    desk.ok("set", ticket, "title=Nuestro")
    desk.git("switch", "-q", "side")
    desk.ok("set", ticket, "title=Suyo")
    desk.git("switch", "-q", "main")
    subprocess.run(["git", "merge", "-q", "side"], cwd=desk.root, capture_output=True, check=False)
    desk.now = "2026-08-12T13:00:00-05:00"
    desk.ok("resolve", ticket, "title=Uno tercero")
    head = desk.git("rev-parse", "HEAD")
    for words in (("resolve",), ("resolve", ticket)):
        assert desk.run(*words).err == "nothing is open, and nothing needs mending\n"
    assert desk.git("rev-parse", "HEAD") == head
    assert read(desk, ticket).title == "Uno tercero"


def test_a_commit_that_only_says_so_makes_nothing_again(desk: Desk, ticket: str) -> None:
    merge(desk, "-X", "ours")
    merged = desk.git("rev-parse", "HEAD")
    file = desk.file(ticket)
    file.write_text(file.read_text().replace("aquí", "otra cosa"))
    desk.git("commit", "-qam", f"resolve\n\nTk-Merge: {merged}\nTk-Merge: --help\nTk-Merge: {'0' * 40}\n")
    assert "event-altered" in desk.run("audit", "HEAD~1..").out
