"""git's one door: what is asked, what comes back, what it says when git refuses."""

from pathlib import Path

import pytest

from tests.store.commits import OLD, TICKET, git, make_desk, put
from tk.errors import GitFailed, NoIdentity
from tk.store import git as door
from tk.store.repo import Repo


@pytest.fixture
def desk(tmp_path: Path) -> Repo:
    return make_desk(tmp_path / "desk")


def fake_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "bin/git", f"#!/bin/sh\n{script}\n".encode()).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))


def test_an_answer_has_status_out_and_err(desk: Repo) -> None:
    assert door.run(desk, "rev-parse", "--show-prefix").out == b"\n"
    assert door.run(desk, "rev-parse", "-q", "--verify", "nothing", check=False).status == 1


def test_stdin_reaches_git(desk: Repo) -> None:
    assert len(door.run(desk, "hash-object", "--stdin", stdin=b"x" * 1_000_000).out) == 41


def test_a_question_is_joined_later_however_long_its_input(desk: Repo) -> None:
    for size in (10, 1_000_000):
        question = door.start(desk, "hash-object", "--stdin", stdin=b"x" * size)
        assert question.join() == door.run(desk, "hash-object", "--stdin", stdin=b"x" * size)
        assert question.join() == question.join()


def test_a_refusal_names_the_command_and_gits_reason(desk: Repo) -> None:
    with pytest.raises(GitFailed, match=r"^git rev-parse failed: Needed a single revision$"):
        door.run(desk, "rev-parse", "--verify", "nothing")


def test_what_an_outer_git_set_does_not_reach_ours(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "tk.test")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "kept")
    assert door.run(desk, "ls-files", TICKET).out.decode() == f"{TICKET}\n"
    assert door.run(desk, "config", "tk.test").out == b"kept\n"


def test_git_speaks_english_to_tk(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "es")
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    with pytest.raises(GitFailed, match="Needed a single revision"):
        door.run(desk, "rev-parse", "--verify", "nothing")


def test_paths_are_no_patterns(desk: Repo) -> None:
    assert door.run(desk, "ls-files", "tickets/*").out == b""


def test_a_missing_git_is_named(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(desk.root))
    with pytest.raises(GitFailed, match=r"^git is not installed, or not on the PATH$") as caught:
        door.run(desk, "status")
    assert str(caught.value.hint) == "tk keeps its desks in git: install git 2.36 or newer"


def test_a_git_too_old_is_named_once_it_fails(desk: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, 'case "$*" in *version) echo git version 2.30.2;; *) exit 129;; esac', monkeypatch)
    with pytest.raises(GitFailed, match=r"^git 2\.30\.2 is too old: tk needs git 2\.36 or newer$"):
        door.run(desk, "hook", "run", "x")
    assert door.version(desk) == (2, 30, 2)


def test_the_version_of_an_unusual_build_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, "echo 'git version 2.39.5 (Apple Git-154)'", monkeypatch)
    door.require(tmp_path)
    assert door.version(tmp_path) == (2, 39, 5)


def test_identity_is_gits_author(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door.identity(desk) == ("María López", "mlopez@example.com")
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    git(desk.root, "config", "user.name", "Zoë Gómez")
    git(desk.root, "config", "user.email", "zgomez@example.com")
    assert door.identity(desk) == ("Zoë Gómez", "zgomez@example.com")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "other@example.com")
    assert door.identity(desk) == ("Zoë Gómez", "other@example.com")


def test_what_git_would_guess_is_no_identity(desk: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with pytest.raises(NoIdentity, match=r"^git does not know who you are") as caught:
        door.identity(desk)
    assert "git config --global user.name" in str(caught.value.hint)
    assert "git config --global user.email" in str(caught.value.hint)
    git(desk.root, "config", "user.name", "Zoë Gómez")
    monkeypatch.setenv("EMAIL", "said@example.com")
    assert door.identity(desk) == ("Zoë Gómez", "said@example.com")


def test_blobs_come_in_the_order_asked(desk: Repo) -> None:
    oid = git(desk.root, "rev-parse", f"HEAD:{TICKET}").strip()
    names = [f"HEAD:{TICKET}", "HEAD:no such file", oid, "HEAD:two\nlines", "HEAD:edited.txt", "", "a b missing"]
    assert list(door.blobs(desk, names)) == [OLD, None, OLD, None, b"1\n", None, None]
    assert list(door.blobs(desk, [])) == []


def test_many_large_blobs_do_not_block(desk: Repo) -> None:
    put(desk.root, "large", b"x" * 200_000)
    git(desk.root, "add", "large")
    oid = git(desk.root, "rev-parse", ":large").strip()
    got = list(door.blobs(desk, [oid, "HEAD:not here"] * 2_000))
    assert [None if blob is None else len(blob) for blob in got] == [200_000, None] * 2_000


def test_a_reader_may_stop_early(desk: Repo) -> None:
    blobs = door.blobs(desk, [f"HEAD:{TICKET}"] * 20_000)
    assert next(iter(blobs)) == OLD


def test_objects_tell_their_kind(desk: Repo) -> None:
    tree, commit = door.objects(desk, ["HEAD:tickets", "HEAD"])
    assert tree is not None
    assert tree.kind == "tree"
    assert commit is not None
    assert (commit.kind, commit.oid) == ("commit", git(desk.root, "rev-parse", "HEAD").strip())


def test_outside_a_repository_the_refusal_is_gits(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="not a git repository"):
        list(door.blobs(tmp_path, ["HEAD"]))


def test_a_conversation_that_git_ends_is_a_refusal(desk: Repo) -> None:
    def talk() -> None:
        with door.conversation(desk, "mktree", "-z", "--batch") as (asked, _):
            asked.write(b"nonsense\0\0")

    with pytest.raises(GitFailed, match="mktree failed"):
        talk()
