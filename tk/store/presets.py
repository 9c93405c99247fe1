"""The presets that come with tk: a folder a desk, each with its tk.toml."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import tk
from tk.core.names import nearest
from tk.errors import WrongUsage, say

_DAY = "day.toml"
_FOLDER = Path(tk.__file__).parent / "presets"


class Preset(NamedTuple):
    """A preset: its name, what it is for (the first comment line of its tk.toml), the text of its tk.toml.

    `files` are what else a desk has from it, templates and registers, by path; `day` is the text of the day that
    `tk demo` works on it, None where it tells none.
    """

    name: str
    summary: str
    policy: str
    files: Mapping[str, bytes] = {}
    day: str | None = None


def names() -> list[str]:
    """Return the names of the presets."""
    return sorted(path.parent.name for path in _FOLDER.glob("*/tk.toml"))


def load(name: str) -> Preset:
    """Return a preset; raise WrongUsage, with the nearest name, where there is none called so."""
    path = _FOLDER / name / "tk.toml"
    if name not in names():
        near = nearest(name, names())
        hint = say("the presets are: {names}", names=", ".join(names()))
        if near is not None:
            hint = say('did you mean "{near}"?', near=near)
        raise WrongUsage(say('there is no preset "{name}"', name=name), hint)
    text = path.read_text(encoding="utf-8")
    summary = text.partition("\n")[0].lstrip("# ").rstrip()
    day = path.with_name(_DAY)
    told = day.read_text(encoding="utf-8") if day.exists() else None
    return Preset(name, summary, text, dict(_files(path.parent)), told)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for place in sorted(folder.rglob("*")):
        if place.is_file() and place.name not in {"tk.toml", _DAY}:
            yield place.relative_to(folder).as_posix(), place.read_bytes()
