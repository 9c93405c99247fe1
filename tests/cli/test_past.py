"""`--at`: the desk as it stood at a commit, at the end of a day, at an instant."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.world import Desk


@pytest.fixture
def days(desk: Desk) -> tuple[str, str]:
    """Return the ids of two tickets, of Monday and Wednesday, the first solved on Wednesday."""
    with pytest.MonkeyPatch.context() as patch:

        def at(instant: str) -> None:
            desk.now = instant
            patch.setenv("GIT_AUTHOR_DATE", instant)
            patch.setenv("GIT_COMMITTER_DATE", instant)

        at("2026-08-17T09:00:00-05:00")
        first = desk.ok("new", "Heater", "--owner", "me", "--priority", "high")
        at("2026-08-19T09:00:00-05:00")
        desk.ok("advance", first, "solved", "-m", "Replaced.")
        second = desk.ok("new", "Printer", "--tag", "paper")
    desk.now = "2026-08-21T12:00:00-05:00"
    return first, second


Days = tuple[str, str]


def listed(desk: Desk, *words: str) -> list[list[str]]:
    return [line.split("\t")[:2] for line in desk.ok("list", *words).splitlines()]


@pytest.mark.parametrize(
    "at", ["2026-08-17", "2026-08-18", "2026-08-17T09:00:00-05:00", "2026-08-17T09:00", "HEAD~2", "2026-08-19T08:59"]
)
def test_a_list_answers_as_the_desk_stood_then(desk: Desk, days: Days, at: str) -> None:
    assert listed(desk, "--at", at) == [[days[0], "open"]]


@pytest.mark.parametrize("at", ["2026-08-19", "HEAD", "main", "2026-08-21"])
def test_the_end_of_a_day_holds_what_was_done_on_it(desk: Desk, days: Days, at: str) -> None:
    assert sorted(listed(desk, f"--at={at}", "status:any")) == sorted([[days[0], "solved"], [days[1], "open"]])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("events.note:>=1", ["Heater"]),
        ("tag:paper", ["Printer"]),
        ("priority:high,urgent", ["Heater"]),
        ("title:printer", ["Printer"]),
        ("text:printer", ["Printer"]),
        ("replaced", ["Heater"]),
        ("PRINTÉR", ["Printer"]),
        ("-tag:paper status:solved", ["Heater"]),
    ],
)
def test_every_word_of_a_query_is_asked_of_then(desk: Desk, days: Days, words: str, found: list[str]) -> None:
    desk.ok("set", days[0], "priority=low", "title=Changed since")
    shown = desk.ok("list", "--at", "HEAD~1", "--json", "--", *words.split())
    assert [ticket["title"] for ticket in json.loads(shown)] == found


def test_ages_are_measured_at_that_instant(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    assert listed(desk, "--at", "2026-08-18T09:00", "age:>=24h") == [[days[0], "open"]]
    assert listed(desk, "--at", "2026-08-18T08:59", "age:>=24h") == []
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk.run("list", "--at", "2026-08-17T12:00", terminal=True)
    assert shown.out.splitlines()[1].endswith("3 h ago")
    assert shown.err.startswith("as it stood at 17 Aug 2026 12:00, in commit ")


def test_uncommitted_edits_are_not_seen(desk: Desk, days: Days) -> None:
    file = desk.file(days[1])
    file.write_text(file.read_text("utf-8").replace("Printer", "Scribble"), encoding="utf-8")
    assert "Scribble" not in desk.ok("list", "--at", "HEAD")


def test_show_answers_as_the_ticket_stood(desk: Desk, days: Days) -> None:
    held = json.loads(desk.ok("show", days[0], "--at", "2026-08-18", "--json"))
    assert (held["status"], held["events"]) == ("open", [])
    assert json.loads(desk.ok("show", days[0], "--json"))["status"] == "solved"


def test_show_takes_the_beginning_of_an_id_as_it_was_unambiguous_then(desk: Desk, days: Days) -> None:
    assert desk.ok("show", "TK-2608", "--at", "2026-08-18").startswith(f"id:\t{days[0]}\n")
    assert desk.run("show", "TK-2608").code == 1
    ambiguous = desk.run("show", "TK-2608", "--at", "HEAD")
    assert "the beginning of 2 tickets" in ambiguous.err
    unknown = desk.run("show", days[1], "--at", "2026-08-18")
    assert (unknown.code, unknown.err.splitlines()[0]) == (1, f'tk: no ticket answers to "{days[1]}"')


def test_a_ticket_that_is_gone_now_is_there_then(desk: Desk, days: Days) -> None:
    desk.git("rm", "-q", str(desk.file(days[1])))
    desk.git("commit", "-qm", "gone")
    assert desk.run("show", days[1]).code == 1
    assert desk.ok("show", days[1], "--at", "HEAD~1").startswith(f"id:\t{days[1]}\n")


def test_the_policy_is_that_of_the_commit(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = desk.root / "tk.toml"
    text = policy.read_text("utf-8").replace('label = { en = "Open"', 'label = { en = "Ajar"')
    policy.write_text(
        text.replace(
            '[statuses.solved]\nlabel = { en = "Solved", es = "Resuelto" }\nkind = "solved"',
            '[statuses.solved]\nlabel = { en = "Solved", es = "Resuelto" }\nkind = "closed"',
        )
    )
    desk.git("commit", "-qam", "another policy")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "Ajar" in desk.run("list", terminal=True).out
    then = desk.run("list", "--at", "HEAD~1", terminal=True).out
    assert "Ajar" not in then
    assert "Solved" in then
    assert "Solved" not in desk.run("list", terminal=True).out


def test_a_policy_that_was_broken_then_is_told_with_its_commit(desk: Desk, days: Days) -> None:
    policy = desk.root / "tk.toml"
    whole = policy.read_text("utf-8")
    policy.write_text("[desk", encoding="utf-8")
    desk.git("commit", "-qam", "broken")
    policy.write_text(whole, encoding="utf-8")
    desk.git("commit", "-qam", "mended")
    result = desk.run("list", "--at", "HEAD~1")
    assert result.code == 2
    assert f"in commit {desk.git('rev-parse', 'HEAD~1')[:10]}: tk.toml:1:" in result.err


def test_what_merges_brought_in_later_was_not_there(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.git("switch", "-qc", "topic", "HEAD~2")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-08-18T10:00:00-05:00")
    (desk.root / "other.txt").write_text("x", encoding="utf-8")
    here, desk.now = desk.now, "2026-08-18T10:00:00-05:00"
    side = desk.ok("new", "Elsewhere")
    desk.now = here
    monkeypatch.setenv("GIT_COMMITTER_DATE", here)
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "--no-edit", "topic")
    assert side not in desk.ok("list", "--at", "2026-08-18")
    assert side in desk.ok("list", "--at", "HEAD")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("nowhere", 'git knows no revision "nowhere", and it is no date'),
        ("HEAD..main", "git knows no revision"),
        ("HEAD:tk.toml", "git knows no revision"),
        ("--output=x", "git knows no revision"),
        ("", "git knows no revision"),
        ("a\nb", "git knows no revision"),
        ("2026-02-30", "git knows no revision"),
        ("1999-01-01", "1999-01-01 lies before the first commit, of 2026-08-1"),
        ("2027-01-01", "2027-01-01 is yet to come"),
        ("2026-08-21T12:00:01-05:00", "is yet to come"),
    ],
)
def test_what_names_no_past_is_told(desk: Desk, days: Days, at: str, sentence: str) -> None:
    result = desk.run("list", f"--at={at}")
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


def test_before_there_was_a_desk_it_says_so(desk: Desk, days: Days) -> None:
    desk.git("checkout", "-q", "--orphan", "bare")
    desk.git("rm", "-rqf", "--cached", ".")
    desk.git("commit", "-q", "--allow-empty", "-m", "nothing")
    result = desk.run("list", "--at", "HEAD")
    assert result.code == 2
    assert "there was no desk yet in commit" in result.err


def test_in_a_shallow_clone_it_says_where_the_view_ends(desk: Desk, days: Days, tmp_path: Path) -> None:
    root = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", desk.root.as_uri(), str(root)], check=True, capture_output=True)
    clone = Desk(root, desk.now)
    assert listed(clone, "--at", "HEAD")
    early = clone.run("list", "--at", "2026-08-18")
    assert early.code == 2
    assert "this clone is shallow: its view ends at 2026-08-19T" in early.err
    assert "git fetch --unshallow" in early.err
    assert "this clone is shallow" in clone.run("list", "--at", "HEAD~5").err


def test_a_desk_within_a_repository_is_seen_too(tmp_path: Path) -> None:
    top = tmp_path / "top"
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    desk = Desk(top / "sub")
    Desk(top).ok("init", "sub")
    held = desk.ok("new", "Within")
    desk.ok("advance", held, "closed")
    assert listed(desk, "--at", "HEAD~1") == [[held, "open"]]
    assert desk.ok("show", held[-5:], "--at", "HEAD~1").startswith(f"id:\t{held}")


def test_a_broken_file_of_then_is_told_and_the_rest_listed(desk: Desk, days: Days) -> None:
    desk.file(days[1]).write_text("scribble\n", encoding="utf-8")
    desk.git("commit", "-qam", "broken")
    desk.git("checkout", "-q", "HEAD~1", "--", "tickets")
    result = desk.run("list", "--at", "HEAD", "status:any")
    assert days[0] in result.out
    assert f"{days[1]}.md" in result.err


def test_the_index_of_the_present_is_not_touched(desk: Desk, days: Days) -> None:
    desk.ok("list")
    desk.ok("list", "--at", "HEAD~2")
    assert len(listed(desk, "status:any")) == 2
