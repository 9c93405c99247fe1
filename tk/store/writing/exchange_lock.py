"""One exchange with a remote at a time: the lock of `tk sync`, kept after a kill until its last git has ended.

Other commands go on meanwhile: only what changes the desk itself takes tk's own lock.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tk import errors
from tk.errors import Busy, Message
from tk.store.repo import Repo
from tk.store.writing import lock


@contextmanager
def held(repo: Repo, say: Callable[[Message], None]) -> Iterator[float | None]:
    """Hold the lock; raise Busy when another has it for long.

    Gives when an earlier exchange began that was killed, by the file system's clock in seconds; None where none was.
    """
    repo.state.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(repo.state / "sync", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    os.set_inheritable(descriptor, True)
    try:
        _take(descriptor, say)
        found = os.fstat(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"under way\n", 0)
        yield found.st_mtime if found.st_size else None
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, say: Callable[[Message], None]) -> None:
    started, told = time.monotonic(), False
    for pause in lock.pauses():
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - started
        else:
            return
        if waited > lock.WAIT:
            raise Busy(
                errors.say("another tk sync has been under way here for long"), errors.say("wait until it has ended")
            )
        if waited > lock.SILENT and not told:
            say(errors.say("waiting for another tk sync …"))
            told = True
        time.sleep(pause)
