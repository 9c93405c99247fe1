"""Where there is no desk to work at: no tk.toml, no repository, no git, nobody who says who they are."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.still import unchanged
from tests.world import Desk, Result, run_here

EVERYWHERE = (
    ("list",),
    ("show", "7k3"),
    ("new", "x"),
    ("assign", "7k3", "me"),
    ("advance", "7k3", "solved"),
    ("log", "7k3", "note", "-m", "x"),
    ("set", "7k3", "priority=high"),
    ("history", "7k3"),
    ("check",),
    ("audit",),
    ("doctor",),
)
"""Every command that works at a desk."""

WHO = 'hint: git config --global user.name "Your Name"; git config --global user.email you@example.com\n'
NO_GIT = "tk: git is not installed, or not on the PATH\nhint: tk keeps its desks in git: install git 2.36 or newer\n"


def nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away all that says who acts."""
    for who in ("AUTHOR", "COMMITTER"):
        for what in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{who}_{what}")
    monkeypatch.delenv("EMAIL", raising=False)
    (home / ".gitconfig").write_text("", encoding="utf-8")


@pytest.mark.parametrize("words", EVERYWHERE, ids=lambda words: str(words[0]))
def test_a_folder_without_a_desk_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run_here("-C", str(tmp_path), *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"tk: not a desk: no tk.toml in {tmp_path} or above\nhint: ")
    assert list(tmp_path.iterdir()) == []


def test_a_program_reads_that_there_is_no_desk(tmp_path: Path) -> None:
    told = json.loads(run_here("-C", str(tmp_path), "list", "--json").err)
    assert told["error"] == "not-a-desk"


@pytest.mark.parametrize("words", EVERYWHERE, ids=lambda words: str(words[0]))
def test_a_desk_outside_any_repository_is_told(desk: Desk, words: tuple[str, ...]) -> None:
    shutil.rmtree(desk.root / ".git")
    assert desk.run(*words) == Result(2, "", f"tk: {desk.root} is not in a git repository\nhint: git init\n")


@pytest.mark.parametrize("words", EVERYWHERE, ids=lambda words: str(words[0]))
def test_a_bare_repository_has_no_files_to_work_on(desk: Desk, tmp_path: Path, words: tuple[str, ...]) -> None:
    bare = tmp_path / "bare.git"
    desk.git("clone", "-q", "--bare", str(desk.root), str(bare))
    says = f"tk: {bare} is a bare repository: it has no files to work on\nhint: git clone {bare} DESK\n"
    assert run_here("-C", str(bare), *words) == Result(2, "", says)


def test_without_an_identity_reading_works(desk: Desk, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = desk.ok("new", "Heater")
    nobody(sealed, monkeypatch)
    for words in (("list",), ("show", ticket), ("history", ticket), ("check",), ("audit",), ("schema", "ticket")):
        assert desk.run(*words).code == 0, words


@pytest.mark.parametrize("more", [(), ("--no-commit",)])
def test_without_an_identity_writing_is_refused(
    desk: Desk, sealed: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    ticket = desk.ok("new", "Heater")
    nobody(sealed, monkeypatch)
    for words in (("new", "x"), ("set", ticket, "priority=low"), ("assign", ticket, "me"), ("list", "owner:me")):
        with unchanged(desk):
            result = desk.run(*words, *(more if words[0] != "list" else ()))
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("tk: git does not know who you are: ")
        assert result.err.endswith(WHO)


def test_without_an_identity_no_desk_is_begun(tmp_path: Path, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody(sealed, monkeypatch)
    result = run_here("init", str(tmp_path / "desk"))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("tk: git does not know who you are: ")
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("words", [("new", "x"), ("list",), ("show", "7k3"), ("audit",), ("init", "inner")])
def test_without_git_a_sentence_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    for what in ("NAME", "EMAIL"):
        monkeypatch.delenv(f"GIT_AUTHOR_{what}")
    with unchanged(desk), monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "empty"))
        result = desk.run(*words)
    assert result == Result(2, "", NO_GIT)


def test_without_git_what_needs_none_still_works(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ticket = desk.ok("new", "Heater")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for words in (("show", ticket), ("check",), ("presets",), ("schema", "policy"), ("schema", "ticket"), ("--help",)):
        assert desk.run(*words).code == 0, words


@pytest.mark.parametrize("words", [("new", "x"), ("list",), ("init", "inner"), ("doctor",), ("audit",)])
def test_a_git_that_is_too_old_is_named_with_the_one_needed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    script = '#!/bin/sh\nif [ "$3" = version ]; then echo "git version 2.20.1"; else exit 129; fi\n'
    old.write_text(script, encoding="utf-8")
    old.chmod(0o755)
    with unchanged(desk), monkeypatch.context() as patch:
        patch.setenv("PATH", f"{old.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
        for who in ("NAME", "EMAIL"):
            patch.delenv(f"GIT_AUTHOR_{who}")
        result = desk.run(*words)
    assert result.code == (1 if words == ("doctor",) else 2)
    assert "git 2.20.1 is too old: tk needs git 2.36 or newer\n" in result.out + result.err


def test_a_shallow_clone_works_and_says_where_its_view_ends(desk: Desk, tmp_path: Path) -> None:
    ticket = desk.ok("new", "Heater")
    desk.ok("set", ticket, "priority=high")
    clone = Desk(tmp_path / "shallow")
    subprocess.run(["git", "clone", "-q", "--depth=1", desk.root.as_uri(), str(clone.root)], check=True)
    tip = clone.git("rev-parse", "HEAD")
    told = clone.run("history", ticket)
    assert told.code == 0
    assert told.err == (
        f"this clone is shallow: what was before {tip[:10]} is not here\ngit fetch --unshallow brings it\n"
    )
    judged = clone.run("audit", "HEAD")
    assert judged.code == 0
    assert f"{tip[:10]}: warning[shallow] the clone is shallow and ends here" in judged.out
    assert judged.err == "1 commit audited: 0 refusals, 1 not to be judged\n"
    assert clone.run("audit", "HEAD", "--strict").code == 1
    clone.ok("new", "from the clone")
    assert clone.git("status", "--porcelain") == ""


def test_a_path_with_spaces_and_accents_is_like_any_other(tmp_path: Path) -> None:
    here = Desk(tmp_path / "atención" / "mesa única")
    started = run_here("-C", str(tmp_path), "init", "atención/mesa única")
    assert started.out == f"{here.root}\n"
    assert started.err.endswith("next: tk -C 'atención/mesa única' new \"What is it about?\"\n")
    ticket = here.ok("new", "Calentador")
    inner = here.file(ticket).parent
    assert run_here("-C", str(inner), "list", "--format", "ids").out == f"{ticket}\n"
    assert here.run("audit").code == here.run("check").code == 0
    assert here.git("status", "--porcelain") == ""
