"""A day at a desk as data: who does what at which hour, in which words; `day.toml` of a preset, worked by `tk demo`."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from tk.core.vocabulary import in_language


class Step(NamedTuple):
    """A command of a day: when, by whom, its words, and the name under which the id it prints is kept.

    `{heater}` in a word stands for the id kept as heater, `{file}` for the path of a file that holds `file`; `refused`
    marks what the desk is to refuse.
    """

    at: datetime
    who: str
    words: tuple[str, ...]
    keep: str = ""
    refused: bool = False
    file: str = ""


class Day(NamedTuple):
    """A day: the people by handle, what `tk init` is told beside preset and language, when it begins, the steps."""

    people: Mapping[str, str]
    init: tuple[str, ...]
    begins: datetime
    founder: str
    steps: tuple[Step, ...]


def read_day(text: str, language: str) -> Day:
    """Return the day that a `day.toml` tells, its words in a language."""
    data = tomllib.loads(text)
    steps = tuple(
        Step(
            step["at"],
            step["who"],
            tuple(word if isinstance(word, str) else in_language(word, language) for word in step["run"]),
            step.get("keep", ""),
            step.get("refused", False),
            step.get("file", ""),
        )
        for step in data["step"]
    )
    init = tuple(data.get("init", ()))
    return Day(data["people"], init, data["begins"], data["founder"], steps)
