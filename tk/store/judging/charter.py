"""What a commit made of the files that govern a desk: that tk.toml can still be gone by, with what it names beside it.

What `tk check` calls an error there is found in the commit that brings it, unless it was there before. Whether letters
render is left to `tk check`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.review.governed import TEMPLATES, check_letters, check_text, letter_at
from tk.errors import Message, say
from tk.store import git, policies, registers
from tk.store.history import Commit
from tk.store.judging.committed import Committed
from tk.store.policies import NAME
from tk.store.repo import Repo, oddity
from tk.store.touches import Touch


class Charter(NamedTuple):
    """What a commit made of the files that govern the desk."""

    repo: Repo
    commit: Commit
    touches: Sequence[Touch]
    blobs: Mapping[str, bytes]

    def unfit(self) -> list[Finding]:
        """Return why the tk.toml that the commit left cannot come into force: it is gone, no file, or newly broken."""
        touch = next((touch for touch in self.touches if touch.path == NAME), None)
        if touch is None:
            return []
        if touch.after is None:
            message = say("{path} was removed, and there is no desk without it: the policy before stays", path=NAME)
            return [self._refused(NAME, "removed", message)]
        odd = oddity(NAME, touch.mode)
        if odd is not None:
            return [self._refused(NAME, *odd)]
        reading = self._reading(touch.after)
        if reading.policy is None:
            first = reading.findings[0]
            message = say("left unreadable, so the policy before stays: {why}", why=first.message)
            return [self._refused(NAME, "unreadable", message, first.line)]
        known = {_sense(found) for oid in touch.before if oid for found in self._reading(oid).findings}
        new = (found for found in reading.findings if found.is_error and _sense(found) not in known)
        return [self._left_broken(found) for found in new]

    def _left_broken(self, found: Finding) -> Finding:
        message = say("left broken, so the policy before stays: {why}", why=found.message)
        return self._refused(NAME, found.code, message)._replace(line=found.line, column=found.column)

    def broken(self) -> Iterator[Finding]:
        """Yield what the commit broke beside tk.toml: a register, a template that is not there, text that is none."""
        odd = {touch.path: told for touch in self.touches if (told := oddity(touch.path, touch.mode)) is not None}
        yield from (self._refused(path, *told) for path, told in odd.items() if path != NAME)
        paths = [touch.path for touch in self.touches if touch.path not in odd]
        after = list(self._errors(self.commit.oid, paths))
        known = {_sense(found) for oid in (self.commit.parents if after else ()) for found in self._errors(oid, paths)}
        for found in after:
            if _sense(found) not in known:
                yield found._replace(commit=self.commit.oid, verdict="refused")

    def _reading(self, oid: str) -> policies.Reading:
        return policies.load(self.repo.state, self.blobs.get(oid, b""))

    def _errors(self, revision: str, paths: Collection[str]) -> Iterator[Finding]:
        """Yield the errors in what tk.toml names, as far as it goes by the files at `paths`."""
        desk = Committed(self.repo, revision)
        data = desk.content(NAME)
        policy = None if data is None else policies.load(self.repo.state, data).policy
        if policy is None:
            return
        named = {register.file: register for register in policy.registers.entries.values()}
        for path, register in named.items():
            if path in paths or NAME in paths:
                yield from (found for found in registers.read(register, desk.content).findings if found.is_error)
        for path in sorted({*paths} - {NAME, *named}):
            yield from check_text(path, desk.content(path) or b"")
        if policy.notices and (NAME in paths or any(letter_at(path) for path in paths)):
            there = {letter_at(path) for path in _below(desk, TEMPLATES)}
            yield from check_letters(policy, there.__contains__)

    def _refused(self, path: str, code: str, message: Message, line: int = 0) -> Finding:
        return Finding(path, line, 0, code, "error", message, None, self.commit.oid, "refused")


def _sense(found: Finding) -> tuple[str, str, str]:
    """Return what a finding says, wherever it stands by now."""
    return found.path, found.code, str(found.message)


def _below(desk: Committed, folder: str) -> list[str]:
    """Return the paths of the files below a folder of the desk."""
    prefix = desk.repo.prefix
    told = git.run(desk.repo, "ls-tree", "-r", "-z", "--name-only", desk.revision, f"{prefix}{folder}/", check=False)
    return [path.removeprefix(prefix) for path in told.out.decode("utf-8", "surrogateescape").split("\0") if path]
