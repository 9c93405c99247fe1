"""Attributes by which git merges and writes tickets are the policy's, wherever they stand; others are anybody's."""

import shutil
from pathlib import Path

import pytest

from tests.services.office import AGENT, STRANGER, Office
from tk.core.review.attributes import RULE

OURS = "tickets/** merge=ours\n"


def found(office: Office, base: str) -> set[tuple[str | None, str, str]]:
    return {(each.commit, each.path, each.code) for each in office.audit(f"{base}..").findings}


def write(office: Office, who: str, text: str | None, path: str = ".gitattributes") -> str:
    """Let somebody write attributes, and return the commit."""
    file = office.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")
    with office.by(who):
        return office.commit(file.parent)


@pytest.mark.parametrize("path", [".gitattributes", "tickets/.gitattributes", "tickets/2026/08/.gitattributes"])
def test_only_who_may_change_the_policy_says_how_tickets_are_merged(office: Office, path: str) -> None:
    base = office.head()
    assert found(office, base) == set()
    commit = write(office, AGENT, OURS, path)
    assert found(office, base) == {(commit, path, "not-allowed")}
    base = office.head()
    write(office, office.who, f"{OURS}# x\n", path)
    commit = write(office, STRANGER, None, path)
    assert found(office, base) == {(commit, path, "not-allowed")}


def test_attributes_of_other_files_are_anybodys(office: Office) -> None:
    base = office.head()
    write(office, AGENT, f"{RULE}\n*.png binary\n")
    write(office, AGENT, OURS, "docs/.gitattributes")
    assert found(office, base) == set()


def test_whoever_sets_git_up_may_name_the_merge_driver(office: Office) -> None:
    base = office.head()
    write(office, AGENT, None)
    removed = office.head()
    write(office, AGENT, f"{RULE}\n")
    assert found(office, base) == {(removed, ".gitattributes", "not-allowed")}


def test_attributes_that_became_a_link_say_nothing_more(office: Office) -> None:
    """As git takes them."""
    file = office.root / ".gitattributes"
    (office.root / "other").write_bytes(file.read_bytes())
    base = office.commit("other")
    file.unlink()
    file.symlink_to("other")
    with office.by(STRANGER):
        commit = office.commit()
    assert found(office, base) == {(commit, ".gitattributes", "not-allowed")}


def test_attributes_around_the_desk_are_looked_at_too(office: Office, tmp_path: Path) -> None:
    whole = Office(tmp_path / "whole", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    inner = Office(whole.root / "desks" / "one", whole.now)
    shutil.copytree(office.root, inner.root, ignore=shutil.ignore_patterns(".git"))
    base = whole.commit()
    write(whole, STRANGER, "desks/two/** -diff\n*.png binary\n")
    write(whole, STRANGER, "two/** -diff\n", "desks/.gitattributes")
    top = write(whole, STRANGER, "desks/** -diff\n")
    near = write(whole, STRANGER, "one/tickets/** -diff\n", "desks/.gitattributes")
    inner.now = whole.now
    assert found(inner, base) == {
        (top, "../../.gitattributes", "not-allowed"),
        (near, "../.gitattributes", "not-allowed"),
    }


def test_a_merge_that_slips_attributes_in_is_found(office: Office, tmp_path: Path) -> None:
    whole = Office(tmp_path / "whole", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    inner = Office(whole.root / "one", whole.now)
    shutil.copytree(office.root, inner.root, ignore=shutil.ignore_patterns(".git"))
    base = whole.commit()
    whole.git("checkout", "-q", "-b", "side")
    write(whole, STRANGER, "Hola\n", "README.md")
    whole.git("checkout", "-q", "main")
    write(whole, STRANGER, "Hola\n", "LICENSE.md")
    whole.git("merge", "-q", "--no-commit", "side")
    merge = write(whole, STRANGER, "one/** -diff\n")
    inner.now = whole.now
    assert found(inner, base) == {(merge, "../.gitattributes", "not-allowed")}
