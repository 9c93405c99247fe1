"""An office to test in: a desk whose roles are limited, people who work at it by turns, a clock that they move."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.world import Desk
from tk.core.finding import Finding
from tk.errors import Message
from tk.services.audit import Audit, audit
from tk.services.history import Story, story
from tk.services.seal import seal
from tk.store.desk import Desk as Opened
from tk.store.desk import open_desk

BOSS, AGENT, OTHER, STRANGER = "mlopez@example.com", "ana@example.com", "raul@example.com", "x@elsewhere.org"

NAMES = {BOSS: "María López", AGENT: "Ana Ruiz", OTHER: "Raúl Peña", STRANGER: "X"}

PEOPLE = f"""\
ana = {{ name = "Ana Ruiz", email = "{AGENT}", roles = ["agent"] }}
raul = {{ name = "Raúl Peña", email = "{OTHER}", roles = ["agent"] }}
"""

AGENT_MAY = 'may = ["new", "log.*", "assign", "set.priority", "set.tags", "advance", "undo"]'


def silent(message: Message) -> None:
    """Take a remark and say nothing."""


class Office(Desk):
    """A desk where one person at a time works, each command a minute after the one before."""

    who = BOSS

    def wait(self, minutes: int = 1) -> None:
        """Let time pass."""
        later = datetime.fromisoformat(self.now) + timedelta(minutes=minutes)
        self.now = later.isoformat()

    @contextmanager
    def by(self, who: str) -> Iterator[None]:
        """Let somebody else work."""
        was, self.who = self.who, who
        try:
            yield
        finally:
            self.who = was

    def environment(self) -> dict[str, str]:
        """Return who works and when, as git and tk hear of it."""
        author = {"NAME": NAMES[self.who], "EMAIL": self.who, "DATE": self.now}
        told = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in author.items()}
        return {**told, "TK_NOW": self.now}

    def ok(self, *argv: str, stdin: str = "") -> str:
        """Let a minute pass and run a command that must succeed, in this process."""
        self.wait()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment().items():
                patch.setenv(name, value)
            return super().ok(*argv, stdin=stdin)

    def git(self, *argv: str) -> str:
        """Run git as who works now; it must succeed."""
        done = self.try_git(*argv)
        assert done.returncode == 0, (argv, done.stdout, done.stderr)
        return done.stdout.removesuffix("\n")

    def try_git(self, *argv: str) -> "subprocess.CompletedProcess[str]":
        """Run git as who works now, whatever comes of it."""
        env = {**os.environ, **self.environment()}
        return subprocess.run(
            ["git", *argv], cwd=self.root, env=env, capture_output=True, encoding="utf-8", check=False
        )

    def commit(self, *paths: str | Path) -> str:
        """Let a minute pass, commit by plain git what stands in `paths` (everything, where none), return the commit."""
        self.wait()
        self.git("add", "-A", *map(str, paths or (".",)))
        self.git("commit", "-qm", "by hand")
        return self.head()

    def head(self) -> str:
        """Return the commit where the branch is."""
        return self.git("rev-parse", "HEAD")

    def replace(self, ticket: str, old: str, new: str) -> Path:
        """Replace text in a ticket's file by hand, and return the file."""
        file = self.file(ticket)
        text = file.read_bytes().decode()
        assert old in text, text
        file.write_bytes(text.replace(old, new, 1).encode())
        return file

    def policy(self, old: str, new: str) -> None:
        """Replace text in tk.toml by hand."""
        file = self.root / "tk.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text, text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def limit(self) -> None:
        """Limit what agents and strangers may do, hire two agents, and commit that."""
        head, agents, rest = (self.root / "tk.toml").read_text(encoding="utf-8").partition("[roles.agent]")
        rest = rest.replace('may = ["*"]', AGENT_MAY, 1)
        before, anyone, after = rest.partition("[roles.anyone]")
        after = after.replace('may = ["*"]', 'may = ["new"]', 1)
        (self.root / "tk.toml").write_text(f"{head}{agents}{before}{anyone}{after}{PEOPLE}", encoding="utf-8")
        self.commit("tk.toml")

    def clone(self, root: Path, *options: str) -> "Office":
        """Return a clone, at the same time of day."""
        subprocess.run(["git", "clone", "-q", *options, self.root.as_uri(), str(root)], check=True, capture_output=True)
        return Office(root, self.now)

    def opened(self) -> Opened:
        """Return the desk as services meet it."""
        return open_desk(self.root, datetime.fromisoformat(self.now), silent)

    def audit(self, revisions: str | None = None) -> Audit:
        """Audit a range."""
        return audit(self.opened(), revisions)

    def sealed(self, revisions: str | None = None, who: str = BOSS) -> str:
        """Seal as `tk audit --seal` does after an audit without refusals, and return the tag's name."""
        with self.by(who), pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment().items():
                patch.setenv(name, value)
            return seal(self.opened(), revisions)

    def story(self, ticket: str) -> Story:
        """Tell a ticket's story."""
        return story(self.opened(), ticket)


def told(finding: Finding) -> tuple[str | None, str, str | None, str, str | None]:
    """Return what a finding is about: commit, path, ticket, code, verdict."""
    return (finding.commit, finding.path, finding.ticket, finding.code, finding.verdict)
