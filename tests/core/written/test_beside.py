"""What tk.toml says of links, attachments, requests and approvals, and what is wrong with it, where."""

import re

import pytest

from tk.core.policy import Policy
from tk.core.values import format_size, parse_size
from tk.core.written.reader import read

DESK = """\
[desk]
name = "D"
zone = "UTC"
language = "en"
[statuses.open]
kind = "open"
to = ["closed"]
[statuses.closed]
kind = "closed"
[fields.serial]
type = "text"
[events]
note = ""
[roles.anyone]
may = ["*"]
"""


def policy(text: str) -> Policy:
    found, findings = read(DESK + text)
    assert found is not None
    assert not findings
    return found


def findings(text: str) -> list[tuple[int, str, str]]:
    first = DESK.count("\n")
    return [(finding.line - first, finding.code, str(finding.message)) for finding in read(DESK + text).findings]


def test_a_desk_that_says_nothing_of_them_has_none() -> None:
    bare = policy("")
    named = (bare.links, bare.requests, bare.approvals, bare.attachments.kinds)
    assert not any(vocabulary.entries for vocabulary in named)
    assert bare.attachments.limit is None


def test_an_inverse_named_at_one_end_holds_for_both_and_so_does_acyclic() -> None:
    links = policy(
        '[links]\nrelates = "R"\nchild = ""\n[links.parent]\ninverse = "child"\nacyclic = true\n'
    ).links.entries
    assert {key: (kind.inverse, kind.acyclic) for key, kind in links.items()} == {
        "relates": ("relates", False),
        "child": ("parent", True),
        "parent": ("child", True),
    }
    assert links["relates"].labels == {"": "R"}
    assert links["relates"].line == DESK.count("\n") + 2


def test_requests_know_their_field_and_kinds_of_document_their_labels() -> None:
    made = policy(
        '[requests]\ncall = "Call"\n[requests.serial]\nfield = "serial"\n[approvals]\nrefund = { es = "Reembolso" }\n'
        '[attachments]\nlimit = "25MB"\nkinds = { note = "Note" }\n'
    )
    assert [(kind.key, kind.field) for kind in made.requests.entries.values()] == [("call", None), ("serial", "serial")]
    assert made.approvals.find("reembolso") == "refund"
    assert made.attachments.kinds.find("Note") == "note"
    assert made.attachments.limit == 25 * 1024 * 1024


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '[links]\nchild = ""\n[links.parent]\ninverse = "chld"\n',
            (4, "unknown-name", 'there is no kind of link "chld"; did you mean "child"?'),
        ),
        (
            '[links]\na = ""\n[links.b]\ninverse = "a"\n[links.c]\ninverse = "a"\n',
            (6, "bad-value", "a is the inverse of b already"),
        ),
        (
            '[links]\nc = ""\n[links.a]\ninverse = "b"\n[links.b]\ninverse = "c"\n',
            (6, "bad-value", "b is the inverse of a already"),
        ),
        (
            "[links.relates]\nacyclic = true\n",
            (2, "bad-value", "links of kind relates say the same at both ends: each would be a circle"),
        ),
        (
            '[requests.type]\nfield = "typ"\n',
            (2, "unknown-name", 'there is no field "typ"; did you mean "type"?'),
        ),
        (
            '[attachments]\nlimit = "25 megabytes"\n',
            (
                2,
                "bad-value",
                '"25 megabytes" will not do: a size is a number and B, KB, MB or GB, such as 25MB',
            ),
        ),
        ("[attachments]\nlimit = 25\n", (2, "bad-type", "attachments.limit must be text, not a number")),
        (
            '[approvals]\na = "Same"\nb = "same"\n',
            (3, "duplicate-label", '"same" names approvals.a already; a command could not tell them apart'),
        ),
        (
            '[attachments.kinds]\na = "Same"\nb = "same"\n',
            (3, "duplicate-label", '"same" names attachments.a already; a command could not tell them apart'),
        ),
        (
            '[approvals]\nrefund = ""\n[roles.a]\nmay = ["approve.refnd"]\n',
            (4, "unknown-name", 'there is no action "approve.refnd"; did you mean "approve.refund"?'),
        ),
        (
            '[links]\nsee = ""\n[roles.a]\nmay = [{ action = "advance", when = { linked.sea = ">= 1" } }]\n',
            (4, "unknown-name", 'there is no fact "linked.sea"; did you mean "linked.see"?'),
        ),
        (
            '[approvals]\nrefund = ""\n[roles.a]\nmay = [{ action = "advance", when = { approvals.refnd = true } }]\n',
            (4, "unknown-name", 'there is no fact "approvals.refnd"; did you mean "approvals.refund"?'),
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(text: str, found: tuple[int, str, str]) -> None:
    assert findings(text) == [found]


@pytest.mark.parametrize(("text", "size"), [("1B", 1), ("2 KB", 2048), ("25MB", 26214400), ("3GB", 3 << 30)])
def test_sizes_count_as_in_git(text: str, size: int) -> None:
    assert parse_size(text) == size
    assert parse_size(format_size(size)) == size


@pytest.mark.parametrize("text", ["", "0MB", "25", "25mb", "1.5MB", "-1B", "25 MB "])
def test_what_is_no_size_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(text)}$"):
        parse_size(text)
