"""`tk demo`: a day at a new desk, each command shown before what it prints."""

import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.boundary import run
from tk.cli.completing.complete import files, folders, offering
from tk.cli.day import Day, Step, read_day
from tk.cli.language import spoken_at
from tk.core.instant import format_instant
from tk.errors import WrongUsage, say
from tk.store import git, presets

_MORNING = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
_CLERK = ("mlopez", "María López")

_MAP = "maps/helpdesk-log.map.toml"

_LOG = (
    ("import", "events", "{log}", "--map", _MAP),
    ("list", "status:any", "sort:-updated", "limit:5"),
    ("show", "Case 1820"),
    ("history", "Case 1820"),
    ("list", "--at", "2012-10-15", "limit:5"),
    ("report", "time"),
    ("report", "paths", "--by", "activity"),
    ("import", "events", "{log}", "--map", _MAP),
    ("audit",),
)
"""What is done with a real log."""


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, shell_complete=folders)
@click.option(
    "--preset",
    default="simple",
    show_default=True,
    metavar="NAME",
    shell_complete=offering("presets"),
    help="The desk on which the day is worked.",
)
@click.option("--real", metavar="FILE", shell_complete=files, help="Import the log of a real help desk instead.")
@pass_app
def command(app: App, folder: str | None, preset: str, real: str | None) -> int:
    """Work a day on a new desk and show each command.

    The desk is a git repository of its own in DIR, or in a new temporary folder; nothing else is touched. With --real
    it holds what the help desk log of an Italian company tells, five years in one import.

    \b
    Example:
      tk demo
      tk demo /tmp/my-first-desk --preset warranty
      tk demo --real helpdesk-log.csv
    """
    git.require(app.folder)
    if real is not None and not Path(app.folder, real).is_file():
        raise WrongUsage(
            say("{file}: there is no such file", file=real), say("--real takes the log as it was published")
        )
    language = spoken_at(str(app.folder), app.language)
    day = _day_of(preset, language)
    place = _make(Path(tempfile.mkdtemp(prefix="tk-demo-")) if folder is None else Path(app.folder, folder))
    with _others():
        failed = _work(app, place, preset, language, day) if real is None else _work_real(app, place, language, real)
    app.out("")
    app.out(str(say("The desk stays in {folder}: try tk -C {folder} list", folder=shlex.quote(str(place)))))
    return failed


def _day_of(preset: str, language: str) -> Day:
    """Return the day that a preset tells; raise WrongUsage where it tells none."""
    day = presets.load(preset).day
    if day is None:
        raise WrongUsage(say("the preset {preset} tells no day", preset=preset), say("tk init --preset sets it up"))
    return read_day(day, language)


def _make(place: Path) -> Path:
    """Make the desk's folder and return it: a repository of its own, even within another, without the user's hooks."""
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise WrongUsage(say("{folder} is there already; name a folder that is not, or is empty", folder=place))
    place.mkdir(parents=True, exist_ok=True)
    git.run(place, "init", "--quiet")
    for name, value in {"commit.gpgSign": "false", "core.hooksPath": ".git/hooks"}.items():
        git.run(place, "config", name, value)
    return place


def _work(app: App, place: Path, preset: str, language: str, day: Day) -> int:
    """Work the day in a language; return 1 where a command did not end as it should."""
    name = str(say("Demo desk"))
    init = ("init", str(place), "--preset", preset, "--lang", language, *day.init, "--name", name)
    _act_as(day.founder, day.people[day.founder])
    failed = int(_show(app, Step(day.begins, day.founder, init), init, "--lang", language) != 0)
    kept: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="tk-demo-") as papers:
        for step in day.steps:
            _act_as(step.who, day.people[step.who])
            if step.file:
                paper = Path(papers, step.file)
                paper.write_text(step.file, encoding="utf-8")
                kept["file"] = str(paper)
            failed |= int((_do(app, place, step, kept, language) != 0) != step.refused)
    return failed


def _do(app: App, place: Path, step: Step, kept: dict[str, str], language: str) -> int:
    """Show a step and what it prints; keep the id that it prints, where a name is given for it."""
    words = tuple(word.format_map(kept) for word in step.words)
    before = ("-C", str(place), "--lang", language)
    if not step.keep:
        return _show(app, step, words, *before)
    printed = io.StringIO()
    with redirect_stdout(printed):
        _print_command(app, step, words)
        status = _run(step, (*before, *words))
    kept[step.keep] = printed.getvalue().split()[-1]
    app.out(printed.getvalue().rstrip("\n"))
    return status


def _work_real(app: App, place: Path, language: str, log: str) -> int:
    """Import a real log into a desk that knows its words, and look around; return 1 where a command failed."""
    from tk.exchange.known_maps import sample  # a day's work does without it
    from tk.store.repo import at
    from tk.store.writing.commit import Change, apply

    who, name = _CLERK
    _act_as(who, name)
    init = ("init", str(place), "--lang", language)
    failed = int(_show(app, Step(_MORNING - timedelta(minutes=5), who, init), init, "--lang", language) != 0)
    new = {"tk.toml": sample("helpdesk-log.tk.toml"), _MAP: sample("helpdesk-log.map.toml")}
    old = {"tk.toml": (place / "tk.toml").read_bytes(), _MAP: None}
    message = "Know the words of the log\n\nTk-Action: policy\n"
    apply(at(place.resolve()), Change(new, old, message, _MORNING - timedelta(minutes=1)), app.say)
    app.out("\n" + str(say("tk.toml and {map} are now those of the log.", map=_MAP)))
    file = str(Path(app.folder, log).resolve())
    for minute, told in enumerate(_LOG):
        words = tuple(word.format(log=file) for word in told)
        step = Step(_MORNING + timedelta(minutes=minute), who, words)
        failed |= int(_show(app, step, words, "-C", str(place), "--lang", language) != 0)
    return failed


def _show(app: App, step: Step, words: tuple[str, ...], *before: str) -> int:
    _print_command(app, step, words)
    return _run(step, (*before, *words))


def _print_command(app: App, step: Step, words: tuple[str, ...]) -> None:
    app.out("\n" + app.styled(f"{step.at:%H:%M} {step.who} $ tk {shlex.join(words)}", bold=True))
    sys.stdout.flush()  # what the command says on stderr comes after it


def _run(step: Step, argv: tuple[str, ...]) -> int:
    os.environ["TK_NOW"] = format_instant(step.at)
    return run(argv)


def _act_as(who: str, name: str) -> None:
    """Let a person of the day act, whoever git thinks is there."""
    for role in ("AUTHOR", "COMMITTER"):
        os.environ[f"GIT_{role}_NAME"], os.environ[f"GIT_{role}_EMAIL"] = name, f"{who}@example.com"


@contextmanager
def _others() -> Iterator[None]:
    """Let others act in the block, and give the identity and the clock back after it."""
    names = (*(f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")), "TK_NOW")
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text
