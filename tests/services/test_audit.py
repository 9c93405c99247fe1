"""An audit finds each unlawful change once, by the commit that made it, and nothing else."""

import os
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.office import AGENT, BOSS, OTHER, STRANGER, Office, told
from tk.errors import WrongUsage
from tk.services.audit import Audit
from tk.services.check import check

LAWFUL = Audit(0, 0, ())


def only(office: Office, base: str) -> tuple[str | None, str, str | None, str, str | None]:
    """Return what the one finding since `base` is about."""
    found = office.audit(f"{base}..").findings
    assert len(found) == 1, [str(finding.message) for finding in found]
    return told(found[0])


def path_of(office: Office, ticket: str) -> str:
    return office.file(ticket).relative_to(office.root).as_posix()


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's with a note, at status open."""
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")
        office.ok("log", number, "note", "-m", "Llamar mañana.")
    return number


# What is lawful


def test_a_day_of_honest_commands_gives_no_finding(office: Office) -> None:
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "-m", "No enciende.", "--priority", "high", "--tag", "sala")
        office.ok("assign", number, "raul")
        office.ok("set", number, "priority=urgent", "tags+=norte")
        office.ok("log", number, "call-out", "-m", "Pedí el modelo.", "--at", "2026-08-12T08:00", "--internal")
        office.ok("advance", number, "solved", "-m", "Era el cable.")
    with office.by(OTHER):
        office.ok("advance", number, "open")
    office.ok("set", number, "title=Monitor", "category=hardware/computer", "customer=sol")
    office.ok("advance", number, "closed")
    assert office.audit("HEAD~8..") == Audit(8, 0, ())
    assert office.audit().findings == ()


def test_the_founding_commit_is_as_it_should_be(office: Office) -> None:
    assert office.audit() == Audit(2, 0, ())


def test_nothing_committed_yet_is_nothing_to_audit(office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "nothing")
    assert office.audit() == LAWFUL


def test_an_empty_range_is_clean(office: Office) -> None:
    assert office.audit("HEAD..HEAD") == LAWFUL


def test_commits_that_touch_nothing_of_the_desk_are_clean_whoever_made_them(office: Office) -> None:
    before = office.head()
    (office.root / "README.md").write_text("Hola\n")
    (office.root / "tk.toml.bak").write_text("Hola\n")
    with office.by(STRANGER):
        office.commit()
    assert office.audit(f"{before}..") == Audit(1, 0, ())


def test_a_change_of_the_policy_by_who_may_is_lawful_and_then_in_force(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        assert office.run("set", ticket, "title=Pantalla").code in {0, 1}
    office.policy('"set.priority"', '"set.priority", "set.title"')
    office.commit("tk.toml")
    with office.by(AGENT):
        office.ok("set", ticket, "title=Otra pantalla")
    assert office.audit(f"{before}..").findings == ()


def test_a_cherry_pick_is_as_lawful_as_what_it_picks(office: Office, ticket: str) -> None:
    office.git("branch", "side")
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.git("checkout", "-q", "side")
        office.wait(60)
        office.git("cherry-pick", "main")
    assert office.audit("main..side").findings == ()
    office.git("merge", "-q", "main")
    assert office.audit().findings == ()


def test_putting_a_ticket_back_to_before_ones_own_latest_commit_on_it_is_lawful(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.ok("advance", ticket, "solved", "-m", "Listo.")
        office.wait(60)
        office.git("revert", "--no-edit", "HEAD")
        office.git("revert", "--no-edit", "HEAD")
    assert office.audit(f"{before}..") == Audit(3, 0, ())


def test_who_may_not_undo_may_not_put_back_either(office: Office, ticket: str) -> None:
    office.policy(', "undo"', "")
    before = office.commit("tk.toml")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Listo.")
        office.git("revert", "--no-edit", "HEAD")
    assert {finding.commit for finding in office.audit(f"{before}..").findings} == {office.head()}


def test_reverting_somebody_elses_commit_is_a_change_like_any_other(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    before = office.head()
    with office.by(AGENT):
        office.wait(60)
        office.git("revert", "--no-edit", "HEAD")
    found = office.audit(f"{before}..").findings
    assert {finding.code for finding in found} == {"event-removed", "stamp"}
    assert {finding.commit for finding in found} == {office.head()}


def test_putting_back_what_somebody_changed_since_is_not_lawful(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        kept = office.file(ticket).read_bytes()
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    before = office.head()
    office.file(ticket).write_bytes(kept)
    with office.by(AGENT):
        office.commit()
    assert {finding.code for finding in office.audit(f"{before}..").findings} == {"event-removed", "stamp"}


def test_a_commit_of_what_was_written_without_one_is_lawful(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.ok("advance", ticket, "solved", "--no-commit")
        office.commit()
    assert office.audit(f"{before}..").findings == ()


def test_commits_squashed_into_one_are_judged_as_that_one_change(office: Office, ticket: str) -> None:
    """A squash throws away when things were done: what the file says of that has no commit to show for it."""
    before = office.head()
    with office.by(AGENT):
        office.ok("advance", ticket, "in-progress")
        office.ok("set", ticket, "priority=high")
        office.git("reset", "-q", "--soft", before)
        office.git("commit", "-qm", "squashed")
    commit = office.head()
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "stamp", "refused")
    assert "status-since" in str(office.audit(f"{before}..").findings[0].message)


def test_commits_of_one_minute_squashed_are_lawful(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.ok("log", ticket, "note", "-m", "Urge.")
        office.ok("set", ticket, "tags=sala")
        office.git("reset", "-q", "--soft", before)
        office.git("commit", "-qm", "squashed")
    assert office.audit(f"{before}..").findings == ()


# What is not


def edit(office: Office, ticket: str, old: str, new: str) -> None:
    """Replace text in the ticket's file, and move `updated` as tk would: only what is meant is wrong."""
    office.replace(ticket, old, new)
    text = office.file(ticket).read_text(encoding="utf-8")
    stamp = next(line for line in text.splitlines() if line.startswith("updated: "))
    office.replace(ticket, stamp, f"updated: {soon(office)}")


def soon(office: Office) -> str:
    """Return the instant of the next commit."""
    return (datetime.fromisoformat(office.now) + timedelta(minutes=1)).isoformat()


def advance_to(office: Office, ticket: str, status: str) -> None:
    text = office.file(ticket).read_text(encoding="utf-8")
    since = next(line for line in text.splitlines() if line.startswith("status-since: "))
    was = next(line for line in text.splitlines() if line.startswith("status: "))
    edit(office, ticket, f"{was}\n{since}", f"status: {status}\nstatus-since: {soon(office)}")


def approve(office: Office, ticket: str) -> None:
    edit(office, ticket, "---\nid:", f"---\napprovals:\n  go-ahead: {{by: ana, at: {soon(office)}}}\nid:")


def add_event(office: Office, ticket: str, event: str) -> None:
    file = office.file(ticket)
    file.write_text(file.read_text(encoding="utf-8") + f"\n### {event}\n\nDijo que sí.\n", encoding="utf-8")
    edit(office, ticket, "id:", "id:")


def cut_events(office: Office, ticket: str) -> None:
    file = office.file(ticket)
    file.write_bytes(file.read_bytes().partition(b"\n## Log")[0] + b"\n")


def reverse(office: Office, ticket: str) -> None:
    """Turn the log over: all is there still, and the last word is the first."""
    head, log, rest = office.file(ticket).read_text(encoding="utf-8").partition("## Log\n")
    events = [f"### {event.strip()}\n" for event in rest.split("### ")[1:]]
    office.file(ticket).write_text(head + log + "\n" + "\n".join(reversed(events)), encoding="utf-8")


def spoil(office: Office, ticket: str, data: bytes) -> None:
    office.file(ticket).write_bytes(data)


Forgery = Callable[[Office, str], object]

FORGED: dict[str, tuple[Forgery, str]] = {
    "a field that the role may not set": (lambda o, t: edit(o, t, "Monitor negro", "Monitor gratis"), "not-allowed"),
    "a status that nobody knows": (lambda o, t: advance_to(o, t, "nonsense"), "unknown-status"),
    "an owner who is nobody": (lambda o, t: edit(o, t, "owner: ana", "owner: nadie"), "unknown-owner"),
    "a team": (lambda o, t: edit(o, t, "owner: ana", "owner: ana\nteam: ventas"), "unknown-team"),
    "an event removed": (cut_events, "event-removed"),
    "an event altered": (lambda o, t: o.replace(t, "Llamar mañana.", "Llamar nunca."), "event-altered"),
    "an event of last year": (
        lambda o, t: add_event(o, t, "2025-01-01T09:00:00-05:00 note ana {#e-aaaa}"),
        "backdated",
    ),
    "an event of next year": (
        lambda o, t: add_event(o, t, "2027-01-01T09:00:00-05:00 note ana {#e-aaaa}"),
        "future-event",
    ),
    "an event under another's name": (lambda o, t: add_event(o, t, f"{soon(o)} note raul {{#e-aaaa}}"), "wrong-author"),
    "a stranger's words, which agents may not enter": (
        lambda o, t: add_event(o, t, f"{soon(o)} note boss@example.org {{#e-aaaa}}"),
        "not-allowed",
    ),
    "when it was created": (lambda o, t: o.replace(t, "created: 2026-08-12T09", "created: 2026-08-12T08"), "stamp"),
    "who created it": (lambda o, t: o.replace(t, "creator: ana", "creator: raul"), "stamp"),
    "since when the status is": (
        lambda o, t: o.replace(t, "status-since: 2026-08-12T", "status-since: 2026-08-11T"),
        "stamp",
    ),
    "a deadline": (
        lambda o, t: o.replace(t, "---\nid:", "---\ndue: {resolution: 2027-01-01T00:00:00-05:00}\nid:"),
        "stamp",
    ),
    "an approval": (approve, "not-allowed"),
    "another id": (lambda o, t: o.replace(t, f"id: {t}", "id: TK-260812-00000"), "stamp"),
    "no title": (lambda o, t: edit(o, t, "title: Monitor negro", "title: ''"), "missing-key"),
    "nothing readable": (lambda o, t: spoil(o, t, b"Hola\n"), "unreadable"),
    "another encoding": (lambda o, t: spoil(o, t, o.file(t).read_bytes().decode().encode("utf-16")), "unreadable"),
    "no file": (lambda o, t: o.file(t).unlink(), "removed"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_found_once_by_its_commit(office: Office, ticket: str, name: str) -> None:
    forge, code = FORGED[name]
    before, path = office.head(), path_of(office, ticket)
    forge(office, ticket)
    with office.by(AGENT):
        commit = office.commit()
    named = "TK-260812-00000" if name == "another id" else ticket
    assert only(office, before) == (commit, path, named, code, "refused")


def stage(office: Office, mode: str, path: str) -> None:
    """Let git take the file at a path, as it is there, for something else."""
    blob = office.git("hash-object", "-w", "--", path)
    office.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")


def test_a_ticket_whose_file_becomes_a_link_is_found_whatever_stands_in_it(office: Office, ticket: str) -> None:
    """Git keeps a link as a file that holds where it leads, which may read like a ticket."""
    before, path = office.head(), path_of(office, ticket)
    stage(office, "120000", path)
    with office.by(AGENT):
        office.git("commit", "-qm", "link")
    commit = office.head()
    assert only(office, before) == (commit, path, ticket, "symlink", "refused")
    assert "symbolic link" in str(office.audit(f"{before}..").findings[0].message)
    stage(office, "100755", path)
    with office.by(AGENT):
        office.git("commit", "-qm", "a file again")
    assert office.audit(f"{commit}..").findings == ()


def test_a_link_is_no_ticket_put_back(office: Office, ticket: str) -> None:
    whole, path = office.file(ticket).read_bytes(), path_of(office, ticket)
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Sigue.")
        before = office.head()
        office.file(ticket).write_bytes(whole)
        stage(office, "120000", path)
        office.git("commit", "-qm", "link")
    assert only(office, before) == (office.head(), path, ticket, "symlink", "refused")


def test_a_link_is_no_merge_made_again(office: Office, ticket: str) -> None:
    other = office.ok("new", "Otro")
    office.git("checkout", "-q", "-b", "side")
    office.ok("link", ticket, "relates", other)
    office.git("checkout", "-q", "main")
    office.ok("log", ticket, "note", "-m", "Sigue.")
    office.git("merge", "-q", "-s", "ours", "--no-edit", "side")
    office.ok("resolve", ticket)
    assert office.audit("HEAD~1..").findings == ()
    path = path_of(office, ticket)
    stage(office, "120000", path)
    office.git("commit", "-q", "--amend", "--no-edit")
    assert only(office, "HEAD~1") == (office.head(), path, ticket, "symlink", "refused")


def test_a_link_that_a_merge_makes_is_found(office: Office, ticket: str) -> None:
    before, path = office.head(), path_of(office, ticket)
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("new", "Otro")
        office.git("checkout", "-q", "main")
        office.ok("new", "Otro más")
        office.git("merge", "-q", "--no-commit", "side")
        stage(office, "120000", path)
        office.git("commit", "-qm", "merge")
    assert only(office, before) == (office.head(), path, ticket, "symlink", "refused")


def test_a_repository_in_a_tickets_place_is_found(office: Office) -> None:
    before, path = office.head(), "tickets/2026/08/12/TK-260812-00000.md"
    office.git("update-index", "--add", "--cacheinfo", f"160000,{before},{path}")
    with office.by(AGENT):
        office.git("commit", "-qm", "module")
    assert only(office, before)[3:] == ("not-a-file", "refused")


def test_a_document_that_becomes_a_link_is_altered(office: Office, ticket: str, tmp_path: Path) -> None:
    (tmp_path / "nota.txt").write_text("Hola\n")
    office.ok("attach", ticket, str(tmp_path / "nota.txt"))
    before, path = office.head(), path_of(office, ticket).replace(".md", "/nota.txt")
    stage(office, "120000", path)
    office.git("commit", "-qm", "link")
    assert only(office, before) == (office.head(), path, ticket, "attachment-altered", "refused")


def test_a_way_that_the_transitions_do_not_have_is_found(office: Office, ticket: str) -> None:
    office.policy('to = ["in-progress", "solved", "closed"]', 'to = ["in-progress"]')
    before = office.commit("tk.toml")
    advance_to(office, ticket, "closed")
    with office.by(AGENT):
        commit = office.commit()
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "transition", "refused")


def test_a_forged_new_ticket_is_found(office: Office) -> None:
    before = office.head()
    with office.by(AGENT):
        number = office.ok("new", "Monitor", "--no-commit")
        office.replace(number, "creator: ana", "creator: mlopez")
        commit = office.commit()
    assert only(office, before) == (commit, path_of(office, number), number, "stamp", "refused")


def test_a_new_ticket_may_take_no_other_name(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(STRANGER):
        number = office.ok("new", "Monitor", "--no-commit")
        office.replace(number, "\ncreator:", f"\naliases: [{ticket}]\ncreator:")
        commit = office.commit()
    found = office.audit(f"{before}..").findings
    assert [(f.commit, f.ticket, f.code) for f in found] == [
        (commit, number, "not-allowed"),
        (commit, number, "duplicate-id"),
    ]


def test_not_even_an_importer_gives_a_ticket_the_id_of_another(office: Office, ticket: str) -> None:
    before = office.head()
    number = office.ok("new", "Monitor", "--no-commit")
    office.replace(number, "\ncreator:", f"\naliases: [{ticket}]\ncreator:")
    commit = office.commit()
    assert only(office, before) == (commit, path_of(office, number), number, "duplicate-id", "refused")


def test_an_edit_by_hand_that_only_forgot_its_stamp_is_a_warning(office: Office, ticket: str) -> None:
    before = office.head()
    office.replace(ticket, "priority: low", "priority: high")
    with office.by(AGENT):
        commit = office.commit()
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "updated-not-moved", "allowed")


def test_a_log_turned_over_is_found(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    before = office.head()
    reverse(office, ticket)
    with office.by(AGENT):
        commit = office.commit()
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "event-moved", "refused")


def test_a_key_that_nobody_knows_is_as_grave_to_an_audit_as_to_a_check(office: Office, ticket: str) -> None:
    before = office.head()
    edit(office, ticket, "---\nid:", "---\nsecret: foo\nid:")
    commit = office.commit()
    (checked,) = check(office.opened()).findings
    (found,) = office.audit(f"{before}..").findings
    assert (found.commit, found.verdict, found.line, found.column) == (commit, "allowed", checked.line, checked.column)
    assert (found.code, found.severity, str(found.message)) == (
        checked.code,
        checked.severity,
        str(checked.message),
    )
    edit(office, ticket, "secret: foo", "secret: bar")
    with office.by(AGENT):
        office.commit()
    assert only(office, commit)[3:] == ("not-allowed", "refused")


def test_text_that_is_part_of_nothing_is_found_in_the_commit_that_puts_it_there(office: Office, ticket: str) -> None:
    before = office.head()
    office.replace(ticket, "## Log\n", "## Log\n\nRaúl dijo que sí.\n")
    with office.by(STRANGER):
        commit = office.commit()
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Sigue.")
        office.replace(ticket, "## Log\n\nRaúl dijo que sí.\n", "## Log\n")
        office.commit()
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "bad-event", "refused")


def test_a_fault_is_not_told_again_of_the_commits_after_it(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        edit(office, ticket, "Monitor negro", "Monitor gratis")
        office.commit()
        office.ok("log", ticket, "note", "-m", "Sigue.")
        office.ok("set", ticket, "priority=high")
    assert only(office, before)[3] == "not-allowed"


def test_mending_what_was_unreadable_is_judged_by_what_it_was_before_that(office: Office, ticket: str) -> None:
    before, whole = office.head(), office.file(ticket).read_bytes()
    with office.by(AGENT):
        spoil(office, ticket, b"Hola\n")
        broken = office.commit()
        spoil(office, ticket, b"Adios\n")
        still = office.commit()
        spoil(office, ticket, whole.replace(b"Monitor negro", b"Monitor gratis"))
        mended = office.commit()
    assert [(f.commit, f.code, f.verdict) for f in office.audit(f"{before}..").findings] == [
        (broken, "unreadable", "refused"),
        (still, "unreadable-before", "unverifiable"),
        (mended, "not-allowed", "refused"),
        (mended, "updated-not-moved", "allowed"),
    ]


def test_mending_it_as_it_was_is_lawful(office: Office, ticket: str) -> None:
    whole = office.file(ticket).read_bytes()
    spoil(office, ticket, b"Hola\n")
    before = office.commit()
    spoil(office, ticket, whole)
    with office.by(OTHER):
        office.commit()
    assert office.audit(f"{before}..").findings == ()


# Who changes the law


def test_a_policy_changed_without_the_right_is_found_and_gives_none(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.policy('"set.priority"', '"set.priority", "set.title", "policy"')
        grant = office.commit("tk.toml")
        use = office.ok("set", ticket, "title=Gratis") and office.head()
        office.policy('"set.title"', '"set.title", "set.unit"')
        again = office.commit("tk.toml")
    found = office.audit(f"{before}..").findings
    assert [told(finding) for finding in found] == [
        (grant, "tk.toml", None, "not-allowed", "refused"),
        (use, path_of(office, ticket), ticket, "not-allowed", "refused"),
        (again, "tk.toml", None, "not-allowed", "refused"),
    ]


def test_one_commit_cannot_grant_a_right_and_use_it(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.policy('"set.priority"', '"*", "set.priority"')
        edit(office, ticket, "Monitor negro", "Monitor gratis")
        office.commit()
    assert [f.code for f in office.audit(f"{before}..").findings] == ["not-allowed", "not-allowed"]


def test_whoever_may_puts_a_refused_policy_in_force_by_changing_it(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.policy('"set.priority"', '"set.priority", "set.title"')
        office.commit("tk.toml")
    before = office.head()
    office.policy('name = "', 'name = "Mesa ')
    office.commit("tk.toml")
    with office.by(AGENT):
        office.ok("set", ticket, "title=Pantalla")
    assert office.audit(f"{before}..").findings == ()
    assert [f.code for f in office.audit().findings] == ["not-allowed"]


@pytest.mark.parametrize("path", ["templates/es/letter.txt", "registers/units.csv"])
def test_templates_and_registers_are_the_policys(office: Office, path: str) -> None:
    before = office.head()
    file = office.root / path
    file.parent.mkdir(parents=True)
    file.write_text("Hola\n")
    office.commit()
    file.write_text("Adios\n")
    with office.by(AGENT):
        commit = office.commit()
    assert only(office, before) == (commit, path, None, "not-allowed", "refused")


def test_a_policy_that_nobody_can_read_is_found_and_the_one_before_stays(office: Office, ticket: str) -> None:
    before, whole = office.head(), (office.root / "tk.toml").read_bytes()
    (office.root / "tk.toml").write_bytes(b"= nonsense\n")
    commit = office.commit("tk.toml")
    edit(office, ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        use = office.commit()
    (office.root / "tk.toml").write_bytes(whole)
    office.commit("tk.toml")
    assert [(f.commit, f.path, f.code) for f in office.audit(f"{before}..").findings] == [
        (commit, "tk.toml", "unreadable"),
        (use, path_of(office, ticket), "not-allowed"),
    ]
    assert [(f.commit, f.code) for f in office.audit(f"{commit}..{use}").findings] == [(use, "not-allowed")]


def test_where_no_policy_could_be_read_yet_nothing_can_be_judged(office: Office, ticket: str) -> None:
    whole = (office.root / "tk.toml").read_bytes()
    office.git("checkout", "-q", "--orphan", "own")
    (office.root / "tk.toml").write_bytes(b"= nonsense\n")
    base = office.commit()
    edit(office, ticket, "Monitor negro", "Monitor gratis")
    (office.root / "tk.toml").write_bytes(whole)
    office.commit()
    for words in (f"{base}..", "HEAD"):
        found = office.audit(words)
        assert [(f.code, f.verdict) for f in found.findings] == [("no-policy", "unverifiable")]
        assert found.unverifiable == 1


# Branches and merges


def test_a_range_is_judged_by_the_policy_of_its_base(office: Office, ticket: str) -> None:
    """Who lost a right cannot win it back by building on a commit from before."""
    office.policy('"set.priority"', '"set.priority", "set.title"')
    office.commit("tk.toml")
    office.git("branch", "side")
    office.policy('"set.title"', '"set.unit"')
    office.commit("tk.toml")
    office.git("checkout", "-q", "side")
    with office.by(AGENT):
        office.ok("set", ticket, "title=Gratis")
    commit = office.head()
    assert [told(finding) for finding in office.audit("main..side").findings] == [
        (commit, path_of(office, ticket), ticket, "not-allowed", "refused")
    ]
    assert office.audit("main...side").findings == ()  # by that of the commit where they parted
    assert office.audit().findings == ()


def test_a_beginning_of_ones_own_is_judged_by_the_policy_of_the_base(office: Office, ticket: str) -> None:
    with office.by(STRANGER):
        office.git("checkout", "-q", "--orphan", "own")
        office.policy('may = ["new"]', 'may = ["*"]')
        root = office.commit()
    found = office.audit("main..own").findings
    assert (root, "tk.toml", None, "not-allowed", "refused") in map(told, found)


def beginning_of_ones_own(office: Office, who: str) -> str:
    """Begin the desk anew in a commit without a parent where everybody may do everything, and go back to main."""
    with office.by(who):
        office.git("checkout", "-q", "--orphan", "own")
        office.policy('may = ["new"]', 'may = ["*"]')
        root = office.commit()
        office.git("checkout", "-q", "main")
    return root


def test_a_second_beginning_is_judged_by_the_policy_that_the_first_came_to(office: Office, ticket: str) -> None:
    """Whichever of the two git tells of first: the first is the one on the branch's own line."""
    office.now, now = "2026-08-01T09:00:00-05:00", office.now
    root = beginning_of_ones_own(office, STRANGER)
    office.now = now
    with office.by(STRANGER):
        office.git("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "join", "own")
        edit(office, ticket, "Monitor negro", "Monitor gratis")
        join, use = office.head(), office.commit()
    found = {told(finding) for finding in office.audit().findings}
    assert (root, "tk.toml", None, "not-allowed", "refused") in found
    assert (use, path_of(office, ticket), ticket, "not-allowed", "refused") in found
    assert {finding[0] for finding in found} == {root, join, use}  # the merge dropped what stood at the other root


def test_a_second_beginning_that_the_policy_allows_is_said_to_be_one(office: Office) -> None:
    root = beginning_of_ones_own(office, BOSS)
    office.git("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "join", "own")
    found = office.audit()
    assert [(f.commit, f.path, f.code, f.verdict) for f in found.findings] == [
        (root, "tk.toml", "no-policy", "unverifiable")
    ]
    assert found.unverifiable == 1


def test_who_puts_a_beginning_of_his_own_before_the_desks_does_not_pass_for_it(office: Office, ticket: str) -> None:
    """Nothing tells then which one is right, and that is said of the one that is; but who joined the two may not."""
    founded = office.git("rev-list", "--max-parents=0", "main")
    beginning_of_ones_own(office, STRANGER)
    with office.by(STRANGER):
        office.git("checkout", "-q", "own")
        office.git("merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "join", "main")
        office.git("branch", "-qf", "main")
        office.git("checkout", "-q", "main")
    found = office.audit()
    assert {told(finding) for finding in found.findings} >= {
        (founded, "tk.toml", None, "no-policy", "unverifiable"),
        (office.head(), "tk.toml", None, "not-allowed", "refused"),
    }


def test_a_desk_may_begin_late_and_on_a_branch(office: Office, tmp_path: Path) -> None:
    """In a repository that held other things first; and who begins it elsewhere, later, is no founder."""
    whole = Office(tmp_path / "whole", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    (whole.root / "README.md").write_text("Hola\n")
    first = whole.commit()
    whole.git("checkout", "-q", "-b", "desk")
    shutil.copytree(office.root, whole.root, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    whole.commit()
    with whole.by(AGENT):
        number = whole.ok("new", "Hola")
    whole.git("checkout", "-q", "main")
    whole.git("merge", "-q", "--no-ff", "-m", "join", "desk")
    assert whole.audit().findings == ()
    with whole.by(STRANGER):
        whole.git("checkout", "-q", "-b", "own", first)
        shutil.copytree(office.root, whole.root, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
        own = whole.commit()
        whole.git("checkout", "-q", "main")
        whole.git("merge", "-q", "-s", "ours", "-m", "join", "own")
    with whole.by(AGENT):
        whole.ok("log", number, "note", "-m", "Hola.")
    for words in (None, f"{first}.."):
        found = whole.audit(words).findings
        assert {finding.commit for finding in found} == {own}
        assert (own, "tk.toml", None, "not-allowed", "refused") in map(told, found)


def test_a_right_given_on_a_branch_is_in_force_after_whoever_merges_it(office: Office, ticket: str) -> None:
    before = office.head()
    office.git("checkout", "-q", "-b", "side")
    office.policy('"set.priority"', '"set.priority", "set.title"')
    office.commit("tk.toml")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.git("merge", "-q", "--no-edit", "side")
        office.ok("set", ticket, "title=Pantalla")
    assert office.audit(f"{before}..").findings == ()
    assert office.audit().findings == ()


def test_a_right_taken_on_a_branch_is_not_brought_in_by_a_merge(office: Office, ticket: str) -> None:
    before = office.head()
    with office.by(AGENT):
        office.git("checkout", "-q", "-b", "side")
        office.policy('"set.priority"', '"set.priority", "set.title"')
        grab = office.commit("tk.toml")
        office.git("checkout", "-q", "main")
        office.ok("set", ticket, "priority=high")
        office.git("merge", "-q", "--no-edit", "side")
        office.ok("set", ticket, "title=Gratis")
    use = office.head()
    assert [(f.commit, f.code) for f in office.audit(f"{before}..").findings] == [
        (grab, "not-allowed"),
        (use, "not-allowed"),
    ]


def test_a_merge_that_brings_back_an_older_policy_changes_it(office: Office, ticket: str) -> None:
    office.git("branch", "old")
    office.policy('"set.priority", ', "")
    before = office.commit("tk.toml")
    with office.by(AGENT):
        office.git("checkout", "-q", "old")
        office.ok("log", ticket, "note", "-m", "Al lado.")
        office.git("checkout", "-q", "main")
        office.git("merge", "-q", "--no-commit", "--no-ff", "old")
        office.git("checkout", "-q", "old", "--", "tk.toml")
        merge = office.commit("tk.toml")
        office.ok("set", ticket, "priority=high")
    use = office.head()
    assert [told(finding) for finding in office.audit(f"{before}..").findings] == [
        (merge, "tk.toml", None, "not-allowed", "refused"),
        (use, path_of(office, ticket), ticket, "not-allowed", "refused"),
    ]


def both(office: Office, ticket: str) -> tuple[bytes, bytes]:
    """Let Ana log on main and Raúl set the priority and log on side; leave the merge of side in conflict."""
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("set", ticket, "priority=urgent", "tags=norte")
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    theirs = office.file(ticket).read_bytes()
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("log", ticket, "call-out", "-m", "No contesta.")
        office.ok("set", ticket, "tags=sala")
    office.git("config", "--remove-section", "merge.tk")  # as a forge merges
    assert office.try_git("merge", "side").returncode == 1
    return office.git("show", f"main:{path_of(office, ticket)}").encode() + b"\n", theirs


def test_a_merge_that_keeps_what_both_sides_did_gives_no_finding(office: Office, ticket: str) -> None:
    before = office.head()
    ours, theirs = both(office, ticket)
    kept = ours.replace(b"priority: low", b"priority: urgent").replace(b"tags: [sala]", b"tags: [sala, norte]")
    event = theirs[theirs.rindex(b"\n### ") :]
    office.file(ticket).write_bytes(kept + event)
    with office.by(OTHER):
        office.commit()
    assert office.audit(f"{before}..") == Audit(5, 0, ())


def test_a_merge_is_judged_for_what_no_side_had(office: Office, ticket: str) -> None:
    before = office.head()
    ours, theirs = both(office, ticket)
    kept = ours.replace(b"priority: low", b"priority: urgent").replace(b"Monitor negro", b"Monitor gratis")
    office.file(ticket).write_bytes(kept + theirs[theirs.rindex(b"\n### ") :])
    with office.by(OTHER):
        commit = office.commit()
    found = [finding for finding in office.audit(f"{before}..").findings if finding.code != "updated-not-moved"]
    assert [told(finding) for finding in found] == [(commit, path_of(office, ticket), ticket, "not-allowed", "refused")]


def test_a_merge_may_not_bring_the_events_of_a_side_into_another_order(office: Office, ticket: str) -> None:
    before = office.head()
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
        office.ok("log", ticket, "note", "-m", "Era el cable.")
        office.git("checkout", "-q", "main")
        office.ok("new", "Otro")
        office.git("merge", "-q", "--no-commit", "side")
        reverse(office, ticket)
        merge = office.commit()
    assert only(office, before) == (merge, path_of(office, ticket), ticket, "event-moved", "refused")


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_a_merge_that_takes_one_side_for_the_whole_loses_the_others_event(
    office: Office, ticket: str, side: str
) -> None:
    before = office.head()
    both(office, ticket)
    office.git("checkout", side, "--", path_of(office, ticket))
    with office.by(OTHER):
        commit = office.commit()
    found = [finding for finding in office.audit(f"{before}..").findings if finding.verdict == "refused"]
    assert {(f.commit, f.code) for f in found} == {(commit, "event-removed")}
    blamed = f" was removed: the merge dropped what a side had; tk resolve {ticket} merges anew"
    assert all(str(finding.message).endswith(blamed) for finding in found)


def test_a_merge_that_drops_a_link_is_told_to_have_dropped_it(office: Office, ticket: str) -> None:
    other = office.ok("new", "Otro")
    before = office.head()
    office.git("checkout", "-q", "-b", "side")
    office.ok("link", ticket, "relates", other)
    office.git("checkout", "-q", "main")
    office.ok("log", ticket, "note", "-m", "Sigue.")
    office.git("merge", "-q", "-s", "ours", "--no-edit", "side")
    found = {str(finding.message) for finding in office.audit(f"{before}..").findings if finding.ticket == ticket}
    dropped = f"{ticket}: links was taken away, which no action does: the merge dropped what a side had"
    assert f"{dropped}; tk resolve {ticket} merges anew" in found


def test_a_merge_that_throws_a_sides_work_away_is_found(office: Office, ticket: str) -> None:
    before = office.head()
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Otro")
        office.git("merge", "-q", "--no-edit", "-s", "ours", "side")
    found = office.audit(f"{before}..").findings
    assert (office.head(), path_of(office, ticket), ticket, "event-removed", "refused") in map(told, found)
    assert {finding.commit for finding in found} == {office.head()}


def test_a_removal_on_one_side_is_the_sides_and_not_the_merges(office: Office, ticket: str) -> None:
    before = office.head()
    office.git("checkout", "-q", "-b", "side")
    cut_events(office, ticket)
    with office.by(OTHER):
        removal = office.commit()
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Otro")
        office.git("merge", "-q", "--no-edit", "side")
    assert only(office, before) == (removal, path_of(office, ticket), ticket, "event-removed", "refused")


def test_two_clones_that_work_on_their_own_tickets_and_merge_give_no_finding(office: Office, tmp_path: Path) -> None:
    other = office.clone(tmp_path / "other")
    with office.by(AGENT):
        office.ok("advance", office.ok("new", "Uno"), "solved")
    with other.by(OTHER):
        number = other.ok("new", "Dos")
        other.ok("log", number, "note", "-m", "Hola.")
        other.now = office.now
        other.git("pull", "-q", "--no-rebase", "--no-edit")
    assert other.audit("HEAD") == Audit(7, 0, ())


def test_a_merge_of_three_is_judged_like_one_of_two(office: Office, ticket: str) -> None:
    before = office.head()
    for name in ("one", "two"):
        office.git("checkout", "-q", "-b", name, before)
        with office.by(AGENT):
            office.ok("new", name)
    office.git("checkout", "-q", "main")
    with office.by(OTHER):
        office.ok("new", "three")
        office.git("merge", "-q", "--no-edit", "one", "two")
    assert office.audit(f"{before}..") == Audit(4, 0, ())


# Where an audit looks


@pytest.mark.parametrize("words", ["nonsense", "main..nonsense", "-x", "--output=stolen", "", "tk.toml"])
def test_an_unknown_revision_is_said_to_be_one(office: Office, words: str) -> None:
    with pytest.raises(WrongUsage, match="git knows no revision or range"):
        office.audit(words)
    assert not (office.root / "stolen").exists()


def test_without_a_range_it_is_what_the_upstream_has_not(office: Office, ticket: str, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone")
    assert clone.audit() == LAWFUL
    with clone.by(AGENT):
        clone.ok("new", "Dos")
    assert clone.audit() == Audit(1, 0, ())
    assert clone.audit("HEAD").commits == 5
    assert clone.audit("main").commits == 5


def test_a_shallow_clone_says_what_it_cannot_judge(office: Office, ticket: str, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    with clone.by(AGENT):
        clone.ok("set", ticket, "priority=high")
    found = clone.audit("HEAD")
    assert (found.commits, found.unverifiable) == (2, 1)
    assert [(f.commit, f.code, f.verdict) for f in found.findings] == [(office.head(), "shallow", "unverifiable")]


def test_in_a_shallow_clone_a_removal_is_not_taken_for_an_undo(office: Office, ticket: str, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    clone.file(ticket).unlink()
    with clone.by(AGENT):
        commit = clone.commit()
    assert [(f.commit, f.code) for f in clone.audit("origin/main..").findings] == [(commit, "removed")]


def test_a_desk_in_a_subfolder_is_judged_by_its_own_paths(office: Office, tmp_path: Path) -> None:
    whole = Office(tmp_path / "whole", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    (whole.root / "tk.toml.md").write_text("Hola\n")
    whole.commit()
    inner = Office(whole.root / "mesa de ayuda", whole.now)
    shutil.copytree(office.root, inner.root, ignore=shutil.ignore_patterns(".git"))
    inner.commit()
    with inner.by(AGENT):
        number = inner.ok("new", "Hola")
    before = inner.head()
    (whole.root / "tickets/2026/08/12").mkdir(parents=True)
    (whole.root / "tickets/2026/08/12/TK-260812-00000.md").write_text("Not of this desk\n")
    edit(inner, number, "title: Hola", "title: Adios")
    with inner.by(AGENT):
        inner.git("add", "-A", "..")
        commit = inner.commit("..")
    assert only(inner, before) == (commit, path_of(inner, number), number, "not-allowed", "refused")
    assert inner.audit().commits == 4


def test_a_commit_that_this_clone_puts_another_in_the_place_of_is_judged_as_it_was_made(
    office: Office, ticket: str
) -> None:
    before = office.head()
    edit(office, ticket, "Monitor negro", "Monitor gratis")
    with office.by(STRANGER):
        commit = office.commit()
        other = office.git("commit-tree", f"{before}^{{tree}}", "-p", before, "-m", "nothing")
        office.git("replace", commit, other)
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "not-allowed", "refused")
    office.git("replace", "-d", commit)
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
    (office.root / ".git/info").mkdir(exist_ok=True)
    (office.root / ".git/info/grafts").write_text(f"{office.head()} {before}\n")
    assert only(office, before) == (commit, path_of(office, ticket), ticket, "not-allowed", "refused")


def dated(office: Office, ticket: str, author: str, committer: str) -> str:
    """Let Ana log by plain git what is lawful at the author's date, commit it with these dates, return the commit."""
    with office.by(AGENT):
        was, office.now = office.now, author
        office.wait(-1)
        office.ok("log", ticket, "note", "-m", "Hola.", "--no-commit")
        office.now = was
        office.git("add", "-A", ".")
        env = {**os.environ, **office.environment(), "GIT_AUTHOR_DATE": author, "GIT_COMMITTER_DATE": committer}
        subprocess.run(["git", "commit", "-qm", "x"], cwd=office.root, env=env, check=True)
    return office.head()


def test_a_date_that_is_yet_to_come_is_found(office: Office, ticket: str) -> None:
    """Nobody escapes a deadline, or sweeps before the time, by a clock of his own."""
    before, now = office.head(), office.now
    commit = dated(office, ticket, "2035-01-01T00:00:00-05:00", "2035-01-01T00:00:00-05:00")
    office.now = now
    assert only(office, before) == (commit, "", None, "postdated", "refused")
    office.now = "2035-01-01T00:00:00-05:00"
    assert office.audit(f"{before}..").findings == ()


def test_a_date_later_than_that_of_the_commit_is_found_whenever_one_looks(office: Office, ticket: str) -> None:
    before = office.head()
    office.wait(60)
    commit = dated(office, ticket, "2026-08-12T14:00:00-05:00", office.now)
    office.wait(600)
    assert only(office, before) == (commit, "", None, "postdated", "refused")


def test_what_a_desk_had_no_hand_in_may_bear_any_date(office: Office, ticket: str) -> None:
    before = office.head()
    office.now, now = "2035-01-01T00:00:00-05:00", office.now
    (office.root / "README.md").write_text("Hola")
    office.commit()
    office.now = now
    assert office.audit(f"{before}..").findings == ()


@pytest.mark.parametrize("first", [True, False])
def test_a_commit_of_two_authors_is_found_and_puts_no_policy_in_force(
    office: Office, ticket: str, *, first: bool
) -> None:
    before, path = office.head(), path_of(office, ticket)
    (office.root / "tk.toml").write_bytes((office.root / "tk.toml").read_bytes().replace(b'"undo"]', b'"undo", "*"]'))
    office.git("add", "tk.toml")
    tree, who = office.git("write-tree"), int(datetime.fromisoformat(office.now).timestamp())
    authors = [f"author X <{who}> {at} +0000\n" for who, at in ((BOSS, who), (STRANGER, who))]
    lines = "".join(authors if first else reversed(authors))
    (office.root / "raw").write_text(f"tree {tree}\nparent {before}\n{lines}committer X <x> {who} +0000\n\nx\n")
    commit = office.git("hash-object", "-t", "commit", "-w", "--literally", "raw")
    (office.root / "raw").unlink()
    office.git("reset", "-q", "--hard", commit)
    edit(office, ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        use = office.commit()
    found = office.audit(f"{before}..").findings
    assert (commit, "", None, "malformed", "refused") in map(told, found)
    assert (use, path, ticket, "not-allowed", "refused") in map(told, found)


def test_a_date_that_no_calendar_has_stops_no_audit(office: Office, ticket: str) -> None:
    before = office.head()
    tree = office.git("rev-parse", "HEAD^{tree}")
    who = f"X <{STRANGER}> 99999999999999 +0000"
    raw = f"tree {tree}\nparent {before}\nauthor {who}\ncommitter {who}\n\nfuture\n"
    (office.root / "raw").write_text(raw)
    oid = office.git("hash-object", "-t", "commit", "-w", "--literally", "raw")
    assert office.audit(f"{before}..{oid}") == Audit(1, 0, ())


def test_the_users_own_settings_for_logs_change_nothing(office: Office, ticket: str) -> None:
    for name, value in {"log.showSignature": "true", "log.follow": "true", "color.ui": "always"}.items():
        office.git("config", name, value)
    office.git("config", "i18n.logOutputEncoding", "ISO-8859-1")
    assert office.audit() == Audit(4, 0, ())
    assert len(office.story(ticket).entries) == 2


def test_a_long_range_needs_no_more_memory_than_a_short_one(office: Office) -> None:
    """A thousand commits of a ticket of 60 kB: all its versions would be 60 MB."""
    number = "TK-260812-00001"
    filler = "Nada nuevo bajo el sol. " * 2400
    stream = [f"reset refs/heads/main\nfrom {office.head()}\n"]
    for n in range(1000):
        text = f"{filler} {n}\n"
        stream.append(
            f"commit refs/heads/main\nauthor X <{STRANGER}> {1786543210 + n} +0000\n"
            f"committer X <{STRANGER}> {1786543210 + n} +0000\ndata 1\nx\n"
            f"M 100644 inline tickets/2026/08/12/{number}.md\ndata {len(text)}\n{text}\n"
        )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=office.root, input="".join(stream).encode(), check=True)
    office.audit("HEAD~1..")
    tracemalloc.start()
    found = office.audit("HEAD~1000..")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.commits == 1000
    assert peak < 40_000_000
