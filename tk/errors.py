"""Why a command stops: each class carries its data, writes its own sentence, knows its exit status.

Exit status 1 means that the answer is no; 2 means wrong usage or a broken environment (design, section 1, principle 8).
Findings in the data are values (`tk.core.finding`), never exceptions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar, NamedTuple

_translation: ContextVar[Callable[[str], str]] = ContextVar("translation", default=str)


@contextmanager
def translated(translate: Callable[[str], str]) -> Iterator[None]:
    """Have every message in the block written as `translate` returns its template."""
    token = _translation.set(translate)
    try:
        yield
    finally:
        _translation.reset(token)


def translation() -> Callable[[str], str]:
    """Return what translates templates now; `str` itself where nothing does."""
    return _translation.get()


class Message(NamedTuple):
    """A sentence for people: an English template, the key of the catalogue, and the values that fill it."""

    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        """Return the sentence, in English unless it is `translated`."""
        return _translation.get()(self.template).format_map(self.values)


def say(template: str, **values: object) -> Message:
    """Return the message that `template` makes with `values`; the template is what translators see."""
    return Message(template, values)


class TkError(Exception):
    """A command cannot go on; `message` says what and where, `hint` what to do next."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 2

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint

    def told(self) -> dict[str, str | None]:
        """Return the refusal as programs read it with `--json` (design, section 4)."""
        return {
            "error": self.code,
            "message": str(self.message),
            "hint": None if self.hint is None else str(self.hint),
        }


class NotADesk(TkError):
    """No tk.toml here or above, or the desk lies outside any git repository."""

    code = "not-a-desk"


class GitFailed(TkError):
    """git is missing, too old, or refused what was asked of it."""

    code = "git"


class NoIdentity(TkError):
    """git does not know who is acting."""

    code = "no-identity"


class WrongUsage(TkError):
    """An argument names something the desk does not have, or has no meaning."""

    code = "usage"


class PolicyBroken(TkError):
    """tk.toml cannot be used for a change; reading still works."""

    code = "policy"


class Busy(TkError):
    """Another process holds a lock, or git is in the middle of a merge, rebase or cherry-pick."""

    code = "busy"


class DiskFailed(TkError):
    """The disk refused a read or a write; nothing was changed."""

    code = "disk"


class UnknownTicket(TkError):
    """No ticket answers to that id."""

    code = "unknown-ticket"
    exit_status = 1


class AmbiguousTicket(TkError):
    """Several tickets begin with what was given."""

    code = "ambiguous-ticket"
    exit_status = 1


class UnreadableTicket(TkError):
    """The ticket's file cannot be read well enough to change it."""

    code = "unreadable-ticket"
    exit_status = 1


class FileChanged(TkError):
    """A file changed on disk after it was read; it was not overwritten."""

    code = "file-changed"
    exit_status = 1


class Refused(TkError):
    """The law does not allow the change; `code` names the kind of rule that said no."""

    exit_status = 1

    def __init__(self, code: str, message: Message, hint: Message | None = None) -> None:
        super().__init__(message, hint)
        self.refusal_code = code

    def told(self) -> dict[str, str | None]:
        """Return the refusal under the code of the rule that said no."""
        return {**super().told(), "error": self.refusal_code}
