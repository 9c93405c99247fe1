"""Of git's attributes those are told that may be of tickets, whatever way they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.review.attributes import RULE, is_steered, lines, way

OF_TICKETS = (
    RULE,
    "* text=auto",
    "*.md -merge",
    "**/*.md merge=ours",
    "tickets/** filter=x",
    "/tickets/2026/** filter=x",
    "Tickets/** filter=x",
    "t*/** filter=x",
    "[t]ickets/** -diff",
    "**/12/TK-* merge=ours",
    "TK-260812-7K3QX.md merge=ours",
    "tk-260812-*.MD merge=ours",
    "*7K3QX* merge=ours",
    "*.m[d] merge=ours",
    "*.\\md merge=ours",
    '"tickets/**" merge=ours',
    "[attr]tk merge=ours",
    "  tickets/*\tmerge=ours",
    "tickets/2026/08/12/TK-260812-7K3QX/x.pdf filter=x",
)

OF_OTHERS = (
    "# tickets/** merge=ours",
    "!tickets/** merge=ours",
    "",
    "*.png binary",
    "*.sh text eol=lf",
    "**/*.po merge=union",
    "docs/** -diff",
    "/src/*.md text",
    "README.md text",
    "Makefile text",
    "doc_*.md text",
    "mytickets/** merge=ours",
)


@pytest.mark.parametrize("line", OF_TICKETS)
def test_what_may_be_of_tickets_is_told(line: str) -> None:
    assert lines(f"*.png binary\n{line}\r\n".encode(), ("tickets",)) == [line.strip()]


@pytest.mark.parametrize("line", OF_OTHERS)
def test_what_cannot_be_of_tickets_is_not(line: str) -> None:
    assert lines(line.encode(), ("tickets",)) == []


def test_among_tickets_every_line_is_of_them() -> None:
    assert lines(b"*.png binary\n# x\n", ()) == ["*.png binary"]
    assert lines(None, ()) == []


def test_around_the_desk_what_leads_to_it_is_of_tickets() -> None:
    there = ("desks", "one", "tickets")
    assert lines(b"desks/** -diff\n/desks/one/tickets/** -diff\ndesks/two/** -diff\ntickets/** -diff\n", there) == [
        "desks/** -diff",
        "/desks/one/tickets/** -diff",
    ]


def test_the_way_leads_from_the_attributes_to_the_tickets() -> None:
    assert way(".gitattributes", "") == way(".GitAttributes", "") == ("tickets",)
    assert way("../.gitattributes", "desks/one/") == ("one", "tickets")
    assert way("../../.gitattributes", "desks/one/") == ("desks", "one", "tickets")
    assert way("tickets/2026/.gitattributes", "desks/one/") == ()
    assert way("docs/.gitattributes", "") is None
    assert way(".gitignore", "") is None


def test_whoever_sets_git_up_may_add_its_line() -> None:
    assert not is_steered([[]], [])
    assert not is_steered([["* text"]], ["* text", RULE])
    assert is_steered([["* text"]], [RULE, "* text"])
    assert is_steered([[RULE]], [])
    assert is_steered([[RULE]], [RULE, "* merge=ours"])
    assert not is_steered([[RULE], ["* text"]], ["* text"])


@given(st.binary(max_size=80))
def test_any_bytes_are_looked_at(data: bytes) -> None:
    assert lines(data, ()) == [line for line in lines(data, ()) if line]
