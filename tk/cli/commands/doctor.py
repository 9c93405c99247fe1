"""`tk doctor`: the desk's surroundings."""

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.output.render import write_json
from tk.cli.terminal.safe import safe
from tk.errors import say
from tk.services.doctor import Sign, examine, tune

_MARKS = {"good": (say("ok"), "green"), "note": (say("note"), "yellow"), "bad": (say("bad"), "red")}

_ABOUT = {
    "git": say("git"),
    "repository": say("repository"),
    "identity": say("identity"),
    "policy": say("policy"),
    "signing": say("signing"),
    "tickets": say("tickets"),
    "merging": say("merging"),
    "state": say("state"),
}
"""What people read for the names that programs know."""


@click.command("doctor")
@click.option("--tune", "tunes", is_flag=True, help="Set git up for the desk: its merge driver, caches, commit-graph.")
@formats("text", "json", terminal="text", pipe="text")
@pass_app
def command(app: App, tunes: bool, form: str) -> int:
    """Look at the desk's surroundings and say what to mend.

    git, the repository, who you are, the policy, the tickets, how they are merged, tk's own state. Exit status 1 where
    something is bad. With --tune it first sets git up: in this clone, but for .gitattributes, which is committed.

    \b
    Example:
      tk doctor
      tk doctor --tune
    """
    for done in tune(app.desk) if tunes else ():
        app.say(done)
    signs = examine(app.desk)
    if form == "json":
        write_json(app, [_portrait(sign) for sign in signs])
    else:
        for sign in signs:
            mark, color = _MARKS[sign.verdict]
            about = f"{_ABOUT[sign.about]}:"
            app.out(f"{app.styled(f'{mark!s:<4}', color)} {about:<12} {safe(str(sign.message))}")
            if sign.remedy is not None:
                app.out(f"{'':<18}{safe(str(sign.remedy))}")
    return int(any(sign.verdict == "bad" for sign in signs))


def _portrait(sign: Sign) -> dict[str, object]:
    remedy = None if sign.remedy is None else str(sign.remedy)
    return {"about": sign.about, "verdict": sign.verdict, "message": str(sign.message), "remedy": remedy}
