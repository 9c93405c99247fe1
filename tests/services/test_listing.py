"""A listing is what the files say now."""

from pathlib import Path

import pytest

from tests.services.office import AGENT, OTHER, Office
from tk.services.listing import listing, whole


def titles(office: Office, *words: str) -> list[str]:
    return [row.title for row in listing(office.opened(), words).rows]


@pytest.fixture
def three(office: Office) -> list[str]:
    """Return three tickets: uno (Ana's, high), dos (Raúl's, solved), tres (nobody's, closed)."""
    with office.by(AGENT):
        one = office.ok("new", "uno", "--priority", "high", "--owner", "ana", "--tag", "a")
        two = office.ok("new", "dos", "--owner", "raul")
        three = office.ok("new", "tres")
        office.ok("advance", two, "solved")
        office.ok("advance", three, "closed")
    return [one, two, three]


def test_without_a_query_it_is_what_is_not_closed(office: Office, three: list[str]) -> None:
    assert sorted(titles(office)) == ["dos", "uno"]


def test_a_query_selects_sorts_and_limits(office: Office, three: list[str]) -> None:
    assert titles(office, "status:any", "sort:created") == ["uno", "dos", "tres"]
    assert titles(office, "status:any", "sort:-created", "limit:2") == ["tres", "dos"]
    assert titles(office, "priority:alta") == ["uno"]
    assert titles(office, "is:solved") == ["dos"]


def test_me_is_who_works(office: Office, three: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", OTHER)
    assert titles(office, "owner:me") == ["dos"]


def test_who_does_not_say_me_needs_no_identity(
    office: Office, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    assert sorted(titles(office)) == ["dos", "uno"]


def test_plain_words_are_found_in_the_text_beside_the_rest_of_the_query(office: Office, three: list[str]) -> None:
    office.ok("new", "cuatro", "-m", "La CALDERA gotea: uno de los caños", "--tag", "a")
    assert titles(office, "caldéra") == ["cuatro"]
    assert titles(office, "uno", "tag:a", "sort:created") == ["uno", "cuatro"]
    assert titles(office, "uno", "tag:a", "-caldera gotea") == ["uno"]
    assert titles(office, "tres") == []
    assert titles(office, "tres", "status:any") == ["tres"]


def test_words_and_what_only_the_file_can_tell_go_together(office: Office, three: list[str]) -> None:
    assert titles(office, "uno", "events.note:<1") == ["uno"]
    assert titles(office, "uno", "events.note:>=1") == []


def test_a_broken_file_is_told_and_hides_no_other(office: Office, three: list[str]) -> None:
    office.file(three[0]).write_bytes(b"Hola\n")
    found = listing(office.opened(), ["status:any"])
    assert sorted(row.title for row in found.rows) == ["dos", "tres"]
    assert [(finding.path[-len("TK-260812-00000.md") :], finding.line) for finding in found.broken] == [
        (f"{three[0]}.md", 1)
    ]


def test_what_others_do_with_the_files_is_seen(office: Office, three: list[str], tmp_path: Path) -> None:
    assert sorted(titles(office)) == ["dos", "uno"]
    office.replace(three[0], "title: uno", "title: eins")
    assert sorted(titles(office)) == ["dos", "eins"]
    office.git("stash", "-q")
    assert sorted(titles(office)) == ["dos", "uno"]
    office.git("checkout", "-q", "HEAD~2")
    assert sorted(titles(office)) == ["dos", "tres", "uno"]
    office.file(three[1]).unlink()
    assert sorted(titles(office)) == ["tres", "uno"]


def test_whole_gives_the_tickets_in_the_order_of_the_rows(office: Office, three: list[str]) -> None:
    desk = office.opened()
    rows = listing(desk, ["status:any", "sort:-created"]).rows
    assert [ticket.id for _, ticket in whole(desk, rows)] == three[::-1]
    office.file(three[1]).unlink()
    assert [ticket.id for _, ticket in whole(desk, rows)] == [three[2], three[0]]


def test_a_condition_that_only_the_file_can_answer_is_asked_of_it(office: Office, three: list[str]) -> None:
    office.ok("log", three[0], "note", "-m", "x")
    link = f"links:\n- kind: follows\n  id: {three[1]}\n"
    office.replace(three[0], "---\nNo", f"{link}---\nNo") if b"---\nNo" in office.file(three[0]).read_bytes() else None
    assert titles(office, "events.note:>=1") == ["uno"]
