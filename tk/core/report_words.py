"""The words of a sweep rule's `report`, in which `{fact}` stands for the value of a fact."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tk.core.conditions.language import FactValue
from tk.core.facts import Facts
from tk.core.text import shown
from tk.core.values import vocabulary_of
from tk.core.vocabulary import Labels, in_language
from tk.errors import say

NOTHING = "-"
"""What stands for a fact without a value."""

_PLACE = re.compile(r"\{([a-z][^{}]*)\}")
_UNITS = (("d", 86400), ("h", 3600), ("m", 60))


def placeholders(words: Labels) -> Iterator[tuple[str, str]]:
    """Yield each language of the words with each name that stands in braces there."""
    for language, text in words.items():
        for name in _PLACE.findall(text):
            yield language, name


def filled(words: Labels, facts: Facts) -> str:
    """Return the words in the language spoken, each `{fact}` replaced by its value, "-" where there is none."""
    text = in_language(words, facts.policy.desk.language)
    return _PLACE.sub(lambda place: _words(facts, place[1], facts(place[1])), text)


def _words(facts: Facts, name: str, value: FactValue) -> str:
    language = facts.policy.desk.language
    match value:
        case None | () | "":
            return NOTHING
        case bool():
            return str(say("yes") if value else say("no"))
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case timedelta():
            return length(value)
        case tuple():
            return shown(", ".join(value))
        case str():
            named = vocabulary_of(facts.policy, name)
            return shown(value if named is None else named.label(value, language))
    return str(value)


def length(span: timedelta) -> str:
    """Return a length of time in its two largest units, such as `4d 3h`; what is less than a minute in seconds."""
    rest = int(span.total_seconds())
    if rest < 60:
        return f"{rest}s"
    counts = []
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        counts.append((count, unit))
    first = next(place for place, (count, _) in enumerate(counts) if count)
    return " ".join(f"{count}{unit}" for count, unit in counts[first : first + 2] if count)
