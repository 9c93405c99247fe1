"""What a fact is compared with, read as the fact's shape asks: `">= 4d"`, `"medidor/**"`, `"@actor"`, `3`, a day."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from math import isfinite
from typing import NamedTuple
from unicodedata import combining, normalize

from tk.core.condition_terms import REFERENCES, Operand
from tk.core.conditions.testable import Fact
from tk.core.instant import parse_date, parse_duration, parse_instant
from tk.core.names import fold, nearest
from tk.errors import Message, say

NONE = "!"
"""The operand that means: has no value."""

_COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_WORD = re.compile(r"\w+(?:-\w+)*")
_FLAGS: Mapping[str, bool] = {"yes": True, "true": True, "si": True, "no": False, "false": False}


class Read(NamedTuple):
    """One operand as read: the operator it asks for, its value (None for "none"), whether the answer turns round."""

    operator: str
    operand: "Operand | None" = None
    negated: bool = False


class Misread(Exception):
    """A value that the fact cannot be compared with; `code` and `message` as in a `Problem`."""

    def __init__(self, message: Message, code: str = "bad-condition") -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code


def read_operand(fact: Fact, value: object) -> Read:
    """Return how `fact` is to be compared with one `value` of a condition; raise Misread where it cannot be."""
    if value == NONE:
        # A count or an approval is always known: that there is none of it means that it is not at least one.
        if fact.is_counted:
            return Read(">=", 1, negated=True) if fact.shape == "count" else Read("is", True, negated=True)
        return Read("none")
    if isinstance(value, time) or (isinstance(value, datetime) and value.tzinfo is None):
        raise Misread(say("{value} needs a day and an offset, as in 2026-08-12T09:00:00-05:00", value=value))
    if isinstance(value, float) and not isfinite(value):
        raise Misread(say("{value} is no number to compare with", value=value))
    if not isinstance(value, str | bool | int | float | date):
        raise Misread(say("{fact} is tested by a value or a list of values", fact=fact.name))
    return _READERS[fact.shape](fact, value.strip() if isinstance(value, str) else value)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of `text` without case and accents; a hyphen or `_` within a word is part of it."""
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    bare = "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))
    return tuple(_WORD.findall(bare))


def parse_number(text: str) -> int | float:
    """Return the number that `text` writes; raise ValueError where it is none."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text) if "." in text else int(text)


def parse_flag(text: str) -> bool:
    """Return the flag that `text` says (yes, no, true, false, sí); raise ValueError where it is none."""
    try:
        return _FLAGS[fold(text)]
    except KeyError:
        raise ValueError(text) from None


def _read_text(fact: Fact, value: Operand) -> Read:
    operator = {"text": "like", "address": "address", "exact": "is"}[fact.shape]
    if not isinstance(value, str) or not value:
        raise Misread(say("{fact} is text; compare it with text in quotes", fact=fact.name))
    _refuse_comparison(fact, value)
    return Read(operator, value)


def _read_name(fact: Fact, value: Operand) -> Read:
    names = fact.names
    assert names is not None
    if not isinstance(value, str):
        raise Misread(say("{fact} is a name; write it in quotes", fact=fact.name))
    key = names.find(value)
    if key is not None:
        return Read("is", key)
    if value in REFERENCES:
        return Read("is", value)
    if fact.name.endswith("actor.role") and value == "anyone":
        return Read("is", value)  # the role of strangers, which a desk need not declare
    _refuse_comparison(fact, value)
    near = nearest(value, REFERENCES) if value.startswith("@") else names.nearest(value)
    raise Misread(_unknown(fact, value, near), "unknown-name")


def _unknown(fact: Fact, value: str, near: str | None) -> Message:
    if near is None:
        return say('this desk has no {fact} "{value}"', fact=fact.name, value=value)
    return say('this desk has no {fact} "{value}"; did you mean "{near}"?', fact=fact.name, value=value, near=near)


def _read_path(fact: Fact, value: Operand) -> Read:
    names = fact.names
    assert names is not None
    if not isinstance(value, str):
        raise Misread(say("{fact} is a path; write it in quotes, as in a/b or a/**", fact=fact.name))
    path, operator = value, "at"
    for ending, wider in (("/**", "under"), ("/*", "child")):
        if operator == "at" and value.endswith(ending):
            path, operator = value.removesuffix(ending).strip(), wider
    key = names.find(path)
    if key is not None:
        return Read(operator, key)
    _refuse_comparison(fact, value)
    raise Misread(_unknown(fact, path, names.nearest(path)), "unknown-name")


def _refuse_comparison(fact: Fact, value: str) -> None:
    if _COMPARISON.match(value):
        raise Misread(say("{fact} has no order; less and more do not apply to it", fact=fact.name))


def _read_number(fact: Fact, value: Operand) -> Read:
    operator, bare = _split(value)
    if isinstance(bare, int | float) and not isinstance(bare, bool):
        return Read(operator, bare)
    try:
        return Read(operator, parse_number(str(bare)))
    except ValueError:
        raise Misread(say('{fact} is a number; "{value}" is none', fact=fact.name, value=bare)) from None


def _read_time(fact: Fact, value: Operand) -> Read:
    operator, bare = _split(value)
    if isinstance(bare, date):
        return Read(operator, bare)
    for parse in (parse_date, parse_instant):
        try:
            return Read(operator, parse(str(bare)))
        except ValueError:
            continue
    raise Misread(say('{fact} is compared with a day or an instant; "{value}" is none', fact=fact.name, value=bare))


def _read_span(fact: Fact, value: Operand) -> Read:
    operator, bare = _split(value)
    try:
        length = parse_duration(str(bare))
    except ValueError:
        template = '{fact} is a length of time, such as 90m, 24h, 4d or 2w; "{value}" is none'
        raise Misread(say(template, fact=fact.name, value=bare)) from None
    if length.is_business and not (fact.names and fact.names.entries):
        raise Misread(say("business time needs a calendar, and this desk has none"))
    return Read(operator, length)


def _read_flag(fact: Fact, value: Operand) -> Read:
    try:
        flag = value if isinstance(value, bool) else parse_flag(str(value))
    except ValueError:
        raise Misread(say('{fact} is yes or no, not "{value}"', fact=fact.name, value=value)) from None
    if fact.shape == "state":
        return Read("is", True, negated=not flag)
    return Read("is", flag)


def _read_words(fact: Fact, value: Operand) -> Read:
    words = tokens(value) if isinstance(value, str) else ()
    if not words:
        raise Misread(say("{fact} is tested by the words that must occur in it", fact=fact.name))
    return Read("words", " ".join(words))


def _read_open(_: Fact, value: Operand) -> Read:
    operator, bare = _split(value)
    if not isinstance(bare, str):
        return Read(operator, bare)
    if operator == "is":
        return Read("is" if bare in REFERENCES else "like", bare)
    parses: tuple[Callable[[str], Operand], ...] = (parse_number, parse_date, parse_instant)
    for parse in parses:
        try:
            return Read(operator, parse(bare))
        except ValueError:
            continue
    raise Misread(say('less and more need a number, a day or an instant; "{value}" is none', value=bare))


def _split(value: Operand) -> tuple[str, Operand]:
    match = _COMPARISON.fullmatch(value) if isinstance(value, str) else None
    return (match[1], match[2].strip()) if match else ("is", value)


_READERS: Mapping[str, Callable[[Fact, Operand], Read]] = {
    "text": _read_text,
    "address": _read_text,
    "exact": _read_text,
    "name": _read_name,
    "path": _read_path,
    "number": _read_number,
    "count": _read_number,
    "date": _read_time,
    "instant": _read_time,
    "span": _read_span,
    "flag": _read_flag,
    "state": _read_flag,
    "words": _read_words,
    "open": _read_open,
}
