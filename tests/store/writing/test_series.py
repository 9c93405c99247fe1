"""Many commits at once: each with its own author and instant, seen only once all are there."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.commits import AT, NEW, OLD, TICKET, git, make_desk, silent
from tk.errors import Busy, GitFailed, Refused
from tk.store import repo
from tk.store.repo import Repo
from tk.store.writing import commit
from tk.store.writing.commit import Change
from tk.store.writing.series import Author, require_plain, series

ME = Author("María López", "mlopez@example.com")
ANA = Author("Ana <Ruiz>\n", "ana@example.com")


def landed(desk: Repo, number: int = 3) -> str | None:
    """Make `number` commits that rewrite a ticket, and land them."""
    with series(desk, ME) as made:
        for turn in range(number):
            made.add(ANA, AT + timedelta(days=turn), f"turn {turn}\n", {TICKET: b"%d\n" % turn, 'new/ñ "x".md': NEW})
    files = {TICKET: b"%d\n" % (number - 1), 'new/ñ "x".md': NEW}
    stored = (made.base, made.tip)
    return commit.apply(desk, Change(files, {TICKET: OLD}, "several\n", AT, stored=stored), silent)


@pytest.mark.parametrize("init", [(), ("--object-format=sha256",)])
def test_each_commit_has_its_author_and_instant(tmp_path: Path, init: tuple[str, ...]) -> None:
    desk = make_desk(tmp_path / "desk", *init)
    oid = landed(desk)
    assert oid == git(desk.root, "rev-parse", "HEAD").strip()
    told = git(desk.root, "log", "-3", "--reverse", "--format=%an <%ae> %aI %cn %s").splitlines()
    assert told == [
        "Ana Ruiz <ana@example.com> 2026-08-12T09:14:03-05:00 María López turn 0",
        "Ana Ruiz <ana@example.com> 2026-08-13T09:14:03-05:00 María López turn 1",
        "Ana Ruiz <ana@example.com> 2026-08-14T09:14:03-05:00 María López turn 2",
    ]
    assert (desk.root / TICKET).read_bytes() == b"2\n"
    assert git(desk.root, "status", "--porcelain").splitlines() == [" M edited.txt", "M  staged.txt", "?? unknown.txt"]
    assert git(desk.root, "fsck", "--no-dangling", "--no-progress") == ""
    assert git(desk.root, "for-each-ref").count("\n") == 1
    assert not (desk.state / "series").exists()


def test_a_desk_in_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "large", prefix="atención/mesa uno")
    landed(desk)
    names = git(desk.top, "-c", "core.quotePath=no", "show", "-z", "--format=", "--name-only", "HEAD~2").split("\0")
    assert sorted(filter(None, names)) == ['atención/mesa uno/new/ñ "x".md', f"atención/mesa uno/{TICKET}"]


def test_a_linked_work_tree(tmp_path: Path) -> None:
    main = make_desk(tmp_path / "desk")
    git(main.root, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    linked = repo.find(tmp_path / "linked")
    oid = landed(linked)
    assert git(main.root, "rev-parse", "other").strip() == oid


def test_nothing_added_is_nothing_stored(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    packs = list((desk.git_dir / "objects/pack").iterdir())
    with series(desk, ME) as made:
        pass
    assert (made.tip, made.count) == (made.base, 0)
    assert list((desk.git_dir / "objects/pack").iterdir()) == packs


def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    commit.apply(desk, Change({TICKET: OLD + b"\n"}, {TICKET: OLD}, "one\n", AT), silent)
    commit.apply(desk, Change({TICKET: OLD}, {TICKET: OLD + b"\n"}, "two\n", AT), silent)
    before = sorted((desk.git_dir / "objects").rglob("*"))
    with pytest.raises(OverflowError), series(desk, ME) as made:
        made.add(ANA, AT + timedelta.max, "one\n", {TICKET: NEW})
    assert sorted((desk.git_dir / "objects").rglob("*")) == before
    assert not (desk.state / "series").exists()


def build_on_nothing(desk: Repo) -> None:
    with series(desk, ME) as made:
        made.base = "1" * 40
        made.add(ANA, AT, "one\n", {TICKET: NEW})


def test_what_git_cannot_store_is_told(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    with pytest.raises(GitFailed, match="git fast-import failed"):
        build_on_nothing(desk)
    assert git(desk.root, "status", "--porcelain").count("\n") == 3
    assert not list(desk.git_dir.glob("fast_import_crash*"))


def test_a_branch_that_has_moved_is_left_where_it_is(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    with series(desk, ME) as made:
        made.add(ANA, AT, "one\n", {TICKET: NEW})
    theirs = git(desk.root, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "theirs").strip()
    git(desk.root, "update-ref", "HEAD", theirs)
    with pytest.raises(Busy, match="somebody else has committed here meanwhile"):
        commit.apply(desk, Change({TICKET: NEW}, {TICKET: OLD}, "x\n", AT, stored=(made.base, made.tip)), silent)
    assert git(desk.root, "rev-parse", "HEAD").strip() == theirs
    git(desk.root, "reset", "-q", "--soft", "HEAD~1")
    assert (desk.root / TICKET).read_bytes() == OLD
    landed(desk, 1)
    assert git(desk.root, "rev-list", "--count", "HEAD").strip() == "2"


def test_no_series_on_a_detached_head_or_before_the_first_commit(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    git(desk.root, "checkout", "-q", "--detach")
    with pytest.raises(Busy, match="HEAD is detached"), series(desk, ME):
        pass
    git(tmp_path, "init", "-q", "empty")
    (tmp_path / "empty/tk.toml").write_bytes(b"")
    with pytest.raises(Refused, match="nothing has been committed here yet"), series(repo.find(tmp_path / "empty"), ME):
        pass


def test_filtered_files_are_refused(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    require_plain(desk, [TICKET])
    (desk.root / ".gitattributes").write_text("*.md filter=upper\n", encoding="utf-8")
    with pytest.raises(GitFailed, match="has the attribute filter"):
        require_plain(desk, [TICKET])
    (desk.root / ".gitattributes").write_text("*.md text eol=lf -filter\n", encoding="utf-8")
    require_plain(desk, [TICKET])
