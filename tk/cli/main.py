"""The entry point `tk`: what must happen before click is imported, and then the rest of the command line."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

_SELDOM = 100_000
"""How many more objects there are before Python looks for rings of them to free: imports make many, and no rings."""


def main() -> NoReturn:
    """Run the command that the process was started with, and end the process with its exit status."""
    gc.set_threshold(_SELDOM)
    argv = sys.argv[1:]
    try:
        started = early(argv)
        from tk.cli.boundary import run, use_streams  # and click with it, while what was started runs

        use_streams()
        status = run(argv, started)
        if sys.stderr is not None:
            sys.stderr.flush()
    except KeyboardInterrupt:
        status = 130  # as `boundary.INTERRUPTED`, which may not have been reached
    except OSError:  # nobody hears stderr any more
        status = 2
    # The result is out, and files were closed by who opened them: let nobody wait while Python tidies up its modules.
    os._exit(status)


def early(argv: Sequence[str]) -> object:
    """Start what can run beside the imports: for `tk list`, `tk sweep` and so on, git's look at what was edited.

    The command finds it as `App.started`. What goes wrong here is met again by the command itself, which says so.
    """
    from tk.cli.opening import opening

    steps, word, _ = opening(argv)
    if (
        word not in {"list", "search", "agenda", "sweep", ""}
        or "_TK_COMPLETE" in os.environ
        or any(map(_asks_no_files, argv))
    ):
        return None
    from pathlib import Path

    from tk.errors import TkError
    from tk.store import index_changes, repo

    try:
        found = repo.find(Path().joinpath(*steps))
        # What an interrupted command left is put right first, and git would look at it meanwhile.
        return None if found.journal.exists() else index_changes.begin(found)
    except (TkError, OSError):
        return None


def _asks_no_files(word: str) -> bool:
    """Return whether the word means that the files as they are do not matter: it asks for help, or for the past."""
    return word in {"-h", "--help", "--at"} or word.startswith("--at=")
