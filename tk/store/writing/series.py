"""Many commits at once, by one `git fast-import`: each with its own author and instant, one upon the other.

They are made in a repository of their own, `state/series/`, that borrows from the desk's; once all are there, git's own
store takes them in. So what fails or is killed on the way leaves nothing behind but that folder, which the next series
clears away. No branch moves here: `tk.store.writing.commit` lands its change by the last commit of a series.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from tk import errors
from tk.core.instant import epoch
from tk.core.text import one_line
from tk.errors import GitFailed, Refused
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing import refs

_REF = b"refs/heads/series"

_SHA256 = 64

_ALTERING = ("filter", "ident", "working-tree-encoding")
"""The attributes by which git stores other bytes than a file has, which a series does not ask."""


class Author(NamedTuple):
    """Whose work a commit is: a name and an address."""

    name: str
    email: str


class Series:
    """A series under way; `base` is the commit that it builds on, `tip` its last commit once it is whole."""

    def __init__(self, repo: Repo, base: str, committer: Author, pipe: IO[bytes]) -> None:
        self.base = base
        self.tip = base
        self.count = 0
        self._prefix = repo.prefix
        self._committer = _ident(committer)
        self._pipe = pipe

    def add(self, author: Author, at: datetime, message: str, files: Mapping[str, bytes]) -> None:
        """Add a commit of `author` at the instant `at`, that gives `files` of the desk these contents."""
        when = f"{epoch(at)} {at:%z}".encode()
        parts = [
            b"commit %s\nmark :%d\n" % (_REF, self.count + 1),
            b"author %s %s\ncommitter %s %s\n" % (_ident(author), when, self._committer, when),
            _data(message.encode("utf-8", "replace")),
            b"" if self.count else b"from %s\n" % self.base.encode(),
        ]
        for path, data in files.items():
            parts += [b"M 100644 inline %s\n" % _quoted(self._prefix + path), _data(data)]
        self._pipe.write(b"".join(parts))
        self.count += 1


@contextmanager
def series(repo: Repo, committer: Author) -> Iterator[Series]:
    """Give a series that builds on HEAD; when the block is left, it is whole and in git's store.

    Raises:
        Refused: nothing has been committed yet.
        Busy: git is in the middle of a merge, or HEAD is detached.
        GitFailed: git could not store it.
    """
    head = refs.fit(repo).oid
    if head is None:
        message = errors.say("nothing has been committed here yet: an import needs a desk to be added to")
        raise Refused("no-commit", message, errors.say("git add tk.toml; git commit"))
    folder = repo.state / "series"
    sweep(repo)
    try:
        own = _borrowing(repo, folder, head)
        asked = ("-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--date-format=raw-permissive")
        with git.conversation(folder, *asked, env=own) as (pipe, answers):
            made = Series(repo, head, committer, pipe)
            yield made
            if made.count:
                pipe.write(b"get-mark :%d\n" % made.count)
                pipe.flush()
                made.tip = answers.readline().decode().strip()
        _take_in(repo, folder)
    finally:
        sweep(repo)


def _borrowing(repo: Repo, folder: Path, head: str) -> dict[str, str]:
    """Make a repository that borrows the objects of the desk's, and return what makes git work in it."""
    (folder / "refs").mkdir(parents=True)
    (folder / "objects/info").mkdir(parents=True)
    (folder / "objects/info/alternates").write_text(f"{repo.common_dir / 'objects'}\n", encoding="utf-8")
    (folder / "HEAD").write_text("ref: refs/heads/series\n", encoding="ascii")
    kind = "[extensions]\n\tobjectFormat = sha256\n" if len(head) == _SHA256 else ""
    version = 1 if kind else 0
    (folder / "config").write_text(f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n{kind}")
    return {"GIT_DIR": str(folder)}


def sweep(repo: Repo) -> None:
    """Remove what a killed series has left; only who holds tk's lock may."""
    shutil.rmtree(repo.state / "series", ignore_errors=True)


def require_plain(repo: Repo, paths: list[str]) -> None:
    """Raise GitFailed where git would store files at these paths otherwise than they are on the disk."""
    listed = "".join(f"{repo.prefix}{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    told = git.run(repo, "check-attr", "-z", "--stdin", *_ALTERING, stdin=listed).out.split(b"\0")
    for path, name, value in zip(told[0::3], told[1::3], told[2::3], strict=False):
        if value not in {b"unspecified", b"unset"}:
            message = errors.say(
                "{path} has the attribute {name}, and many commits at once are not filtered",
                path=os.fsdecode(path),
                name=name.decode(),
            )
            raise GitFailed(message, errors.say("--squash makes one commit, which git filters as ever"))


def _take_in(repo: Repo, folder: Path) -> None:
    """Move the packs into git's own store, each index last: from then on git knows what its pack holds."""
    target = repo.common_dir / "objects" / "pack"
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.glob("objects/pack/pack-*"), key=lambda found: (found.suffix == ".idx", found.name)):
        shutil.move(file, target / file.name)


def _ident(author: Author) -> bytes:
    """Return who it is as a commit says it: on one line, and without what marks the address."""
    name, email = (one_line(text).translate({ord("<"): None, ord(">"): None}) for text in author)
    return f"{name or email} <{email}>".encode("utf-8", "replace")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    text = path.replace("\\", "\\\\").replace('"', '\\"')
    return b'"' + text.encode("utf-8", "surrogateescape") + b'"'
