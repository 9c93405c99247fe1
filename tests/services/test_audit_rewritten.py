"""A branch that no longer holds what was sealed was rewritten; one that is behind, or done with, was not."""

import pytest

from tests.services.office import AGENT, AGENT_MAY, OTHER, Office


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's at status open."""
    with office.by(AGENT):
        return office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")


def lost(office: Office, revisions: str | None = "HEAD") -> list[str]:
    """Return the branches that an audit finds rewritten."""
    found = [finding for finding in office.audit(revisions).findings if finding.code == "rewritten"]
    assert all(finding.verdict == "refused" for finding in found)
    return [str(finding.message).partition(" ")[0] for finding in found]


def note(office: Office, ticket: str, who: str = AGENT) -> str:
    """Let somebody log a note, and return the commit."""
    with office.by(who):
        office.ok("log", ticket, "note", "-m", "Llamar mañana.")
    return office.head()


def cloned(office: Office, *options: str) -> Office:
    return office.clone(office.root.parent / f"clone{len(list(office.root.parent.iterdir()))}", *options)


# What was rewritten


def test_history_rewritten_below_a_seal_is_found(office: Office, ticket: str) -> None:
    note(office, ticket)
    name, commit = office.sealed(), office.head()
    office.git("reset", "-q", "--hard", "HEAD~1")
    note(office, ticket, OTHER)
    (finding,) = office.audit("HEAD").findings
    assert (finding.code, finding.commit, finding.verdict) == ("rewritten", commit, "refused")
    assert str(finding.message) == (
        f"main was rewritten: it no longer holds what {name} sealed; where that was meant, "
        f"`git tag -d {name}` ends this, and `git push REMOTE --delete {name}` on a remote"
    )
    office.git("tag", "-d", name)
    assert lost(office) == []


def test_a_branch_set_back_to_before_its_seal_is_found_where_git_remembers(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    office.git("reset", "-q", "--hard", "HEAD~1")
    assert lost(office) == ["main"]
    office.git("reflog", "expire", "--expire=all", "--all")
    assert lost(office) == []


def test_a_remotes_rewritten_branch_is_found_in_a_clone(office: Office, ticket: str) -> None:
    office.sealed()
    clone = cloned(office)
    office.git("commit", "-q", "--amend", "-m", "otra")
    clone.git("fetch", "-q", "origin")
    assert lost(clone) == ["origin/main"]
    assert lost(cloned(office)) == ["main", "origin/main"]


def test_a_remotes_branch_that_was_set_back_is_found_in_a_clone_that_saw_it(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    clone = cloned(office)
    office.git("reset", "-q", "--hard", "HEAD~1")
    clone.git("fetch", "-q", "origin")
    assert lost(clone) == ["origin/main"]
    assert lost(cloned(office)) == []
    note(office, ticket)
    assert lost(cloned(office)) == ["main", "origin/main"]


def test_a_rewritten_branch_is_found_by_the_names_of_commits_as_a_forge_hands_them_over(
    office: Office, ticket: str
) -> None:
    before = note(office, ticket)
    office.sealed()
    office.git("branch", "old")
    office.git("reset", "-q", "--hard", "HEAD~1")
    after = note(office, ticket, OTHER)
    clone = cloned(office)
    clone.git("checkout", "-q", "--detach")
    assert lost(clone, f"{before}..{after}") == ["main", "origin/main"]


def test_what_was_a_trunk_is_not_done_with_because_another_branch_keeps_it(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    office.git("branch", "old")
    office.git("reset", "-q", "--hard", "HEAD~1")
    note(office, ticket, OTHER)
    assert lost(office, "old..main") == ["main"]


def test_work_on_a_seal_that_is_rewritten_here_alone_is_found(office: Office, ticket: str) -> None:
    office.sealed()
    clone = cloned(office)
    assert lost(clone) == []
    clone.git("commit", "-q", "--amend", "-m", "otra")
    assert lost(clone) == ["main"]


# By which policy a seal counts


def test_a_right_to_seal_taken_from_the_sealer_hides_no_rewritten_history(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    office.git("reset", "-q", "--hard", "HEAD~1")
    head, supervisors, rest = (office.root / "tk.toml").read_text("utf-8").partition("[roles.supervisor]")
    rest = rest.replace('may = ["*"]', 'may = ["policy", "set.*"]', 1)
    (office.root / "tk.toml").write_text(head + supervisors + rest, "utf-8")
    assert lost(office) == ["main"]
    office.commit("tk.toml")
    assert lost(office) == ["main"]


def test_a_new_beginning_whose_policy_lets_nobody_seal_hides_none_either(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    office.git("checkout", "-q", "--orphan", "new")
    office.policy(AGENT_MAY, 'may = ["policy"]')
    text = (office.root / "tk.toml").read_text("utf-8").replace('may = ["*"]', 'may = ["new"]')
    (office.root / "tk.toml").write_text(text, "utf-8")
    office.commit()
    office.git("branch", "-M", "main")
    assert lost(office) == ["main"]


def test_a_right_that_the_sealed_commit_itself_gave_counts(office: Office, ticket: str) -> None:
    """A supervisor gives agents the right to seal, one of them seals just that, and then it is amended away."""
    office.policy('"undo"]', '"undo", "seal"]')
    office.commit("tk.toml")
    office.sealed(who=AGENT)
    office.git("commit", "-q", "--amend", "-m", "otra")
    assert lost(office) == ["main"]


def test_a_strangers_seal_alarms_nobody(office: Office, ticket: str) -> None:
    note(office, ticket)
    with office.by(AGENT):
        office.git("tag", "-a", "-m", "Sealed\n\nTk-Branch: main", "tk-seal-mine")
        office.git("tag", "tk-seal-light")
    office.git("reset", "-q", "--hard", "HEAD~1")
    note(office, ticket, OTHER)
    assert lost(office) == []


# What is only behind


def test_a_branch_that_goes_on_from_its_seal_is_as_it_should_be(office: Office, ticket: str) -> None:
    office.sealed()
    note(office, ticket)
    assert office.audit().findings == ()


def test_what_was_sealed_and_is_not_pushed_yet_leaves_the_remotes_branch_behind(office: Office, ticket: str) -> None:
    clone = cloned(office)
    note(clone, ticket)
    clone.sealed("main")
    assert lost(clone, None) == []
    note(office, ticket, OTHER)
    clone.git("fetch", "-q")  # and somebody else was faster
    assert lost(clone, None) == []


@pytest.mark.parametrize("words", ["HEAD", "main", "origin/main..main", None])
def test_a_clone_that_has_not_merged_what_was_sealed_is_behind(office: Office, ticket: str, words: str | None) -> None:
    clone = cloned(office)
    note(office, ticket)
    office.sealed()
    clone.git("fetch", "-q", "--tags")
    assert lost(clone, words) == []
    note(clone, ticket, OTHER)
    assert lost(clone, words) == []


def test_of_the_branch_that_a_range_builds_on_nothing_is_said(office: Office, ticket: str) -> None:
    clone = cloned(office)
    clone.git("checkout", "-q", "-b", "work")
    note(clone, ticket)
    note(office, ticket, OTHER)
    office.sealed()
    clone.git("fetch", "-q", "--tags")
    assert lost(clone, "main..work") == []
    assert lost(clone, "main~1..main") == []


def test_a_local_branch_set_back_behind_its_remote_is_behind(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    clone = cloned(office)
    clone.git("reset", "-q", "--hard", "HEAD~1")
    assert lost(clone) == []


def test_a_shallow_clone_says_nothing_of_seals(office: Office, ticket: str) -> None:
    note(office, ticket)
    office.sealed()
    office.git("commit", "-q", "--amend", "-m", "otra")
    assert lost(cloned(office, "--depth", "1")) == []


# Topics


def topic(office: Office, ticket: str, name: str = "topic") -> str:
    """Let Ana work on a branch from where main is, have it sealed, and return the seal."""
    office.git("checkout", "-q", "-b", name)
    note(office, ticket)
    return office.sealed(f"main..{name}")


def rebase(office: Office, ticket: str) -> None:
    """Let main go on, and rebase the topic that is checked out."""
    office.git("checkout", "-q", "main")
    with office.by(OTHER):
        office.ok("new", "Otro")
    office.git("checkout", "-q", "topic")
    office.git("rebase", "-q", "main")


def test_a_rebased_topic_is_found_where_it_is_audited_and_nowhere_else(office: Office, ticket: str) -> None:
    name = topic(office, ticket)
    rebase(office, ticket)
    assert lost(office, "main..topic") == ["topic"]
    assert lost(office, "main~1..main") == []
    assert lost(office, "HEAD~1") == []
    office.git("tag", "-d", name)
    assert lost(office, "main..topic") == []
    office.sealed("main..topic")
    assert lost(office, "main..topic") == []


@pytest.mark.parametrize("words", ["main..topic", "topic", None])
def test_a_topic_that_was_merged_leaves_its_name_to_another(office: Office, ticket: str, words: str | None) -> None:
    base = office.head()
    topic(office, ticket)
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    office.git("branch", "-q", "-D", "topic")
    office.git("checkout", "-q", "-b", "topic", base)
    note(office, ticket, OTHER)
    assert lost(office, words) == []


def test_a_topic_that_was_squashed_leaves_its_name_to_another(office: Office, ticket: str) -> None:
    topic(office, ticket)
    office.git("checkout", "-q", "main")
    assert lost(office, "topic") == []
    office.git("merge", "-q", "--squash", "topic")
    with office.by(AGENT):
        office.git("commit", "-qm", "squash")
    assert lost(office) == []
    office.git("branch", "-q", "-D", "topic")
    office.git("checkout", "-q", "-b", "topic")
    note(office, ticket, OTHER)
    assert lost(office, "main..topic") == []
    office.git("checkout", "-q", "--detach")
    assert lost(office, "main..HEAD") == []


def test_a_topic_that_went_into_the_branch_that_the_range_builds_on_is_done_with(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "release")
    base = office.head()
    topic(office, ticket)
    office.git("checkout", "-q", "release")
    office.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    office.git("branch", "-q", "-D", "topic")
    office.git("checkout", "-q", "-b", "topic", base)
    note(office, ticket, OTHER)
    assert lost(office, "release..topic") == []
    assert lost(office, f"{office.git('rev-parse', 'release')}..topic") == []
    assert lost(office, "topic") == ["topic"]


def test_a_topic_that_was_never_merged_keeps_its_name(office: Office, ticket: str) -> None:
    topic(office, ticket)
    office.git("checkout", "-q", "main")
    office.git("branch", "-q", "-D", "topic")
    office.git("checkout", "-q", "-b", "topic")
    note(office, ticket, OTHER)
    assert lost(office, "main..topic") == ["topic"]


def test_a_branch_that_is_gone_is_no_loss(office: Office, ticket: str) -> None:
    topic(office, ticket)
    office.git("checkout", "-q", "--detach", "main")
    office.git("branch", "-q", "-D", "topic")
    assert lost(office) == []
