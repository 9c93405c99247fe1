"""Where things of a desk belong: what lies below `tickets/` and is no ticket, and paths that only look right.

A path that differs from one of the desk in capitals alone, or in how its letters are composed, is the same one on many
disks: whoever can add it there has changed the other.
"""

from collections.abc import Collection
from typing import NamedTuple

from tk.core import ids
from tk.core.filename import sameness
from tk.errors import Message, say

TICKETS = "tickets"
"""The folder of all tickets."""

_ID_AT = 4
"""Which part of the path of a ticket, or of a file beside one, has its id."""


class Stray(NamedTuple):
    """What is wrong with where a file lies: a finding's code, severity and sentence."""

    code: str
    severity: str
    message: Message


def is_below_tickets(path: str) -> bool:
    """Return whether a path is, on some disk, that of the folder of all tickets or of what lies in it."""
    return alike(path.partition("/")[0]) == TICKETS


def alike(path: str) -> str:
    """Return what paths have in common that some disks take for one."""
    return "/".join(sameness(part.rstrip(". ")) for part in path.split("/"))


def meant(path: str) -> str | None:
    """Return the path below `tickets/` that some disks take `path` for; None where it is that, or is no such path."""
    if not is_below_tickets(path):
        return None
    parts = [TICKETS, *(part.rstrip(". ") for part in path.split("/")[1:])]
    if len(parts) > _ID_AT:
        stem, dot, ending = parts[_ID_AT].partition(".")
        parts[_ID_AT] = f"{sameness(stem).upper()}{dot}{sameness(ending)}"
    right = "/".join(parts)
    is_right = ids.id_of(right) is not None or ids.owner_of(right) is not None
    is_below = path.partition("/")[0] == TICKETS
    return right if right != path and (is_right or not is_below) else None


def stray(path: str, listed: Collection[str]) -> Stray | None:
    """Return what is wrong with where a file lies below `tickets/` that is no ticket's own; None where nothing is.

    `listed` are the names of the files that the ticket lists beside which it lies. Hidden files are nobody's business.
    """
    folder, _, name = path.rpartition("/")
    if ids.owner_of(path) is not None and name in listed:
        return None
    near = next((other for other in listed if sameness(other) == sameness(name)), None)
    same = meant(path) or (f"{folder}/{near}" if near is not None else None)
    if same is not None:
        message = say("{path} is the same file as {other} where capitals make no difference", path=path, other=same)
        return Stray("misplaced", "error", message)
    if any(part.startswith(".") for part in path.split("/")):
        return None
    message = say("{path} lies among the tickets, and none lists it; tk attach enters a file", path=path)
    return Stray("stray-file", "warning", message)
