"""Two states of a desk are compared as git compares them, and told by tickets and keys of the policy."""

import shutil

import pytest

from tests.services.office import AGENT, OTHER, Office
from tk.core.review.policy_contrast import PolicyChange
from tk.errors import WrongUsage
from tk.services.compare import Comparison, compare
from tk.store.judging.outcome import FileChange, TicketChange


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's at status open."""
    with office.by(AGENT):
        return office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")


def compared(office: Office, words: str | None = None) -> Comparison:
    return compare(office.opened(), words)


def only(office: Office, words: str | None = None) -> TicketChange:
    found = compared(office, words)
    assert found.files == ()
    (change,) = found.tickets
    return change


def fields(change: TicketChange) -> list[str]:
    assert change.what is not None
    return [field.field for field in change.what.changes]


def test_a_desk_is_like_itself(office: Office, ticket: str) -> None:
    assert compared(office)[2:] == ((), ())
    assert compared(office, "HEAD..HEAD")[2:] == ((), ())


def test_what_is_not_committed_is_compared_with_the_latest_commit(office: Office, ticket: str) -> None:
    office.replace(ticket, "Monitor negro", "Monitor gris")
    office.ok("new", "Otro", "--no-commit")
    changed, new = sorted(compared(office).tickets, key=lambda change: change.kind)
    assert (changed.ticket, changed.kind, changed.by, fields(changed)) == (ticket, "changed", None, ["title"])
    assert (new.kind, new.before) == ("new", None)


def test_who_moved_a_ticket_last_is_named(office: Office, ticket: str) -> None:
    base = office.head()
    with office.by(AGENT):
        office.ok("advance", ticket, "solved", "-m", "Listo.")
    with office.by(OTHER):
        office.ok("advance", ticket, "open")
        office.ok("advance", ticket, "solved", "-m", "Ahora sí.")
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
    change = only(office, f"{base}..HEAD")
    assert (change.by, fields(change)) == ("raul", ["status", "priority"])
    assert only(office, base) == change
    with office.by(OTHER):
        office.ok("advance", ticket, "open", "--no-commit")
    office.replace(ticket, "status: open", "status: closed")
    assert only(office, base).by is None


def test_three_dots_are_since_the_two_parted(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        other = office.ok("new", "Otro")
    assert fields(only(office, "main...side")) == ["priority"]
    assert {change.ticket: change.kind for change in compared(office, "main..side").tickets} == {
        ticket: "changed",
        other: "removed",
    }


def test_a_ticket_that_was_removed_or_broken_is_told(office: Office, ticket: str) -> None:
    file = office.file(ticket)
    file.write_text("Hola\n")
    change = only(office)
    assert (change.kind, change.ticket, change.broken is not None) == ("unreadable", ticket, True)
    file.unlink()
    change = only(office)
    assert (change.kind, change.after, change.ticket) == ("removed", None, ticket)


def test_a_broken_ticket_that_was_mended_is_not_new(office: Office, ticket: str) -> None:
    file = office.file(ticket)
    whole = file.read_bytes()
    file.write_text("Hola\n")
    office.commit()
    file.write_bytes(whole)
    change = only(office)
    assert (change.kind, change.mended, change.ticket) == ("changed", True, ticket)
    assert office.ok("diff") == f"{ticket} Monitor negro: can be read again"


def test_what_only_follows_or_is_written_anew_is_no_change(office: Office, ticket: str) -> None:
    office.replace(ticket, "title: Monitor negro", "title: 'Monitor negro'  # de la sala")
    office.replace(ticket, "updated: 2026", "updated: 2027")
    assert compared(office).tickets == ()


def test_an_attached_file_that_was_replaced_is_told_with_its_ticket(office: Office, ticket: str) -> None:
    (office.root / "nota.txt").write_text("uno\n")
    office.ok("attach", ticket, str(office.root / "nota.txt"))
    base = office.head()
    beside = office.file(ticket).with_suffix("") / "nota.txt"
    beside.touch()
    assert compared(office).tickets == ()
    beside.write_text("dos\n")
    assert only(office).files == ("nota.txt",)
    office.commit()
    assert only(office, f"{base}..").files == ("nota.txt",)
    beside.unlink()
    assert only(office, base).files == ("nota.txt",)


def test_the_policy_and_what_it_governs_are_told(office: Office) -> None:
    office.policy('zone = "', 'signed = true\nzone = "')
    (office.root / "templates" / "es").mkdir(parents=True)
    (office.root / "templates" / "es" / "new.md").write_text("Hola\n")
    found = compared(office)
    assert found.files == (
        FileChange("templates/es/new.md", "new"),
        FileChange("tk.toml", "changed", (PolicyChange("desk.signed", None, True),)),
    )
    (office.root / "tk.toml").write_text("= nonsense\n")
    assert compared(office).files[1] == FileChange("tk.toml", "changed", None)


def test_a_register_is_told_by_its_rows(office: Office) -> None:
    register = office.root / "registers" / "customers.csv"
    register.parent.mkdir()
    register.write_text("customer,name\nsol,Sol\nluna,Luna\nmar,Mar\n")
    text = (office.root / "tk.toml").read_text(encoding="utf-8")
    added = '\n[customers]\nfile = "registers/customers.csv"\nkey = "customer"\n'
    (office.root / "tk.toml").write_text(text + added, encoding="utf-8")
    office.commit()
    register.write_text("customer,name\nsol,Sol\nluna,Luna Nueva\nrío,Río\n")
    (change,) = compared(office).files
    assert (change.added, change.changed, change.removed) == (("río",), ("luna",), ("mar",))


def test_before_the_first_commit_everything_is_new(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "--orphan", "nothing")
    found = compared(office)
    assert [change.kind for change in found.tickets] == ["new"]
    assert [change.kind for change in found.files] == ["new"]


@pytest.mark.parametrize("words", ["nonsense", "nonsense..HEAD", "HEAD..nonsense", "-x", "--output=stolen", ""])
def test_an_unknown_revision_is_said_to_be_one(office: Office, words: str) -> None:
    with pytest.raises(WrongUsage, match="git knows no revision"):
        compared(office, words)
    assert not (office.root / "stolen").exists()


def test_two_that_never_parted_are_wrong_usage(office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "own")
    office.commit()
    with pytest.raises(WrongUsage, match="no commit in common"):
        compared(office, "main...own")
    assert compared(office, "main..own").tickets == ()


def test_a_desk_in_a_folder_is_compared_by_its_own_paths(office: Office, ticket: str) -> None:
    inner = office.root / "mesa"
    shutil.copytree(office.root, inner, ignore=shutil.ignore_patterns(".git", "mesa"))
    desk = Office(inner, office.now)
    found = compare(desk.opened())
    assert [change.path for change in found.tickets] == [office.file(ticket).relative_to(office.root).as_posix()]
    office.replace(ticket, "Monitor negro", "Monitor gris")
    desk.git("add", "-A", ".")
    desk.git("commit", "-qm", "x", ".")
    assert compare(desk.opened(), "HEAD~1..").tickets == found.tickets


def test_a_ticket_that_became_a_link_cannot_be_read(office: Office, ticket: str) -> None:
    file = office.file(ticket)
    whole = file.read_bytes()
    file.unlink()
    file.symlink_to("nowhere.md")
    other = file.with_name("TK-260812-00000.md")
    other.symlink_to("nowhere.md")
    for words in (None, "HEAD~1..HEAD"):
        found = compared(office, words).tickets
        assert [(change.kind, change.broken and change.broken.code) for change in found] == [
            ("unreadable", "symlink"),
            ("unreadable", "symlink"),
        ]
        if words is None:
            office.commit()
    file.unlink()
    file.write_bytes(whole)
    assert sorted(change.kind for change in compared(office, "HEAD~1").tickets) == ["unreadable"]
