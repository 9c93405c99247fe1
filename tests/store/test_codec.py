"""The ticket's file: read, rendered, edited, and every other byte as it was."""

import difflib
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import WORDS, events, hand_written, instants, tickets
from tk.core.ids import path_of
from tk.core.ticket import KEYS, Attachment, Event, Link, Request, Ticket, value_of, with_value
from tk.errors import UnreadableTicket
from tk.store import codec

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"
AT = datetime.fromisoformat("2026-08-12T11:02:40-05:00")
EXAMPLE = """\
---
id: TK-260812-7K3QX
aliases: [OLD-4711]
title: Calentador no enciende tras la reinstalación
status: open
status-since: 2026-08-12T11:02:40-05:00
priority: high
type: incident
category: [calentadores, garantía, encendido]
channel: phone
requester: ana@example.cl
customer: panaderia-sol
unit: SN-20881
creator: mlopez
owner: mlopez
team: support
created: 2026-08-12T09:14:03-05:00
updated: 2026-08-12T11:02:40-05:00
activity: 2026-08-12T10:40:00-05:00
due:
  resolution: 2026-08-14T18:00:00-05:00
target:
  first-response: 4h
  resolution: 16bh
paused:
  next-response: 2h
breached:
  first-response: 2026-08-12T13:14:03-05:00
fired:
  warn-resolution: 2026-08-14T17:00:00-05:00
follow-up: 2026-08-13T10:00:00-05:00
tags: [reinstalación]
links:
- kind: follows
  id: TK-260701-0B2M4
attachments:
- file: nota-de-compra.pdf
  kind: purchase-note
  date: 2026-08-10
requests:
  type: {by: mlopez, at: 2026-08-12T11:02:40-05:00, value: fault}
approvals:
  reinstall: {by: zgomez, at: 2026-08-12T12:00:00-05:00}
rating: {value: good, by: ana@example.cl, at: 2026-08-20T09:00:00-05:00}
level: 1
---
What the requester said, in Markdown.

## Log

### 2026-08-12T11:02:40-05:00 call-out mlopez {#e-k3q9}

Called back; asked for the purchase note.
"""
HAND = """\
---
# opened by phone
title:   'Boiler  cold'   # as told
id: "TK-260812-7K3QX"
x-note: >-
  folded
  text
status: open # for now

created: 2026-08-12T09:14:03-05:00
owner:    # nobody yet
due:
    # agreed by phone
    resolution: 2026-08-14T18:00:00-05:00  # hard
    next-response: 2026-08-13T18:00:00-05:00
links:
  - {kind: follows, id: TK-260701-0B2M4}
  # and more
tags: [ one,
        two ]
x-last: "quo\\"ted"
---
Words.
"""


def ticket_of(document: codec.Document) -> Ticket:
    assert document.ticket is not None, document.findings
    return document.ticket


def changed_lines(before: bytes, after: bytes) -> list[str]:
    pair = (data.decode().splitlines(keepends=True) for data in (before, after))
    return [line for line in difflib.ndiff(*pair) if line[0] in "+-"]


def edited(text: str, **changes: Any) -> list[str]:
    document = codec.read(PATH, text.encode())
    return changed_lines(document.data, codec.edit(document, ticket_of(document)._replace(**changes)))


def test_the_example_of_the_design_reads_and_renders_byte_for_byte() -> None:
    document = codec.read(PATH, EXAMPLE.encode())
    assert document.findings == ()
    assert document.is_canonical
    assert codec.render(ticket_of(document), ("level",), frozenset({"level"})) == EXAMPLE.encode()


@given(tickets())
def test_what_is_rendered_reads_back(ticket: Ticket) -> None:
    document = codec.read(path_of(ticket.id), codec.render(ticket))
    assert document.findings == ()
    assert document.ticket == ticket
    assert codec.render(ticket_of(document)) == document.data


@given(tickets())
def test_raw_holds_the_same_values_as_text(ticket: Ticket) -> None:
    found = codec.raw(codec.render(ticket))
    assert found is not None
    assert (found["title"], found["id"]) == (ticket.title, ticket.id)
    assert {key: value for key, value in found.items() if key not in KEYS} == ticket.fields


@given(tickets(), tickets())
def test_any_ticket_can_be_made_of_any_other(before: Ticket, after: Ticket) -> None:
    document = codec.read(path_of(before.id), codec.render(before))
    data = codec.edit(document, after)
    assert codec.read(path_of(after.id), data).ticket == after


@given(tickets(), st.sampled_from(sorted(KEYS)), tickets())
def test_editing_one_key_changes_the_lines_of_that_key_only(ticket: Ticket, key: str, other: Ticket) -> None:
    after = with_value(ticket, key, value_of(other, key))
    document = codec.read(path_of(ticket.id), codec.render(ticket))
    assert codec.edit(document, after) == codec.render(after)


@given(hand_written())
def test_nothing_changed_is_nothing_written(written: tuple[str, list[str]]) -> None:
    data = written[0].encode()
    document = codec.read(PATH, data)
    assert codec.edit(document, ticket_of(document)) == data


@given(hand_written(), instants(), WORDS, st.booleans())
def test_setting_keys_of_a_hand_written_file_keeps_every_other_line(
    written: tuple[str, list[str]], at: datetime, word: str, longer: bool
) -> None:
    text = written[0]
    document = codec.read(PATH, text.encode())
    after = ticket_of(document)._replace(status=f"{word}-x", updated=at, tags=("no", word) if longer else ())
    data = codec.edit(document, after)
    assert codec.read(PATH, data).ticket == after
    removed = [line for line in changed_lines(document.data, data) if line[0] == "-"]
    assert len(removed) == 1
    assert removed[0].removeprefix("- ").startswith("status: open")
    assert data.startswith(b"\xef\xbb\xbf") == text.startswith("\ufeff")
    assert data.endswith(b"\n") == text.endswith("\n")
    assert (b"\r\n" in data) == ("\r\n" in text)
    assert not (b"\r\n" in data and b"\n" in data.replace(b"\r\n", b""))


@given(hand_written(), st.data())
def test_an_unknown_key_can_be_replaced_and_taken_away(written: tuple[str, list[str]], data: st.DataObject) -> None:
    text, names = written
    document = codec.read(PATH, text.encode())
    for name in names:
        value = data.draw(st.sampled_from(["new: value", ("a", "b"), None]))
        after = with_value(ticket_of(document), name, value)
        result = codec.read(PATH, codec.edit(document, after))
        assert ticket_of(result).fields == after.fields
        assert [line for line in result.text.splitlines() if "a comment" in line] == [
            line for line in text.splitlines() if "a comment" in line
        ]


@given(tickets(), events(), st.booleans())
def test_events_are_added_with_the_line_ends_of_the_file(ticket: Ticket, log: tuple[Event, ...], crlf: bool) -> None:
    data = codec.render(ticket).replace(b"\n", b"\r\n" if crlf else b"\n")
    document = codec.read(path_of(ticket.id), data)
    after = ticket._replace(events=(*ticket.events, *log))
    result = codec.edit(document, after)
    assert codec.read(document.path, result).ticket == after
    assert result.replace(b"\r\n", b"\n") == codec.render(after)
    assert result.startswith(data)


def test_a_new_key_stands_at_its_place() -> None:
    text = EXAMPLE.replace("priority: high\n", "")
    assert (
        codec.edit(codec.read(PATH, text.encode()), ticket_of(codec.read(PATH, EXAMPLE.encode()))) == EXAMPLE.encode()
    )


def test_custom_fields_follow_in_the_order_of_the_policy() -> None:
    document = codec.read(PATH, EXAMPLE.encode())
    after = with_value(with_value(ticket_of(document), "zone", "north"), "area", "2")
    data = codec.edit(document, after, ("area", "level", "zone"), frozenset({"level", "area"}))
    assert b"\narea: 2\nlevel: 1\nzone: north\n---\n" in data


def test_a_scalar_changes_in_its_place_and_its_remark_stays() -> None:
    assert edited(HAND, title="Boiler: hot", owner="ana") == [
        "- title:   'Boiler  cold'   # as told\n",
        '+ title:   "Boiler: hot"   # as told\n',
        "- owner:    # nobody yet\n",
        "+ owner: ana    # nobody yet\n",
    ]


def test_a_clock_of_a_hand_written_block_changes_alone() -> None:
    assert edited(HAND, due={"resolution": AT, "other": AT}) == [
        "-     resolution: 2026-08-14T18:00:00-05:00  # hard\n",
        "-     next-response: 2026-08-13T18:00:00-05:00\n",
        "+     resolution: 2026-08-12T11:02:40-05:00  # hard\n",
        "+     other: 2026-08-12T11:02:40-05:00\n",
    ]


def test_a_link_added_is_lines_added() -> None:
    links = (Link("follows", "TK-260701-0B2M4"), Link("blocks", "TK-260701-0B2M5"))
    assert edited(HAND, links=links) == ["+   - kind: blocks\n", "+     id: TK-260701-0B2M5\n"]


def test_keys_taken_away_vanish_with_their_lines_only() -> None:
    assert edited(HAND, tags=(), links=(), due={}) == [
        "- due:\n",
        "-     # agreed by phone\n",
        "-     resolution: 2026-08-14T18:00:00-05:00  # hard\n",
        "-     next-response: 2026-08-13T18:00:00-05:00\n",
        "- links:\n",
        "-   - {kind: follows, id: TK-260701-0B2M4}\n",
        "- tags: [ one,\n",
        "-         two ]\n",
    ]


def test_a_block_where_no_value_stood() -> None:
    text = HAND.replace("owner:    # nobody yet\n", "target:\n")
    assert edited(text, target={"resolution": "4h"}) == ["+   resolution: 4h\n"]


def test_front_matter_in_braces_is_read_and_not_changed() -> None:
    text = "---\n{id: TK-260812-7K3QX, title: x, status: open, created: 2026-08-12T09:14:03-05:00}\n---\n"
    document = codec.read(PATH, text.encode())
    assert document.findings == ()
    with pytest.raises(UnreadableTicket, match="braces") as refusal:
        codec.edit(document, ticket_of(document)._replace(owner="ana"))
    assert "key: value" in str(refusal.value.hint)


def test_what_could_be_read_only_in_part_is_not_rewritten() -> None:
    text = EXAMPLE.replace("  date: 2026-08-10\n", "  date: 2026-08-10\n  page: 4\n")
    document = codec.read(PATH, text.encode())
    before = ticket_of(document)
    with pytest.raises(UnreadableTicket, match="attachments"):
        codec.edit(document, before._replace(attachments=(Attachment("other.pdf"),)))
    added = codec.edit(document, before._replace(attachments=(*before.attachments, Attachment("other.pdf"))))
    assert changed_lines(document.data, added) == ["+ - file: other.pdf\n"]


def test_an_unreadable_file_is_not_changed() -> None:
    with pytest.raises(UnreadableTicket, match="cannot be read"):
        codec.edit(codec.read(PATH, b"nothing"), Ticket("TK-260812-7K3QX"))


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
        (" {#e-k3q9}", "", "bad-event", 50, 1),
        ("status: open\n", "status: open\nstatus: open\n", "duplicate-key", 6, 1),
        ("title: Cal", "title: &a Cal", "yaml-feature", 4, 8),
        ("owner: mlopez", "owner: m: lopez", "yaml", 15, 9),
        ("status: open", "<<<<<<< HEAD", "conflict", 5, 1),
        ("What the", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n", "conflict", 46, 1),
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
