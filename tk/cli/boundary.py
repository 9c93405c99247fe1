"""The one place where a command that cannot go on becomes a sentence on stderr and an exit status.

Whoever closes the pipe early (`tk list | head -1`) ends the command quietly with 141, as git does.
"""

import io
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

import click
from click.exceptions import Abort, Exit, NoArgsIsHelpError, NoSuchOption

from tk.cli.group import tk
from tk.cli.language import chosen, in_language, speaking
from tk.cli.opening import opening
from tk.cli.terminal.safe import safe, shown
from tk.cli.terminal.screen import columns, is_terminal
from tk.errors import DiskFailed, TkError, WrongUsage, say

INTERRUPTED = 130
"""The exit status after control-C, as shells count it: 128 and the signal's number."""

PIPE_CLOSED = 141
"""The exit status when the reader of stdout has gone: 128 and SIGPIPE, as git's."""

_WIDEST = 100
"""Help is not set wider than this: longer lines are hard to read."""


class InternalError(TkError):
    """tk itself is at fault."""

    code = "internal"


class Misused(WrongUsage):
    """Arguments that click could not make sense of; `usage` is the command's usage line."""

    def __init__(self, error: click.UsageError) -> None:
        text = error.format_message()
        hint = None
        if isinstance(error, NoSuchOption):
            text = str(say("there is no option {name}", name=error.option_name))
            hint = say("did you mean {near}?", near=error.possibilities[0]) if error.possibilities else None
        if hint is None and error.ctx is not None:
            hint = say("`{command} --help` shows how", command=error.ctx.command_path)
        super().__init__(say("{sentence}", sentence=_began_small(text).removesuffix(".")), hint)
        self.usage = "" if error.ctx is None else _began_small(error.ctx.get_usage())


def run(argv: Sequence[str], started: object = None) -> int:
    """Run the command in `argv` and return its exit status; what stops it is told on stderr, never raised.

    `started` is what `tk.cli.main.early` has under way for the command.
    """
    steps, _, lang = opening(argv)
    with speaking(chosen(lang, steps)):
        try:
            status = _invoke(list(argv), started)
            if sys.stdout is not None:
                sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:
            return _answer(error, wants_json(argv))
        return status


def use_streams() -> None:
    """Make the process's streams fit for any text: UTF-8 in a pipe, and no failure over a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if is_terminal(stream) else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def wants_json(argv: Sequence[str]) -> bool:
    """Return whether a program reads the answer: asked of the words, as the command may not even parse."""
    words = list(argv)
    words = words[: words.index("--")] if "--" in words else words
    forms = {after for word, after in pairwise(words) if word == "--format"}
    forms |= {word.removeprefix("--format=") for word in words if word.startswith("--format=")}
    return "--json" in words or not forms.isdisjoint({"json", "ndjson"})


def _invoke(argv: list[str], started: object) -> int:
    """Run the command; it returns its exit status, or None for 0."""
    if "_TK_COMPLETE" in os.environ:
        from tk.cli.completing.shells import answer  # the shell asks what could come next

        return answer(in_language(tk), os.environ["_TK_COMPLETE"])
    try:
        with in_language(tk).make_context(
            "tk", argv, obj=started, terminal_width=min(columns(sys.stdout), _WIDEST)
        ) as context:
            status: object = context.command.invoke(context)
    except Exit as end:
        return end.exit_code
    return status if isinstance(status, int) else 0


def _answer(error: BaseException, as_json: bool) -> int:
    """Tell what stopped the command and return the exit status."""
    match error:
        case KeyboardInterrupt() | Abort():
            _tell("tk: " + str(say("interrupted")))
            return INTERRUPTED
        case BrokenPipeError():
            _drop_stdout()
            return PIPE_CLOSED
        case NoArgsIsHelpError():
            _tell(error.format_message())
            return WrongUsage.exit_status
    refusal = _refusal(error)
    _tell(_as_json(refusal) if as_json else _as_text(refusal))
    return refusal.exit_status


def _refusal(error: BaseException) -> TkError:
    """Return the refusal that stands for whatever was raised."""
    match error:
        case TkError():
            return error
        case click.UsageError():
            return Misused(error)
        case click.ClickException():
            return WrongUsage(say("{sentence}", sentence=error.format_message()))
        case OSError():
            from tk.core.reasons import of_system  # nobody else needs it

            _drop_stdout()
            where = say("cannot read or write") if error.filename is None else error.filename
            return DiskFailed(say("{where}: {reason}", where=where, reason=of_system(error)))
    if os.environ.get("TK_DEBUG"):
        import traceback  # only a fault of our own pays for it

        traceback.print_exception(error)
    fault = f"{type(error).__name__}: {error}".removesuffix(": ")
    return InternalError(
        say("internal error: {fault}", fault=fault),
        say("this is a fault in tk: please report it; with TK_DEBUG=1 set, tk shows where it happened"),
    )


def _began_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _as_text(refusal: TkError) -> str:
    lines = [f"tk: {refusal.message}"]
    if isinstance(refusal, Misused) and refusal.usage:
        lines.append(refusal.usage)
    if refusal.hint is not None:
        name = say("hint")
        lines += [f"{name}: {line}" for line in str(refusal.hint).splitlines()]
    return "\n".join(lines)


def _as_json(refusal: TkError) -> str:
    from tk.cli.output.render import to_json  # most refusals are for people

    return to_json(refusal.told())


def _tell(text: str) -> None:
    """Write to stderr, which may be gone as well."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(shown(safe(text)) + "\n")
            sys.stderr.flush()
    except OSError:
        return


def _drop_stdout() -> None:
    """Send what stdout may still hold nowhere, or Python would fail on it once more at its end."""
    stream = sys.__stdout__
    if stream is None or sys.stdout is not stream:
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
