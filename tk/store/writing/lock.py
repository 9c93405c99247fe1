"""The two locks of a writing command: tk's own, so that one command writes at a time, and git's, on the index.

Tk's is an flock on `state/lock`. Its descriptor is inheritable: should tk be killed, the lock stays until the last git
it had started has ended, and nobody puts the desk right under the feet of a git that is still at work.

Git's is the file `index.lock`, which carries no name. Ours is a second name (a hard link) of a private file in
`state/`: while the private name is there, its inode cannot be given to another file, so that an `index.lock` with the
same inode is ours beyond doubt, and one with another inode is never removed.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tk import errors
from tk.errors import Busy, Message
from tk.store.repo import Repo

WAIT = 60.0
"""How long a command waits for another tk, in seconds."""
SILENT = 2.0
"""How long it waits without a word."""
INDEX_WAIT = 5.0
"""How long it waits for an index lock that is not ours."""

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV, errno.EMLINK, errno.EACCES}


@contextmanager
def held(repo: Repo, say: Callable[[Message], None]) -> Iterator[None]:
    """Hold tk's lock on the desk; raise Busy when another tk keeps it for longer than `WAIT`."""
    descriptor = _open(repo)
    try:
        started, told = time.monotonic(), False
        for pause in pauses():
            if _take(descriptor):
                break
            waited = time.monotonic() - started
            if waited > WAIT:
                raise Busy(
                    errors.say("another tk (process {pid}) has been at work on this desk for long", pid=_holder(repo)),
                    errors.say("wait until it has ended, or end it; what it was doing is then put right by itself"),
                )
            if waited > SILENT and not told:
                say(errors.say("waiting for another tk (process {pid}) …", pid=_holder(repo)))
                told = True
            time.sleep(pause)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held_if_free(repo: Repo) -> Iterator[bool]:
    """Hold tk's lock on the desk if nobody else does, and say whether."""
    descriptor = _open(repo)
    try:
        yield _take(descriptor)
    finally:
        os.close(descriptor)


def pauses() -> Iterator[float]:
    """Yield ever longer waits between two tries, in seconds."""
    pause = 0.002
    while True:
        yield pause
        pause = min(pause * 1.5, 0.05)


def make_mark(repo: Repo) -> tuple[int, int]:
    """Make the private file that will be our index lock, and return its device and inode for the journal."""
    private = _private(repo)
    private.unlink(missing_ok=True)
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return found.st_dev, found.st_ino


def take_index(repo: Repo, mark: tuple[int, int], *, wait: float | None = None) -> tuple[int, int]:
    """Take git's lock on the index, and return its device and inode: `mark`, or another where no link could be made.

    Raise Busy when a lock that is not ours stays for `wait` seconds (`INDEX_WAIT` unless told).
    """
    until = time.monotonic() + (INDEX_WAIT if wait is None else wait)
    for pause in pauses():
        try:
            return _link_index(repo, mark)
        except FileExistsError:
            if owns_index(repo, mark):
                return mark
            if time.monotonic() > until:
                raise Busy(
                    errors.say("{file} exists: another git command is at work here, or was killed", file=_shown(repo)),
                    errors.say("remove it by hand only when no git is running in this repository"),
                ) from None
            time.sleep(pause)
    return mark


def owns_index(repo: Repo, mark: tuple[int, int] | None) -> bool:
    """Whether the index lock that is there is ours: our private file by another name, or the inode in the journal."""
    try:
        found = _shown(repo).stat()
    except FileNotFoundError:
        return False
    try:
        private = _private(repo).stat()
    except FileNotFoundError:
        return (found.st_dev, found.st_ino) == mark
    return os.path.samestat(found, private) or (found.st_dev, found.st_ino) == mark


def drop_index(repo: Repo, mark: tuple[int, int] | None) -> None:
    """Give git's lock on the index back, if it is ours."""
    if owns_index(repo, mark):
        _shown(repo).unlink(missing_ok=True)


def drop_mark(repo: Repo) -> None:
    """Remove the private file, once no journal speaks of it."""
    _private(repo).unlink(missing_ok=True)


def _link_index(repo: Repo, mark: tuple[int, int]) -> tuple[int, int]:
    try:
        os.link(_private(repo), _shown(repo))
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        return mark
    # no hard links here: the inode goes into the journal right after the file is made
    descriptor = os.open(_shown(repo), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return found.st_dev, found.st_ino


def _private(repo: Repo) -> Path:
    return repo.state / "index-lock"


def _shown(repo: Repo) -> Path:
    return repo.git_dir / "index.lock"


def _open(repo: Repo) -> int:
    repo.state.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(repo.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    os.set_inheritable(descriptor, True)
    return descriptor


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return True


def _holder(repo: Repo) -> str:
    return (repo.state / "lock").read_text(encoding="ascii", errors="replace").strip() or "?"
