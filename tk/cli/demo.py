"""`tk demo`: a day on a new desk, each command shown before what it prints."""

import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from tk.cli.app import App, pass_app
from tk.cli.boundary import run
from tk.cli.complete import folders
from tk.cli.language import spoken_at
from tk.core.instant import format_instant
from tk.errors import Message, WrongUsage, say
from tk.store import git

_PERSON = {"NAME": "María López", "EMAIL": "mlopez@example.com"}
_MORNING = datetime.fromisoformat("2026-08-12T09:14:03-05:00")


class Step(NamedTuple):
    """A command of the day: minutes since the morning, its words, and the name under which the id it prints is kept.

    `{heater}` in a word stands for the id kept as heater; `refused` marks what the desk is to refuse. What is said in a
    language is a message.
    """

    minutes: int
    words: tuple[str | Message, ...]
    keep: str = ""
    refused: bool = False


_DAY = (
    Step(
        0,
        (
            "new",
            say("Heater does not start after reinstallation"),
            "--priority",
            "high",
            "--channel",
            "phone",
            "--tag",
            say("warranty"),
        ),
        keep="heater",
    ),
    Step(
        6,
        ("new", say("Cannot log in since this morning"), "--category", "software/access", "--owner", "me"),
        keep="login",
    ),
    Step(20, ("assign", "{heater}", "mlopez")),
    Step(26, ("log", "{heater}", "call-out", "-m", say("Asked for the purchase note."), "--set", "minutes=5")),
    Step(40, ("advance", "{login}", "solved", "-m", say("Password renewed."))),
    Step(41, ("set", "{heater}", "priority=urgent", say("tags+=reinstallation"))),
    Step(55, ("advance", "{login}", "closed")),
    Step(56, ("advance", "{login}", "in-progress"), refused=True),
    Step(57, ("set", "{heater}", "priority=urgnt"), refused=True),
    Step(90, ("list",)),
    Step(91, ("show", "{heater}")),
    Step(92, ("history", "{heater}")),
    Step(93, ("check",)),
    Step(94, ("audit",)),
)


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, shell_complete=folders)
@pass_app
def command(app: App, folder: str | None) -> int:
    """Work a day on a new desk and show each command.

    The desk is a git repository of its own in DIR, or in a new temporary folder; nothing else is touched.

    \b
    Example:
      tk demo
      tk demo /tmp/my-first-desk
    """
    git.require(app.folder)
    place = _make(Path(tempfile.mkdtemp(prefix="tk-demo-")) if folder is None else Path(app.folder, folder))
    with _as_person():
        failed = _work(app, place, spoken_at(str(app.folder), app.language))
    app.out("")
    app.out(str(say("The desk stays in {folder}: try tk -C {folder} list", folder=shlex.quote(str(place)))))
    return failed


def _make(place: Path) -> Path:
    """Make the desk's folder and return it: a repository of its own, even within another, without the user's hooks."""
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise WrongUsage(say("{folder} is there already; name a folder that is not, or is empty", folder=place))
    place.mkdir(parents=True, exist_ok=True)
    git.run(place, "init", "--quiet")
    for name, value in {"commit.gpgSign": "false", "core.hooksPath": ".git/hooks"}.items():
        git.run(place, "config", name, value)
    return place


def _work(app: App, place: Path, language: str) -> int:
    """Work the day in a language; return 1 where a command did not end as it should."""
    init = ("init", str(place), "--lang", language, "--zone", "America/Bogota", "--name", str(say("Demo desk")))
    failed = int(_show(app, Step(-5, init), init, "--lang", language) != 0)
    kept: dict[str, str] = {}
    for step in _DAY:
        words = tuple(str(word).format_map(kept) for word in step.words)
        if step.keep:
            printed = io.StringIO()
            with redirect_stdout(printed):
                _print_command(app, step, words)
                status = _run(step, ("-C", str(place), *words))
            kept[step.keep] = printed.getvalue().split()[-1]
            app.out(printed.getvalue().rstrip("\n"))
        else:
            status = _show(app, step, words, "-C", str(place))
        failed |= int((status != 0) != step.refused)
    return failed


def _show(app: App, step: Step, words: tuple[str, ...], *before: str) -> int:
    _print_command(app, step, words)
    return _run(step, (*before, *words))


def _print_command(app: App, step: Step, words: tuple[str, ...]) -> None:
    clock = (_MORNING + timedelta(minutes=step.minutes)).strftime("%H:%M")
    app.out("\n" + app.styled(f"{clock} $ tk {shlex.join(words)}", bold=True))
    sys.stdout.flush()  # what the command says on stderr comes after it


def _run(step: Step, argv: tuple[str, ...]) -> int:
    os.environ["TK_NOW"] = format_instant(_MORNING + timedelta(minutes=step.minutes))
    return run(argv)


@contextmanager
def _as_person() -> Iterator[None]:
    """Let the demo act as a person of its own, whoever git thinks is there."""
    acting: Mapping[str, str] = {
        f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in _PERSON.items()
    }
    before = {name: os.environ.get(name) for name in (*acting, "TK_NOW")}
    os.environ.update(acting)
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text
