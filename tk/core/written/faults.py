"""Faults of a policy while it is being read: known by the path of keys, before places are looked up."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from tk.core.condition_terms import Path
from tk.core.names import nearest
from tk.errors import Message, say

T = TypeVar("T")


class Fault(NamedTuple):
    """Something wrong at `path`: at the key that ends it when `on_key`, else at the value."""

    path: Path
    code: str
    message: Message
    severity: str = "error"
    on_key: bool = False


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._kept: dict[Path, list[int]] = {}

    def keep(self, path: Path, positions: list[int]) -> None:
        """Note which items of the list at `path` were kept, the others having been dropped."""
        self._kept[path] = positions

    def numbered(self, path: Path, items: Iterable[T]) -> Iterator[tuple[Path, T]]:
        """Yield each item kept of the list at `path` with its path in the file."""
        positions = self._kept.get(path)
        for position, item in enumerate(items):
            yield (*path, position if positions is None else positions[position]), item

    def add(self, path: Path, code: str, message: Message) -> None:
        """Note an error in the value at `path`."""
        self.found.append(Fault(path, code, message))

    def add_key(self, path: Path, code: str, message: Message) -> None:
        """Note an error in the key at the end of `path`."""
        self.found.append(Fault(path, code, message, on_key=True))

    def warn(self, path: Path, code: str, message: Message) -> None:
        """Note something doubtful about the entry at `path`."""
        self.found.append(Fault(path, code, message, "warning", on_key=True))

    def unknown(self, path: Path, what: Message, name: str, near: str | None) -> None:
        """Note that `name` is no `what` of this desk, with the nearest that is."""
        if near is None:
            message = say('there is no {what} "{name}"', what=what, name=name)
        else:
            message = say('there is no {what} "{name}"; did you mean "{near}"?', what=what, name=name, near=near)
        self.add(path, "unknown-name", message)

    def unknown_of(self, path: Path, what: Message, name: str, known: Iterable[str]) -> None:
        """Note that `name` is no `what` of this desk, with the nearest of `known`."""
        self.unknown(path, what, name, nearest(name, known))


def dotted(path: Path) -> str:
    """Return a path as tk.toml writes it: `statuses.open.to`, positions in lists counted from 1 in brackets."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
