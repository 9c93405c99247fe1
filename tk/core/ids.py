"""Ids of tickets and events, and the abbreviations that people type for them (design, section 2).

A ticket's id is `PREFIX-YYMMDD-XXXXX`: the day of its creation and five characters of Crockford's base 32. Its path
follows from it. Chance is handed in as a number: the core draws none.
"""

import re
from datetime import date
from typing import NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

TAIL_LENGTH = 5
TAILS = 32**TAIL_LENGTH
"""How many ids a day has room for."""

_EVENT_LENGTH = 4
_CENTURY = 2000
_DAY = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,9}", re.ASCII)
_TAIL = re.compile(rf"[{ALPHABET}]{{{TAIL_LENGTH}}}")
_TAIL_BEGUN = re.compile(rf"[{ALPHABET}]{{0,{TAIL_LENGTH}}}")
_ID = re.compile(rf"[A-Z][A-Z0-9]{{0,9}}-{_DAY}-[{ALPHABET}]{{{TAIL_LENGTH}}}", re.ASCII)
_PATH = re.compile(r"tickets/20\d\d/\d\d/\d\d/([A-Z0-9-]+)\.md", re.ASCII)
_BEGUN_DAY = re.compile(r"[A-Z][A-Z0-9]{0,9}-\d{0,5}", re.ASCII)
_BEGUN_TAIL = re.compile(r"(?:([A-Z][A-Z0-9]{0,9})-)?(\d{6})(?:-([0-9A-Z]{0,5}))?", re.ASCII)
_LOOKALIKES = str.maketrans("OIL", "011")


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def tail_from(number: int) -> str:
    """Return the five characters that `number`, drawn at random below `TAILS`, stands for."""
    return _base32(number % TAILS, TAIL_LENGTH)


def event_id(number: int) -> str:
    """Return the event id that `number`, drawn at random, stands for: `e-` and four lower-case characters."""
    return "e-" + _base32(number % 32**_EVENT_LENGTH, _EVENT_LENGTH).lower()


def is_prefix(text: str) -> bool:
    """Return whether ids may begin with `text`: a capital letter and up to nine more or digits."""
    return _PREFIX.fullmatch(text) is not None


def make(prefix: str, day: date, tail: str) -> str:
    """Return the id of a ticket created on `day`; raise ValueError where one of the parts can be in no id."""
    if not is_prefix(prefix) or not _TAIL.fullmatch(tail) or day.year // 100 * 100 != _CENTURY:
        raise ValueError(f"{prefix}-{day}-{tail}")
    return f"{prefix}-{day:%y%m%d}-{tail}"


def is_id(text: str) -> bool:
    """Return whether `text` is a whole id as files hold it."""
    return _ID.fullmatch(text) is not None


def folder_of(ticket_id: str) -> str:
    """Return the folder of the ticket's attachments, relative to the desk's root."""
    day = ticket_id.rsplit("-", 2)[1]
    return f"tickets/20{day[:2]}/{day[2:4]}/{day[4:]}/{ticket_id}"


def day_of(ticket_id: str) -> date | None:
    """Return the day that an id says its ticket was created; None where the text is no id, or no such day was."""
    if not is_id(ticket_id):
        return None
    day = ticket_id.rsplit("-", 2)[1]
    try:
        return date(_CENTURY + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None


def path_of(ticket_id: str) -> str:
    """Return the path of the ticket's file, relative to the desk's root."""
    return folder_of(ticket_id) + ".md"


def id_of(path: str) -> str | None:
    """Return the id of the ticket that belongs at `path`; None where no ticket does."""
    match = _PATH.fullmatch(path)
    if match is None or not is_id(match[1]) or path_of(match[1]) != path:
        return None
    return match[1]


def owner_of(path: str) -> str | None:
    """Return the id of the ticket beside which the file at `path` lies; None where it lies beside none."""
    folder = path.rpartition("/")[0]
    number = folder.rpartition("/")[2]
    return number if is_id(number) and folder == folder_of(number) else None


class Abbreviation(NamedTuple):
    """A beginning of an id as typed, ready for a look-up.

    Either `id` is a beginning of the whole id, or `tail` one of its last part; both are empty where no id can match.
    `text` is what was typed, for aliases.
    """

    text: str
    id: str = ""
    tail: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole id: that one and no other."""
        return is_id(self.id)

    @property
    def span(self) -> tuple[str, str]:
        """The range, lower end in and upper end out, in which the ids (or last parts) that it begins sort."""
        start = self.id or self.tail
        return start, start + "~"


def normalise(text: str, prefix: str) -> Abbreviation:
    """Return what `text` abbreviates on a desk whose ids begin with `prefix`.

    `7k3` begins a last part; `260812`, `260812-7k3`, `tk-2608`, `tk-260812-7` are more of the id. Either case will do,
    and in the last part O reads as 0, I and L as 1.
    """
    typed = text.strip()
    upper = typed.upper() if typed.isascii() else ""
    if len(upper) <= TAIL_LENGTH and _TAIL_BEGUN.fullmatch(upper.translate(_LOOKALIKES)):
        return Abbreviation(typed, tail=upper.translate(_LOOKALIKES))
    if _BEGUN_DAY.fullmatch(upper):
        return Abbreviation(typed, upper)
    match = _BEGUN_TAIL.fullmatch(upper)
    if match is None:
        return Abbreviation(typed)
    day = f"{match[1] or prefix}-{match[2]}"
    if match[3] is None:
        return Abbreviation(typed, day)
    tail = match[3].translate(_LOOKALIKES)
    return Abbreviation(typed, f"{day}-{tail}") if _TAIL_BEGUN.fullmatch(tail) else Abbreviation(typed)


def matches(abbreviation: Abbreviation, ticket_id: str) -> bool:
    """Return whether `ticket_id` begins as `abbreviation` says."""
    if abbreviation.id:
        return ticket_id.startswith(abbreviation.id)
    return bool(abbreviation.tail) and ticket_id.rpartition("-")[2].startswith(abbreviation.tail)


def is_ticket_path(path: str) -> bool:
    """Return whether the file at `path` of a desk is a ticket: `.md` below `tickets/`, not among attachments."""
    *folders, name = path.split("/")
    if not folders or folders[0] != "tickets" or not name.endswith(".md") or name.startswith("."):
        return False
    return not any(is_id(folder) or folder.startswith(".") for folder in folders)
