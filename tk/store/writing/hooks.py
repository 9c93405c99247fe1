"""The repository's own ways with a commit: its hooks, its signatures, its care for itself."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tk import errors
from tk.errors import Message, Refused
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing import staging
from tk.store.writing.journal import Journal

_BEFORE = ("pre-commit", "prepare-commit-msg", "commit-msg")
_BEFORE_MERGE = ("pre-merge-commit", *_BEFORE[1:])


class Ways(NamedTuple):
    """How commits are made here.

    `hooks` that are there and may run; whether git `signs` them; whether file `modes` on the disk count; whether git
    `tidies` up after one; whether it is one that git itself `merges`, which has hooks of its own.
    """

    hooks: frozenset[str]
    signs: bool
    modes: bool
    tidies: bool
    merges: bool = False


def ways(repo: Repo) -> Ways:
    """Return how this repository wants its commits made."""
    told = _settings(repo, "core.hookspath", "core.filemode", "commit.gpgsign", "maintenance.auto")
    folder = repo.common_dir / "hooks"
    if told.get("core.hookspath"):  # git alone knows all the ways to write it
        answer = git.run(repo, "rev-parse", "--git-path", "hooks")
        folder = repo.top / answer.out.decode("utf-8", "surrogateescape").rstrip("\n")
    return Ways(
        frozenset(name for name in (*_BEFORE_MERGE, *_BEFORE, "post-commit", "post-merge") if _may_run(folder / name)),
        _is_true(told.get("commit.gpgsign")),
        _is_true(told.get("core.filemode"), unset=True),
        _is_true(told.get("maintenance.auto"), unset=True),
    )


def before(
    repo: Repo,
    found: Ways,
    entry: Journal,
    message: str,
    dates: dict[str, str],
    say: Callable[[Message], None],
) -> str:
    """Run the hooks that come before a commit and return the message as they leave it; raise Refused when one refuses.

    They see an index with HEAD and the files of the change. A file of the change that a hook rewrites is committed
    as it then stands in the work tree; what a hook only adds to that index is not.
    """
    first, *others = _BEFORE_MERGE if found.merges else _BEFORE
    if found.hooks.isdisjoint((first, *others)):
        return message
    env = {**dates, "GIT_INDEX_FILE": str(staging.for_hooks(repo, entry)), "GIT_EDITOR": ":"}
    if first in found.hooks:
        _run(repo, first, (), env, say)
    if found.hooks.isdisjoint(others):
        return message
    file = repo.git_dir / "COMMIT_EDITMSG"
    file.write_text(message, encoding="utf-8", newline="")
    if "prepare-commit-msg" in found.hooks:
        _run(repo, "prepare-commit-msg", (str(file), "merge" if found.merges else "message"), env, say)
    if "commit-msg" in found.hooks:
        _run(repo, "commit-msg", (str(file),), env, say)
    left = file.read_bytes().decode("utf-8", "replace")
    return message if left == message else _tidied(left)


def after(repo: Repo, found: Ways, oid: str, say: Callable[[Message], None]) -> None:
    """Run the hook that comes after, and now and then let git tidy up; no failure here matters to the commit."""
    name, *told = ("post-merge", "0") if found.merges else ("post-commit",)
    if name in found.hooks:
        _show(name, git.hook(repo, name, *told, env={"GIT_EDITOR": ":"}).out, say)
    if found.tidies and oid.endswith("0"):  # one commit in sixteen: git's own test is whether files have piled up
        git.run(repo, "maintenance", "run", "--auto", "--quiet", check=False)


def _settings(repo: Repo, *names: str) -> dict[str, str]:
    """Return git's configuration of `names` (lower case); a name alone, which git reads as true, is "true"."""
    answer = git.run(repo, "config", "-z", "--get-regexp", f"^({'|'.join(map(re.escape, names))})$", check=False)
    if answer.status not in {0, 1}:  # 1: none of them is set
        raise git.failed(repo, "config", answer)
    pairs = (told.partition("\n") for told in answer.out.decode("utf-8", "surrogateescape").split("\0") if told)
    return {name: value if cut else "true" for name, cut, value in pairs}


def _is_true(value: str | None, *, unset: bool = False) -> bool:
    """Whether git reads `value` as true; `unset` where there is none."""
    return unset if value is None else value.lower() in {"true", "yes", "on", "1"}


def _may_run(hook: Path) -> bool:
    return hook.is_file() and os.access(hook, os.X_OK)


def _run(repo: Repo, name: str, args: tuple[str, ...], env: dict[str, str], say: Callable[[Message], None]) -> None:
    answer = git.hook(repo, name, *args, env=env)
    if answer.status != 0:
        told = answer.out.decode("utf-8", "replace").strip() or f"exit status {answer.status}"
        raise Refused("hook", errors.say("the {hook} hook refused: {output}", hook=name, output=told))
    _show(name, answer.out, say)


def _show(name: str, output: bytes, say: Callable[[Message], None]) -> None:
    told = output.decode("utf-8", "replace").strip()
    if told:
        say(errors.say("{hook} hook: {output}", hook=name, output=told))


def _tidied(message: str) -> str:
    """Return the message as git's cleanup "whitespace" leaves it; raise Refused where nothing is left."""
    lines: list[str] = []
    for line in (line.rstrip() for line in message.strip().splitlines()):
        if line or lines[-1]:
            lines.append(line)
    if not any(lines):
        raise Refused("hook", errors.say("a hook left the commit's message empty"))
    return "\n".join(lines) + "\n"
