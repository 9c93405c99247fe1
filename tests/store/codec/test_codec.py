"""The ticket's file: read and rendered, whatever the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import AT, EXAMPLE, PATH
from tests.strategies import tickets
from tk.core.ids import path_of
from tk.core.ticket import KEYS, Request, Ticket
from tk.store import codec


def ticket_of(document: codec.Document) -> Ticket:
    assert document.ticket is not None, document.findings
    return document.ticket


def test_the_example_of_the_design_reads_and_renders_byte_for_byte() -> None:
    document = codec.read(PATH, EXAMPLE.encode())
    assert document.findings == ()
    assert document.is_canonical
    assert codec.render(ticket_of(document), ("level",), frozenset({"level"})) == EXAMPLE.encode()


@given(tickets())
def test_what_is_rendered_reads_back(ticket: Ticket) -> None:
    document = codec.read(path_of(ticket.id), codec.render(ticket))
    assert {finding.code for finding in document.findings} <= {"conflict"}  # a text may quote what git writes
    assert document.ticket == ticket
    assert codec.render(ticket_of(document)) == document.data


@given(tickets())
def test_raw_holds_the_same_values_as_text(ticket: Ticket) -> None:
    found = codec.raw(codec.render(ticket))
    assert found is not None
    assert (found["title"], found["id"]) == (ticket.title, ticket.id)
    assert {key: value for key, value in found.items() if key not in KEYS} == ticket.fields


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("title: Calentador no enciende tras la reinstalación\n", "", "missing-key", 1, 1),
        ("status: open\n", "status: ~\n", "missing-key", 5, 1),
        ("created: 2026-08-12T09:14:03-05:00", "created: 2026-13-12", "bad-value", 17, 10),
        ("owner: mlopez", "owner: [mlopez]", "bad-value", 15, 8),
        ("tags: [reinstalación]", "tags: reinstalación", "bad-value", 32, 7),
        ("  resolution: 2026-08-14T18:00:00-05:00", "  resolution: tomorrow", "bad-value", 21, 15),
        ("  resolution: 16bh", "  resolution: soon", "bad-value", 24, 15),
        ("  id: TK-260701-0B2M4\n", "", "bad-value", 34, 3),
        ("  date: 2026-08-10", "  date: 2026-02-30", "bad-value", 39, 9),
        ("{by: mlopez, at: 2026-08-12T11:02:40-05:00, value: fault}", "mlopez", "bad-value", 41, 9),
        ("rating: {value: good, ", "rating: {valu: good, ", "bad-value", 44, 16),
        ("due:\n  resolution: 2026-08-14T18:00:00-05:00\n", "due: soon\n", "bad-value", 20, 6),
        (" {#e-k3q9}", "", "bad-event", 51, 1),
        ("status: open\n", "status: open\nstatus: open\n", "duplicate-key", 6, 1),
        ("title: Cal", "title: &a Cal", "yaml-feature", 4, 8),
        ("owner: mlopez", "owner: m: lopez", "yaml", 15, 9),
        ("status: open", "<<<<<<< HEAD", "conflict", 5, 1),
        ("What the", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n", "conflict", 47, 1),
        ("level: 1", "level: " + "[" * 40, "too-deep", 45, 39),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(old: str, new: str, code: str, line: int, column: int) -> None:
    assert old in EXAMPLE
    document = codec.read(PATH, EXAMPLE.replace(old, new, 1).encode())
    found = document.findings[0]
    assert (found.path, found.code, found.line, found.column, found.ticket) == (
        PATH,
        code,
        line,
        column,
        "TK-260812-7K3QX",
    )
    assert str(found.message)


def test_the_rest_of_a_ticket_with_a_bad_value_is_read() -> None:
    document = codec.read(
        PATH, EXAMPLE.replace("owner: mlopez", "owner: [x]").replace("next-response: 2h", "next-response: x").encode()
    )
    ticket = ticket_of(document)
    assert (ticket.owner, ticket.paused, ticket.team) == (None, {}, "support")
    assert len(document.findings) == 2


def test_a_ticket_without_an_id_is_known_by_its_path() -> None:
    assert ticket_of(codec.read(PATH, b"---\ntitle: x\n---\n")).id == "TK-260812-7K3QX"


def test_bytes_that_are_no_utf8_are_told() -> None:
    document = codec.read(PATH, b"---\ntitle: \xc3\xa9 \xff\n---\n")
    assert [(found.code, found.line, found.column) for found in document.findings] == [("encoding", 2, 10)]
    assert codec.raw(document.data) is None


@pytest.mark.parametrize("unit", [b"a: b\n", b"a: [\n", b"- - - - -\n", b"&a *a\n"])
def test_ten_megabytes_of_front_matter_are_refused_unread(unit: bytes) -> None:
    data = b"---\n" + unit * (10_000_000 // len(unit)) + b"---\n"
    assert [found.code for found in codec.read(PATH, data).findings] == ["too-large"]


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda data: b"---\n" + data + b"\n---\n" + data))
def test_reading_never_raises(data: bytes) -> None:
    document = codec.read(PATH, data)
    assert (document.ticket is None) == (codec.raw(data) is None)
    assert document.ticket is not None or document.findings


@given(tickets())
def test_half_a_character_kills_nothing(ticket: Ticket) -> None:
    broken = ticket._replace(title="\ud800x", description="\udfff", requests={"a": Request("\ud800", AT)})
    assert codec.read(PATH, codec.render(broken)).ticket is not None
