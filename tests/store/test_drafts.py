"""Drafts: text that outlives whatever goes wrong, and joins what happened meanwhile."""

from pathlib import Path

import pytest

from tests.world import Desk
from tk.store import drafts
from tk.store.drafts import Draft
from tk.store.repo import find

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"
TEXT = b"---\nid: x\ntitle: a\n---\nOne.\n\nTwo.\n\nThree.\n"


@pytest.fixture
def draft(desk: Desk) -> Draft:
    with drafts.held(find(desk.root), PATH) as held:
        return held


def test_a_draft_is_begun_kept_and_dropped_without_a_trace(draft: Draft) -> None:
    assert not draft.is_kept
    draft.begin(TEXT)
    assert (draft.is_kept, draft.text()) == (True, TEXT)
    draft.drop()
    assert not draft.is_kept
    assert [file.name for file in draft.file.parents[4].iterdir()] == ["lock"]


def test_it_lies_in_tks_own_state_under_the_tickets_path(desk: Desk, draft: Draft) -> None:
    assert draft.file == desk.root.resolve() / ".git/tk/edit" / PATH


@pytest.mark.parametrize("text", [TEXT, b"\xef\xbb\xbf" + TEXT, TEXT.replace(b"\n", b"\r\n"), b"# x\n---\n"[4:], b""])
def test_what_is_explained_above_a_text_is_no_part_of_it(draft: Draft, text: bytes) -> None:
    draft.begin(TEXT)
    draft.explain(text, ["no", "", "ñ\ud800"])
    assert draft.file.read_bytes().removeprefix(b"\xef\xbb\xbf").startswith(b"# no\n#\n# ")
    assert draft.text() == text


def test_a_hash_within_the_text_stays(draft: Draft) -> None:
    draft.begin(TEXT)
    draft.explain(TEXT + b"# Heading\n", ["no"])
    assert draft.text() == TEXT + b"# Heading\n"


def test_a_file_that_the_editor_took_away_is_empty(draft: Draft) -> None:
    draft.begin(TEXT)
    draft.file.unlink()
    assert draft.text() == b""


def test_what_changed_meanwhile_is_joined(desk: Desk, draft: Draft) -> None:
    draft.begin(TEXT)
    draft.explain(TEXT.replace(b"One", b"Mine"), ["a reason"])
    now = TEXT.replace(b"Three", b"Theirs")
    draft.renew(find(desk.root), now)
    assert draft.text() == TEXT.replace(b"One", b"Mine").replace(b"Three", b"Theirs")
    assert draft.base.read_bytes() == now


def test_what_cannot_be_joined_shows_both(desk: Desk, draft: Draft) -> None:
    draft.begin(TEXT)
    draft.explain(TEXT.replace(b"Two", b"Mine"), [])
    draft.renew(find(desk.root), TEXT.replace(b"Two", b"Theirs"))
    text = draft.text()
    assert b"<<<<<<< what you wrote\nMine.\n" in text
    assert b"Theirs.\n>>>>>>> the ticket now\n" in text


def test_what_git_cannot_join_is_left_as_it_was(desk: Desk, draft: Draft) -> None:
    draft.begin(TEXT)
    draft.explain(b"\0mine", [])
    draft.renew(find(desk.root), TEXT + b"\n")
    assert (draft.text(), draft.base.read_bytes()) == (b"\0mine", TEXT)


def test_two_tickets_may_be_drafts_at_once(desk: Desk, draft: Draft) -> None:
    draft.begin(TEXT)
    with drafts.held(find(desk.root), PATH.replace("7K3QX", "7K3QY")) as other:
        other.begin(TEXT)
        other.drop()
    assert draft.is_kept
    assert isinstance(draft.file, Path)
