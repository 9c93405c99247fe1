"""Where a desk began: the commit before which there was no tk.toml on the line that the branch has followed since.

A repository may have several commits before which nothing was, and any of them may bring a tk.toml: whoever merges one
of his own makes no other desk of it. The line is that of the first parents, as far back as these have a desk.
"""

from tk.store import git, history, policies
from tk.store.repo import Repo


def beginning(repo: Repo, tip: str) -> str | None:
    """Return the commit by which the desk that stands at `tip` began; None where there is none."""
    here: str | None = tip
    found = None
    while here is not None:
        found = _first(repo, here)
        (commit,) = history.named(repo, [found]) if found else (None,)
        sides = commit.parents[1:] if commit is not None else ()
        names = [f"{side}:{repo.prefix}{policies.NAME}" for side in sides]
        held = zip(sides, git.blobs(repo, names), strict=True) if names else ()
        here = next((side for side, data in held if data is not None), None)
    return found


def _first(repo: Repo, tip: str) -> str | None:
    """Return the first commit on the line of first parents that brought a tk.toml."""
    line = ("--first-parent", "--diff-merges=first-parent", "--root", "--diff-filter=A", "--reverse", "--format=%H")
    told = git.run(repo, "log", *line, "--no-show-signature", tip, "--", f"{repo.prefix}{policies.NAME}").out
    return next(iter(told.decode().split()), None)
