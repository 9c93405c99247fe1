"""The files of a desk that a person asks to have looked at: all, those at some paths, those that changed."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tk.core import ids
from tk.core.reasons import of_system
from tk.core.review.governed import POLICY, is_governed
from tk.core.review.places import is_below_tickets
from tk.errors import DiskFailed, WrongUsage, say
from tk.store import git
from tk.store.desk import Desk
from tk.store.repo import Repo


def files(desk: Desk, paths: Sequence[Path] | None) -> Iterator[str]:
    """Yield the tickets, templates and registers at `paths` (files or folders, absolute) by their path in the desk.

    Where None is given, all of them. So are other files among the tickets, links in the place of folders, and folders
    that are repositories of their own. What lies beside a ticket stands for that ticket, too.

    Raises:
        WrongUsage: a path does not exist or lies outside the desk.
        DiskFailed: a folder cannot be read.
    """
    root = desk.repo.root
    if paths is None:
        yield from _all(root)
        return
    for path in paths:
        # a link is checked as the link it is, wherever it leads; the way to it may go by links
        place = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
        if not place.is_relative_to(root):
            raise WrongUsage(say("{path} lies outside the desk {desk}", path=path, desk=root))
        if place.is_dir() and not place.is_symlink():
            yield from _below(root, place)
        elif os.path.lexists(place):
            relative = place.relative_to(root).as_posix()
            yield from _meant(desk, relative)
        else:
            raise WrongUsage(say("{path}: no such file or folder", path=path))


def changed(repo: Repo) -> list[Path]:
    """Return the files that the work tree has otherwise than the latest commit, new ones among them; none that went."""
    where = ("--", repo.prefix) if repo.prefix else ()
    told = git.run(repo, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", *where).out
    places = (repo.top / os.fsdecode(entry[3:]) for entry in told.split(b"\0") if entry)
    return [place for place in places if os.path.lexists(place)]


def _all(root: Path) -> Iterator[str]:
    for place in sorted(root.iterdir()):
        if is_governed(place.name) or is_below_tickets(place.name):
            is_folder = place.is_dir() and not place.is_symlink()
            yield from _below(root, place) if is_folder else _looked_at(root, place.name)


def _meant(desk: Desk, path: str) -> Iterator[str]:
    owner = ids.owner_of(path)
    if owner is not None and (desk.repo.root / ids.path_of(owner)).is_file():
        yield ids.path_of(owner)
    yield from _looked_at(desk.repo.root, path)


def _looked_at(root: Path, path: str) -> Iterator[str]:
    """Yield the path if it is one of those to be looked at; tk.toml as a policy is read by itself."""
    if path == POLICY:
        yield from [path] if (root / path).is_symlink() else []
    elif is_governed(path) or is_below_tickets(path):
        yield path


def _below(root: Path, folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        here = Path(place).relative_to(root).as_posix()
        if ".git" in (*folders, *names) and here != ".":
            yield from _looked_at(root, here)
        names += [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        for name in sorted(names):
            yield from _looked_at(root, name if here == "." else f"{here}/{name}")


def _unreadable(error: OSError) -> None:
    raise DiskFailed(say("{path}: {reason}", path=error.filename, reason=of_system(error))) from error
