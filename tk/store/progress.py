"""Telling how far something long has come."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Who is told how much is done: how many of how many."""

_STEP = 64
"""After how many more it is told."""


def unseen(done: int, total: int) -> None:
    """Take note of progress and show nobody."""


def told(items: Sequence[T], progress: Progress) -> Iterator[T]:
    """Yield each of `items`, telling `progress` whenever some more are done, and at the end."""
    for done, item in enumerate(items):
        if not done % _STEP:
            progress(done, len(items))
        yield item
    progress(len(items), len(items))
