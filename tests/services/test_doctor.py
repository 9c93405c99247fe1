"""The doctor looks at everything a desk stands on, and one bad sign stops no other."""

from pathlib import Path

import pytest

from tests.services.office import STRANGER, Office
from tk.services.doctor import Sign, examine, tune

ALL = ["git", "repository", "identity", "policy", "tickets", "merging", "state"]


def signs(office: Office) -> dict[str, list[Sign]]:
    found: dict[str, list[Sign]] = {}
    for sign in examine(office.opened()):
        found.setdefault(sign.about, []).append(sign)
    assert list(found) == ALL
    return found


def worst(office: Office, about: str) -> Sign:
    return signs(office)[about][-1]


def test_a_sound_desk_has_good_signs_only(office: Office) -> None:
    assert [sign.verdict for sign in examine(office.opened())] == ["good"] * 7


def test_a_stranger_is_told_what_he_acts_as(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", STRANGER)
    sign = worst(office, "identity")
    assert (sign.verdict, STRANGER in str(sign.message), "[people]" in str(sign.remedy)) == ("note", True, True)


def test_nobody_is_bad(office: Office, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    (sealed / ".gitconfig").write_text("")
    assert worst(office, "identity").verdict == "bad"


def test_a_broken_policy_is_bad_and_names_its_line(office: Office) -> None:
    office.policy('kind = "solved"', 'kind = "solvd"')
    sign = worst(office, "policy")
    assert (sign.verdict, str(sign.message).startswith("tk.toml:")) == ("bad", True)
    assert [s.verdict for s in signs(office)["tickets"]] == ["good"]


def test_an_unreadable_policy_is_bad_and_the_rest_is_looked_at(office: Office) -> None:
    (office.root / "tk.toml").write_bytes(b"= nonsense\n")
    found = signs(office)
    assert [found[about][-1].verdict for about in ALL] == ["good", "good", "good", "bad", "good", "good", "good"]


def test_tickets_that_cannot_be_read_and_ids_that_are_double_are_counted(office: Office) -> None:
    number = office.ok("new", "Hola")
    file = office.file(number)
    file.with_name("copy.md").write_bytes(file.read_bytes())
    file.with_name("wreck.md").write_bytes(b"Hola\n")
    told = [(sign.verdict, str(sign.message)) for sign in signs(office)["tickets"]]
    assert told == [
        ("good", "3 tickets"),
        ("bad", "1 ticket cannot be read"),
        ("bad", f"ids that two files have: {number}"),
    ]


def test_a_merge_in_progress_is_bad_and_says_what_to_do(office: Office) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("new", "Otro")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "--no-commit", "side")
    sign = worst(office, "repository")
    assert sign.verdict == "bad"
    assert "merge" in str(sign.message)
    assert sign.remedy is not None


def test_a_shallow_clone_is_noted(office: Office, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    sign = worst(clone, "repository")
    assert (sign.verdict, str(sign.remedy)) == ("note", "git fetch --unshallow")


def test_a_clone_whose_git_does_not_know_the_driver_is_noted_and_tuned(office: Office, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone")
    sign = worst(clone, "merging")
    assert (sign.verdict, str(sign.remedy)) == ("note", "tk doctor --tune")
    assert "does not know how to call tk" in str(sign.message)
    tune(clone.opened())
    assert worst(clone, "merging").verdict == "good"
    assert clone.head() == office.head()
    assert clone.git("config", "core.untrackedCache") == "true"
    assert (clone.root / ".git/objects/info/commit-graphs").exists() or (
        clone.root / ".git/objects/info/commit-graph"
    ).exists()
    assert clone.git("status", "--porcelain") == ""


def test_a_driver_that_is_gone_is_noted(office: Office) -> None:
    office.git("config", "merge.tk.driver", "/no/such/tk merge-driver %O %A %B %P")
    assert worst(office, "merging").verdict == "note"


def test_an_older_desk_gets_the_line_that_names_the_driver(office: Office) -> None:
    (office.root / ".gitattributes").write_text("*.png binary")
    office.commit(".gitattributes")
    sign = worst(office, "merging")
    assert (sign.verdict, str(sign.remedy)) == ("note", "tk doctor --tune")
    before = office.head()
    tune(office.opened())
    assert worst(office, "merging").verdict == "good"
    assert (office.root / ".gitattributes").read_text() == "*.png binary\ntickets/*/*/*/*.md merge=tk\n"
    assert office.git("rev-parse", "HEAD^") == before
    assert office.git("status", "--porcelain") == ""


def test_a_git_that_is_too_old_is_bad(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    old = tmp_path / "bin" / "git"
    old.write_text("#!/bin/sh\necho git version 2.20.1\n")
    old.chmod(0o755)
    desk = office.opened()
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    sign = next(sign for sign in examine(desk) if sign.about == "git")
    assert (sign.verdict, "2.20.1 is too old" in str(sign.message)) == ("bad", True)


def test_on_a_signed_desk_it_looks_whether_one_signs(office: Office) -> None:
    office.policy("[desk]", "[desk]\nsigned = true")

    def signing() -> tuple[str, str]:
        sign = next(sign for sign in examine(office.opened()) if sign.about == "signing")
        return sign.verdict, str(sign.message)

    assert signing() == ("bad", "this desk wants signed commits, and git does not sign yours")
    office.git("config", "commit.gpgSign", "yes")
    assert signing() == ("bad", "tk.toml lists no key of mlopez")
    office.policy('email = "mlopez@example.com"', f'email = "mlopez@example.com", signing-keys = "{"A" * 40}"')
    assert signing() == ("good", "git signs your commits")
