"""The workflows that run a desk on a forge, as they come with tk: text in tk/ci, a folder a forge."""

import json
from collections.abc import Mapping
from pathlib import Path

import tk
from tk import __version__
from tk.store.repo import Repo

FORGES: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/workflows/tk-review.yml": "github/review.yml",
        ".github/workflows/tk-sweep.yml": "github/sweep.yml",
    },
    "gitlab": {".gitlab/tk.yml": "gitlab/tk.yml", ".gitlab-ci.yml": "gitlab/include.yml"},
}
"""For each forge the files that it reads, from the top of the repository, and where their text lies."""

_FOLDER = Path(tk.__file__).parent / "ci"


def texts(repo: Repo, forge: str) -> dict[str, bytes]:
    """Return the files for a forge by path from the top of the repository, for the desk where it lies."""
    desk = json.dumps(repo.prefix.rstrip("/") or ".", ensure_ascii=False)
    return {
        path: (_FOLDER / source)
        .read_text(encoding="utf-8")
        .replace('"@DESK@"', desk)
        .replace("@VERSION@", __version__)
        .encode()
        for path, source in FORGES[forge].items()
    }


def missing(repo: Repo, forge: str) -> dict[str, bytes]:
    """Return those of the files that are not there yet; what somebody wrote is theirs."""
    return {path: text for path, text in texts(repo, forge).items() if not (repo.top / path).exists()}
