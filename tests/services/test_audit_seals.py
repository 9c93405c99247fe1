"""Seals: who may set them, and what an audit makes of a squash with one and without."""

import pytest

from tests.services.office import AGENT, OTHER, Office
from tk.errors import Refused, WrongUsage
from tk.services.audit import Audit


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's at status open."""
    with office.by(AGENT):
        return office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")


def topic(office: Office, ticket: str) -> str:
    """Let Ana and Raúl work on a branch, so that no one of them could have done it all; return where it parted."""
    base = office.head()
    office.git("checkout", "-q", "-b", "topic")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Pedí el modelo.")
        office.ok("advance", ticket, "solved", "-m", "Era el cable.")
    office.wait(60)
    with office.by(OTHER):
        office.ok("log", ticket, "call-out", "-m", "No era el cable.")
        office.ok("advance", ticket, "open")
    office.git("checkout", "-q", "main")
    return base


def squash(office: Office) -> str:
    """Let Ana squash the branch, an hour later."""
    office.wait(60)
    with office.by(AGENT):
        office.git("merge", "-q", "--squash", "topic")
        office.git("commit", "-qm", "squash")
    return office.head()


def verdicts(found: Audit) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.verdict) for finding in found.findings]


def test_a_squash_that_hides_steps_cannot_be_verified(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    assert office.audit(f"{base}..topic").findings == ()
    commit = squash(office)
    found = office.audit(f"{base}..")
    assert verdicts(found) == [("squash", "unverifiable")]
    assert (found.unverifiable, found.findings[0].commit, found.findings[0].ticket) == (1, commit, ticket)


def test_a_seal_of_what_it_came_to_verifies_it(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    name = office.sealed(f"{base}..topic")
    squash(office)
    assert office.audit(f"{base}..") == Audit(1, 0, ())
    office.git("tag", "-d", name)
    assert verdicts(office.audit(f"{base}..")) == [("squash", "unverifiable")]


def test_a_person_who_looked_may_seal_the_squash_itself(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    squash(office)
    office.sealed()
    assert office.audit(f"{base}..") == Audit(1, 0, ())


def test_a_seal_of_other_files_or_of_another_line_verifies_nothing(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    office.git("checkout", "-q", "topic")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Más.")
    office.sealed("HEAD")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--squash", "topic~1")
    with office.by(AGENT):
        office.commit()
    assert verdicts(office.audit(f"{base}..")) == [("squash", "unverifiable")]


def test_a_seal_by_who_may_not_seal_counts_for_nothing(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    with pytest.raises(Refused, match="ana may not seal"):
        office.sealed(f"{base}..topic", AGENT)
    with office.by(AGENT):
        office.git("tag", "-a", "-m", "Sealed", "tk-seal-mine", "topic")
    squash(office)
    assert verdicts(office.audit(f"{base}..")) == [("squash", "unverifiable")]


def test_no_branch_grants_its_own_seal_the_right(office: Office, ticket: str) -> None:
    """Ana gives agents the right to seal on her branch, seals it, squashes it: refused as it would be without."""
    base = office.head()
    office.git("checkout", "-q", "-b", "topic")
    with office.by(AGENT):
        office.policy('"undo"]', '"undo", "seal", "policy"]')
        office.commit("tk.toml")
        office.git("tag", "-a", "-m", "Sealed\n\nTk-Branch: topic", "tk-seal-mine")
        office.git("checkout", "-q", "main")
        squash(office)
    assert verdicts(office.audit(f"{base}..")) == [("not-allowed", "refused")]


def test_what_no_hidden_step_explains_stays_refused(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    office.git("merge", "-q", "--squash", "topic")
    office.replace(ticket, "Pedí el modelo.", "Pedí el dinero.")
    office.replace(ticket, "title: Monitor negro", "title: Gratis")
    with office.by(AGENT):
        office.commit()
    found = office.audit(f"{base}..")
    assert ("squash", "unverifiable") in verdicts(found)
    office.replace(ticket, "Pedí el dinero.", "Nada.")
    with office.by(AGENT):
        office.commit()
    assert ("event-altered", "refused") in verdicts(office.audit("HEAD~1.."))


# Setting one


def test_a_seal_twice_is_one(office: Office, ticket: str) -> None:
    assert office.sealed() == office.sealed()
    assert office.git("cat-file", "-t", office.sealed()) == "tag"
    assert "Tk-Branch: main" in office.git("tag", "-l", "--format=%(contents)", office.sealed())


@pytest.mark.parametrize("words", ["nonsense", "--output=x", ""])
def test_what_names_no_commit_cannot_be_sealed(office: Office, words: str) -> None:
    with pytest.raises(WrongUsage):
        office.sealed(words)


def test_several_ends_cannot_be_sealed(office: Office, ticket: str) -> None:
    office.git("branch", "side", "HEAD~1")
    with pytest.raises(WrongUsage, match="one commit"):
        office.sealed("main...side")
