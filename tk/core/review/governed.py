"""Templates and registers: which files of a desk go by the right to `policy`, and what is wrong with them."""

import re
from collections.abc import Callable, Iterator

from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.review.places import alike
from tk.errors import say

POLICY = "tk.toml"

FOLDERS = ("templates/", "registers/")
"""The folders that only those who may do `policy` change, as they do tk.toml."""


TEMPLATES, ENDING = "templates", ".txt.j2"
"""Where a letter's template lies: `templates/LANGUAGE/NAME.txt.j2`."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)


def is_governed(path: str) -> bool:
    """Return whether only who may do `policy` changes what is at `path`, or at what some disks take it for."""
    whole = alike(path)
    return whole == POLICY or f"{whole}/".startswith(FOLDERS)


def is_language(folder: str) -> bool:
    """Return whether a folder of templates is called as languages are."""
    return _LANGUAGE.fullmatch(folder) is not None


def letter_at(path: str) -> str | None:
    """Return the name of the letter whose template lies at `path`; None where none does."""
    folder, _, rest = path.partition("/")
    language, _, file = rest.partition("/")
    is_one = folder == TEMPLATES and is_language(language) and file.endswith(ENDING) and "/" not in file
    return file.removesuffix(ENDING) if is_one else None


def check_letters(policy: Policy, is_there: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield the notices whose letter has no template; `is_there` tells of a letter's name whether some language has."""
    for notice in policy.notices:
        if not is_there(notice.template):
            file = f"{TEMPLATES}/{policy.desk.own_language}/{notice.template}{ENDING}"
            message = say("[[notify]] {name} needs a template that is not there: {file}", name=notice.key, file=file)
            yield Finding(POLICY, notice.line, 1, "missing-template", "error", message)


def first_change(before: bytes | None, after: bytes | None) -> int:
    """Return the first line, from 1, that `after` has otherwise than `before`."""
    lines = [(data or b"").splitlines() for data in (before, after)]
    same = (number for number, (old, new) in enumerate(zip(*lines, strict=False), 1) if old != new)
    return next(same, min(map(len, lines)) + 1)


def check_text(path: str, data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with the file at `path` as a text: it is UTF-8, without control characters."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        shown = f"0x{data[error.start]:02X}"
        message = say("the byte {byte} here is no UTF-8; save the file as UTF-8", byte=shown)
        yield Finding(path, data.count(b"\n", 0, error.start) + 1, 1, "encoding", "error", message)
        return
    control = next((place for place, letter in enumerate(text) if letter < " " and letter not in "\t\n\r\f"), None)
    if control is not None:
        message = say("the control character {code} has no place in a text", code=f"U+{ord(text[control]):04X}")
        yield Finding(path, text.count("\n", 0, control) + 1, 1, "bad-value", "error", message)
