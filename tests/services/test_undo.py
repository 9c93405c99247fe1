"""Undoing: a ticket is again what it was before one's own latest commit on it, and an audit knows it."""

from pathlib import Path

import pytest

from tests.services.office import AGENT, BOSS, OTHER, Office
from tk.errors import Refused
from tk.services.undo import Undoing, undo


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's with a note of hers."""
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "--owner", "ana")
        office.ok("log", number, "note", "-m", "Llamar mañana.")
    return number


def undone(office: Office, who: str, ticket: str | None = None) -> Undoing:
    with office.by(who), pytest.MonkeyPatch.context() as patch:
        office.wait()
        for name, value in office.environment().items():
            patch.setenv(name, value)
        return undo(office.opened(), ticket)


def refused(office: Office, who: str, ticket: str | None = None) -> Refused:
    before = office.head()
    with pytest.raises(Refused) as found:
        undone(office, who, ticket)
    assert office.head() == before
    return found.value


def tree(office: Office) -> dict[str, bytes]:
    files = (path for path in (office.root / "tickets").rglob("*") if path.is_file())
    return {path.relative_to(office.root).as_posix(): path.read_bytes() for path in files}


def let_agents(office: Office, *may: str) -> None:
    listed = "".join(f', "{action}"' for action in may)
    office.policy('"advance", "undo"]', f'"advance", "undo"{listed}]')
    office.commit("tk.toml")


def test_every_way_of_changing_a_ticket_is_taken_back_to_the_byte_and_lawfully(office: Office, ticket: str) -> None:
    let_agents(office, "attach.*", "link.*", "schedule", "request.*", "approve.*", "rate", "set.description")
    with office.by(AGENT):
        other = office.ok("new", "Otra pantalla")
    (office.root.parent / "foto.jpg").write_bytes(b"\xff\xd8\x00")
    for words in (
        ("advance", ticket, "solved", "-m", "Era el cable."),
        ("set", ticket, "priority=urgent", "tags=a,b"),
        ("assign", ticket, "raul"),
        ("log", ticket, "call-in", "-m", "Dijo que sí.", "--attach", "../foto.jpg"),
        ("attach", ticket, "../foto.jpg", "--kind", "photo"),
        ("link", ticket, "blocks", other),
        ("schedule", ticket, "+2d", "-m", "Esperar."),
        ("request", ticket, "priority", "high"),
        ("approve", ticket, "go-ahead"),
        ("rate", ticket, "good"),
    ):
        before = tree(office)
        with office.by(AGENT):
            office.ok(*words)
        after = tree(office)
        assert undone(office, AGENT, ticket).commit == office.head()
        assert tree(office) == before, words
        assert office.story(ticket).entries[-1].actions == ("undo",)
        undone(office, AGENT, ticket)
        assert tree(office) == after, words
        undone(office, AGENT)
        assert tree(office) == before, words
    assert office.git("status", "--porcelain") == ""
    assert office.audit().findings == ()


def test_without_an_id_it_is_the_latest_commit_on_any_ticket(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        number = office.ok("new", "De Raúl")
        office.ok("set", number, "priority=high")
    office.policy('name = "desk"', 'name = "Mesa"')
    office.commit("tk.toml")
    found = undone(office, OTHER)
    assert [(each.id, each.ticket and each.ticket.priority) for each in found.tickets] == [(number, None)]
    assert "Mesa" in (office.root / "tk.toml").read_text(encoding="utf-8")


def test_a_ticket_that_the_commit_opened_is_gone_and_comes_back_by_another(office: Office) -> None:
    before = tree(office)
    with office.by(AGENT):
        number = office.ok("new", "Por error")
    after = tree(office)
    found = undone(office, AGENT, number)
    assert [(each.id, each.ticket) for each in found.tickets] == [(number, None)]
    assert tree(office) == before
    undone(office, AGENT)
    assert tree(office) == after
    assert office.audit().findings == ()


def test_both_ends_of_a_link_are_taken_back_from_either(office: Office, ticket: str) -> None:
    other = office.ok("new", "Otra")
    before = tree(office)
    office.ok("link", ticket, "duplicates", other)
    found = undone(office, BOSS, other)
    assert [each.id for each in found.tickets] == [other, ticket]
    assert tree(office) == before


def test_what_somebody_changed_since_is_not_taken_back(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    found = refused(office, AGENT, ticket)
    assert found.refusal_code == "changed-since"
    assert str(found).startswith(f"{ticket}: raul has changed it since, at 2026-08-12T")


def test_neither_is_a_link_whose_other_end_somebody_changed_since(office: Office, ticket: str) -> None:
    other = office.ok("new", "Otra")
    office.ok("link", ticket, "relates", other)
    with office.by(OTHER):
        office.ok("log", other, "note", "-m", "Hola.")
    assert str(refused(office, BOSS, ticket)).startswith(f"{other}: raul has changed it since")


def test_who_has_committed_nothing_has_nothing_to_take_back(office: Office, ticket: str) -> None:
    assert refused(office, OTHER, ticket).refusal_code == "nothing-to-undo"
    assert refused(office, OTHER).refusal_code == "nothing-to-undo"


def test_an_edit_that_is_not_committed_is_not_lost(office: Office, ticket: str) -> None:
    file = office.replace(ticket, "Monitor negro", "Monitor roto")
    edited = file.read_bytes()
    assert refused(office, AGENT, ticket).refusal_code == "uncommitted"
    assert file.read_bytes() == edited


def test_who_may_not_undo_is_refused_and_found_by_the_audit(office: Office, ticket: str) -> None:
    office.policy(', "undo"]', "]")
    office.commit("tk.toml")
    assert refused(office, AGENT, ticket).refusal_code == "not-allowed"
    with office.by(AGENT):
        office.wait()
        office.git("revert", "--no-edit", "HEAD~1")
    assert {finding.commit for finding in office.audit().findings if finding.is_error} == {office.head()}


def test_a_condition_on_undo_is_asked_at_the_prompt_and_in_the_audit(office: Office, ticket: str) -> None:
    office.policy('"advance", "undo"]', '"advance", { action = "undo", when = { owner = "@actor" } }]')
    office.commit("tk.toml")
    undone(office, AGENT, ticket)
    with office.by(AGENT):
        office.ok("assign", ticket, "raul")
    assert refused(office, AGENT, ticket).refusal_code == "not-allowed"
    assert office.audit().findings == ()
    with office.by(AGENT):
        office.wait()
        office.git("revert", "--no-edit", "HEAD")
    assert {finding.commit for finding in office.audit().findings} == {office.head()}


def test_a_merge_is_not_taken_back_and_not_taken_for_an_undo(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("set", ticket, "priority=high")
    office.git("checkout", "-q", "main")
    office.ok("set", ticket, "tags=a")
    office.git("merge", "-q", "--no-edit", "side")
    assert refused(office, BOSS, ticket).refusal_code == "merge"


def test_a_shallow_clone_takes_nothing_back_where_its_history_ends(office: Office, ticket: str, tmp_path: Path) -> None:
    office.wait()
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    assert refused(clone, AGENT, ticket).refusal_code == "shallow"


def test_without_a_commit_only_the_files_are_put_back(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        before = office.file(ticket).read_bytes()
        office.ok("set", ticket, "priority=high")
        head = office.head()
        office.ok("undo", ticket, "--no-commit")
        assert (office.head(), office.file(ticket).read_bytes()) == (head, before)
        office.commit()
    assert office.audit().findings == ()


def test_a_desk_in_a_subfolder_undoes_by_its_own_paths(office: Office, ticket: str) -> None:
    (office.root / "docs").mkdir()
    (office.root / "docs/x.txt").write_text("x")
    with office.by(AGENT):
        office.commit()
    assert [each.id for each in undone(office, AGENT).tickets] == [ticket]
