"""The world a test lives in: a sealed environment, a desk to work at, text to compare with."""

import contextlib
import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tk.cli.boundary import run

NOW = "2026-08-12T09:14:03-05:00"
"""The instant at which tests take place unless they say otherwise."""

NAME, EMAIL = "María López", "mlopez@example.com"

UNSEEN = ("CI", "GIT_", "XDG_", "LC_", "LANGUAGE", "TK_", "EDITOR", "VISUAL", "PAGER", "NO_COLOR", "COLUMNS")
"""How the variables begin that say something to git or tk, and that no test is to see."""

ROOT = Path(__file__).parents[1]

GOLDEN = ROOT / "tests" / "golden"


class Result(NamedTuple):
    """What a command left behind: exit status, stdout, stderr."""

    code: int
    out: str
    err: str


class Desk:
    """A desk in a folder of its own with its own git history, and what a test does at it."""

    def __init__(self, root: Path, now: str = NOW) -> None:
        self.root = root
        self.now = now

    def run(self, *argv: str, stdin: str = "", terminal: bool = False) -> Result:
        """Run a command in this process, through the same error boundary as the installed `tk`."""
        return run_here("-C", str(self.root), *argv, now=self.now, stdin=stdin, terminal=terminal)

    def ok(self, *argv: str, stdin: str = "") -> str:
        """Run a command that must succeed and return what it printed, without the last line's end."""
        result = self.run(*argv, stdin=stdin)
        assert result.code == 0, result
        return result.out.removesuffix("\n")

    def tk(self, *argv: str, stdin: str = "", **env: str) -> Result:
        """Run a command in a process of its own, started in the desk's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "tk", *argv],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TK_NOW": self.now, **env},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def git(self, *argv: str) -> str:
        """Run git in the desk's folder and return what it printed, without the last line's end."""
        done = subprocess.run(["git", *argv], cwd=self.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n")

    def file(self, ticket: str) -> Path:
        """Return the file of the ticket with this whole id."""
        (path,) = self.root.glob(f"tickets/*/*/*/{ticket}.md")
        return path


class Stream(io.TextIOWrapper):
    """A stream that remembers what is written to it and may pass for a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self.kept = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.kept, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        return self.kept.getvalue().decode()


def run_here(*argv: str, now: str = NOW, stdin: str = "", terminal: bool = False) -> Result:
    """Run a command in this process at the instant `now` and return what it left behind."""
    out, err = Stream(terminal=terminal), Stream(terminal=terminal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TK_NOW", now)
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run(argv)
    return Result(code, out.text(), err.text())


@contextlib.contextmanager
def sealed_in(home: Path) -> Iterator[None]:
    """Keep the user's home, configuration, identity, clock and network out of what happens inside."""
    (home / ".config").mkdir(parents=True, exist_ok=True)
    config = home / ".gitconfig"
    config.write_text(
        f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n[init]\n\tdefaultBranch = main\n"
        '[protocol]\n\tallow = never\n[protocol "file"]\n\tallow = always\n',
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(UNSEEN):
                patch.delenv(name)
        sealed = {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "GIT_CONFIG_GLOBAL": str(config),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": NAME,
            "GIT_AUTHOR_EMAIL": EMAIL,
            "GIT_AUTHOR_DATE": NOW,
            "GIT_COMMITTER_NAME": NAME,
            "GIT_COMMITTER_EMAIL": EMAIL,
            "GIT_COMMITTER_DATE": NOW,
            "TZ": "America/Lima",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
        }
        for name, value in sealed.items():
            patch.setenv(name, value)
        patch.setattr(socket, "socket", LocalSocket)
        yield


class LocalSocket(socket.socket):
    """A socket that reaches no further than this machine's own file system."""

    def __init__(self, family: int = -1, *args: Any, **kwargs: Any) -> None:
        if family != socket.AF_UNIX:
            raise AssertionError("a test may not use the network")
        super().__init__(family, *args, **kwargs)


class Golden:
    """Text that must stay as it is: kept under tests/golden, written anew with --update-golden."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def __call__(self, name: str, text: str) -> None:
        """Compare `text` with the file called `name`."""
        kept = GOLDEN / name
        if self.update:
            kept.write_text(text, encoding="utf-8", newline="")
        assert kept.exists(), f"{name} is not there yet: make golden"
        assert text == kept.read_text(encoding="utf-8"), f"{name} differs: if it should, make golden"
