"""Starting a desk: a folder, a repository where there is none, a tk.toml from a preset, the first commit."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import available_timezones

from tk.core.names import fold, nearest
from tk.core.reasons import of_system
from tk.core.text import one_line
from tk.errors import DiskFailed, WrongUsage, say
from tk.store import git, policies, presets, tuning, workflows
from tk.store.desk import Remark
from tk.store.repo import POLICY, Repo, at
from tk.store.writing.commit import Change, apply


class Started(NamedTuple):
    """A desk just made: its repository, the preset it came from, the commit."""

    repo: Repo
    preset: str
    commit: str | None


class Wish(NamedTuple):
    """What the person wants: the folder, preset and language, and where they matter the zone, the name, the forge.

    `source` is where the forge's pip finds tk, "" where that is still to be said.
    """

    folder: Path
    preset: str
    language: str
    zone: str | None = None
    name: str | None = None
    forge: str | None = None
    source: str = ""


def start(wish: Wish, now: datetime, remark: Remark) -> Started:
    """Make the desk; where that fails, nothing of it stays.

    Raises:
        WrongUsage: there is no such preset or zone, or the folder is a desk already.
        NoIdentity, GitFailed, DiskFailed: so the sentence says.
    """
    preset = presets.load(wish.preset)
    folder = wish.folder.resolve()
    if (folder / POLICY).exists():
        hint = say("tk -C {folder} list shows its tickets", folder=folder)
        raise WrongUsage(say("{folder} is a desk already: it has a tk.toml", folder=folder), hint)
    where = next(place for place in (folder, *folder.parents) if place.exists())
    if not where.is_dir():
        raise DiskFailed(say("{where} is no folder", where=where))
    _known_zone(wish.zone)
    name, email = git.identity(where)
    policy = _filled(preset.policy, wish, name, email).encode()
    message = f"Start a desk from the preset {preset.name}\n\nTk-Action: policy\n"
    with _ground(folder) as repo:
        wrong = next((finding for finding in policies.load(repo.state, policy).findings if finding.is_error), None)
        if wrong is not None:
            raise WrongUsage(say("a desk cannot begin so: {why}", why=wrong.message))
        old, rules = tuning.name_driver(repo)
        files = {repo.prefix + path: text for path, text in {POLICY: policy, **preset.files, **rules}.items()}
        files |= {} if wish.forge is None else workflows.missing(repo, wish.forge, wish.source)
        expected = {**dict.fromkeys(files), repo.prefix + tuning.ATTRIBUTES: old}
        change = Change(files, expected, message, now)
        started = Started(repo, preset.name, apply(repo.whole(), change, remark))
        tuning.know(repo)
        return started


def _known_zone(zone: str | None) -> None:
    """Raise WrongUsage, with the zones that may have been meant, for one that this machine does not know."""
    zones = set() if zone is None else available_timezones()
    if zone is None or zone in zones:
        return
    city = fold(zone.rpartition("/")[2])
    same = sorted(name for name in zones if fold(name.rpartition("/")[2]) == city)
    near = ", ".join(same[:3]) or nearest(zone, sorted(zones))
    hint = say("write one such as Europe/Madrid") if near is None else say("did you mean {near}?", near=near)
    raise WrongUsage(say('there is no time zone "{zone}"', zone=zone), hint)


@contextmanager
def _ground(folder: Path) -> Iterator[Repo]:
    """Make the folder, and a repository where it lies in none; where the block fails, take both away again."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    has_repository = True
    had_git = os.path.lexists(folder / ".git")  # one that git cannot read now is somebody's all the same
    try:
        folder.mkdir(parents=True, exist_ok=True)
        has_repository = git.run(folder, "rev-parse", "--is-inside-work-tree", check=False).out.strip() == b"true"
        if not has_repository:
            git.run(folder, "init", "--quiet")
        yield at(folder)
    except BaseException as error:
        if not has_repository and not had_git:
            shutil.rmtree(folder / ".git", ignore_errors=True)
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        if isinstance(error, OSError):
            raise DiskFailed(say("{path}: {reason}", path=folder, reason=of_system(error))) from error
        raise


def local_zone() -> str:
    """Return the IANA name of this machine's zone, UTC where it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named and not named.startswith("/"):
        return named
    link = os.path.realpath("/etc/localtime")
    return link.partition("/zoneinfo/")[2] or "UTC"


def _filled(text: str, wish: Wish, name: str, email: str) -> str:
    """Return the preset's text with the desk's own name, zone and language, and the founder as its first person."""
    called = one_line(wish.name or "") or one_line(wish.folder.resolve().name)
    # A preset that stands nowhere is in UTC; the others are drawn from desks that have a place.
    stands = '\nzone = "UTC"' not in text
    zone = wish.zone or (None if stands else local_zone())
    own = {"zone": zone, "language": wish.language, "name": called or None}
    for key, value in own.items():
        text = text if value is None else _with_line(text, rf"{key} = .*", f"{key} = {_quoted(value)}")
    if f'"{email.lower()}"' in text.lower():
        return text  # the preset's own person
    person = f'name = {_quoted(one_line(name))}, email = {_quoted(email)}, roles = ["supervisor", "agent"]'
    return _with_line(text, r"\[people\]", f"[people]\n{_free(_handle(name, email), text)} = {{ {person} }}")


def _with_line(text: str, pattern: str, line: str) -> str:
    """Return the text with its first line that is `pattern` replaced; a backslash in `line` means itself."""
    return re.sub(rf"(?m)^{pattern}$", lambda _: line, text, count=1)


def _handle(name: str, email: str) -> str:
    """Return a handle for a person: what stands before the @, else the name, in lower-case letters and digits."""
    for words in (email.partition("@")[0], name):
        letters = re.sub(r"[^a-z0-9-]+", "", fold(words)).strip("-0123456789")
        if letters:
            return letters
    return "founder"


def _free(handle: str, text: str) -> str:
    """Return the handle with a number behind it where somebody of the preset has it."""
    taken = set(re.findall(r"(?m)^([a-z][a-z0-9-]*) = \{ name", text))
    return next(name for name in (handle, *(f"{handle}{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _quoted(text: str) -> str:
    """Return `text` as a TOML basic string, which JSON's escapes are part of."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
