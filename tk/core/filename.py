"""Names of attached files, such as every system can store: a stranger's name for one must act on nobody's machine."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from tk.core.text import one_line

LONGEST = 120
"""How many bytes of UTF-8 a name may have: with a folder before it, it must fit where paths are short."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
"""What names on Windows may not have, with what parts a path."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
"""Names of devices on Windows, whatever follows the first dot."""

_LONGEST_ENDING = 16
_NAMELESS = "attachment"


def safe_name(text: str) -> str:
    """Return `text` as a file's name: its last part, without what a shell, a terminal or a file system would obey."""
    name = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _FORBIDDEN.sub("_", one_line(unicodedata.normalize("NFC", name)))
    name = _trimmed(name)
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name, LONGEST) or _NAMELESS


def is_safe(name: str) -> bool:
    """Return whether a file may be attached under `name` as it is."""
    return safe_name(name) == name


@lru_cache(maxsize=1 << 14)
def sameness(name: str) -> str:
    """Return what two names have in common that some file systems take for one."""
    return unicodedata.normalize("NFC", name).casefold()


def free_name(name: str, taken: Collection[str]) -> str:
    """Return `name`, or the first of `name-2`, `name-3` … that is like none of `taken`."""
    held = {sameness(other) for other in taken}
    stem, ending = _parts(name)
    found, number = name, 1
    while sameness(found) in held:
        number += 1
        tail = f"-{number}{ending}"
        found = _cut(stem, LONGEST - len(tail.encode())) + tail
    return found


def _trimmed(name: str) -> str:
    return name.lstrip(".- ").rstrip(". ")


def _shortened(name: str, longest: int) -> str:
    if len(name.encode()) <= longest:
        return name
    stem, ending = _parts(name)
    return _trimmed(_cut(stem, longest - len(ending.encode())) + ending)


def _parts(name: str) -> tuple[str, str]:
    """Return a name's stem and its ending, dot included; "" where it has none worth keeping."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) < _LONGEST_ENDING else (name, "")


def _cut(text: str, longest: int) -> str:
    return text.encode()[:longest].decode(errors="ignore").rstrip(". ")
