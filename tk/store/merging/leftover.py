"""Conflict markers that somebody committed instead of settling what they stand for."""

import re
from collections.abc import Iterator, Mapping

from tk.core import ids
from tk.core.review.governed import POLICY
from tk.store import codec, git
from tk.store.codec import Document
from tk.store.merging.joining import sides_of
from tk.store.repo import Repo

_MARKER = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})", re.MULTILINE)


def left(repo: Repo, found: Mapping[str, tuple[bytes | None, bytes | None]], since: str | None, tip: str) -> list[str]:
    """Return the files of the desk in which commit `tip` has conflict markers and `since` has none.

    `found` is what differs between the two, by path. A text may well quote markers: where a file is sound in spite of
    them, they count only if a merge after `since` put them there.
    """
    marked = [path for path, (old, new) in found.items() if _is_marked(path, new) and not _is_marked(path, old)]
    doubtful = [path for path in marked if not _is_broken(path, found[path][1])]
    merged = set(_of_merges(repo, doubtful, since, tip)) if doubtful else set()
    return [path for path in sorted(marked) if path not in doubtful or path in merged]


def stands_in(repo: Repo, document: Document) -> bool:
    """Return whether a merge's conflict stands in a ticket's file; one that the text quotes does not count."""
    if all(finding.code != "conflict" for finding in document.findings):
        return False
    return document.ticket is None or any(_of_merges(repo, [document.path], None, "HEAD"))


def _is_marked(path: str, data: bytes | None) -> bool:
    if data is None or _MARKER.search(data) is None:
        return False
    if ids.is_ticket_path(path):
        return any(finding.code == "conflict" for finding in codec.read(path, data).findings)
    return sides_of(data) is not None


def _is_broken(path: str, data: bytes | None) -> bool:
    """Return whether nobody can read a file that bears markers."""
    return path == POLICY or (ids.is_ticket_path(path) and codec.read(path, data or b"").ticket is None)


def _of_merges(repo: Repo, paths: list[str], since: str | None, tip: str) -> Iterator[str]:
    """Yield those of the files in which a merge has markers that none of its sides had."""
    sofar = () if since is None else (f"^{since}",)
    where = [f"{repo.prefix}{path}" for path in paths]
    found = git.run(repo, "rev-list", "--merges", tip, *sofar, "--", *where, check=False).out
    told = git.run(repo, "rev-list", "--no-walk", "--parents", "--stdin", stdin=found).out if found else b""
    merges = [line.split() for line in told.decode().splitlines()]
    names = [f"{oid}:{repo.prefix}{path}" for oids in merges for path in paths for oid in oids]
    blobs = git.blobs(repo, names)
    for oids in merges:
        for path in paths:
            here, *sides = [_is_marked(path, next(blobs)) for _ in oids]
            if here and not any(sides):
                yield path
