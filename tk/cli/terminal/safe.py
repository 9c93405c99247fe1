"""Text from tickets made safe to print: nothing in it may act on the reader's terminal or reorder what they see.

Whoever can open a ticket could otherwise send an escape sequence to everybody who lists it. JSON has escapes of its own
and loses nothing (`json_safe`).
"""

import os
import re

_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
"""Controls but tab and newline, line and paragraph separators, what overrides direction, lone surrogates.

Compiled when a text needs it: one that can be printed does not."""

_RUNNER = re.compile(r"##(?=[A-Za-z]*\[)|^([^\S\n]*):(?=:)", re.MULTILINE)
"""What runners of CI take for a command: `::name` at the start of a line, `##[name]` or `##vso[name]` anywhere."""

_SPACE = re.compile(r"[\t-\r\x85\u2028\u2029]+")


def safe(text: str) -> str:
    """Return `text`, lines kept, with every character that a terminal might obey written out, as repr() does."""
    return text if text.isprintable() else re.sub(_UNSAFE, _visible, text)


def cell(text: str) -> str:
    """Return `text` safe and on one line: tabs and line ends become a space."""
    return text if text.isprintable() else safe(_SPACE.sub(" ", text))


def inert(text: str) -> str:
    """Return `text` so that no runner of CI finds a command in it: `: :name`, `# #[name]`."""
    return _RUNNER.sub(lambda found: "# #" if found[1] is None else f"{found[1]}: ", text)


def is_ci() -> bool:
    """Return whether a runner of CI reads what is printed."""
    return bool(os.environ.get("CI"))


def shown(text: str) -> str:
    """Return what is to be printed: as it is, but `inert` where a runner of CI reads along."""
    return inert(text) if is_ci() else text


def json_safe(document: str) -> str:
    """Return a JSON document that says the same and holds nothing that a terminal, or a runner of CI, might obey."""
    calm = re.sub(_UNSAFE, lambda found: f"\\u{ord(found[0]):04x}", document)
    return _RUNNER.sub(lambda found: "#\\u0023" if found[1] is None else found[0], calm)


def _visible(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
