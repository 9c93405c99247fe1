"""Finding the desk and its repository, and reading the desk's files."""

import os
import shlex
from pathlib import Path

import pytest

from tests.store.commits import OLD, TICKET, git, make_desk, put
from tk.errors import DiskFailed, NotADesk, Refused
from tk.store import git as door
from tk.store import repo
from tk.store.repo import Repo


def asked(root: Path) -> tuple[Path, Path, Path]:
    """Return what git itself says of the place."""
    lines = git(root, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir").splitlines()
    return Path(lines[0]), Path(lines[1]), (root / lines[2]).resolve()


def test_the_desk_is_found_from_any_folder_within_it(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "a désk of ours")
    assert repo.find(desk.root / "tickets/2026") == desk
    assert desk.root == tmp_path / "a désk of ours"
    assert (desk.prefix, desk.state) == ("", desk.root / ".git/tk")
    assert (desk.top, desk.git_dir, desk.common_dir) == asked(desk.root)


def test_a_desk_may_lie_in_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "large", prefix="help/desk one")
    assert repo.find(desk.root / "tickets") == desk
    assert desk.prefix == "help/desk one/"
    assert (desk.top, desk.git_dir, desk.common_dir) == asked(desk.root)
    with pytest.raises(NotADesk, match="not a desk"):
        repo.find(desk.top)


def test_a_linked_work_tree_has_state_of_its_own(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    git(desk.root, "worktree", "add", "-q", str(tmp_path / "linked"))
    linked = repo.find(tmp_path / "linked/tickets")
    assert (linked.top, linked.git_dir, linked.common_dir) == asked(linked.root)
    assert linked.common_dir == desk.git_dir
    assert linked.state != desk.state


def test_a_desk_may_be_reached_by_a_link(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    (tmp_path / "link").symlink_to(desk.root)
    assert repo.find(tmp_path / "link/tickets") == desk


def test_no_tk_toml_is_no_desk(tmp_path: Path) -> None:
    with pytest.raises(NotADesk) as caught:
        repo.find(tmp_path)
    assert str(caught.value) == f"not a desk: no tk.toml in {tmp_path} or above"
    assert str(caught.value.hint) == "tk init"


@pytest.mark.parametrize("prefix", ["", "help/desk one"])
def test_a_desk_whose_tk_toml_is_gone_is_named_with_what_brings_it_back(tmp_path: Path, prefix: str) -> None:
    desk = make_desk(tmp_path / "large", prefix=prefix)
    held = git(desk.root, "rev-parse", "HEAD").strip()
    (desk.root / "tk.toml").unlink()
    for ending in ("has lost its tk.toml, which git still has", "has no tk.toml any more: a commit removed it"):
        with pytest.raises(NotADesk) as caught:
            repo.find(desk.root / "tickets")
        assert str(caught.value) == f"the desk in {desk.root} {ending}"
        command = str(caught.value.hint).removeprefix("tk audit tells which; ").removesuffix(" brings it back")
        words = shlex.split(command)
        assert words[:3] == ["git", "checkout", "HEAD" if "lost" in ending else held[:10]]
        git(desk.root / "tickets", *words[1:])
        assert repo.find(desk.root / "tickets", former=True) == desk
        git(desk.root, "rm", "-q", "-f", "tk.toml")
        assert repo.find(desk.root / "tickets", former=True) == desk
        git(desk.root, "commit", "-q", "--allow-empty", "-m", "gone")
        git(desk.root, "commit", "-q", "--allow-empty", "-m", "and on")
    with pytest.raises(NotADesk, match="not a desk"):
        repo.find(tmp_path, former=True)


def test_a_desk_outside_a_repository_is_named(tmp_path: Path) -> None:
    put(tmp_path, "tk.toml", b"")
    with pytest.raises(NotADesk) as caught:
        repo.find(tmp_path)
    assert str(caught.value) == f"{tmp_path} is not in a git repository"
    assert str(caught.value.hint) == "git init"


def test_a_bare_repository_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    with pytest.raises(NotADesk, match=r"bare\.git is a bare repository: it has no files to work on"):
        repo.find(tmp_path / "bare.git/refs")
    desk = make_desk(tmp_path / "desk")
    git(desk.root, "config", "core.bare", "true")
    with pytest.raises(NotADesk, match="is a bare repository"):
        repo.find(desk.root)


def test_a_hook_of_the_same_repository_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(tmp_path / "large", prefix="desk")
    monkeypatch.setenv("GIT_DIR", str(desk.git_dir))
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    assert repo.find(desk.root) == desk


def test_an_environment_that_names_another_repository_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(tmp_path / "desk")
    apart = desk.git_dir.rename(tmp_path / "apart.git")
    with pytest.raises(NotADesk, match="is not in a git repository"):
        repo.find(desk.root)
    monkeypatch.setenv("GIT_DIR", str(apart))
    monkeypatch.setenv("GIT_WORK_TREE", str(desk.root))
    found = repo.find(desk.root / "tickets")
    assert (found.root, found.top, found.git_dir) == (desk.root, desk.root, apart)
    assert door.run(found, "ls-files", TICKET).out.decode() == f"{TICKET}\n"
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(NotADesk, match="not a git repository"):
        repo.find(desk.root)
    monkeypatch.setenv("GIT_DIR", str(apart))
    monkeypatch.setenv("GIT_WORK_TREE", str(desk.root / "tickets"))
    with pytest.raises(NotADesk, match="lies outside the work tree"):
        repo.find(desk.root)


@pytest.fixture
def desk(tmp_path: Path) -> Repo:
    return make_desk(tmp_path / "desk")


def test_a_file_is_read_and_a_missing_one_is_none(desk: Repo) -> None:
    assert repo.read_file(desk, TICKET) == OLD
    assert repo.read_file(desk, "tickets/none.md") is None
    assert repo.read_file(desk, f"{TICKET}/below") is None


@pytest.mark.parametrize("path", ["../outside", "link", "folder/outside", "/etc/hostname"])
def test_what_lies_outside_the_desk_is_refused(desk: Repo, path: str) -> None:
    outside = put(desk.root.parent, "outside", b"secret")
    (desk.root / "link").symlink_to(outside)
    (desk.root / "folder").symlink_to(outside.parent)
    with pytest.raises(Refused, match="lies outside the desk, or is reached by a symbolic link") as caught:
        repo.read_file(desk, path)
    assert caught.value.told()["error"] == "outside-desk"


def test_a_link_within_the_desk_is_followed(desk: Repo) -> None:
    (desk.root / "link").symlink_to(TICKET)
    assert repo.read_file(desk, "link") == OLD


def test_what_is_no_ordinary_file_is_named(desk: Repo) -> None:
    os.mkfifo(desk.root / "pipe")
    for path in ("pipe", "tickets"):
        with pytest.raises(DiskFailed, match=f"{path}: not an ordinary file"):
            repo.read_file(desk, path)
