"""`tk check --fix` mends what needs no choice and nothing else, in the files alone."""

import os
from pathlib import Path

import pytest

from tests.services.office import Office
from tk.errors import PolicyBroken
from tk.services.check import check
from tk.services.mend import mend

HEAD = """\
---
id: TK-260812-00001
title: Monitor negro   # as the label says
status: Open
priority: HIGH
created: 2026-08-12T09:14:03-05:00
updated: 2026-08-12T09:14:03-05:00
owner: Ana Ruiz
colour: red
---
x

## Log

### 2026-08-12T09:14:03-05:00 Note ana {#e-aaaa}

Y.
"""

MENDED = (
    HEAD.replace("Open", "open").replace("HIGH", "high").replace("Ana Ruiz", "ana").replace(" Note ana", " note ana")
)

PLACE = "tickets/2026/08/12/TK-260812-00001.md"


def put(office: Office, text: str, path: str = PLACE) -> Path:
    file = office.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_labels_become_keys_and_every_other_byte_stays(office: Office, eol: str) -> None:
    file = put(office, HEAD.replace("\n", eol))
    head = office.head()
    assert mend(office.opened()) == (PLACE,)
    assert file.read_bytes().decode() == MENDED.replace("\n", eol)
    assert [finding.code for finding in check(office.opened()).findings] == ["unknown-field"]
    assert office.head() == head
    assert mend(office.opened()) == ()


def test_what_is_misspelt_is_left_to_a_person(office: Office) -> None:
    file = put(office, HEAD.replace("HIGH", "hihg").replace("Ana Ruiz", "anna"))
    mend(office.opened())
    text = file.read_text(encoding="utf-8")
    assert "priority: hihg" in text
    assert "owner: anna" in text


def test_a_file_in_another_days_folder_goes_where_its_id_says(office: Office) -> None:
    stray = "tickets/2026/08/13/TK-260812-00001.md"
    put(office, MENDED, stray)
    assert mend(office.opened()) == (stray,)
    assert not (office.root / stray).exists()
    assert (office.root / PLACE).read_text(encoding="utf-8") == MENDED


def test_a_file_stays_where_another_lies_in_its_place_or_its_name_says_otherwise(office: Office) -> None:
    put(office, MENDED)
    stray = put(office, MENDED, "tickets/2026/08/13/TK-260812-00001.md")
    other = put(office, MENDED.replace("00001", "00003"), "tickets/2026/08/12/TK-260812-00002.md")
    assert mend(office.opened()) == ()
    assert stray.exists()
    assert other.exists()


def test_only_what_is_asked_for_is_mended(office: Office) -> None:
    put(office, HEAD)
    other = put(office, HEAD.replace("00001", "00002"), "tickets/2026/08/13/TK-260813-00002.md")
    assert mend(office.opened(), [office.root / PLACE]) == (PLACE,)
    assert "Open" in other.read_text(encoding="utf-8")


def test_what_cannot_be_read_or_lies_elsewhere_is_left(office: Office, tmp_path: Path) -> None:
    broken = put(office, HEAD.replace("title:", "title"))
    secret = tmp_path / "secret.md"
    secret.write_text(HEAD, encoding="utf-8")
    (office.root / "tickets/2026/08/12/TK-260812-00009.md").symlink_to(secret)
    put(office, "a,a\n", "registers/x.csv")
    assert mend(office.opened()) == ()
    assert broken.read_text(encoding="utf-8") == HEAD.replace("title:", "title")
    assert secret.read_text(encoding="utf-8") == HEAD


def test_by_a_policy_that_cannot_be_used_nothing_is_mended(office: Office) -> None:
    file = put(office, HEAD)
    (office.root / "tk.toml").write_text("= nonsense\n", encoding="utf-8")
    with pytest.raises(PolicyBroken):
        mend(office.opened())
    assert file.read_text(encoding="utf-8") == HEAD


def test_where_one_file_cannot_be_written_none_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first = put(office, HEAD)
    second = put(office, HEAD.replace("00001", "00002"), "tickets/2026/08/13/TK-260813-00002.md")
    moved: list[str] = []
    real = os.replace

    def replace(source: str, target: str) -> None:
        if str(target).endswith(".md"):
            moved.append(str(target))
            if len(moved) == 2:
                raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(Exception, match="No space left"):
        mend(office.opened())
    monkeypatch.undo()
    assert "Open" in first.read_text(encoding="utf-8")
    assert "Open" in second.read_text(encoding="utf-8")
