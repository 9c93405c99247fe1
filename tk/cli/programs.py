"""The user's own programs, found and started as git would: the editor and the pager.

Both belong to the person at the terminal, so that this module stands beside git's door (`tk.store.git`) as the only
other one that starts processes.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from tk.errors import Message, TkError, say
from tk.store import git

_SHELL = "sh"
_PAGER_SETTINGS = {"LESS": "FRX", "LV": "-c"}
"""What git sets for a pager where the user has not."""


class EditorFailed(TkError):
    """There is no editor, or it could not do its work."""

    code = "editor"


def edit(place: Path, file: Path) -> None:
    """Let the person edit `file`, and wait until the editor is closed.

    The editor is the first of `GIT_EDITOR`, git's `core.editor`, `VISUAL` and `EDITOR`, else vi.

    Raises:
        EditorFailed: there is none, or it ended with an error.
    """
    command, reason = _variable(place, "GIT_EDITOR")
    hint = say('set EDITOR, or: git config --global core.editor "nano"')
    if not command:
        raise EditorFailed(say("git knows no editor to use: {reason}", reason=reason), hint)
    with _patient():
        done = subprocess.run([_SHELL, "-c", f'{command} "$@"', command, str(file)], check=False)
    if done.returncode != 0:
        message = say("the editor {command} ended with an error ({status})", command=command, status=done.returncode)
        raise EditorFailed(message, hint if done.returncode == 127 else None)


def page(place: Path, text: str, encoding: str) -> bool:
    """Show `text` in the person's pager until it is closed; return whether there was one.

    The pager is the first of `GIT_PAGER`, git's `core.pager`, `PAGER`, else less; `cat` stands for none.
    """
    command, _ = _variable(place, "GIT_PAGER")
    if command in {"", "cat"}:
        return False
    with _patient():
        pager = subprocess.Popen([_SHELL, "-c", command], stdin=subprocess.PIPE, env={**_PAGER_SETTINGS, **os.environ})
        with suppress(BrokenPipeError):  # who closes it early has seen enough
            pager.communicate(text.encode(encoding, "backslashreplace"))
        return pager.wait() not in {126, 127}  # what the shell says of a program that it cannot start


def _variable(place: Path, name: str) -> tuple[str, Message]:
    """Return what git says of a program's variable, and why where that is nothing."""
    told = {name: os.environ[name]} if name in os.environ else {}
    # tk's own git runs without a pager, and would answer so: -p takes that back
    answer = git.run(place, "-p", "var", name, env=told, check=False)
    return answer.out.decode("utf-8", "surrogateescape").strip(), answer.reason


@contextmanager
def _patient() -> Iterator[None]:
    """Leave control-C to the program at the terminal; it starts without this handler."""
    try:
        before = signal.signal(signal.SIGINT, _nothing)
    except ValueError:  # not in the main thread, where no control-C arrives
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _nothing(_: int, __: FrameType | None) -> None:
    """Do nothing about a signal."""
