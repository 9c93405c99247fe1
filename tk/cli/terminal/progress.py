"""A progress bar on a terminal for what takes over a second; nothing in a pipe."""

import sys
from collections.abc import Callable
from time import monotonic

from tk.cli.terminal.screen import columns, is_terminal
from tk.cli.terminal.widths import cut, width
from tk.errors import Message
from tk.store.progress import Progress, unseen

PATIENCE = 1.0
"""Seconds without a bar."""

_LENGTH = 30


def bar(label: Message, clock: Callable[[], float] = monotonic) -> Progress:
    """Return what shows progress on stderr under `label`, as soon as it has taken longer than `PATIENCE`."""
    return _Bar(str(label), clock).told if is_terminal(sys.stdout) and is_terminal(sys.stderr) else unseen


class _Bar:
    """A bar that is drawn late and wiped out at the end.

    Unlike click's it leaves the cursor alone, which a command that is interrupted could not give back.
    """

    def __init__(self, label: str, clock: Callable[[], float]) -> None:
        self._label = label
        self._clock = clock
        self._started: float | None = None
        self._line = ""

    def told(self, done: int, total: int) -> None:
        """Take note that so much is done."""
        if self._started is None:
            self._started = self._clock()
        if done >= total:
            self._draw("")
            self._started = None
        elif self._clock() - self._started > PATIENCE:
            part = done * _LENGTH // total
            line = f"{self._label}  [{'#' * part}{'-' * (_LENGTH - part)}]  {done * 100 // total}%"
            self._draw(cut(line, columns(sys.stderr) - 1))

    def _draw(self, line: str) -> None:
        """Write `line` over the one before; the cursor waits at its start for what comes next."""
        if line != self._line:
            sys.stderr.write(f"\r{line}{' ' * (width(self._line) - width(line))}\r")
            sys.stderr.flush()
            self._line = line
