"""One change, one commit, whole or not at all, in every kind of repository people keep a desk in."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.commits import (
    ADDED,
    AFTER,
    AT,
    BEFORE,
    GONE,
    NEW,
    OLD,
    TICKET,
    add_hook,
    assert_whole,
    contents,
    git,
    heard,
    make_desk,
    one_file,
    put,
    silent,
    status,
    whole_change,
)
from tk.errors import Busy, DiskFailed, FileChanged, GitFailed, NoIdentity, Refused, WrongUsage
from tk.store import repo
from tk.store.repo import Repo
from tk.store.writing import commit, refs
from tk.store.writing.commit import Change


@pytest.fixture
def desk(tmp_path: Path) -> Repo:
    return make_desk(tmp_path / "desk")


def applied(desk: Repo) -> None:
    """Make the whole change and see that nothing else has moved."""
    oid = commit.apply(desk, whole_change(), silent)
    assert oid == git(desk.root, "rev-parse", "HEAD").strip()
    assert contents(desk) == AFTER
    names = git(desk.root, "show", "--format=", "--name-status", "--relative", "HEAD").splitlines()
    assert names == [f"D\t{GONE}", f"A\t{ADDED}", f"M\t{TICKET}"]
    assert_whole(desk)


def test_a_change_is_one_commit_by_the_user_at_the_instant_given(desk: Repo) -> None:
    applied(desk)
    told = git(desk.root, "log", "-1", "--format=%an <%ae> %aI %cI%n%B", "HEAD^").splitlines()
    assert told[0] == "María López <mlopez@example.com> 2026-08-12T09:14:03-05:00 2026-08-12T09:14:03-05:00"
    assert told[1:2] == ["a, b, c: change"]
    assert "tk: a, b, c: change" in git(desk.root, "reflog")
    assert not (desk.root / "tickets/2025").exists()


def test_a_desk_in_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "large", prefix="atención/mesa uno")
    commit.apply(desk, whole_change(), silent)
    names = git(desk.top, "-c", "core.quotePath=no", "show", "--format=", "--name-only", "HEAD").splitlines()
    assert names == [f"atención/mesa uno/{path}" for path in (GONE, ADDED, TICKET)]
    assert contents(desk) == AFTER
    assert status(desk).count("\n") == 3


def test_a_linked_work_tree(tmp_path: Path) -> None:
    main = make_desk(tmp_path / "desk")
    git(main.root, "worktree", "add", "-q", str(tmp_path / "lïnked tree"), "-b", "other")
    linked = repo.find(tmp_path / "lïnked tree")
    oid = commit.apply(linked, whole_change(), silent)
    assert git(main.root, "rev-parse", "other").strip() == oid
    assert contents(linked) == AFTER
    assert contents(main) == BEFORE
    assert status(linked) == ""


def test_the_first_commit_of_all(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    put(tmp_path, "tk.toml", b"")
    desk = repo.find(tmp_path)
    commit.apply(desk, one_file("tk.toml", b"new", b""), silent)
    assert git(tmp_path, "log", "--format=%s", "--name-only").split() == ["one", "tk.toml"]
    assert status(desk) == ""


def test_sha256_repositories(tmp_path: Path) -> None:
    applied(make_desk(tmp_path / "desk", "--object-format=sha256"))


def test_a_branch_kept_in_packed_refs(desk: Repo) -> None:
    git(desk.root, "pack-refs", "--all")
    applied(desk)


def test_names_with_spaces_accents_quotes_and_patterns(desk: Repo) -> None:
    names = ['"quoted" \\ back.md', "tickets/ñandú *.md", ":(top)x.md", "-n.md", " lead.md", "emoji 🛠.md"]
    change = Change(dict.fromkeys(names, NEW), dict.fromkeys(names), "names\n", AT)
    commit.apply(desk, change, silent)
    shown = git(desk.root, "show", "-z", "--format=", "--name-only", "HEAD").split("\0")
    assert sorted(filter(None, shown)) == sorted(names)
    assert status(desk).count("\n") == 3


def test_line_ends_that_git_converts(desk: Repo) -> None:
    git(desk.root, "config", "core.autocrlf", "true")
    commit.apply(desk, one_file(TICKET, b"one\r\ntwo\r\n", OLD), silent)
    assert git(desk.root, "cat-file", "-p", f"HEAD:{TICKET}") == "one\ntwo\n"
    assert (desk.root / TICKET).read_bytes() == b"one\r\ntwo\r\n"
    assert TICKET not in status(desk)


def test_filters_of_gitattributes(desk: Repo) -> None:
    git(desk.root, "config", "filter.upper.clean", "tr a-z A-Z")
    git(desk.root, "config", "filter.upper.smudge", "tr A-Z a-z")
    put(desk.root, ".gitattributes", b"*.md filter=upper\n")
    commit.apply(desk, one_file(TICKET, b"small\n", OLD), silent)
    assert git(desk.root, "cat-file", "-p", f"HEAD:{TICKET}") == "SMALL\n"
    assert TICKET not in status(desk)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="signing with ssh needs ssh-keygen (openssh-client)")
def test_commits_are_signed_where_git_signs(desk: Repo, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    put(tmp_path, "allowed", b"mlopez@example.com " + (tmp_path / "key.pub").read_bytes())
    settings = {"gpg.format": "ssh", "user.signingKey": str(tmp_path / "key.pub"), "commit.gpgSign": "true"}
    for name, value in {**settings, "gpg.ssh.allowedSignersFile": str(tmp_path / "allowed")}.items():
        git(desk.root, "config", name, value)
    commit.apply(desk, one_file(TICKET, NEW, OLD), silent)
    assert git(desk.root, "log", "-1", "--format=%G?").strip() == "G"
    (tmp_path / "key").unlink()
    with pytest.raises(GitFailed, match="git commit-tree failed"):
        commit.apply(desk, one_file(TICKET, OLD, NEW), silent)
    assert (desk.root / TICKET).read_bytes() == NEW


def test_a_split_index_and_an_untracked_cache_stay(desk: Repo) -> None:
    git(desk.root, "update-index", "--split-index")
    git(desk.root, "update-index", "--untracked-cache")
    applied(desk)
    assert list(desk.git_dir.glob("sharedindex.*"))


def test_modes_are_kept(desk: Repo) -> None:
    (desk.root / TICKET).chmod(0o755)
    commit.apply(desk, one_file(TICKET, NEW, OLD), silent)
    assert git(desk.root, "ls-tree", "HEAD", TICKET).startswith("100755")
    git(desk.root, "config", "core.fileMode", "false")
    (desk.root / TICKET).chmod(0o640)
    commit.apply(desk, one_file(TICKET, OLD, NEW), silent)
    assert git(desk.root, "ls-tree", "HEAD", TICKET).startswith("100755")
    assert (desk.root / TICKET).stat().st_mode & 0o777 == 0o640
    assert TICKET not in status(desk)


def test_files_beside_submodules_and_links_leave_them_alone(desk: Repo) -> None:
    oid = git(desk.root, "rev-parse", "HEAD").strip()
    (desk.root / "tickets/link").symlink_to("2026")
    git(desk.root, "update-index", "--add", "--cacheinfo", f"160000,{oid},tickets/module", "tickets/link")
    git(desk.root, "commit", "-qm", "module")
    commit.apply(desk, one_file("tickets/x.md", NEW), silent)
    assert git(desk.root, "diff", "--name-status", "HEAD^", "HEAD") == "A\ttickets/x.md\n"


def test_without_commit_only_the_files_change(desk: Repo) -> None:
    assert commit.apply(desk, whole_change(commit=False), silent) is None
    assert contents(desk) == AFTER
    assert git(desk.root, "rev-list", "--count", "HEAD").strip() == "1"
    git(desk.root, "checkout", "-q", "HEAD", "--", "tickets")
    (desk.root / ADDED).unlink()
    (desk.root / ADDED).parent.rmdir()
    assert_whole(desk)


def test_what_head_holds_already_makes_no_commit(desk: Repo) -> None:
    put(desk.root, TICKET, b"by hand\n")
    assert commit.apply(desk, one_file(TICKET, OLD, b"by hand\n"), silent) is None
    assert_whole(desk)


def test_equal_contents_are_not_written_but_committed(desk: Repo) -> None:
    file = put(desk.root, TICKET, NEW)
    before = file.stat()
    assert commit.apply(desk, one_file(TICKET, NEW, NEW), silent)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert TICKET not in status(desk)


@pytest.mark.parametrize(
    ("path", "found", "expected", "sentence"),
    [
        (TICKET, b"edited", OLD, f"{TICKET} changed on disk after it was read; it was not overwritten"),
        (TICKET, None, OLD, f"{TICKET} changed on disk after it was read; it was not overwritten"),
        (ADDED, b"there", None, f"{ADDED} exists already; it was not overwritten"),
    ],
)
def test_a_file_not_as_it_was_read_is_refused(
    desk: Repo, path: str, found: bytes | None, expected: bytes | None, sentence: str
) -> None:
    for files in ({path: NEW}, {GONE: None}):
        if found is None:
            (desk.root / path).unlink(missing_ok=True)
        else:
            put(desk.root, path, found)
        with pytest.raises(FileChanged) as caught:
            commit.apply(desk, Change(files, {path: expected}, "x\n", AT), silent)
        assert str(caught.value) == sentence
        assert contents(desk) == {**BEFORE, path: found}


def test_a_file_edited_while_tk_waits_is_refused(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(name: str) -> None:
        if name == "index locked":
            put(desk.root, TICKET, b"edited meanwhile\n")

    monkeypatch.setattr("tk.store.writing.journal.step", step)
    with pytest.raises(FileChanged, match="changed on disk after it was read"):
        commit.apply(desk, whole_change(), silent)
    assert contents(desk) == {**BEFORE, TICKET: b"edited meanwhile\n"}


@pytest.mark.parametrize("path", ["link.md", "folder/x.md", "../x.md", ".git/config", "a//b", "/tmp/x"])
def test_what_leads_out_of_the_desk_is_refused(desk: Repo, path: str) -> None:
    put(desk.root.parent, "outside", OLD)
    (desk.root / "link.md").symlink_to("../outside")
    (desk.root / "folder").symlink_to("..")
    with pytest.raises(Refused, match="lies outside the desk, or is reached by a symbolic link"):
        commit.apply(desk, Change({path: NEW}, {}, "x\n", AT), silent)
    assert (desk.root.parent / "outside").read_bytes() == OLD


def test_names_that_cannot_be_are_refused(desk: Repo) -> None:
    with pytest.raises(WrongUsage, match="no control characters"):
        commit.apply(desk, one_file("two\nlines.md", NEW), silent)
    with pytest.raises(WrongUsage, match="is in the way"):
        commit.apply(desk, one_file("tickets", NEW), silent)
    with pytest.raises(WrongUsage, match="is in the way"):
        commit.apply(desk, one_file(f"{TICKET}/x.md", NEW), silent)
    assert_whole(desk)


@pytest.mark.parametrize(
    ("marker", "command"),
    [
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("rebase-merge/x", "rebase"),
        ("rebase-apply/applying", "am"),
        ("rebase-apply/rebasing", "rebase"),
    ],
)
def test_in_the_middle_of_a_merge_no_commit_is_made(desk: Repo, marker: str, command: str) -> None:
    put(desk.git_dir, marker, git(desk.root, "rev-parse", "HEAD").encode())
    with pytest.raises(Busy, match=f"^git is in the middle of a {command}: tk makes no commit in it$") as caught:
        commit.apply(desk, whole_change(), silent)
    assert f"`git {command} --abort`" in str(caught.value.hint)
    assert "--no-commit" in str(caught.value.hint)
    assert contents(desk) == BEFORE
    commit.apply(desk, whole_change(commit=False), silent)
    assert contents(desk) == AFTER


def test_a_merge_that_begins_while_tk_waits_is_respected(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(name: str) -> None:
        if name == "index locked":
            put(desk.git_dir, "MERGE_HEAD", b"")

    monkeypatch.setattr("tk.store.writing.journal.step", step)
    with pytest.raises(Busy, match="in the middle of a merge"):
        commit.apply(desk, whole_change(), silent)
    (desk.git_dir / "MERGE_HEAD").unlink()
    assert_whole(desk)


def test_on_a_detached_head_no_commit_is_made(desk: Repo) -> None:
    git(desk.root, "checkout", "-q", "--detach")
    with pytest.raises(Busy, match=r"^HEAD is detached: a commit made here would belong to no branch$") as caught:
        commit.apply(desk, whole_change(), silent)
    assert "git switch NAME" in str(caught.value.hint)
    commit.apply(desk, whole_change(commit=False), silent)
    assert contents(desk) == AFTER


def test_without_an_identity_nothing_changes(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}")
    monkeypatch.delenv("EMAIL", raising=False)
    with monkeypatch.context() as nobody:
        nobody.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        with pytest.raises(NoIdentity, match="git does not know who you are"):
            commit.apply(desk, whole_change(), silent)
    assert_whole(desk)


@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_refuses_leaves_everything_as_it_was(desk: Repo, name: str) -> None:
    add_hook(desk, name, "echo not like this >&2; exit 1")
    with pytest.raises(Refused) as caught:
        commit.apply(desk, whole_change(), silent)
    assert str(caught.value) == f"the {name} hook refused: not like this"
    assert caught.value.told()["error"] == "hook"
    shutil.rmtree(desk.common_dir / "hooks")
    assert_whole(desk)


def test_hooks_see_what_will_be_committed(desk: Repo) -> None:
    add_hook(desk, "pre-commit", f"git diff --cached --name-only > seen; git show :{TICKET} >> seen")
    add_hook(desk, "post-commit", "echo done; git log -1 --format=%s")
    said, say = heard()
    commit.apply(desk, whole_change(), say)
    assert (desk.root / "seen").read_bytes() == f"{GONE}\n{ADDED}\n{TICKET}\n".encode() + NEW
    assert said == ["post-commit hook: done\na, b, c: change"]
    assert (desk.root / "staged.txt").read_bytes() == b"2\n"


def test_hooks_may_write_the_message(desk: Repo) -> None:
    add_hook(desk, "prepare-commit-msg", 'printf "%s\\n\\n\\n" "$2" >> "$1"')
    add_hook(desk, "commit-msg", 'echo "Signed-off-by: x" >> "$1"')
    commit.apply(desk, one_file(TICKET, NEW, OLD), silent)
    assert git(desk.root, "log", "-1", "--format=%B").strip() == "one\nmessage\n\nSigned-off-by: x"
    add_hook(desk, "commit-msg", ': > "$1"')
    with pytest.raises(Refused, match="a hook left the commit's message empty"):
        commit.apply(desk, one_file(TICKET, OLD, NEW), silent)


def test_what_a_hook_makes_of_our_file_is_committed(desk: Repo) -> None:
    add_hook(desk, "pre-commit", f"echo formatted >> {TICKET}; git add {TICKET}")
    commit.apply(desk, one_file(TICKET, NEW, OLD), silent)
    assert git(desk.root, "show", f"HEAD:{TICKET}").encode() == NEW + b"formatted\n"
    assert status(desk).count("\n") == 3


def test_what_a_refusing_hook_made_of_our_file_is_undone(desk: Repo) -> None:
    add_hook(desk, "pre-commit", f"echo formatted >> {TICKET}; exit 1")
    with pytest.raises(Refused):
        commit.apply(desk, whole_change(), silent)
    (desk.common_dir / "hooks/pre-commit").unlink()
    assert_whole(desk)


def test_hooks_are_found_where_git_finds_them(desk: Repo) -> None:
    put(desk.root.parent, "my hooks/pre-commit", b"#!/bin/sh\nexit 1\n").chmod(0o755)
    git(desk.root, "config", "core.hooksPath", "../my hooks")
    with pytest.raises(Refused, match="the pre-commit hook refused: exit status 1"):
        commit.apply(desk, whole_change(), silent)
    (desk.root.parent / "my hooks/pre-commit").chmod(0o644)  # git ignores what may not run
    git(desk.root, "config", "advice.ignoredHook", "false")
    applied(desk)


def test_a_transaction_that_a_hook_forbids_changes_nothing(desk: Repo) -> None:
    add_hook(desk, "reference-transaction", "exit 1")
    with pytest.raises(GitFailed, match="git update-ref failed: ref updates aborted by hook"):
        commit.apply(desk, whole_change(), silent)
    (desk.common_dir / "hooks/reference-transaction").unlink()
    assert_whole(desk)


def moving(desk: Repo, monkeypatch: pytest.MonkeyPatch, path: str, content: bytes) -> None:
    """Let somebody else put a commit of one file on the branch, once, just before ours."""

    def step(name: str) -> None:
        if name == "commit announced":
            monkeypatch.undo()
            done = subprocess.run(
                ["git", "fast-import", "--quiet"],
                input=b"commit refs/heads/main\ncommitter x <x> 0 +0000\ndata 1\nx\nfrom refs/heads/main^0\n"
                b"M 644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content),
                cwd=desk.root,
                check=False,
            )
            assert done.returncode == 0

    monkeypatch.setattr("tk.store.writing.journal.step", step)


def test_a_branch_that_moved_meanwhile_is_built_on(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    moving(desk, monkeypatch, "tickets/2026/theirs.md", b"theirs\n")
    commit.apply(desk, whole_change(), silent)
    assert git(desk.root, "log", "--format=%s").split("\n")[:3] == ["a, b, c: change", "x", "start"]
    assert git(desk.root, "show", "HEAD:tickets/2026/theirs.md") == "theirs\n"
    assert git(desk.root, "show", "--format=", "--name-only", "HEAD").split() == [GONE, ADDED, TICKET]


def test_a_branch_where_our_file_changed_meanwhile_is_refused(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    moving(desk, monkeypatch, TICKET, b"theirs\n")
    with pytest.raises(FileChanged, match=f"{TICKET} was committed by somebody else meanwhile"):
        commit.apply(desk, whole_change(), silent)
    assert contents(desk) == BEFORE
    assert git(desk.root, "log", "-1", "--format=%s").strip() == "x"


def test_a_lock_on_the_branch_is_waited_for_then_named(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refs, "LOCK_WAIT", 0.0)
    git(desk.root, "config", "core.filesRefLockTimeout", "0")
    foreign = put(desk.git_dir, "refs/heads/main.lock", b"somebody's")
    with pytest.raises(Busy, match=r"main\.lock exists: another git command is at work here"):
        commit.apply(desk, whole_change(), silent)
    assert foreign.exists()
    foreign.unlink()
    assert_whole(desk)


def test_a_folder_that_may_not_be_written_is_named(desk: Repo) -> None:
    folder = desk.root / "tickets/2026"
    put(folder, "08", b"in the way of the folder")
    with pytest.raises((DiskFailed, WrongUsage), match="2026/08"):
        commit.apply(desk, whole_change(), silent)
    (folder / "08").unlink()
    assert_whole(desk)


def test_a_read_only_desk_is_named(desk: Repo) -> None:
    put(desk.git_dir, "tk", b"")  # stops even root, to whom nothing is read-only
    with pytest.raises(DiskFailed, match=r"\.git/tk: (File exists|Not a directory)"):
        commit.apply(desk, whole_change(), silent)
    (desk.git_dir / "tk").unlink()
    applied(desk)


@contextmanager
def files_no_larger_than(limit: int) -> Iterator[None]:
    """Let the system refuse larger files, to tk and to the git it starts, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_finds_no_room_is_named(desk: Repo) -> None:
    change = Change({TICKET: b"x" * 10_000, GONE: None}, {TICKET: OLD, GONE: OLD}, "large\n", AT)
    with files_no_larger_than(4096), pytest.raises(DiskFailed) as caught:
        commit.apply(desk, change, silent)
    assert str(caught.value) == f"{desk.root / TICKET}: File too large; nothing was changed"
    assert_whole(desk)


def test_an_index_that_finds_no_room_changes_nothing(desk: Repo) -> None:
    for number in range(60):
        put(desk.root, f"tickets/more/{number:040}.md", OLD)
    git(desk.root, "add", "tickets")
    git(desk.root, "commit", "-q", "--amend", "--only", "-m", "start", "tickets")
    with files_no_larger_than(4096), pytest.raises(GitFailed, match="git update-index failed"):
        commit.apply(desk, whole_change(), silent)
    assert_whole(desk)


def test_thousands_of_files_are_one_commit(desk: Repo) -> None:
    files: dict[str, bytes | None] = {f"tickets/more/{number % 9}/{number:040}.md": NEW for number in range(2_000)}
    commit.apply(desk, Change(files, dict.fromkeys(files), "many\n", AT), silent)
    assert len(git(desk.root, "show", "--format=", "--name-only", "HEAD").split()) == 2_000
    assert status(desk).count("\n") == 3


def test_a_hundred_files_in_a_hundred_folders_are_one_commit(desk: Repo) -> None:
    files: dict[str, bytes | None] = {f"tickets/{number}/{number}/x.md": NEW for number in range(100)}
    commit.apply(desk, Change(files, dict.fromkeys(files), "many\n", AT), silent)
    assert len(git(desk.root, "show", "--format=", "--name-only", "HEAD").split()) == 100
    assert status(desk).count("\n") == 3
