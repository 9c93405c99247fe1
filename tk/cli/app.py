"""What a command has at hand: the folder it was started for, the clock, and the streams."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import click

from tk.cli.terminal.progress import bar
from tk.cli.terminal.safe import is_ci, safe, shown
from tk.cli.terminal.screen import columns, is_terminal
from tk.core.instant import parse_instant
from tk.errors import DiskFailed, Message, NotADesk, WrongUsage, say
from tk.store.desk import Desk, open_desk


class Held(NamedTuple):
    """What a command has printed and said that nobody has seen yet."""

    result: list[str]
    remarks: list[Message]


class App:
    """One run of `tk`: everything a command knows of the world outside its arguments.

    `folder` is the absolute folder that the command was started for, by `-C` or by where the user stands;
    `started` is what `tk.cli.main.early` has under way for it, None where there is nothing; `language` the one that
    `--lang` asks for, None where the desk's own will do; `pages` tells whether a pager may show what is long.
    """

    def __init__(
        self, folder: Path, started: object = None, language: str | None = None, *, pages: bool = True
    ) -> None:
        self.folder = folder
        self.started = started
        self.language = language
        self.pages = pages
        self._held: Held | None = None

    @cached_property
    def desk(self) -> Desk:
        """The desk that the folder lies in, put right if a command was interrupted there; raises NotADesk."""
        return self._opened(former=False)

    @cached_property
    def former_desk(self) -> Desk:
        """The desk or, where its tk.toml was removed, the one that was there: for who asks what commits hold."""
        try:
            return self.desk
        except NotADesk:
            return self._opened(former=True)

    def _opened(self, *, former: bool) -> Desk:
        return open_desk(self.folder, self.now, self.say, self.language, bar(say("reading")), former=former)

    @cached_property
    def now(self) -> datetime:
        """The instant of this run in whole seconds, read once: `TK_NOW` where it is set, else the clock."""
        text = os.environ.get("TK_NOW")
        if not text:
            return datetime.now().astimezone().replace(microsecond=0)
        try:
            return parse_instant(text)
        except ValueError:
            raise WrongUsage(
                say("TK_NOW is {text!r}, which is not an instant", text=text),
                say("write it as 2026-08-12T09:14:03-05:00, with its offset, or unset it"),
            ) from None

    @property
    def is_simulated(self) -> bool:
        """Whether `TK_NOW` sets the time: then it dates the commits too."""
        return bool(os.environ.get("TK_NOW"))

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads stdout."""
        return is_terminal(sys.stdout)

    @property
    def is_colored(self) -> bool:
        """Whether stdout may carry colours: a terminal that can show them, and a person who wants them."""
        return self.is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def draws(self) -> bool:
        """Whether stdout can show any letter, bullet or line."""
        return sys.stdout is not None and (sys.stdout.encoding or "").lower() in {"utf-8", "utf8"}

    @property
    def width(self) -> int:
        """How many columns the terminal has."""
        return columns(sys.stdout)

    def styled(self, text: str, color: str | None = None, *, bold: bool = False) -> str:
        """Return `text` in a colour where colours may be used, else as it is."""
        return click.style(text, fg=color, bold=bold or None) if self.is_colored else text

    def out(self, text: str) -> None:
        """Write a line (or lines) of the result to stdout; ticket text in it has gone through `tk.cli.terminal.safe`.

        A runner of CI reads what it is shown for commands, and finds none.
        """
        line = shown(text) + "\n"
        if self._held is None:
            self.write(line)
        else:
            self._held.result.append(line)

    def write(self, text: str) -> None:
        """Write text to stdout at once."""
        if sys.stdout is None:
            raise DiskFailed(say("cannot write the result: standard output is closed"))
        sys.stdout.write(text)

    def write_document(self, text: str, calm: Callable[[str], str] = safe) -> None:
        """Write text for a program as it is; on a terminal, and in the log of a runner of CI, as `calm`."""
        is_read = self.is_terminal or is_ci()
        self.write(shown(calm(text.replace("\r\n", "\n"))) if is_read else text)

    def write_bytes(self, data: bytes) -> None:
        """Write a picture or a page to stdout as it is."""
        self.write("")
        assert sys.stdout is not None
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def say(self, remark: Message) -> None:
        """Write a remark for people to stderr, behind what stdout has been told so far."""
        if self._held is not None and self._held.result:
            self._held.remarks.append(remark)
            return
        if sys.stdout is not None:
            sys.stdout.flush()
        if sys.stderr is not None:
            sys.stderr.write(shown(safe(str(remark))) + "\n")

    @contextmanager
    def holding(self) -> Iterator[Held]:
        """Hold back the result, and what is said after it, instead of writing it."""
        self._held = Held([], [])
        try:
            yield self._held
        finally:
            self._held = None


pass_app = click.make_pass_decorator(App)
"""Hand the `App` to a command as its first argument."""


def start_folder(steps: tuple[str, ...]) -> Path:
    """Return the folder that the `-C` options lead to, each from the one before, beginning where the user stands."""
    try:
        folder = Path.cwd()
    except FileNotFoundError:
        raise DiskFailed(say("the folder you are in no longer exists"), say("change to another folder")) from None
    for step in steps:
        folder /= step
        if not folder.is_dir():
            raise WrongUsage(say("-C {step}: there is no such folder", step=step))
    return folder
