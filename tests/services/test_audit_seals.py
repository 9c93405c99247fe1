"""Seals: what they say of later histories, who may set them, and what an audit makes of a squash without one."""

import pytest

from tests.services.office import AGENT, BOSS, OTHER, Office
from tk.core.finding import Finding
from tk.errors import Refused, WrongUsage
from tk.services.audit import Audit
from tk.services.seal import seal


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's at status open."""
    with office.by(AGENT):
        return office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")


def sealed(office: Office, revisions: str | None = None, who: str = BOSS) -> str:
    """Seal as `tk audit --seal` does after an audit without refusals."""
    with office.by(who), pytest.MonkeyPatch.context() as patch:
        for name, value in office.environment().items():
            patch.setenv(name, value)
        return seal(office.opened(), revisions)


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
    name = sealed(office, f"{base}..topic")
    squash(office)
    assert office.audit(f"{base}..") == Audit(1, 0, ())
    office.git("tag", "-d", name)
    assert verdicts(office.audit(f"{base}..")) == [("squash", "unverifiable")]


def test_a_person_who_looked_may_seal_the_squash_itself(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    squash(office)
    sealed(office)
    assert office.audit(f"{base}..") == Audit(1, 0, ())


def test_a_seal_of_other_files_or_of_another_line_verifies_nothing(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    office.git("checkout", "-q", "topic")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Más.")
    sealed(office, "HEAD")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--squash", "topic~1")
    with office.by(AGENT):
        office.commit()
    assert verdicts(office.audit(f"{base}..")) == [("squash", "unverifiable")]


def test_a_seal_by_who_may_not_seal_counts_for_nothing(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    with pytest.raises(Refused, match="ana may not seal"):
        sealed(office, f"{base}..topic", AGENT)
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


# History rewritten


def lost(office: Office) -> list[Finding]:
    return [finding for finding in office.audit("HEAD").findings if finding.code == "rewritten"]


def test_a_branch_that_goes_on_from_its_seal_is_as_it_should_be(office: Office, ticket: str) -> None:
    sealed(office)
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Más.")
    assert office.audit().findings == ()


def test_history_rewritten_below_a_seal_is_found(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Llamar mañana.")
    name, commit = sealed(office), office.head()
    office.git("reset", "-q", "--hard", "HEAD~1")
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Nada.")
    (finding,) = lost(office)
    assert (finding.commit, finding.verdict) == (commit, "refused")
    assert str(finding.message) == f"main was rewritten: it no longer holds what {name} sealed"


def test_a_remotes_rewritten_branch_is_found_in_a_clone(office: Office, ticket: str) -> None:
    sealed(office)
    clone = office.clone(office.root.parent / "clone")
    office.git("commit", "-q", "--amend", "-m", "otra")
    clone.git("fetch", "-q", "origin")
    assert {str(finding.message).partition(" ")[0] for finding in lost(clone)} == {"origin/main"}


def test_a_branch_that_was_sealed_squashed_and_deleted_is_no_loss(office: Office, ticket: str) -> None:
    base = topic(office, ticket)
    sealed(office, f"{base}..topic")
    squash(office)
    assert lost(office) == []
    office.git("branch", "-q", "-D", "topic")
    assert lost(office) == []


def test_a_strangers_seal_alarms_nobody(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("log", ticket, "note", "-m", "Llamar mañana.")
        office.git("tag", "-a", "-m", "Sealed\n\nTk-Branch: main", "tk-seal-mine")
        office.git("tag", "tk-seal-light")
    office.git("reset", "-q", "--hard", "HEAD~1")
    assert lost(office) == []


def test_a_shallow_clone_says_nothing_of_seals(office: Office, ticket: str) -> None:
    sealed(office)
    clone = office.clone(office.root.parent / "clone", "--depth", "1")
    assert lost(clone) == []


# Setting one


def test_a_seal_twice_is_one(office: Office, ticket: str) -> None:
    assert sealed(office) == sealed(office)
    assert office.git("cat-file", "-t", sealed(office)) == "tag"
    assert "Tk-Branch: main" in office.git("tag", "-l", "--format=%(contents)", sealed(office))


@pytest.mark.parametrize("words", ["nonsense", "--output=x", ""])
def test_what_names_no_commit_cannot_be_sealed(office: Office, words: str) -> None:
    with pytest.raises(WrongUsage):
        sealed(office, words)


def test_several_ends_cannot_be_sealed(office: Office, ticket: str) -> None:
    office.git("branch", "side", "HEAD~1")
    with pytest.raises(WrongUsage, match="one commit"):
        sealed(office, "main...side")
