"""How git is set up for a desk: the merge driver of tickets, and what makes it quick in a large desk."""

import shlex
import shutil
import sys

from tk.core.review.attributes import NAME, RULE
from tk.store import git
from tk.store.repo import Repo
from tk.store.writing.files import content

ATTRIBUTES = NAME

_DRIVER = "merge.tk.driver"
_ANY_TICKET = "tickets/2026/08/12/TK-260812-00000.md"


def attributes(old: bytes | None) -> bytes:
    """Return what `.gitattributes` is to hold, which holds `old`."""
    text = old or b""
    return text + (b"" if not text or text.endswith(b"\n") else b"\n") + RULE.encode() + b"\n"


def is_named(repo: Repo) -> bool:
    """Whether git is told to merge tickets with the driver called tk."""
    answer = git.run(repo, "check-attr", "-z", "merge", "--", repo.prefix + _ANY_TICKET)
    return answer.out.split(b"\0")[2:3] == [b"tk"]


def is_known(repo: Repo) -> bool:
    """Whether git knows how to call the driver, and what it calls is there."""
    told = git.run(repo, "config", "--get", _DRIVER, check=False).out.decode("utf-8", "replace").strip()
    return "merge-driver" in told and shutil.which(_called(told)) is not None


def _called(told: str) -> str:
    """Return the program that a driver's command runs."""
    try:
        words = shlex.split(told)
    except ValueError:
        return ""
    place = words.index("merge-driver")
    return words[place - 3] if words[place - 2 : place] == ["-m", "tk"] else words[place - 1]


def know(repo: Repo) -> None:
    """Tell git, in this repository, how to call the driver; where tk is gone one day, git merges tickets by lines."""
    words = ["tk"] if shutil.which("tk") else [sys.executable, "-m", "tk"]
    command = f"{shlex.join(words)} merge-driver %O %A %B %P"
    otherwise = "git merge-file -L ours -L base -L theirs %A %O %B"
    told = f"if command -v {shlex.quote(words[0])} >/dev/null; then {command}; else {otherwise}; fi"
    git.run(repo, "config", _DRIVER, told)  # before the name: git merges nothing by a driver that has only that
    git.run(repo, "config", "merge.tk.name", "tickets by meaning")


def name_driver(repo: Repo) -> tuple[bytes | None, dict[str, bytes]]:
    """Return what the desk's `.gitattributes` holds, and the file that names the driver; none where git is told so."""
    old = content(repo, ATTRIBUTES)
    return old, {} if is_named(repo) else {ATTRIBUTES: attributes(old)}


def has_untracked_cache(repo: Repo) -> bool:
    """Whether git remembers which folders hold files that it does not track."""
    return git.run(repo, "config", "--get", "core.untrackedCache", check=False).out.strip() == b"true"


def keep_untracked_cache(repo: Repo) -> None:
    """Let git remember which folders hold files that it does not track."""
    git.run(repo, "config", "core.untrackedCache", "true")
    git.run(repo, "update-index", "--untracked-cache", check=False)  # another git may be at the index: it comes later


def write_graph(repo: Repo) -> None:
    """Have git note for each commit its place and which paths it changed, so that a ticket's history is quick."""
    git.run(repo, "commit-graph", "write", "--reachable", "--changed-paths", check=False)
