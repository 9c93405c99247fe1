"""A real desk set up from a preset, and the people who work at it: what the rules of desks.md are shown on."""

import json
import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.world import Result, run_here


class Office:
    """A desk from a preset at an instant, and who is acting."""

    def __init__(self, root: Path, now: str, who: str) -> None:
        self.root = root
        self.now = datetime.fromisoformat(now)
        self.by(who)

    def by(self, who: str) -> "Office":
        """Let `who` act from now on: a handle of the preset, or an address."""
        os.environ["GIT_AUTHOR_EMAIL"] = os.environ["GIT_COMMITTER_EMAIL"] = who if "@" in who else f"{who}@example.com"
        return self

    def later(self, **much: float) -> "Office":
        """Let time pass: hours=24, minutes=1."""
        self.now += timedelta(**much)
        return self

    def at(self, now: str) -> "Office":
        """Let it be this instant."""
        self.now = datetime.fromisoformat(now)
        return self

    def run(self, *argv: str, terminal: bool = False) -> Result:
        """Run a command as the one who acts."""
        now = self.now.isoformat()
        os.environ["GIT_AUTHOR_DATE"] = os.environ["GIT_COMMITTER_DATE"] = now
        return run_here("-C", str(self.root), *argv, now=now, terminal=terminal)

    def ok(self, *argv: str) -> str:
        """Run a command that must succeed; return what it printed, without the last line's end."""
        result = self.run(*argv)
        assert result.code == 0, (argv, result)
        return result.out.removesuffix("\n")

    def told(self, *argv: str) -> str:
        """Run a command that must succeed; return what it remarked."""
        result = self.run(*argv)
        assert result.code == 0, (argv, result)
        return result.err

    def no(self, *argv: str) -> str:
        """Run a command that must be refused and change nothing; return what it says."""
        before = self.git("status", "--porcelain"), self.git("rev-parse", "HEAD")
        result = self.run(*argv)
        assert (result.code, result.out) == (1, ""), (argv, result)
        assert (self.git("status", "--porcelain"), self.git("rev-parse", "HEAD")) == before
        return result.err

    def json(self, *argv: str) -> Any:
        """Run a command with --json; return what it printed."""
        return json.loads(self.run(*argv, "--json").out)

    def ticket(self, number: str) -> Any:
        """Return a ticket as programs read it."""
        return self.json("show", number)

    def git(self, *argv: str) -> str:
        """Run git in the desk; return what it printed, without the last line's end."""
        done = subprocess.run(["git", *argv], cwd=self.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n")

    def policy(self, old: str, new: str, message: str = "Change the policy") -> "Office":
        """Change tk.toml and commit it, as a supervisor may."""
        file = self.root / "tk.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text, old
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        os.environ["GIT_AUTHOR_DATE"] = os.environ["GIT_COMMITTER_DATE"] = self.now.isoformat()
        self.git("commit", "-qam", message)
        return self

    def is_clean(self) -> None:
        """Assert that the audit of everything done here objects to nothing."""
        audited = self.run("audit")
        assert audited.code == 0, audited
