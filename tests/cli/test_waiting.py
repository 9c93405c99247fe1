"""`tk` by itself: what waits for whoever asks, or a friendly word."""

from pathlib import Path

import pytest

from tests.world import Desk, run_here

TEAMS = '\n[teams]\nsupport = "Support"\nstock = "Stock"\n'
OTHER = 'ana = { name = "Ana Ruiz", email = "ana@example.com", roles = ["agent"] }\n'


@pytest.fixture
def team(desk: Desk) -> Desk:
    """Return a desk with two teams, María in the first, and Ana."""
    policy = desk.root / "tk.toml"
    text = policy.read_text("utf-8").replace('"agent"] }', '"agent"], team = "support" }')
    assert 'team = "support"' in text, text[-300:]
    policy.write_text(text.rstrip() + "\n" + OTHER + TEAMS, encoding="utf-8")
    desk.git("commit", "-qam", "teams")
    return desk


def waiting(desk: Desk) -> list[list[str]]:
    """Return part and title of each line."""
    result = desk.run()
    assert result.code == 0, result
    return [[line.split("\t")[0], line.split("\t")[4]] for line in result.out.splitlines()]


def stamp(desk: Desk, ticket: str, line: str) -> None:
    """Add a line to a ticket's front matter by hand."""
    file = desk.file(ticket)
    file.write_text(file.read_text("utf-8").replace("\ncreated:", f"\n{line}\ncreated:"), encoding="utf-8")


def test_own_tickets_come_first_the_overdue_before_the_urgent(team: Desk) -> None:
    late = team.ok("new", "late", "--owner", "me", "--priority", "low")
    team.ok("new", "plain", "--owner", "me")
    team.ok("new", "urgent", "--owner", "me", "--priority", "urgent")
    later = team.ok("new", "later", "--owner", "me", "--priority", "low")
    team.ok("new", "hers", "--owner", "ana")
    done = team.ok("new", "done", "--owner", "me")
    team.ok("advance", done, "solved")
    stamp(team, late, "due:\n  resolution: 2026-08-10T09:00:00-05:00")
    stamp(team, later, "due:\n  resolution: 2026-08-11T09:00:00-05:00")
    assert waiting(team) == [["mine", name] for name in ("late", "later", "urgent", "plain")]


def test_tickets_without_an_owner_are_those_of_my_team_and_of_none(team: Desk) -> None:
    team.ok("new", "ours", "--team", "support")
    team.ok("new", "theirs", "--team", "stock")
    team.ok("new", "nobody's")
    team.ok("new", "taken", "--team", "support", "--owner", "ana")
    assert sorted(waiting(team)) == [["unassigned", "nobody's"], ["unassigned", "ours"]]


def test_a_follow_up_that_is_due_is_told_unless_its_ticket_is_there_already(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    text = policy.read_text("utf-8")
    policy.write_text(
        text.replace(
            "[statuses.solved]", '[statuses.parked]\nkind = "waiting"\nto = ["open"]\n\n[statuses.solved]'
        ).replace('to = ["in-progress", "solved", "closed"]', 'to = ["in-progress", "solved", "closed", "parked"]')
    )
    desk.git("commit", "-qam", "a waiting status")
    awake = desk.ok("new", "awake", "--owner", "me")
    parked, later = (desk.ok("new", name, "--owner", "me") for name in ("parked", "later"))
    for ticket, day in ((awake, "11"), (parked, "12"), (later, "30")):
        if ticket != awake:
            desk.ok("advance", ticket, "parked")
        stamp(desk, ticket, f"follow-up: 2026-08-{day}T09:00:00-05:00")
    assert waiting(desk) == [["mine", "awake"], ["follow_ups", "parked"]]


def test_a_terminal_gets_headings_and_tables_that_fit(team: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    team.ok("new", "Calentador " * 12, "--owner", "me", "--priority", "urgent")
    for number in range(17):
        team.ok("new", f"Ticket {number}")
    lines = team.run(terminal=True).out.splitlines()
    assert lines[0] == "Yours (1)"
    assert lines[1].split() == ["ID", "STATUS", "PRIORITY", "TITLE", "UPDATED"]
    assert lines[4] == "Waiting for somebody to take them (17)"
    assert lines[-1] == "… 2 more: tk list owner:none is:new,open"
    assert all(len(line) <= 60 for line in lines)


def test_with_nothing_to_do_it_is_friendly(desk: Desk) -> None:
    result = desk.run(terminal=True)
    assert (result.code, result.out) == (0, "Nothing waits for you.\n")
    assert "tk list" in result.err
    assert desk.run().out == ""


def test_who_is_no_person_of_the_desk_is_told_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "x@elsewhere.org")
    result = desk.run()
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("You are x@elsewhere.org, who is no person of ")


def test_without_an_identity_git_says_how_to_get_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    result = desk.run()
    assert result.code == 0
    assert "git config --global user.email" in result.err


def test_where_there_is_no_desk_it_is_the_help(tmp_path: Path) -> None:
    result = run_here("-C", str(tmp_path))
    assert (result.code, result.out) == (2, "")
    assert result.err == run_here("--help").out


def test_in_a_process_of_its_own_it_is_the_same(team: Desk) -> None:
    team.ok("new", "mine", "--owner", "me")
    assert team.tk().out.split("\t")[4] == "mine"
