"""A ticket's file edited: what was meant changes, every other byte stays as it was."""

import difflib
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import AT, EXAMPLE, HAND, PATH
from tests.strategies import WORDS, events, hand_written, instants, tickets
from tk.core.ids import path_of
from tk.core.ticket import KEYS, Attachment, Event, Link, Ticket, value_of, with_value
from tk.errors import UnreadableTicket
from tk.store import codec


def ticket_of(document: codec.Document) -> Ticket:
    assert document.ticket is not None, document.findings
    return document.ticket


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines_before, lines_after = (data.decode().splitlines(keepends=True) for data in (before, after))
    return [line for line in difflib.ndiff(lines_before, lines_after) if line[0] in "+-"]


def edited(text: str, **changes: Any) -> list[str]:
    document = codec.read(PATH, text.encode())
    return changed_lines(document.data, codec.edit(document, ticket_of(document)._replace(**changes)))


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


def test_the_remark_below_a_key_goes_with_it() -> None:
    """Left behind it would become part of the folded text above."""
    text = EXAMPLE.replace("priority: high\n", "x-a: >-\n  folded\npriority: high\n\n  # why\n")
    document = codec.read(PATH, text.encode())
    after = ticket_of(document)._replace(priority=None)
    assert codec.edit(document, after).decode() == text.replace("priority: high\n\n  # why\n", "")


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
        "+     resolution: 2026-08-12T11:02:40-05:00  # hard\n",
        "-     next-response: 2026-08-13T18:00:00-05:00\n",
        "+     other: 2026-08-12T11:02:40-05:00\n",
    ]


def test_a_link_added_is_lines_added() -> None:
    links = (Link("follows", "TK-260701-0B2M4"), Link("blocks", "TK-260701-0B2M5"))
    assert edited(HAND, links=links) == ["+   - kind: blocks\n", "+     id: TK-260701-0B2M5\n"]


def test_keys_taken_away_vanish_with_their_lines_and_remarks_only() -> None:
    assert edited(HAND, tags=(), links=(), due={}) == [
        "- due:\n",
        "-     # agreed by phone\n",
        "-     resolution: 2026-08-14T18:00:00-05:00  # hard\n",
        "-     next-response: 2026-08-13T18:00:00-05:00\n",
        "- links:\n",
        "-   - {kind: follows, id: TK-260701-0B2M4}\n",
        "-   # and more\n",
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
