"""Templates and registers: which files of a desk go by the right to `policy`, and what is wrong with one by itself."""

from collections.abc import Iterator

from tk.core.finding import Finding
from tk.core.review.places import alike
from tk.errors import say

POLICY = "tk.toml"

FOLDERS = ("templates/", "registers/")
"""The folders that only those who may do `policy` change, as they do tk.toml."""


def is_governed(path: str) -> bool:
    """Return whether only who may do `policy` changes what is at `path`, or at what some disks take it for."""
    whole = alike(path)
    return whole == POLICY or f"{whole}/".startswith(FOLDERS)


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
