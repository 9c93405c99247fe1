"""`tk sync`: the desk in step with the one that others share."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.conflicts import portrait as conflict_portrait
from tk.cli.output.conflicts import write_conflicts
from tk.cli.output.deeds import lines
from tk.cli.output.render import write_json
from tk.cli.output.voice import Voice, voice_of
from tk.cli.terminal.safe import cell
from tk.core.numbers import counted
from tk.errors import say
from tk.services.sync import Synced, sync
from tk.store.revision import Changed


@click.command("sync")
@click.argument("remote", metavar="[REMOTE]", required=False, shell_complete=offering("remotes"))
@click.option("--json", "as_json", is_flag=True, help="Print what came and what went as JSON.")
@pass_app
def command(app: App, remote: str | None, as_json: bool) -> int:
    """Bring what others did, merge it, send what you did.

    Tickets are merged by meaning. Where two people changed one thing, each in their own way, the merge is done as far
    as it goes, nothing is sent, and tk resolve goes through what is left: exit status 1. Where others are faster, it
    tries again. It may be interrupted at any moment: run it again, then. Without REMOTE it is the branch's upstream, or
    the only remote there is.

    \b
    Example:
      tk sync
      tk sync origin --json
    """
    desk = app.desk
    done = sync(desk, remote)
    if as_json:
        write_json(app, _portrait(done))
        return int(bool(done.conflicts))
    voice = voice_of(app, desk)
    for old, new in done.renamed.items():
        app.say(say("{old}: two tickets had drawn this id; one of them is now {new}", old=old, new=new))
    if done.conflicts:
        write_conflicts(app, voice, done.conflicts)
        app.say(say("merged but for this; `tk resolve` goes through it, then `tk sync` sends it"))
        return 1
    for mark, passages in (("←", done.came), ("→", done.went)):
        for each in passages:
            for line in _lines(voice, each):
                app.out(f"{mark} {line}")
    came, went = (counted(len(passages), "{count} ticket", "{count} tickets") for passages in (done.came, done.went))
    app.say(say("in step with {place}: came {came}, went {went}", place=done.place.shown, came=came, went=went))
    return 0


def _lines(voice: Voice, passage: Changed) -> list[str]:
    """Return what became of a ticket; of a new one only what it is about."""
    if passage.before is None:
        told = say("new: {title}", title=cell(passage.ticket.title))
        return [f"{passage.ticket.id} {told}"]
    edited = say("edited")
    return lines(voice, passage) or [f"{passage.ticket.id} {edited}"]


def _portrait(done: Synced) -> dict[str, object]:
    return {
        "remote": done.place.remote,
        "branch": done.place.branch,
        "commit": done.commit,
        "came": [_passage(each) for each in done.came],
        "went": [_passage(each) for each in done.went],
        "conflicts": [one for each in done.conflicts for one in conflict_portrait(each)],
        "renamed": dict(done.renamed),
    }


def _passage(passage: Changed) -> dict[str, object]:
    actions = [action.name.rstrip(".") for action in passage.actions]
    return {"ticket": passage.ticket.id, "title": passage.ticket.title, "actions": actions}
