"""How tk writes one scalar of YAML: plain where every reader sees a string, else in double quotes as JSON has them.

The patterns are the grammar that the canonical scanner reads and the emitter writes, in text that is not `is_strange`:
to look for what is strange in each of them would take several times as long to compile, and each command pays for that.
"""

import re

from tk.core.text import BIDI

_OUTSIDE = f"\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff{BIDI}"
_STRANGE = rf"[\x00-\t\x0b-\x1f{_OUTSIDE}]"
_FIRST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~=<]"


def _plain(excluded: str) -> str:
    """Return the pattern of a plain scalar without the `excluded` characters: no `: `, no ` #`, no outer space."""
    rest = rf"[^\n:#{excluded}]*+"
    colon = rf":(?=[^ \n{excluded}])"
    return rf"-?{_FIRST}{rest}(?:(?:{colon}|(?<! )#){rest})*+(?<! )"


PLAIN = _plain("")
"""A plain scalar after `key: `, to the end of the line."""

FLOW_PLAIN = _plain(r",\[\]{}?")
"""A plain scalar inside a list or map on one line, where some readers end it at a question mark."""

QUOTED = r'"(?:[^"\\\n]|\\(?:["\\nrt]|u(?!d[89a-f])[0-9a-f]{4}))*+"'
"""A scalar in double quotes with the escapes that tk writes."""

KEY = r"\w[\w.-]{0,99}"
"""A key that the scanner reads."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that stand for no value."""

_WORD = re.compile(r"~|null|y|n|yes|no|true|false|on|off", re.IGNORECASE)
_NUMBER = re.compile(
    r"""[-+]?(?:
      0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-f_]+             # in base 2, 8, 16
    | [0-9][0-9_]*(?::[0-9_]*)+(?:\.[0-9_]*)?          # in base 60
    | (?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:e[-+]?[0-9]*)?
    | \.(?:inf|nan)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?", re.DOTALL)
_PLAIN = re.compile(PLAIN)
_FLOW_PLAIN = re.compile(FLOW_PLAIN)
_KEY = re.compile(r"[^\W\d_][\w-]{0,99}")
_TO_ESCAPE = rf'["\\\x00-\x1f{_OUTSIDE}]'
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG = {"n": "\n", "r": "\r", "t": "\t"}


def is_strange(text: str) -> bool:
    """Return whether `text`, line ends aside, holds what is only written as an escape: controls, marks."""
    # nearly every text can be printed, which is quickly asked
    return not text.replace("\n", "").isprintable() and re.search(_STRANGE, text) is not None


def looks_typed(text: str) -> bool:
    """Return whether a reader of YAML 1.1 or 1.2 takes the plain `text` for a number, flag, date or nothing."""
    return bool(text in NULLS or _WORD.fullmatch(text) or _NUMBER.fullmatch(text) or _DAY.fullmatch(text))


def quoted(text: str) -> str:
    """Return `text` in double quotes, what cannot or should not stand there escaped."""
    if text.isprintable():
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    else:
        escaped = re.sub(_TO_ESCAPE, _escape, text)
    return f'"{escaped}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":  # half a character: no encoding has it
        return "\ufffd"
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def unquoted(text: str) -> str:
    """Return what `text`, of the pattern `QUOTED`, stands for."""
    inner = text[1:-1]
    return _ESCAPE.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _LONG.get(match[2], match[2])


def scalar(text: str, *, flow: bool = False, typed: bool = False) -> str:
    """Return `text` as front matter holds it.

    `flow`: inside a list or map on one line. `typed`: its key says that it is an instant, a number, a flag and so
    on, so that it stays plain where it can.
    """
    pattern = _FLOW_PLAIN if flow else _PLAIN
    is_plain = pattern.fullmatch(text) is not None and not is_strange(text)
    if is_plain and text not in NULLS and (typed or not looks_typed(text)):
        return text
    return quoted(text)


def key(text: str) -> str:
    """Return a key as front matter holds it."""
    return text if _KEY.fullmatch(text) and not looks_typed(text) else quoted(text)
