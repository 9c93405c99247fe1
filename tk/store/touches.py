"""What a commit did to paths, as git tells it; and what a merge did on its own account."""

from collections.abc import Iterator, Mapping, Sequence
from stat import S_ISREG
from typing import NamedTuple

from tk.core.review.attributes import NAME
from tk.store.repo import Repo

REGULAR = 0o100644
"""The mode of an ordinary file."""

_NONE = frozenset("0")


class Touch(NamedTuple):
    """A path that a commit changed: its blob in each parent (None where it was not there), and in the commit.

    For a merge, `base` is its blob where the sides parted. `mode` is what git takes the file for afterwards, as the
    system marks files: a link, say.
    """

    path: str
    before: tuple[str | None, ...]
    after: str | None
    base: str | None = None
    mode: int = REGULAR


def place_of(repo: Repo, path: str) -> str | None:
    """Return a path of the repository as the desk sees it; of what lies outside, attributes of folders around it."""
    if path.startswith(repo.prefix):
        return path[len(repo.prefix) :]
    folder, slash, name = path.rpartition("/")
    is_around = name == NAME and repo.prefix.startswith(f"{folder}{slash}")
    return "../" * repo.prefix.count("/", len(folder) + len(slash)) + name if is_around else None


def around(repo: Repo) -> list[str]:
    """Return the paths of the desk and of attributes of folders around it, as git is asked for them; none for all."""
    ends = [place for place, letter in enumerate(repo.prefix) if letter == "/"]
    return [repo.prefix, NAME, *(f"{repo.prefix[:end]}/{NAME}" for end in ends[:-1])] if ends else []


def beyond(sides: Sequence[Mapping[str, Touch]], made: Mapping[str, Touch]) -> list[Touch]:
    """Return what a merge did on its own account.

    Args:
        sides: what each side has otherwise than the commit where they parted, by path.
        made: what the merge has otherwise.
    """
    touches = []
    for path in sorted({path for side in (*sides, made) for path in side}):
        origin = next(side[path].before[0] for side in (*sides, made) if path in side)
        before = tuple(side[path].after if path in side else origin for side in sides)
        after = made[path].after if path in made else origin
        moved = {blob for blob in before if blob != origin} or {origin}
        mode = made[path].mode if path in made else REGULAR
        is_own = mode != REGULAR and mode not in {side[path].mode for side in sides if path in side}
        if moved != {after} or is_own:
            touches.append(Touch(path, before, after, origin, mode))
    return touches


def touches_of(repo: Repo, tokens: Iterator[str]) -> Iterator[Touch]:
    """Read what git tells of one difference by `--raw -z`, up to its end."""
    for token in tokens:
        if token:
            yield from touch_of(repo, token, next(tokens))


def touch_of(repo: Repo, entry: str, path: str) -> Iterator[Touch]:
    """Read git's raw entry (the modes, the blobs before and after, a letter); nothing for what is not the desk's."""
    place = place_of(repo, path)
    if place is not None:
        _, marked, *blobs, _ = entry.split()
        before, after = (None if set(blob) == _NONE else blob for blob in blobs)
        mode = int(marked, 8)
        yield Touch(place, (before,), after, mode=mode if after and not S_ISREG(mode) else REGULAR)
