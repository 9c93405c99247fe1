"""Trees: what a commit's tree becomes when some files change, without reading more of it than their folders."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.store import git
from tk.store.repo import Repo

_TREE = b"40000"
_FILE = b"100644"
_PROGRAM = b"100755"
_KINDS = {_TREE: b"tree", b"160000": b"commit"}


class Leaf(NamedTuple):
    """A file of a tree: its blob, and whether it may be run; None leaves that as the old tree has it."""

    oid: str
    runs: bool | None


class Grown(NamedTuple):
    """The tree of a commit to be, and that of the commit it builds on."""

    tree: str
    before: str | None


def grow(repo: Repo, base: str | None, leaves: Mapping[str, Leaf | None]) -> Grown:
    """Return the tree that commit `base` (None: an empty one) becomes with `leaves`, None among them for what goes.

    Paths are relative to the top of the repository. A folder that becomes empty goes with its last file.
    """
    folders = sorted({"", *(folder for path in leaves for folder in _above(path))}, key=_depth)
    before, entries = _read(repo, base, folders)
    for path, leaf in leaves.items():
        folder, name = _split(path)
        if leaf is None:
            entries[folder].pop(name, None)
        else:
            entries[folder][name] = (_mode(leaf, entries[folder].get(name)), leaf.oid.encode())
    with git.conversation(repo, "mktree", "-z", "--batch", "--missing") as (asked, answers):
        oid = b""
        for folder in reversed(folders):
            inside = entries[folder]
            if inside or not folder:
                asked.write(b"".join(_line(name, *entry) for name, entry in inside.items()) + b"\0")
                asked.flush()
                oid = answers.readline().strip()
            if folder:
                above, name = _split(folder)
                if inside:
                    entries[above][name] = (_TREE, oid)
                elif entries[above].get(name, (b"", b""))[0] == _TREE:
                    del entries[above][name]
    return Grown(oid.decode(), before)


def _above(path: str) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _split(path: str) -> tuple[str, bytes]:
    folder, _, name = path.rpartition("/")
    return folder, name.encode("utf-8", "surrogateescape")


def _mode(leaf: Leaf, before: tuple[bytes, bytes] | None) -> bytes:
    if leaf.runs is None:
        return _PROGRAM if before is not None and before[0] == _PROGRAM else _FILE
    return _PROGRAM if leaf.runs else _FILE


def _line(name: bytes, mode: bytes, oid: bytes) -> bytes:
    return b"%s %s %s\t%s\0" % (mode, _KINDS.get(mode, b"blob"), oid, name)


def _read(
    repo: Repo, base: str | None, folders: list[str]
) -> tuple[str | None, dict[str, dict[bytes, tuple[bytes, bytes]]]]:
    """Return the name of the root's tree and what each of `folders`, the root first, holds in commit `base`."""
    if base is None:
        return None, {folder: {} for folder in folders}
    found = list(git.objects(repo, [f"{base}:{folder}" for folder in folders]))
    return found[0].oid if found[0] is not None else None, {
        folder: _entries(tree.content, len(base) // 2) if tree is not None and tree.kind == "tree" else {}
        for folder, tree in zip(folders, found, strict=True)
    }


def _entries(raw: bytes, width: int) -> dict[bytes, tuple[bytes, bytes]]:
    """Return the entries of a tree as git stores it: mode, space, name, NUL, the `width` bytes of the object's name."""
    entries = {}
    at = 0
    while at < len(raw):
        space = raw.index(b" ", at)
        nul = raw.index(b"\0", space)
        entries[raw[space + 1 : nul]] = (raw[at:space], raw[nul + 1 : nul + 1 + width].hex().encode())
        at = nul + 1 + width
    return entries
