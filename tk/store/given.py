"""Files that people hand to a command: read as they are, and only what is a file."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from tk.core.reasons import of_system
from tk.errors import DiskFailed, WrongUsage, say


def read_given(folder: Path, name: str, most: int | None = None) -> bytes:
    """Return what stands in the file that `name` names from `folder`; no more than one byte over `most` is read.

    Raises:
        WrongUsage: there is no such file, or it is a folder, a symbolic link, a pipe or the like.
        DiskFailed: it cannot be read.
    """
    try:
        # without waiting: a named pipe would never answer
        descriptor = os.open(Path(folder, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb", closefd=True) as source:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise WrongUsage(say("{file} is no ordinary file", file=name), say("attach the files themselves"))
            return source.read(-1 if most is None else most + 1)
    except IsADirectoryError:
        raise WrongUsage(say("{file} is a folder", file=name), say("name the files in it")) from None
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a name with a NUL is none
        raise WrongUsage(say("{file}: there is no such file", file=name)) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise WrongUsage(say("{file} is a symbolic link", file=name), say("name the file it leads to")) from None
        if error.errno == errno.ENXIO:
            raise WrongUsage(say("{file} is no ordinary file", file=name)) from None
        raise DiskFailed(say("{file}: {reason}", file=name, reason=of_system(error))) from error


def write_given(folder: Path, name: str, data: bytes) -> None:
    """Write the file that `name` names from `folder`, whole or not at all; what stands there is replaced.

    A folder that is missing on the way is made.

    Raises:
        WrongUsage: it is no ordinary file.
        DiskFailed: it cannot be written.
    """
    target = Path(folder, name)
    if target.exists() and not target.is_file():
        raise WrongUsage(say("{file} is no ordinary file", file=name))
    temporary = target.with_name(f".{target.name}.tk-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise DiskFailed(say("{file}: {reason}", file=name, reason=of_system(error))) from error
