"""People at work in folders of their own, through the installed `tk`: what stories are told with."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tests.world import NOW, Result

TK = str(Path(sys.executable).with_name("tk"))

MARIA, ANA, EVE = "María López <mlopez@example.com>", "Ana Ruiz <ana@example.com>", "Eve <eve@elsewhere.org>"

ANA_IN_THE_POLICY = 'ana = { name = "Ana Ruiz", email = "ana@example.com", roles = ["agent"] }\n'


class Worker:
    """A person in a folder, for whom each command takes a minute."""

    clock = datetime.fromisoformat(NOW)

    def __init__(self, who: str, folder: Path) -> None:
        self.name, _, email = who.partition(" <")
        self.email = email.rstrip(">")
        self.folder = folder

    def run(self, *argv: str, stdin: str = "", **more: str) -> Result:
        """Run a command as this person, a minute after the one before; `more` is set in its environment."""
        Worker.clock += timedelta(minutes=1)
        told = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in {"NAME": self.name, "EMAIL": self.email, "DATE": Worker.clock.isoformat()}.items()
        }
        env = {**os.environ, **told, "TK_NOW": Worker.clock.isoformat(), **more}
        done = subprocess.run(
            argv, cwd=self.folder, env=env, input=stdin, capture_output=True, encoding="utf-8", check=False
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def tk(self, *argv: str, stdin: str = "", **more: str) -> str:
        """Run a tk that must succeed; return what it printed, without the last line's end."""
        done = self.run(TK, *argv, stdin=stdin, **more)
        assert done.code == 0, (argv, done)
        return done.out.removesuffix("\n")

    def refused(self, *argv: str) -> str:
        """Run a tk that must answer no, and change nothing; return what it says."""
        before = self.git("status", "--porcelain"), self.git("rev-parse", "HEAD")
        done = self.run(TK, *argv)
        assert (done.code, done.out) == (1, ""), (argv, done)
        assert (self.git("status", "--porcelain"), self.git("rev-parse", "HEAD")) == before
        return done.err

    def git(self, *argv: str) -> str:
        """Run a git that must succeed; return what it printed, without the last line's end."""
        done = self.run("git", *argv)
        assert done.code == 0, (argv, done)
        return done.out.removesuffix("\n")

    def clone(self, who: str, folder: Path) -> "Worker":
        """Return another person, with a clone of this desk."""
        self.git("clone", "-q", self.folder.as_uri(), str(folder))
        return Worker(who, folder)

    def edit(self, path: str, old: str, new: str) -> None:
        """Edit a file by hand."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
