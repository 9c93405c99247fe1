"""`tk init`: a new desk from a preset, committed."""

import shlex
from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import folders, presets, zones
from tk.cli.language import of_locale
from tk.core.text import one_line
from tk.errors import WrongUsage, say
from tk.services.start import Wish, start
from tk.store.desk import open_desk
from tk.store.repo import POLICY


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, default=".", shell_complete=folders)
@click.option(
    "--preset",
    shell_complete=presets,
    default="simple",
    show_default=True,
    metavar="NAME",
    help="What the desk starts from.",
)
@click.option("--lang", type=click.Choice(["en", "es"]), help="The language of its labels; else that of your locale.")
@click.option("--ci", "forge", type=click.Choice(["github", "gitlab"]), help="Write workflows for this forge as well.")
@click.option(
    "--tk-from",
    "source",
    metavar="SOURCE",
    help="Where its pip finds tk; else where this one came from.",
)
@click.option("--name", metavar="NAME", help="The desk's name; else the folder's.")
@click.option("--zone", shell_complete=zones, metavar="ZONE", help="Its time zone, such as America/Bogota.")
@pass_app
def command(
    app: App,
    folder: str,
    preset: str,
    lang: str | None,
    forge: str | None,
    source: str | None,
    name: str | None,
    zone: str | None,
) -> None:
    """Set up a new desk from a preset.

    The folder becomes a git repository unless it lies in one; you become the desk's first person. `tk presets` lists
    the presets. Without --zone the zone is the preset's, or this machine's where the preset stands nowhere.

    With --ci workflows check and audit every pull request, with a comment that says what it changes, and sweep on
    schedule; a desk that is there already is given them. Their pip takes tk from where this one was installed from, or
    from --tk-from.

    \b
    Example:
      tk init support --preset simple
      tk init . --lang es --zone America/Bogota
      tk init support --ci github --tk-from git+https://example.org/tk.git
    """
    place = Path(app.folder, folder)
    source = _source(forge, source)
    if forge is not None and (place / POLICY).exists():
        _give(app, place, forge, source)
        return
    wish = Wish(place, preset, lang or of_locale(), zone, name, forge, source)
    started = start(wish, app.now, app.say)
    app.out(str(started.repo.root))
    _tell_forge(app, forge, source)
    app.say(say("a desk from the preset {preset}; tk.toml says how it works", preset=started.preset))
    there = "" if started.repo.root == app.folder.resolve() else f"-C {shlex.quote(folder)} "
    app.say(say('next: tk {there}new "What is it about?"', there=there))


def _source(forge: str | None, source: str | None) -> str:
    """Return where the workflows' pip finds tk, "" where nobody knows."""
    if forge is None:
        if source is not None:
            raise WrongUsage(say("--tk-from is for --ci"), say("name the forge: --ci github or --ci gitlab"))
        return ""
    from tk.store.workflows import installed_from  # workflows alone ask

    return one_line(source) if source is not None else installed_from() or ""


def _give(app: App, place: Path, forge: str, source: str) -> None:
    """Give a desk that is there already the workflows for a forge."""
    from tk.services.workflows import give

    given = give(open_desk(place, app.now, app.say), forge, source)
    if given.written:
        app.out("\n".join(given.written))
        _tell_forge(app, forge, source)
    for path in given.kept:
        app.say(say("{path} is there already and stays as it is", path=path))
    if ".gitlab-ci.yml" in given.kept:
        app.say(say("let it include /.gitlab/tk.yml"))


def _tell_forge(app: App, forge: str | None, source: str) -> None:
    """Say what is left to do in the workflows and on the forge itself."""
    if forge is not None:
        app.say(say("the first lines of the workflows say what they do, and TK there where pip finds tk"))
        if not source:
            app.say(say("TK is empty, and they fail until it is set, such as to git+https://example.org/tk.git@v1"))
    if forge == "gitlab":
        app.say(say("GitLab needs a schedule and the variable TK_TOKEN: .gitlab/tk.yml tells"))
