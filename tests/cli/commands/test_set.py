"""`tk set`: fields changed in one commit, and nothing but their lines."""

import json

import pytest

from tests.still import unchanged
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket, some minutes old."""
    held = desk.ok("new", "Heater does not start", "--priority", "high", "--tag", "a", "--customer", "k")
    desk.now = "2026-08-12T10:00:00-05:00"
    return held


def test_a_line_for_each_field_tells_what_it_was_and_is(desk: Desk, ticket: str) -> None:
    printed = desk.ok("set", ticket, "priority=Urgente", "tags+=b,c", "customer=", "category=software/access")
    assert printed.splitlines() == [
        f"{ticket} priority: high → urgent",
        f"{ticket} category: software/access",
        f"{ticket} customer: k → -",
        f"{ticket} tags: a → a, b, c",
    ]
    assert desk.git("rev-list", "--count", "HEAD") == "3"
    assert desk.git("status", "--porcelain") == ""


def test_a_terminal_reads_labels(desk: Desk, ticket: str) -> None:
    printed = desk.run("set", ticket, "priority=urgent", "category=software/access", terminal=True).out
    assert printed == (f"{ticket} priority: High → Urgent\n{ticket} category: Software/Access and passwords\n")


def test_one_key_changes_its_line_and_updated_and_no_other(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    odd = file.read_text(encoding="utf-8").replace("\ncustomer: k", "\n# by phone\ncustomer: 'k'  # sic\nx-own: [1, 2]")
    file.write_text(odd, encoding="utf-8")
    desk.git("commit", "-qam", "by hand")
    desk.ok("set", ticket, "priority=low")
    changed = [line for line in desk.git("show", "-U0", "--format=").splitlines() if line[:2] not in {"--", "++", "@@"}]
    assert [line.split(":")[0] for line in changed if line[0] in "+-"] == [
        "-priority",
        "+priority",
        "-updated",
        "+updated",
    ]


def test_a_description_is_not_repeated(desk: Desk, ticket: str) -> None:
    assert desk.ok("set", ticket, "description=Two\nlines") == f"{ticket} description written"
    assert desk.ok("set", ticket, "description=Others") == f"{ticket} description changed"
    assert json.loads(desk.ok("show", ticket, "--json"))["description"] == "Others"


def test_an_equal_value_is_no_change_at_all(desk: Desk, ticket: str) -> None:
    with unchanged(desk):
        assert desk.run("set", ticket, "priority=HIGH", "tags+=a") == (0, "", f"{ticket}: nothing to change\n")


def test_tags_are_added_and_taken_away(desk: Desk, ticket: str) -> None:
    held = json.loads(desk.ok("set", ticket, "tags+=b", "tags-=a", "--json"))
    assert held["tags"] == ["b"]


def test_no_commit_writes_the_file_only(desk: Desk, ticket: str) -> None:
    head = desk.git("rev-parse", "HEAD")
    desk.ok("set", ticket, "priority=low", "--no-commit")
    assert desk.git("rev-parse", "HEAD") == head
    assert desk.git("status", "--porcelain").startswith(" M tickets/")
