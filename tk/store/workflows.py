"""The workflows that run a desk on a forge, as they come with tk: text in tk/ci, a folder a forge."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import tk
from tk.store.repo import Repo

FORGES: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/workflows/tk-review.yml": "github/review.yml",
        ".github/workflows/tk-sweep.yml": "github/sweep.yml",
    },
    "gitlab": {".gitlab/tk.yml": "gitlab/tk.yml", ".gitlab-ci.yml": "gitlab/include.yml"},
}
"""For each forge the files that it reads, from the top of the repository, and where their text lies."""

_DISTRIBUTION = "tk-desk"
_FOLDER = Path(tk.__file__).parent / "ci"


def installed_from() -> str | None:
    """Return where pip found the tk that runs, as it notes it (PEP 610); None where that was on this machine's disk."""
    try:
        told = json.loads(distribution(_DISTRIBUTION).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    url, vcs = str(told.get("url", "")), told.get("vcs_info")
    if not url.startswith(("https://", "ssh://")):
        return None
    folder = f"#subdirectory={told['subdirectory']}" if told.get("subdirectory") else ""
    return f"{vcs['vcs']}+{url}@{vcs['commit_id']}{folder}" if vcs else f"{url}{folder}"


def texts(repo: Repo, forge: str, source: str) -> dict[str, bytes]:
    """Return the files for a forge by path from the top of the repository, for the desk where it lies.

    `source` is where pip finds tk, "" where that is still to be said.
    """
    desk = json.dumps(repo.prefix.rstrip("/") or ".", ensure_ascii=False)
    return {
        path: (_FOLDER / name)
        .read_text(encoding="utf-8")
        .replace('"@DESK@"', desk)
        .replace('"@TK@"', json.dumps(source, ensure_ascii=False))
        .encode()
        for path, name in FORGES[forge].items()
    }


def missing(repo: Repo, forge: str, source: str) -> dict[str, bytes]:
    """Return those of the files that are not there yet; what somebody wrote is theirs."""
    return {path: text for path, text in texts(repo, forge, source).items() if not (repo.top / path).exists()}
