"""Columns that give way: a title stays readable, what says nothing goes first."""

import pytest

from tests.world import Desk


@pytest.fixture
def narrow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk at a terminal of 60 columns without colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    return desk


def heads(desk: Desk) -> list[str]:
    return desk.run("list", terminal=True).out.splitlines()[0].split()


def test_empty_columns_are_the_first_to_go(narrow: Desk) -> None:
    narrow.ok("new", "a long title " * 9)
    assert heads(narrow) == ["ID", "STATUS", "PRIORITY", "TITLE", "UPDATED"]
    narrow.ok("new", "another", "--owner", "me")
    assert heads(narrow) == ["ID", "STATUS", "OWNER", "TITLE", "UPDATED"]


def test_then_those_at_the_right_until_the_title_can_be_read(narrow: Desk) -> None:
    ticket = narrow.ok("new", "a long title " * 9, "--owner", "me", "--priority", "urgent")
    narrow.ok("advance", ticket, "in-progress")
    assert heads(narrow) == ["ID", "STATUS", "OWNER", "TITLE"]
    (row,) = narrow.run("list", terminal=True).out.splitlines()[1:]
    assert row.endswith("  a long title a l…")


def test_with_room_they_are_all_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    desk.ok("new", "a title")
    assert heads(desk) == ["ID", "STATUS", "PRIORITY", "OWNER", "TITLE", "UPDATED"]
