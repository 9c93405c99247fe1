"""`tk attach` and `tk log --attach`: files copied beside a ticket, for people, pipes and programs; each mistake."""

import json
import os
from pathlib import Path

import pytest

from tests.still import unchanged
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    return desk.ok("new", "Monitor negro")


@pytest.fixture
def note(desk: Desk) -> Path:
    """Return a file that lies outside the desk."""
    file = desk.root.parent / "nota de compra.pdf"
    file.write_bytes(b"%PDF \x00\xff")
    return file


def folder(desk: Desk, ticket: str) -> Path:
    return desk.file(ticket).with_suffix("")


def documents(desk: Desk, ticket: str) -> list[dict[str, str | None]]:
    held: list[dict[str, str | None]] = json.loads(desk.ok("show", ticket, "--json"))["attachments"]
    return held


def test_files_are_copied_beside_the_ticket_in_one_commit_and_shown(desk: Desk, ticket: str, note: Path) -> None:
    before = desk.git("rev-parse", "HEAD")
    (desk.root.parent / "foto.jpg").write_bytes(b"\xff\xd8")
    told = desk.ok("attach", ticket, str(note), "../foto.jpg", "--kind", "Factura", "--date", "2026-08-10")
    assert told.splitlines() == [
        f"{ticket} attachments: nota de compra.pdf (invoice, 2026-08-10)",
        f"{ticket} attachments: foto.jpg (invoice, 2026-08-10)",
    ]
    assert desk.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert (folder(desk, ticket) / "nota de compra.pdf").read_bytes() == note.read_bytes()
    assert desk.git("status", "--porcelain") == ""
    assert documents(desk, ticket)[0] == {"file": "nota de compra.pdf", "kind": "invoice", "date": "2026-08-10"}
    assert "attachments:\tnota de compra.pdf (invoice, 2026-08-10); foto.jpg" in desk.ok("show", ticket)
    assert "nota de compra.pdf (Invoice, 10 Aug 2026)" in desk.run("show", ticket, terminal=True).out
    message = desk.git("log", "-1", "--format=%B")
    assert message.startswith(f"{ticket}: attach\n")
    assert "Tk-Action: attach.invoice" in message
    assert "compra" not in message
    assert desk.ok("check") == ""


def test_json_is_the_ticket(desk: Desk, ticket: str, note: Path) -> None:
    held = json.loads(desk.ok("attach", ticket, str(note), "--json"))
    assert held["attachments"] == [{"file": "nota de compra.pdf", "kind": None, "date": None}]


def test_nothing_is_stored_over_another_file(desk: Desk, ticket: str, note: Path) -> None:
    desk.ok("attach", ticket, str(note))
    (folder(desk, ticket) / "stray-2.txt").write_text("of somebody's")
    for text in ("uno", "dos"):
        (desk.root.parent / "NOTA de compra.pdf").write_text(text)
        desk.ok("attach", ticket, "../NOTA de compra.pdf")
    (desk.root.parent / "stray-2.txt").write_text("mine")
    desk.ok("attach", ticket, "../stray-2.txt")
    assert [held["file"] for held in documents(desk, ticket)] == [
        "nota de compra.pdf",
        "NOTA de compra-2.pdf",
        "NOTA de compra-3.pdf",
        "stray-2-2.txt",
    ]
    assert (folder(desk, ticket) / "stray-2.txt").read_text() == "of somebody's"


def test_the_same_content_is_said_to_be_there_and_not_stored_again(desk: Desk, ticket: str, note: Path) -> None:
    (desk.root.parent / "same.pdf").write_bytes(note.read_bytes())
    first = desk.run("attach", ticket, str(note), "../same.pdf")
    assert first.err == "../same.pdf is not stored again: nota de compra.pdf has the same content\n"
    with unchanged(desk):
        again = desk.run("attach", ticket, "../same.pdf")
    assert (again.code, again.out) == (0, "")
    assert again.err.endswith(f"{ticket}: nothing to change\n")
    assert len(documents(desk, ticket)) == 1


@pytest.mark.parametrize("name", ["-rf", ".hidden", "a\x1b[31mb", "x\u202efdp.exe", "CON", "a\nb"])
def test_a_name_that_could_do_harm_is_made_safe(desk: Desk, ticket: str, name: str) -> None:
    file = desk.root.parent / name
    file.write_text("x")
    desk.ok("attach", ticket, "--", str(file))
    (stored,) = folder(desk, ticket).iterdir()
    assert stored.name.isprintable()
    assert not stored.name.startswith((".", "-"))
    assert stored.name != "CON"
    assert desk.ok("audit") == ""


def test_the_limit_of_the_policy_is_on_all_of_a_ticket(desk: Desk, ticket: str) -> None:
    for name, size in (("a", 13 << 20), ("b", 12 << 20), ("c", 1)):
        (desk.root.parent / name).write_bytes(name.encode() * size)
    desk.ok("attach", ticket, "../a", "../b")
    with unchanged(desk):
        refused = desk.run("attach", ticket, "../c")
    line = next(
        n for n, text in enumerate((desk.root / "tk.toml").read_text().splitlines(), 1) if "[attachments]" in text
    )
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        f"tk: {ticket}: with c its attachments would come to more than 25 MB (tk.toml:{line})\n"
        "hint: the limit is on all attachments of a ticket together\n"
    )
    (desk.root.parent / "d").write_bytes(b"d" * ((25 << 20) + 1))
    other = desk.ok("new", "Otro")
    assert json.loads(desk.run("attach", other, "../d", "--json").err)["error"] == "over-limit"


def test_a_file_that_cannot_be_attached_gets_its_sentence(desk: Desk, ticket: str, note: Path) -> None:
    away = desk.root.parent
    (away / "folder").mkdir()
    (away / "link.pdf").symlink_to(note)
    os.mkfifo(away / "pipe")
    (away / "locked").write_text("x")
    (away / "locked").chmod(0)
    sentences = {
        "../folder": "tk: ../folder is a folder\nhint: name the files in it\n",
        "../link.pdf": "tk: ../link.pdf is a symbolic link\nhint: name the file it leads to\n",
        "../pipe": "tk: ../pipe is no ordinary file\nhint: attach the files themselves\n",
        "../nowhere": "tk: ../nowhere: there is no such file\n",
    }
    if os.geteuid() != 0:
        sentences["../locked"] = "tk: ../locked: Permission denied\n"
    for name, sentence in sentences.items():
        with unchanged(desk):
            refused = desk.run("attach", ticket, str(note), name)
        assert (refused.code, refused.out, refused.err) == (2, "", sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kind", "fotto"), 'tk: unknown kind of document "fotto"\nhint: did you mean "Foto"?\n'),
        (("--date", "10/08"), 'tk: "10/08" is no day\nhint: write it as 2026-08-12\n'),
    ],
)
def test_a_kind_or_day_that_there_is_not_gets_its_sentence(
    desk: Desk, ticket: str, note: Path, words: tuple[str, ...], sentence: str
) -> None:
    with unchanged(desk):
        refused = desk.run("attach", ticket, str(note), *words)
    assert (refused.code, refused.err) == (2, sentence)


def test_without_a_commit_the_files_are_written_and_no_more(desk: Desk, ticket: str, note: Path) -> None:
    head = desk.git("rev-parse", "HEAD")
    desk.ok("attach", ticket, str(note), "--no-commit")
    assert desk.git("rev-parse", "HEAD") == head
    assert (folder(desk, ticket) / note.name).exists()


def test_a_folder_of_documents_that_leads_out_of_the_desk_takes_none(desk: Desk, ticket: str, note: Path) -> None:
    away = desk.root.parent / "away"
    away.mkdir()
    folder(desk, ticket).symlink_to(away)
    refused = desk.run("attach", ticket, str(note))
    assert refused.code == 1
    assert "lies outside the desk, or is reached by a symbolic link" in refused.err
    assert not list(away.iterdir())


def test_an_event_may_bring_its_documents(desk: Desk, ticket: str, note: Path) -> None:
    before = desk.git("rev-parse", "HEAD")
    desk.ok("log", ticket, "mail-in", "-m", "Mandó la nota.", "--attach", str(note))
    assert desk.git("rev-list", "--count", f"{before}..HEAD") == "1"
    held = json.loads(desk.ok("show", ticket, "--json"))
    assert [held["attachments"][0]["file"], held["events"][0]["type"]] == ["nota de compra.pdf", "mail-in"]
