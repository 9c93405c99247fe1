"""Tickets that a person is rewriting in an editor: kept under tk's own state until they are in the desk.

A draft outlives everything that may go wrong, the death of the process included, and is offered again. Beside its text
lies what the ticket was when it was begun: should that have changed by then, git joins the two.
"""

import fcntl
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tk.errors import Busy, say
from tk.store import git
from tk.store.repo import Repo

_MARK = b"#"
"""What a line above the ticket begins with: a ticket begins with its fence, so that no line of its own is lost."""

_BOM = b"\xef\xbb\xbf"
_FOLDER = "edit"
_MANY_CONFLICTS = 128
"""`git merge-file` ends with the number of conflicts, and with more than this when it could do nothing at all."""


class Draft(NamedTuple):
    """The text of one ticket in an editor: `file` holds it, `base` what the ticket was when it was begun."""

    file: Path
    base: Path

    @property
    def is_kept(self) -> bool:
        """Whether there is one."""
        return self.file.exists() and self.base.exists()

    def begin(self, data: bytes) -> None:
        """Begin with what the ticket is."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(data)
        self.base.write_bytes(data)

    def renew(self, repo: Repo, data: bytes) -> None:
        """Go on with a kept draft of a ticket that has become `data` meanwhile: join the two, in conflict or not."""
        if self.base.read_bytes() == data:
            return
        text, theirs = self.text(), self.file.with_name(f"{self.file.name}.theirs")
        self.file.write_bytes(text)
        theirs.write_bytes(data)
        try:
            labels = ("-L", "what you wrote", "-L", "before", "-L", "the ticket now")
            files = (str(self.file), str(self.base), str(theirs))
            joined = git.run(repo, "merge-file", "-p", *labels, *files, check=False)
        finally:
            theirs.unlink(missing_ok=True)
        if joined.status < _MANY_CONFLICTS:
            self.file.write_bytes(joined.out)
            self.base.write_bytes(data)

    def text(self) -> bytes:
        """Return the text without the lines that `explain` put above it; b"" where the editor left no file."""
        try:
            return _without_lines(self.file.read_bytes())
        except FileNotFoundError:
            return b""

    def explain(self, text: bytes, lines: Sequence[str]) -> None:
        """Put `text` into the file, `lines` above it as a comment that `text` leaves out again."""
        bom = _BOM if text.startswith(_BOM) else b""
        head = "".join(f"# {line}".rstrip() + "\n" for line in lines)
        self.file.write_bytes(bom + head.encode(errors="replace") + text.removeprefix(bom))

    def drop(self) -> None:
        """Forget the draft, and the folders that were made for it."""
        self.file.unlink(missing_ok=True)
        self.base.unlink(missing_ok=True)
        with suppress(OSError):  # another draft is there
            for folder in self.file.parents:
                if folder.name == _FOLDER:
                    break
                folder.rmdir()


def _without_lines(data: bytes) -> bytes:
    bom = _BOM if data.startswith(_BOM) else b""
    rest = data.removeprefix(bom)
    while rest.startswith(_MARK):
        rest = rest.partition(b"\n")[2]
    return bom + rest


@contextmanager
def held(repo: Repo, path: str) -> Iterator[Draft]:
    """Give the draft of the ticket file `path`, kept from every other editor; raise Busy where one has it open."""
    folder = repo.state / _FOLDER
    file = folder / repo.prefix / path
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:  # each ticket has a byte of its own in the lock file
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, zlib.crc32(os.fsencode(file)))
        except BlockingIOError:
            message = say("{path} is in an editor already, by another tk edit", path=path)
            raise Busy(message, say("close that editor first; what it holds is in {file}", file=file)) from None
        yield Draft(file, file.with_suffix(".base"))
    finally:
        os.close(descriptor)
