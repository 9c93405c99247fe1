"""The head of a commit as git keeps it: that it names one author, and that it does not come from the future.

The author's date says when what a commit did was done, and the law goes by it. It may lie before the committer's, as
after a rebase, and never behind it, nor behind the instant at which somebody looks, by more than clocks differ.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from tk.core.instant import LATE_ENTRY, format_instant
from tk.errors import Message, say

_IDENT = rb"[^<>\n\0]*<[^<>\n\0]*> (\d{1,12}) ([+-])((?:[01]\d|2[0-3])[0-5]\d)"
_HEAD = re.compile(
    rb"tree [0-9a-f]+\n(?:parent [0-9a-f]+\n)*author " + _IDENT + rb"\ncommitter " + _IDENT + rb"\n"
    rb"(?:(?!(?:tree|parent|author|committer) )[^\n]+\n)*(?:\n|\Z)"
)
_LAST = 253402300799 - 86400
"""The last second, in whatever zone, of the last year that a calendar has."""


class Doubt(NamedTuple):
    """What is wrong with the head of a commit: a finding's code and sentence."""

    code: str
    message: Message


def doubt(content: bytes, now: datetime) -> Doubt | None:
    """Return what is wrong with the head of a commit, `content` being its object, looked at `now`; None for nothing."""
    head = _HEAD.match(content)
    if head is None:
        message = say("its object is not as git writes commits: one author and one committer, each with a date")
        return Doubt("malformed", message)
    done, committed = int(head[1]), int(head[4])
    if max(done, committed) > _LAST:
        return Doubt("malformed", say("it bears a date that no calendar has"))
    at, made = _instant(head[1], head[2] + head[3]), _instant(head[4], head[5] + head[6])
    if at - made > LATE_ENTRY:
        shown = {"at": format_instant(at), "committed": format_instant(made)}
        return Doubt("postdated", say("its author's date is {at}, and it was committed at {committed}", **shown))
    if at - now > LATE_ENTRY:
        return Doubt("postdated", say("its author's date, {at}, is yet to come", at=format_instant(at)))
    return None


def _instant(seconds: bytes, offset: bytes) -> datetime:
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
    return datetime.fromtimestamp(int(seconds), timezone(-ahead if offset.startswith(b"-") else ahead))
