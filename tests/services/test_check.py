"""A check names every fault of the files by its place, and goes on."""

import os
from pathlib import Path

import pytest

from tests.services.office import Office
from tk.errors import NotADesk, WrongUsage
from tk.services.check import Checked, check
from tk.services.listing import listing

HEAD = """\
---
id: TK-260812-00001
title: Monitor negro
status: open
created: 2026-08-12T09:14:03-05:00
updated: 2026-08-12T09:14:03-05:00
"""

LOG = HEAD + "---\nx\n\n## Log\n\n### 2026-08-12T09:14:03-05:00 note ana {#e-aaaa}\n\nx\n"

PLACE = "tickets/2026/08/12/TK-260812-00001.md"


def put(office: Office, text: str, path: str = PLACE) -> Path:
    file = office.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def checked(office: Office, *paths: str | Path) -> Checked:
    return check(office.opened(), [Path(office.root, path) for path in paths] or None)


def faults(found: Checked) -> list[tuple[str, int, int, str, str]]:
    return [(f.path, f.line, f.column, f.code, f.severity) for f in found.findings]


def test_a_desk_as_tk_writes_it_is_clean(office: Office) -> None:
    number = office.ok("new", "Hola: «mundo»", "-m", "---\n### Nada\n", "--tag", "sí", "--priority", "low")
    office.ok("log", number, "note", "-m", "## Log\n### 2026\n```")
    assert checked(office) == Checked(1, ())


def test_an_empty_desk_is_clean(office: Office) -> None:
    assert checked(office) == Checked(0, ())


FAULTS = {
    "no front matter": ("Hola\n", (1, 1, "no-front-matter", "error")),
    "front matter without an end": ("---\nid: x\n", (1, 1, "no-front-matter", "error")),
    "a conflict in the front matter": (
        HEAD.replace("status: open\n", "<<<<<<< HEAD\nstatus: open\n=======\nstatus: closed\n>>>>>>> side\n") + "---\n",
        (4, 1, "conflict", "error"),
    ),
    "a conflict in the text": (
        HEAD + "---\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> side\n",
        (8, 1, "conflict", "warning"),
    ),
    "broken YAML": (HEAD + 'tags: "a\n---\n', (8, 1, "yaml", "error")),
    "an anchor": (HEAD + "tags: &a [x]\n---\n", (7, 7, "yaml-feature", "error")),
    "a tag": (HEAD + "priority: !!python/name:os.system x\n---\n", (7, 11, "yaml-feature", "error")),
    "a key twice": (HEAD + "title: Otro\n---\n", (7, 1, "duplicate-key", "error")),
    "no title": (HEAD.replace("title: Monitor negro\n", "") + "---\n", (1, 1, "missing-key", "error")),
    "an empty title": (HEAD.replace("Monitor negro", "''") + "---\n", (3, 8, "missing-key", "error")),
    "no such day": (
        HEAD.replace("updated: 2026-08-12", "updated: 2026-13-45") + "---\n",
        (6, 10, "bad-value", "error"),
    ),
    "a list for text": (HEAD + "channel: [phone]\n---\n", (7, 10, "bad-value", "error")),
    "an unknown status": (HEAD.replace("status: open", "status: opn") + "---\n", (4, 9, "unknown-status", "error")),
    "an unknown priority": (HEAD + "priority: hihg\n---\n", (7, 11, "unknown-priority", "error")),
    "an unknown type": (HEAD + "type: error\n---\n", (7, 7, "unknown-type", "error")),
    "an unknown category": (HEAD + "category: [hardware, soup]\n---\n", (7, 11, "unknown-category", "error")),
    "an unknown channel": (HEAD + "channel: smoke\n---\n", (7, 10, "unknown-channel", "error")),
    "an unknown owner": (HEAD + "owner: nobody\n---\n", (7, 8, "unknown-owner", "error")),
    "an unknown team": (HEAD + "team: nobody\n---\n", (7, 7, "unknown-team", "error")),
    "an unknown key": (HEAD + "colour: red\n---\n", (7, 9, "unknown-field", "warning")),
    "a change before the creation": (
        HEAD.replace("updated: 2026", "updated: 2025") + "---\n",
        (6, 10, "bad-order", "error"),
    ),
    "a log heading that is none": (LOG + "\n### yesterday\n\nx\n", (16, 1, "bad-event", "error")),
    "an unknown event type": (
        HEAD + "---\nx\n\n## Log\n\n### 2026-08-12T09:14:03-05:00 nota ana {#e-aaaa}\n\nx\n",
        (12, 1, "unknown-event", "error"),
    ),
    "a document that is not there": (
        HEAD + "attachments:\n- file: nota.pdf\n---\n",
        (8, 1, "missing-attachment", "error"),
    ),
    "another id than its name": (HEAD.replace("00001", "00002") + "---\n", (2, 5, "misplaced", "error")),
    "an id that is none": (HEAD.replace("TK-260812-00001", "7") + "---\n", (2, 5, "bad-id", "error")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_column(office: Office, name: str) -> None:
    text, fault = FAULTS[name]
    put(office, text)
    found = checked(office)
    assert faults(found) == [(PLACE, *fault)], [str(finding.message) for finding in found.findings]
    assert found.tickets == 1


def test_the_places_hold_with_the_line_ends_and_the_mark_of_another_system(office: Office) -> None:
    text = "\ufeff" + (LOG.replace("---\nx", "priority: hihg\n---\nx") + "\n### nada\n").replace("\n", "\r\n")
    put(office, text)
    assert faults(checked(office)) == [
        (PLACE, 7, 11, "unknown-priority", "error"),
        (PLACE, 17, 1, "bad-event", "error"),
    ]


def test_bytes_of_another_encoding_are_told_by_their_place(office: Office) -> None:
    file = put(office, HEAD + "---\n")
    file.write_bytes(file.read_bytes().replace(b"negro", "año".encode("latin-1")))
    assert faults(checked(office)) == [(PLACE, 3, 17, "encoding", "error")]


def test_one_broken_file_hides_no_other(office: Office) -> None:
    put(office, "Hola\n")
    number = office.ok("new", "Hola")
    office.replace(number, "status: open", "status: opn")
    found = checked(office)
    assert found.tickets == 2
    assert sorted(finding.code for finding in found.findings) == ["no-front-matter", "unknown-status"]


def test_of_two_files_with_one_id_the_one_in_the_wrong_place_is_told(office: Office) -> None:
    put(office, HEAD + "---\n")
    put(office, HEAD + "---\n", "tickets/2026/08/12/TK-260812-00000.md")
    wrong = "tickets/2026/08/12/TK-260812-00000.md"
    assert faults(checked(office)) == [(wrong, 1, 1, "duplicate-id", "error"), (wrong, 2, 5, "misplaced", "error")]


def test_an_alias_may_be_the_id_of_another_of_its_day_but_not_its_alias(office: Office) -> None:
    """As when two clones drew one id: the ticket that took another keeps it as an alias."""
    put(office, HEAD + "---\n")
    for number in ("00002", "00003"):
        other = HEAD.replace("00001", number).replace("title", "aliases: [TK-260812-00001]\ntitle")
        put(office, other + "---\n", f"tickets/2026/08/12/TK-260812-{number}.md")
    assert checked(office).findings == ()
    for number in ("00002", "00003"):
        other = HEAD.replace("00001", number).replace("title", "aliases: [OLD-1]\ntitle")
        put(office, other + "---\n", f"tickets/2026/08/12/TK-260812-{number}.md")
    (finding,) = checked(office).findings
    assert (finding.path, finding.code) == ("tickets/2026/08/12/TK-260812-00003.md", "duplicate-id")
    assert "TK-260812-00002.md" in str(finding.message)


def test_an_alias_that_is_the_id_of_a_ticket_of_another_day_is_told(office: Office) -> None:
    put(office, HEAD + "---\n")
    later = "tickets/2026/08/13/TK-260813-00001.md"
    made = HEAD.replace("260812", "260813").replace("title", "aliases: [TK-260812-00001]\ntitle")
    put(office, made + "---\n", later)
    assert [(f.path, f.code) for f in checked(office).findings] == [(later, "duplicate-id")]
    assert [(f.path, f.code) for f in checked(office, later).findings] == [(later, "duplicate-id")]


def test_a_document_beside_the_ticket_is_found(office: Office) -> None:
    file = put(office, HEAD + "attachments:\n- file: nota de compra.pdf\n---\n")
    (file.with_suffix("") / "nota de compra.pdf").parent.mkdir()
    (file.with_suffix("") / "nota de compra.pdf").write_bytes(b"%PDF")
    assert checked(office) == Checked(1, ())
    (file.with_suffix("") / "leeme.md").write_text("An attachment, no ticket\n")
    assert faults(checked(office)) == [(f"{PLACE.removesuffix('.md')}/leeme.md", 1, 1, "stray-file", "warning")]


STRAYS = {
    "a file in a folder beside a ticket": ("12/TK-260812-00001/deep/b.txt", "stray-file"),
    "a file among the tickets": ("12/b.txt", "stray-file"),
    "a document's name in other capitals": ("12/TK-260812-00001/NOTA.pdf", "misplaced"),
    "a folder's name in other capitals": ("12/tk-260812-00001/nota.pdf", "misplaced"),
    "a folder's name in other capitals, all of it": ("../../../Tickets/x", "misplaced"),
    "a link": ("12/TK-260812-00001/b.txt -> /etc/passwd", "symlink"),
    "a link in the place of a folder": ("12/TK-260812-00002 -> ../../../../.git", "symlink"),
    "another repository": ("12/module/.git", "not-a-file"),
    "a hidden file": ("12/.DS_Store", ""),
    "a link in the place of templates": ("../../../templates -> docs", "symlink"),
    "a link in the place of a language": ("../../../templates/en -> es", "symlink"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_what_does_not_belong_among_tickets_is_told(office: Office, name: str) -> None:
    file = put(office, HEAD + "attachments:\n- file: nota.pdf\n---\n")
    put(office, "%PDF", f"{PLACE.removesuffix('.md')}/nota.pdf")
    words, code = STRAYS[name]
    path, _, to = words.partition(" -> ")
    place = Path(os.path.normpath(file.parent.parent / path))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(to) if to else place.write_text("Hola\n")
    told = place.parent if place.name == ".git" else place
    relative = told.relative_to(office.root).as_posix()
    assert [(f.path, f.code) for f in checked(office).findings] == ([(relative, code)] if code else [])
    if code and "module" not in path:
        assert [(f.path, f.code) for f in checked(office, relative).findings] == [(relative, code)]


def test_a_policy_that_is_a_link_is_told(office: Office) -> None:
    (office.root / "tk.toml").rename(office.root / "policy.toml")
    (office.root / "tk.toml").symlink_to("policy.toml")
    assert faults(checked(office)) == [("tk.toml", 1, 1, "symlink", "error")]


def test_a_ticket_that_is_a_link_to_its_own_words_is_told_once(office: Office) -> None:
    """As git checks it out whose mode alone was changed: the link leads to what no file can be called."""
    (office.root / PLACE).parent.mkdir(parents=True)
    (office.root / PLACE).symlink_to(HEAD * 2)
    put(office, "%PDF", f"{PLACE.removesuffix('.md')}/nota.pdf")
    assert faults(checked(office)) == [(PLACE, 1, 1, "symlink", "error")]


def test_what_lies_beside_a_ticket_that_cannot_be_read_is_not_called_stray(office: Office) -> None:
    put(office, "Hola\n")
    put(office, "%PDF", f"{PLACE.removesuffix('.md')}/nota.pdf")
    assert [f.code for f in checked(office).findings] == ["no-front-matter"]


# Links


def test_a_link_out_of_the_desk_is_not_followed(office: Office, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(HEAD + "---\n")
    file = office.root / PLACE
    file.parent.mkdir(parents=True)
    file.symlink_to(tmp_path / "secret.md")
    assert faults(checked(office)) == [(PLACE, 1, 1, "symlink", "error")]
    assert faults(checked(office, PLACE)) == [(PLACE, 1, 1, "symlink", "error")]


def test_a_link_that_leads_nowhere_is_told(office: Office) -> None:
    file = office.root / PLACE
    file.parent.mkdir(parents=True)
    file.symlink_to("nothing.md")
    assert faults(checked(office)) == [(PLACE, 1, 1, "symlink", "error")]


def test_a_link_is_told_the_same_by_whoever_lists(office: Office) -> None:
    """Even one that leads to another ticket of the desk."""
    number = office.ok("new", "Hola")
    file = office.root / PLACE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.symlink_to(office.file(number))
    (told,) = listing(office.opened(), []).broken
    (found,) = (finding for finding in checked(office).findings if finding.path == PLACE)
    assert (told.code, told.message) == (found.code, found.message) == ("symlink", told.message)


def test_a_named_pipe_in_a_tickets_place_keeps_nobody_waiting(office: Office) -> None:
    (office.root / PLACE).parent.mkdir(parents=True)
    os.mkfifo(office.root / PLACE)
    assert faults(checked(office)) == [(PLACE, 1, 1, "not-a-file", "error")]


def test_a_desk_reached_by_a_link_is_checked(office: Office, tmp_path: Path) -> None:
    put(office, "Hola\n")
    (tmp_path / "way").symlink_to(office.root)
    found = check(office.opened(), [tmp_path / "way" / "tickets"])
    assert [finding.path for finding in found.findings] == [PLACE]


# What is to be checked


def test_only_what_is_named_is_checked_and_that_once(office: Office) -> None:
    put(office, "Hola\n")
    other = put(office, "Hola\n", "tickets/2026/08/13/TK-260813-00001.md")
    relative = other.relative_to(office.root).as_posix()
    assert [f.path for f in checked(office, "tickets/2026/08/12").findings] == [PLACE]
    assert [f.path for f in checked(office, relative, "tickets/2026/08/13", relative).findings] == [relative]
    assert checked(office, "tickets").tickets == 2
    assert checked(office, ".").tickets == 2
    assert checked(office, "tickets/../tickets/2026/08/13/../12").tickets == 1


def test_a_whole_ticket_named_twice_is_not_its_own_double(office: Office) -> None:
    put(office, HEAD + "---\n")
    assert checked(office, PLACE, "tickets", PLACE) == Checked(1, ())


def test_a_file_that_is_no_ticket_has_nothing_to_check(office: Office) -> None:
    assert checked(office, "tk.toml") == Checked(0, ())


@pytest.mark.parametrize("path", ["..", "../elsewhere.md", "/"])
def test_a_path_outside_the_desk_is_refused(office: Office, path: str) -> None:
    with pytest.raises(WrongUsage, match="outside the desk"):
        checked(office, path)


def test_a_path_that_is_not_there_is_refused(office: Office) -> None:
    with pytest.raises(WrongUsage, match=r"nada\.md: no such file or folder"):
        checked(office, "tickets/nada.md")


# The policy


def test_the_policys_findings_come_first(office: Office) -> None:
    put(office, HEAD + "priority: hihg\n---\n")
    office.policy('kind = "solved"', 'kind = "solvd"')
    found = checked(office)
    assert [finding.path for finding in found.findings][:1] == ["tk.toml"]
    line = (office.root / "tk.toml").read_text(encoding="utf-8").splitlines().index('kind = "solvd"') + 1
    assert (found.findings[0].line, found.findings[0].severity) == (line, "error")
    assert "solved" in str(found.findings[0].message)


@pytest.mark.parametrize("text", [b"= nonsense\n", b"\xff\xfe", b"", b"[desk]\nformat = 99\n"])
def test_under_a_policy_that_cannot_be_read_the_format_is_checked_still(office: Office, text: bytes) -> None:
    put(office, "Hola\n")
    (office.root / "tk.toml").write_bytes(text)
    found = checked(office)
    assert found.findings[0].path == "tk.toml"
    assert (PLACE, 1, 1, "no-front-matter", "error") in faults(found)


def test_without_a_policy_there_is_no_desk(office: Office) -> None:
    desk = office.opened()
    (office.root / "tk.toml").unlink()
    with pytest.raises(NotADesk):
        check(desk)


# Beside the tickets


def test_templates_and_registers_are_checked_too(office: Office) -> None:
    put(office, "customer\x07\n", "registers/customers.csv")
    put(office, "Hola \x07\n", "templates/es/new.md")
    assert faults(checked(office)) == [
        ("registers/customers.csv", 1, 1, "bad-value", "error"),
        ("templates/es/new.md", 1, 1, "bad-value", "error"),
    ]
    assert checked(office, "registers") == checked(office, "registers/customers.csv")


def test_a_double_is_told_when_only_one_of_the_two_is_asked_for(office: Office) -> None:
    put(office, HEAD + "---\n")
    wrong = "tickets/2026/08/12/TK-260812-00000.md"
    put(office, HEAD + "---\n", wrong)
    double = (wrong, 1, 1, "duplicate-id", "error")
    assert faults(checked(office, PLACE)) == [double]
    assert faults(checked(office, wrong)) == [double, (wrong, 2, 5, "misplaced", "error")]
    put(office, HEAD.replace("title", "aliases: [OLD-1]\ntitle") + "---\n")
    put(office, HEAD.replace("00001", "00002").replace("title", "aliases: [OLD-1]\ntitle") + "---\n", wrong)
    assert faults(checked(office, PLACE)) == [(PLACE, 1, 1, "duplicate-id", "error")]


def test_what_lies_beside_a_ticket_stands_for_it(office: Office) -> None:
    file = put(office, HEAD + "attachments:\n- file: nota.pdf\n- file: otra.pdf\n---\n")
    beside = put(office, "%PDF", f"{PLACE.removesuffix('.md')}/nota.pdf")
    assert [f.path for f in checked(office, beside.relative_to(office.root)).findings] == [PLACE]
    file.unlink()
    assert [f.code for f in checked(office, beside.relative_to(office.root)).findings] == ["stray-file"]
