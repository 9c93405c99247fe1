"""Commits as git keeps them: none lost, none twice, and nothing of a message believed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.commits import git, put
from tk.errors import GitFailed, WrongUsage
from tk.store import history
from tk.store.history import Commit, Range
from tk.store.repo import Repo, find
from tk.store.touches import Touch

ONE, TWO = "tickets/uno.md", "tickets/año dos.md"


@pytest.fixture(params=["", "mesa de ayuda/"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Repo:
    """Return a desk, at the top of its repository or in a folder, with a first commit."""
    top = tmp_path / "repo"
    root = top / str(request.param)
    put(root, "tk.toml", b"")
    git(top, "init", "-q")
    save(root, "start")
    return find(root)


def save(root: Path, message: str = "x") -> str:
    git(root, "add", "-A", ".")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD").strip()


def write(desk: Repo, path: str, text: str, message: str = "x") -> str:
    put(desk.root, path, text.encode())
    return save(desk.root, message)


def blob(desk: Repo, text: str) -> str:
    done = subprocess.run(
        ["git", "hash-object", "--stdin"], cwd=desk.top, input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def walk(desk: Repo, words: str) -> Iterator[tuple[Commit, list[Touch]]]:
    return history.of_range(desk, history.range_of(desk, words))


def test_each_commit_of_a_range_comes_once_with_what_it_changed(desk: Repo) -> None:
    first = write(desk, ONE, "a")
    put(desk.root, TWO, b"b")
    second = write(desk, ONE, "b")
    (desk.root / ONE).unlink()
    third = save(desk.root)
    found = [(commit.oid, touches) for commit, touches in walk(desk, "HEAD~3..")]
    assert found == [
        (first, [Touch(ONE, (None,), blob(desk, "a"))]),
        (second, [Touch(TWO, (None,), blob(desk, "b")), Touch(ONE, (blob(desk, "a"),), blob(desk, "b"))]),
        (third, [Touch(ONE, (blob(desk, "b"),), None)]),
    ]


def test_what_lies_outside_the_desk_is_none_of_it(desk: Repo) -> None:
    put(desk.top, "mesa de ayuda.txt", b"x")
    put(desk.top, "otra/tickets/uno.md", b"x")
    save(desk.top)
    ((_, touches),) = walk(desk, "HEAD~1..")
    assert [touch.path for touch in touches if desk.prefix] == []


def test_author_date_and_rule_are_the_commits(desk: Repo) -> None:
    put(desk.root, ONE, b"a")
    git(desk.root, "add", "-A")
    git(
        desk.root,
        "commit",
        "-qm",
        "x\n\nTk-Rule: warn\n",
        "--author",
        "José \x1f Ñu <j@x.org>",
        "--date",
        "2026-01-02T03:04:05+06:00",
    )
    ((commit, _),) = walk(desk, "HEAD~1..")
    assert (commit.name, commit.email, commit.rule) == ("José \x1f Ñu", "j@x.org", "warn")
    assert commit.at.isoformat() == "2026-01-02T03:04:05+06:00"


def test_a_message_that_looks_like_a_log_is_none(desk: Repo) -> None:
    message = "x\n\n\x01abc\x1f:100644 100644\n\nTk-Rule: a\x1fb\nTk-Rule: c\n"
    oid = write(desk, ONE, "a", message)
    ((commit, touches),) = walk(desk, "HEAD~1..")
    assert (commit.oid, commit.rule, len(touches)) == (oid, "a\x1fb,c", 1)


def fork(desk: Repo) -> None:
    """Let main change ONE and side change TWO, both there before, and leave main checked out."""
    write(desk, ONE, "a")
    write(desk, TWO, "b")
    git(desk.root, "checkout", "-q", "-b", "side")
    write(desk, TWO, "side")
    git(desk.root, "checkout", "-q", "main")
    write(desk, ONE, "main")


def merge(desk: Repo) -> list[Touch]:
    """Return what the merge at HEAD changed by itself."""
    found = [(commit, touches) for commit, touches in walk(desk, "HEAD^..HEAD") if len(commit.parents) > 1]
    assert len(found) == 1
    return found[0][1]


def test_a_merge_that_takes_each_sides_work_changed_nothing(desk: Repo) -> None:
    fork(desk)
    git(desk.root, "merge", "-q", "--no-edit", "side")
    assert merge(desk) == []


def test_a_merge_of_its_own_making_is_seen_against_both_sides_and_where_they_parted(desk: Repo) -> None:
    fork(desk)
    git(desk.root, "merge", "-q", "--no-commit", "side")
    write(desk, ONE, "evil")
    assert merge(desk) == [Touch(ONE, (blob(desk, "main"), blob(desk, "a")), blob(desk, "evil"), blob(desk, "a"))]


def test_a_merge_that_drops_a_sides_work_is_seen(desk: Repo) -> None:
    fork(desk)
    git(desk.root, "merge", "-q", "--no-edit", "-s", "ours", "side")
    assert merge(desk) == [Touch(TWO, (blob(desk, "b"), blob(desk, "side")), blob(desk, "b"), blob(desk, "b"))]


def test_a_merge_that_chose_between_two_versions_is_seen(desk: Repo) -> None:
    write(desk, ONE, "a")
    git(desk.root, "checkout", "-q", "-b", "side")
    write(desk, ONE, "side")
    git(desk.root, "checkout", "-q", "main")
    write(desk, ONE, "main")
    git(desk.root, "merge", "-q", "--no-edit", "-X", "ours", "side")
    assert merge(desk) == [Touch(ONE, (blob(desk, "main"), blob(desk, "side")), blob(desk, "main"), blob(desk, "a"))]


def test_two_sides_that_did_the_same_have_nothing_to_choose(desk: Repo) -> None:
    write(desk, ONE, "a")
    git(desk.root, "checkout", "-q", "-b", "side")
    write(desk, ONE, "same", "theirs")
    git(desk.root, "checkout", "-q", "main")
    write(desk, ONE, "same", "ours")
    git(desk.root, "merge", "-q", "--no-edit", "side")
    assert merge(desk) == []


def test_histories_with_nothing_in_common_are_merged_from_nothing(desk: Repo) -> None:
    git(desk.root, "checkout", "-q", "--orphan", "side")
    write(desk, ONE, "side")
    git(desk.root, "checkout", "-q", "main")
    write(desk, TWO, "main")
    git(desk.root, "merge", "-q", "--no-edit", "--allow-unrelated-histories", "side")
    assert merge(desk) == []


def test_a_path_tells_its_commits_oldest_first(desk: Repo) -> None:
    commits = [write(desk, TWO, text) for text in "abc"]
    write(desk, ONE, "x")
    assert [commit.oid for commit in history.of_path(desk, TWO)] == commits
    assert [commit.oid for commit in history.of_path(desk, TWO, limit=1)] == commits[-1:]
    assert [commit.oid for commit in history.of_path(desk, TWO, commits[1])] == commits[:2]
    assert history.of_path(desk, "tickets/nada.md") == []
    assert history.of_path(desk, TWO, "nonsense") == []


def test_a_path_on_two_sides_of_a_merge_loses_none(desk: Repo) -> None:
    fork(desk)
    git(desk.root, "merge", "-q", "--no-edit", "side")
    for path in (ONE, TWO):
        assert len([commit for commit in history.of_path(desk, path) if len(commit.parents) == 1]) == 2


def test_a_work_undone_by_a_merge_is_told_still(desk: Repo) -> None:
    """What git would prune, since the merge took the other side for the whole."""
    fork(desk)
    git(desk.root, "merge", "-q", "--no-edit", "-s", "ours", "side")
    assert git(desk.root, "rev-parse", "side").strip() in [commit.oid for commit in history.of_path(desk, TWO)]


def test_a_range_is_named_as_for_git_log(desk: Repo) -> None:
    fork(desk)
    names = {name: git(desk.root, "rev-parse", name).strip() for name in ("main", "side", "main~1")}
    assert history.range_of(desk, "side") == Range((names["side"],))
    assert history.range_of(desk, "main..side") == Range((names["side"],), (names["main"],))
    three = history.range_of(desk, "main...side")
    assert (set(three.tips), three.base) == ({names["main"], names["side"]}, names["main~1"])
    assert history.range_of(desk, "side").base is None


@pytest.mark.parametrize("words", ["nada", "main..nada", "-1", "--all", "--output=x", "tk.toml", ""])
def test_what_git_does_not_know_is_no_range(desk: Repo, words: str) -> None:
    with pytest.raises(WrongUsage, match="git knows no revision or range"):
        history.range_of(desk, words)


def test_a_commit_that_is_lost_is_gits_failure(desk: Repo) -> None:
    with pytest.raises(GitFailed, match="git log failed"):
        list(history.of_range(desk, Range(("1" * 40,))))


def test_without_an_upstream_all_is_unpublished(desk: Repo, tmp_path: Path) -> None:
    head = git(desk.root, "rev-parse", "HEAD").strip()
    assert history.unpublished(desk) == Range((head,))
    git(tmp_path, "clone", "-q", desk.top.as_uri(), "clone")
    assert history.unpublished(find(tmp_path / "clone" / desk.prefix)) == Range((head,), (head,))
    git(desk.root, "checkout", "-q", "--orphan", "nothing")
    assert history.unpublished(desk) is None


def test_a_whole_clone_has_no_end_and_a_shallow_one_has(desk: Repo, tmp_path: Path) -> None:
    write(desk, ONE, "a")
    assert history.shallow_ends(desk) == frozenset()
    git(tmp_path, "clone", "-q", "--depth", "1", desk.top.as_uri(), "clone")
    clone = find(tmp_path / "clone" / desk.prefix)
    assert history.shallow_ends(clone) == {git(desk.root, "rev-parse", "HEAD").strip()}
    ((commit, _),) = walk(clone, "HEAD")
    assert commit.parents == ()


def test_a_name_that_is_not_utf8_spoils_no_other(desk: Repo) -> None:
    odd = "tickets/\udcff.md"
    put(desk.root, odd, b"x")
    write(desk, ONE, "a")
    ((_, touches),) = walk(desk, "HEAD~1..")
    assert sorted(touch.path for touch in touches) == sorted([ONE, odd])
