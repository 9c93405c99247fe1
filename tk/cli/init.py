"""`tk init`: a new desk from a preset, committed."""

import shlex
from pathlib import Path

import click

from tk.cli.app import App, pass_app
from tk.cli.language import of_locale
from tk.errors import say
from tk.services.start import Wish, start


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, default=".")
@click.option("--preset", default="simple", show_default=True, metavar="NAME", help="What the desk starts from.")
@click.option("--lang", type=click.Choice(["en", "es"]), help="The language of its labels; else that of your locale.")
@click.option("--name", metavar="NAME", help="The desk's name; else the folder's.")
@click.option("--zone", metavar="ZONE", help="Its time zone, such as America/Bogota.")
@pass_app
def command(app: App, folder: str, preset: str, lang: str | None, name: str | None, zone: str | None) -> None:
    """Set up a new desk from a preset.

    The folder becomes a git repository unless it lies in one; you become the desk's first person. `tk presets` lists
    the presets. Without --zone the zone is the preset's, or this machine's where the preset stands nowhere.

    \b
    Example:
      tk init support --preset simple
      tk init . --lang es --zone America/Bogota
    """
    wish = Wish(Path(app.folder, folder), preset, lang or of_locale(), zone, name)
    started = start(wish, app.now, app.say)
    app.out(str(started.repo.root))
    app.say(say("a desk from the preset {preset}; tk.toml says how it works", preset=started.preset))
    there = "" if started.repo.root == app.folder.resolve() else f"-C {shlex.quote(folder)} "
    app.say(say('next: tk {there}new "What is it about?"', there=there))
