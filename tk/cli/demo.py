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
from tk.cli.complete import files, folders
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


_MAP = "maps/helpdesk-log.map.toml"

_LOG = (
    Step(1, ("list", "status:any", "sort:-updated", "limit:5")),
    Step(2, ("show", "Case 1820")),
    Step(3, ("history", "Case 1820")),
    Step(4, ("list", "--at", "2012-10-15", "limit:5")),
    Step(5, ("import", "events", "{log}", "--map", _MAP)),
    Step(6, ("audit",)),
)
"""What is done with a real log, once it is imported."""


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, shell_complete=folders)
@click.option("--real", metavar="FILE", shell_complete=files, help="Import the log of a real help desk instead.")
@pass_app
def command(app: App, folder: str | None, real: str | None) -> int:
    """Work a day on a new desk and show each command.

    The desk is a git repository of its own in DIR, or in a new temporary folder; nothing else is touched. With --real
    it holds what the help desk log of an Italian company tells, five years in one import.

    \b
    Example:
      tk demo
      tk demo /tmp/my-first-desk
      tk demo --real helpdesk-log.csv
    """
    git.require(app.folder)
    if real is not None and not Path(app.folder, real).is_file():
        raise WrongUsage(
            say("{file}: there is no such file", file=real), say("--real takes the log as it was published")
        )
    place = _make(Path(tempfile.mkdtemp(prefix="tk-demo-")) if folder is None else Path(app.folder, folder))
    language = spoken_at(str(app.folder), app.language)
    with _as_person():
        failed = _work(app, place, language) if real is None else _work_real(app, place, language, real)
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


def _work_real(app: App, place: Path, language: str, log: str) -> int:
    """Import a real log into a desk that knows its words, and look around; return 1 where a command failed."""
    from tk.exchange.known_maps import sample  # a day's work does without it
    from tk.store.commit import Change, apply
    from tk.store.repo import at

    init = ("init", str(place), "--lang", language)
    failed = int(_show(app, Step(-5, init), init, "--lang", language) != 0)
    new = {"tk.toml": sample("helpdesk-log.tk.toml"), _MAP: sample("helpdesk-log.map.toml")}
    old = {"tk.toml": (place / "tk.toml").read_bytes(), _MAP: None}
    message = "Know the words of the log\n\nTk-Action: policy\n"
    apply(at(place.resolve()), Change(new, old, message, _MORNING - timedelta(minutes=1)), app.say)
    app.out("\n" + str(say("tk.toml and {map} are now those of the log.", map=_MAP)))
    file = str(Path(app.folder, log).resolve())
    for step in (Step(0, ("import", "events", "{log}", "--map", _MAP)), *_LOG):
        words = tuple(str(word).format(log=file) for word in step.words)
        failed |= int(_show(app, step, words, "-C", str(place), "--lang", language) != 0)
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
