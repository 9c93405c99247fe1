"""A small desk with work of its user's in it, and changes to it: what the tests of commits share."""

import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tk.errors import Message
from tk.store import repo
from tk.store.repo import Repo
from tk.store.writing.commit import Change

AT = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
OLD, NEW = b"---\ntitle: viejo\n---\n", b"---\ntitle: nuevo\n---\n"
TICKET, ADDED, GONE = "tickets/2026/a.md", "tickets/2026/08/b.md", "tickets/2025/c.md"


def git(folder: Path, *argv: str) -> str:
    """Run git in `folder` and return what it printed."""
    done = subprocess.run(["git", *argv], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, (argv, done.stderr)
    return done.stdout


def refused(folder: Path, *argv: str) -> bool:
    """Run git in `folder` and return whether it refused."""
    return subprocess.run(["git", *argv], cwd=folder, capture_output=True, check=False).returncode != 0


def put(root: Path, path: str, content: bytes) -> Path:
    """Write a file, with its folders, and return it."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def make_desk(top: Path, *init: str, prefix: str = "") -> Repo:
    """Make a repository in `top` with a desk at `prefix`, committed, and what its user is in the middle of."""
    top.mkdir(parents=True, exist_ok=True)
    git(top, "init", "-q", *init)
    root = top / prefix
    for path, content in {"tk.toml": b"", TICKET: OLD, GONE: OLD, "staged.txt": b"1\n", "edited.txt": b"1\n"}.items():
        put(root, path, content)
    git(top, "add", ".")
    git(top, "commit", "-qm", "start")
    put(root, "staged.txt", b"2\n")
    git(root, "add", "staged.txt")
    put(root, "edited.txt", b"2\n")
    put(root, "unknown.txt", b"2\n")
    return repo.find(root)


def whole_change(*, commit: bool = True) -> Change:
    """Return a change that rewrites one file, adds one in a new folder and deletes the only one of a folder."""
    return Change(
        {TICKET: NEW, ADDED: NEW, GONE: None}, {TICKET: OLD, ADDED: None, GONE: OLD}, "a, b, c: change\n", AT, commit
    )


def one_file(path: str, new: bytes | None, old: bytes | None = None, subject: str = "one") -> Change:
    """Return a change of one file."""
    return Change({path: new}, {path: old}, f"{subject}\n", AT)


def status(desk: Repo) -> str:
    """Return what git says has changed."""
    return git(desk.root, "status", "--porcelain")


def contents(desk: Repo) -> Mapping[str, bytes | None]:
    """Return what stands in the files that `whole_change` touches."""
    return {path: file.read_bytes() if (file := desk.root / path).exists() else None for path in (TICKET, ADDED, GONE)}


BEFORE = {TICKET: OLD, ADDED: None, GONE: OLD}
AFTER = {TICKET: NEW, ADDED: NEW, GONE: None}


def assert_whole(desk: Repo) -> None:
    """The desk is as it was or as it should be, and nothing of tk's lies about."""
    landed = git(desk.root, "rev-list", "--count", "HEAD").strip() == "2"
    assert contents(desk) == (AFTER if landed else BEFORE)
    assert status(desk).splitlines() == [" M edited.txt", "M  staged.txt", "?? unknown.txt"]
    assert git(desk.root, "fsck", "--no-dangling", "--no-progress") == ""
    assert sorted(file.name for file in desk.state.iterdir()) == ["journal", "lock"]
    assert list((desk.state / "journal").iterdir()) == []
    assert not list(desk.git_dir.rglob("*.lock"))
    assert not list(desk.root.rglob(".tk-*"))
    assert (desk.root / "tickets/2026/08").exists() == landed
    git(desk.root, "commit", "-qm", "the user's own")
    assert git(desk.root, "show", "--format=", "--name-only", "HEAD").split() == ["staged.txt"]
    assert contents(desk) == (AFTER if landed else BEFORE)


def silent(message: Message) -> None:
    """Take a remark and say nothing."""


def heard() -> tuple[list[str], Callable[[Message], None]]:
    """Return a list, and what writes remarks into it."""
    said: list[str] = []
    return said, lambda message: said.append(str(message))


def add_hook(desk: Repo, name: str, script: str) -> None:
    """Give the repository a hook."""
    file = put(desk.common_dir, f"hooks/{name}", f"#!/bin/sh\n{script}\n".encode())
    file.chmod(0o755)
