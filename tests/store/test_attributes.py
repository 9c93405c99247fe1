"""What git takes for an attribute of a ticket is what tk tells to be one, whatever the pattern."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tk.core.review.attributes import lines

TICKET = "tickets/2026/08/12/TK-260812-7K3QX.md"

PARTS = [
    "*",
    "**",
    "?",
    "/",
    "tickets",
    "Tickets",
    "[t]",
    "t",
    "2026",
    "TK-260812-7K3QX",
    "tk-*",
    ".md",
    ".MD",
    "\\",
    "x",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attributes")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join), st.booleans())
@example("**", True)
@example("t*/**", False)
@example("/tickets", False)
@example("tickets/", False)
def test_what_matches_a_ticket_for_git_is_told(place: Path, pattern: str, capitals: bool) -> None:
    rule = f"{pattern} probe\n".encode()
    (place / ".gitattributes").write_bytes(rule)
    asked = ("-c", f"core.ignoreCase={str(not capitals).lower()}", "check-attr", "probe", "--", TICKET)
    told = subprocess.run(["git", *asked], cwd=place, capture_output=True, check=True).stdout
    if told.endswith(b": set\n"):
        assert lines(rule, ("tickets",)), pattern
