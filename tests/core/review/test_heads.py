"""The head of a commit must be one as git writes it, and its dates such as can be true."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.review.heads import doubt

NOW = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
WHO = "Ana Ruiz <ana@example.com>"


def head(at: timedelta = timedelta(0), committed: timedelta = timedelta(0), **changed: str) -> bytes:
    """Return a commit that was done and made so long after `NOW`; `changed` are lines of it."""
    times = {"author": NOW + at, "committer": NOW + committed}
    lines = {name: f"{name} {WHO} {int(when.timestamp())} -0500\n" for name, when in times.items()}
    lines = {"tree": f"tree {'a' * 40}\n", "parents": f"parent {'b' * 40}\n", **lines, "rest": "", **changed}
    return ("".join(lines.values()) + "\nx\n").encode()


def told(content: bytes) -> str | None:
    found = doubt(content, NOW)
    return None if found is None else found.code


MINUTE = timedelta(minutes=1)


def test_a_commit_as_git_writes_it_is_in_no_doubt() -> None:
    signed = "encoding ISO-8859-1\ngpgsig -----BEGIN\n author X <x> 1 +0000\n \n -----END\n"
    for content in (head(), head(parents=""), head(rest=signed), head(parents=f"parent {'b' * 64}\n" * 3)):
        assert told(content) is None
    assert told(head(author=f"author  <{WHO[10:-1]}> 0 +0000\n")) is None


def test_what_is_done_may_be_committed_again_later_as_a_rebase_does() -> None:
    assert told(head(-99999 * MINUTE)) is None


def test_clocks_may_differ_by_five_minutes() -> None:
    assert told(head(5 * MINUTE)) is None
    assert told(head(5 * MINUTE, 5 * MINUTE)) is None
    assert told(head(10 * MINUTE, 5 * MINUTE)) == "postdated"


def test_nothing_is_done_after_it_was_committed() -> None:
    found = doubt(head(-60 * MINUTE, -66 * MINUTE), NOW)
    assert found is not None
    assert (found.code, str(found.message)) == (
        "postdated",
        "its author's date is 2026-08-12T08:14:03-05:00, and it was committed at 2026-08-12T08:08:03-05:00",
    )


def test_nothing_is_done_that_is_yet_to_come() -> None:
    found = doubt(head(6 * MINUTE, 6 * MINUTE), NOW)
    assert found is not None
    assert str(found.message) == "its author's date, 2026-08-12T09:20:03-05:00, is yet to come"


MALFORMED = {
    "two authors": head(rest=f"author {WHO} 1 +0000\n"),
    "an author before the author": head(parents=f"author {WHO} 1 +0000\n"),
    "two committers": head(rest=f"committer {WHO} 1 +0000\n"),
    "a parent behind": head(rest=f"parent {'c' * 40}\n"),
    "two addresses": head(author=f"author {WHO} <x@elsewhere.org> 1 +0000\n"),
    "no author": head(author=""),
    "no date": head(author=f"author {WHO}\n"),
    "a date that is none": head(author=f"author {WHO} -1 +0000\n"),
    "a date that no calendar has": head(author=f"author {WHO} 999999999999 +0000\n"),
    "a committer's date that no calendar has": head(committer=f"committer {WHO} 999999999999 +0000\n"),
    "an offset that no zone has": head(author=f"author {WHO} 1 +9999\n"),
    "nothing": b"",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_commit_as_git_does_not_write_it_is_malformed(name: str) -> None:
    assert told(MALFORMED[name]) == "malformed"


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(content: bytes) -> None:
    assert told(content) in {None, "malformed", "postdated"}
