"""A fresh machine: what is missing is named in one sentence before anything else happens."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make to ask")


def asked(folder: Path, *, python: str = "python3", path: str | None = None) -> tuple[int, str]:
    """Return the status and the first line of complaint of `make prerequisites`."""
    (folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    done = subprocess.run(
        ["make", "prerequisites", f"PYTHON={python}", *([f"PATH={path}"] if path else [])],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not (folder / ".venv").exists()
    return done.returncode, (done.stderr.splitlines() or [""])[0]


def program(folder: Path, name: str, script: str) -> Path:
    """Write a program that does what `script` says."""
    made = folder / "bin" / name
    made.parent.mkdir(exist_ok=True)
    made.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    made.chmod(0o755)
    return made


def test_nothing_missing_is_nothing_said(tmp_path: Path) -> None:
    assert asked(tmp_path) == (0, "")


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    status, told = asked(tmp_path, python="no-such-python")
    assert (status, told[:35]) == (2, "tk needs Python 3.11 or later: inst")


def test_an_older_python_is_named(tmp_path: Path) -> None:
    status, told = asked(tmp_path, python=str(program(tmp_path, "python", "exit 1")))
    assert status == 2
    assert "is older" in told


def test_a_python_without_venv_is_named(tmp_path: Path) -> None:
    python = program(tmp_path, "python", 'case "$*" in *ensurepip*) exit 1;; esac')
    status, told = asked(tmp_path, python=str(python))
    assert (status, told) == (
        2,
        "tk needs Python's venv module: install it (on Debian: apt-get install python3-venv)",
    )


def test_an_older_git_is_named(tmp_path: Path) -> None:
    git = program(tmp_path, "git", "echo git version 2.30.2")
    status, told = asked(tmp_path, path=f"{git.parent}:/usr/local/bin:/usr/bin:/bin")
    assert (status, told) == (2, "tk needs git 2.36 or later, and this is git version 2.30.2")
