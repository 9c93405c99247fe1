"""A desk that a refused command leaves as it was: every file, git's index and branches, nothing of tk's about."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.world import Desk, Result


class Look(NamedTuple):
    """All there is to see of a desk: its files, and what git says of status, index and branches."""

    files: dict[str, bytes]
    links: dict[str, str]
    git: list[str]


@contextmanager
def unchanged(desk: Desk) -> Iterator[None]:
    """See that what happens inside changes nothing, and leaves no journal, lock or temporary file."""
    before = _look(desk.root)
    yield
    assert _look(desk.root) == before
    git_dir = desk.root / ".git"
    assert not list(git_dir.glob("tk/journal/*"))
    assert not list(desk.root.rglob(".tk-*"))


def refused(desk: Desk, *argv: str, code: int, says: str) -> None:
    """See that a command ends with `code` and these words on stderr, prints no result, and changes nothing."""
    with unchanged(desk):
        assert desk.run(*argv) == Result(code, "", says)


def reword(desk: Desk, old: str, new: str) -> None:
    """Change the policy, by hand and committed."""
    file = desk.root / "tk.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    desk.git("commit", "-qam", "policy")


def add_hook(desk: Desk, name: str, script: str) -> None:
    """Give the repository a hook."""
    file = desk.root / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def _look(root: Path) -> Look:
    found = [path for path in sorted(root.rglob("*")) if ".git" not in path.relative_to(root).parts]
    asked = (["status", "--porcelain"], ["ls-files", "--stage"], ["for-each-ref"], ["rev-parse", "HEAD"])
    return Look(
        {str(path): path.read_bytes() for path in found if path.is_file() and not path.is_symlink()},
        {str(path): str(path.readlink()) for path in found if path.is_symlink()},
        [_git(root, *words) for words in asked],
    )


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, check=True, encoding="utf-8").stdout
