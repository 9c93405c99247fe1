"""The files of a change: looked at before, kept, written whole beside their place, and put back.

A file that is not as the command read it is refused. So is one reached by a symbolic link: tk writes in the desk only.
"""

import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tk import errors
from tk.errors import FileChanged, WrongUsage
from tk.store.repo import Repo, outside
from tk.store.writing import journal
from tk.store.writing.journal import Journal, Touched

SYNCED = 32
"""How many files a change may have for each to be forced through to the disk before it takes its place."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Plan(NamedTuple):
    """The files of a change as they stand now: what the journal says of each, and how to know each again."""

    touched: tuple[Touched, ...]
    marks: tuple[tuple[int, int, int] | None, ...]
    folders: tuple[str, ...]


def plan(repo: Repo, files: Mapping[str, bytes | None], expected: Mapping[str, bytes | None]) -> Plan:
    """Compare the disk with what is expected there, keep the old contents beside the journal, return what will change.

    Raise FileChanged for a file that is not as it was read, Refused for one that a symbolic link leads to.
    """
    _refuse_links(repo, {*files, *expected})
    for path in expected.keys() - files.keys():
        _compare(path, expected[path], content(repo, path))
    touched: list[Touched] = []
    marks = []
    for number, path in enumerate(sorted(files)):
        there = content(repo, path)
        if path in expected:
            _compare(path, expected[path], there)
        copy = None
        if there is not None:
            copy = f"old-{number}"
            _keep(repo.root / path, journal.folder(repo) / copy)
        touched.append(Touched(path, copy, _digest(there), _digest(files[path])))
        marks.append(_mark(repo.root / path))
    return Plan(tuple(touched), tuple(marks), tuple(_missing_folders(repo, files)))


def write(
    repo: Repo,
    entry: Journal,
    marks: tuple[tuple[int, int, int] | None, ...],
    new: Mapping[str, bytes | None],
    programs: Mapping[str, bool],
) -> None:
    """Give each file of the journal its new contents; raise FileChanged for one changed since it was looked at.

    `programs` says of some whether they may be run; the others stay as they are.
    """
    for folder in entry.folders:
        (repo.root / folder).mkdir(exist_ok=True)
        journal.step("folder made")
    for number, file in enumerate(entry.files):
        if file.old == file.new:
            continue
        target, data = repo.root / file.path, new[file.path]
        if data is not None:
            runs = programs.get(file.path)
            beside = repo.root / entry.temporary(number)
            _write_beside(target, beside, data, synced=len(entry.files) <= SYNCED, runs=runs)
        journal.step(f"file {number} ready")
        if _mark(target) != marks[number]:
            raise _changed(file.path)
        if data is None:
            target.unlink()
        else:
            (repo.root / entry.temporary(number)).replace(target)
        journal.step(f"file {number} in place")


def reread(repo: Repo, entry: Journal) -> Journal:
    """Return the journal with the digests of what stands in its files now, as a hook has left them."""
    return entry._replace(files=tuple(file._replace(new=_digest(content(repo, file.path))) for file in entry.files))


def put_back(repo: Repo, entry: Journal, spared: frozenset[str]) -> list[str]:
    """Put the old contents back into every file that still holds what the change wrote; return the others' paths.

    `spared` are left as they are too. Folders that the change made and nobody uses go, and so do its temporary files.
    """
    drop_temporaries(repo, entry)
    left = []
    for number, file in reversed(list(enumerate(entry.files))):
        now = _found(repo, file.path)
        if now == file.old:
            continue
        if now != file.new or file.path in spared:
            left.append(file.path)
            continue
        target = repo.root / file.path
        if file.copy is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = repo.root / entry.temporary(number)
            _keep(journal.folder(repo) / file.copy, temporary)
            temporary.replace(target)
            temporary.unlink(missing_ok=True)  # a rename onto the same inode does nothing, by POSIX
        journal.step(f"file {number} put back")
    for folder in reversed(entry.folders):
        with suppress(OSError):  # in use, or never made
            (repo.root / folder).rmdir()
    return sorted(left)


def drop_temporaries(repo: Repo, entry: Journal) -> None:
    """Remove the files in which new contents waited to take their place."""
    for number in range(len(entry.files)):
        with suppress(FileNotFoundError, NotADirectoryError):
            (repo.root / entry.temporary(number)).unlink()


def prune(repo: Repo, entry: Journal) -> None:
    """Remove the folders that the change's deletions left empty, as git would."""
    for file in entry.files:
        if file.new is None:
            for folder in (repo.root / file.path).parents:
                if folder == repo.root or not _remove_empty(folder):
                    break


def content(repo: Repo, path: str) -> bytes | None:
    """Return what stands in the file `path`, None where there is none; never through a symbolic link."""
    try:
        descriptor = os.open(repo.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(descriptor, "rb") as source:
        return source.read()


def runs(repo: Repo, path: str) -> bool | None:
    """Whether the file `path` may be run, None where there is no ordinary file."""
    try:
        mode = (repo.root / path).lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    return bool(mode & stat.S_IXUSR) if stat.S_ISREG(mode) else None


def _remove_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _digest(data: bytes | None) -> str | None:
    return None if data is None else sha256(data).hexdigest()


def _found(repo: Repo, path: str) -> str | None:
    """Return the digest of what stands at `path`, and one that nothing has where that is no file to read."""
    try:
        return _digest(content(repo, path))
    except OSError:
        return ""


def _mark(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _refuse_links(repo: Repo, paths: set[str]) -> None:
    seen = {repo.root}
    for path in sorted(paths):
        parts = path.split("/")
        if any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts):
            raise outside(path)
        if _CONTROLS.search(path):  # git's own lists are read line by line
            raise WrongUsage(errors.say("{path}: a file's name has no control characters", path=ascii(path)))
        file = repo.root / path
        for step_down in (*reversed(file.parents[: len(parts) - 1]), file):
            if step_down not in seen:
                seen.add(step_down)
                _refuse_link(path, step_down, is_folder=step_down != file)


def _refuse_link(path: str, file: Path, *, is_folder: bool) -> None:
    try:
        mode = file.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(mode):
        raise outside(path)
    if not (stat.S_ISDIR(mode) if is_folder else stat.S_ISREG(mode)):
        raise WrongUsage(errors.say("{path}: {file} is in the way", path=path, file=file))


def _compare(path: str, expected: bytes | None, there: bytes | None) -> None:
    if there == expected:
        return
    if expected is None:
        raise FileChanged(errors.say("{path} exists already; it was not overwritten", path=path))
    raise _changed(path)


def _changed(path: str) -> FileChanged:
    return FileChanged(
        errors.say("{path} changed on disk after it was read; it was not overwritten", path=path),
        errors.say("run the command again"),
    )


def _keep(file: Path, copy: Path) -> None:
    """Give `file` a second name, or copy it where there are no links; whoever writes by renaming spares it."""
    copy.unlink(missing_ok=True)
    try:
        os.link(file, copy, follow_symlinks=False)
    except OSError:
        copy.write_bytes(file.read_bytes())
        copy.chmod(stat.S_IMODE(file.stat().st_mode))


def _write_beside(target: Path, temporary: Path, data: bytes, *, synced: bool, runs: bool | None) -> None:
    try:
        mode = 0o777 if runs else 0o666
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            kept = _mode_kept(target, runs)
            if kept is not None:
                os.fchmod(descriptor, kept)
            if synced:
                os.fsync(descriptor)
    except OSError as error:  # named for the file that people know
        raise OSError(error.errno, error.strerror, str(target)) from error


def _mode_kept(target: Path, runs: bool | None) -> int | None:
    """Return the mode that a file keeps; None where there is none yet, or whether it may be run changes."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return None
    return stat.S_IMODE(mode) if runs in (None, bool(mode & stat.S_IXUSR)) else None


def _missing_folders(repo: Repo, files: Mapping[str, bytes | None]) -> list[str]:
    wanted = {
        folder.as_posix()
        for path, data in files.items()
        if data is not None
        for folder in list(Path(path).parents)[:-1]
        if not (repo.root / folder).is_dir()
    }
    return sorted(wanted, key=lambda folder: folder.count("/"))
