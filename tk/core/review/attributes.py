"""git's attributes of tickets: which lines of a `.gitattributes` may say how tickets are merged, shown and written out.

Such a line can take tickets from tk's merge driver, or have git write them otherwise than they were committed, so it
goes by the right to `policy`, wherever it stands. What may match a ticket is taken to match one.
"""

import re
from collections.abc import Sequence

from tk.core import ids
from tk.core.review.places import TICKETS, alike, is_below_tickets

NAME = ".gitattributes"

RULE = "tickets/*/*/*/*.md merge=tk"
"""The line by which git merges tickets with the driver called tk, which whoever sets git up may add."""

_WILD = re.compile(r"[*?\[\]]")
_OF_IDS = re.compile(r"[A-Z0-9-]*", re.ASCII)


def way(path: str, prefix: str) -> tuple[str, ...] | None:
    """Return the folders that lead to the tickets from where attributes lie; None where they say nothing of tickets.

    Args:
        path: as the desk sees it, `../.gitattributes` one of a folder around it; any other file says nothing.
        prefix: the way from the top of the repository to the desk.
    """
    *folders, name = path.split("/")
    if alike(name) != NAME:
        return None
    around = prefix.rstrip("/").split("/")
    if folders == [".."] * len(folders):
        return (*around[len(around) - len(folders) :], TICKETS)
    return () if is_below_tickets(path) else None


def lines(data: bytes | None, way: Sequence[str]) -> list[str]:
    """Return the lines of a `.gitattributes` (None where there is none) that may be of tickets, which lie that way."""
    told = (line.strip(" \t\r") for line in (data or b"").decode("utf-8-sig", "replace").split("\n"))
    return [line for line in told if line and line[0] not in "#!" and _may_match(re.split(r"[ \t\r]", line)[0], way)]


def is_steered(before: Sequence[list[str]], after: list[str]) -> bool:
    """Return whether a change says something else of tickets; `before` has the lines of each parent."""
    return after not in before and after not in [[*held, RULE] for held in before]


def _may_match(pattern: str, way: Sequence[str]) -> bool:
    if not way or pattern.startswith(('"', "[attr]")):
        return True  # it lies among tickets, is quoted, or gives a name to attributes
    *folders, name = pattern.removeprefix("/").split("/")
    if not folders and not pattern.startswith("/"):
        return _may_be_a_tickets(name)
    for folder, right in zip((*folders, name), way, strict=False):
        if _WILD.search(folder) or "\\" in folder:
            return _may_be_a_tickets(name)
        if alike(folder) != alike(right):
            return False
    return True


def _may_be_a_tickets(pattern: str) -> bool:
    """Return whether a pattern may match the name of a ticket's file, in whatever capitals."""
    if "\\" in pattern:
        return True
    begin, *_, end = (part.upper() for part in (*_WILD.split(pattern), *_WILD.split(pattern)[-1:]))
    if not _WILD.search(pattern):
        return begin.endswith(".MD") and ids.is_id(begin.removesuffix(".MD"))
    return _OF_IDS.fullmatch(begin) is not None and (end.endswith(".MD") or ".MD".endswith(end))
