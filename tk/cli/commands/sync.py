"""`tk sync`: the desk in step with the one that others share."""

from collections.abc import Iterator, Sequence

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.conflicts import portrait as conflict_portrait
from tk.cli.output.conflicts import write_conflicts
from tk.cli.output.deeds import lines
from tk.cli.output.render import write_json
from tk.cli.output.telling import file_json, first, line, of_file, of_ticket
from tk.cli.output.voice import Voice, voice_of
from tk.cli.terminal.safe import cell, safe
from tk.core.numbers import counted
from tk.errors import Message, say
from tk.services.sync import Synced, sync
from tk.store.judging.passages import Passage, Passed
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

    It says what came and what went: tickets, what changed of the policy, as tk diff tells it, and seals of audits.
    What a merge left in conflict is not sent, even where somebody has committed it.

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
    for mark, passed, seals in (("←", done.came, done.seals.came), ("→", done.went, done.seals.went)):
        for told in (*_of_files(app, passed), *_of_tickets(app, voice, passed), *_of_seals(seals)):
            app.out(f"{mark} {told}")
    _tell_seals(app, done)
    if done.conflicts:
        write_conflicts(app, voice, done.conflicts)
        app.say(say("merged but for this; `tk resolve` goes through it, then `tk sync` sends it"))
        return 1
    came, went = (_counted(passed) for passed in (done.came, done.went))
    app.say(say("in step with {place}: came {came}, went {went}", place=done.place.shown, came=came, went=went))
    return 0


def _of_files(app: App, passed: Passed) -> Iterator[str]:
    """Yield what became of the policy and what it governs, as tk diff tells it."""
    for change in passed.files:
        for telling in of_file(change):
            yield line(app, telling)


def _of_tickets(app: App, voice: Voice, passed: Passed) -> Iterator[str]:
    """Yield what became of tickets, a line an action; of a new one only what it is about."""
    for change, actions in passed.tickets:
        if change.after is None or change.mended:
            yield line(app, of_ticket(voice.policy, change, for_people=voice.for_people))
        elif change.before is None:
            told = say("new: {title}", title=cell(change.after.title))
            yield f"{change.after.id} {told}"
        else:
            edited = say("edited")
            done = Changed(change.before, change.after, change.path, actions, None)
            yield from lines(voice, done) or [f"{change.after.id} {edited}"]


def _of_seals(names: Sequence[str]) -> Iterator[str]:
    if names:
        told = counted(len(names), "{count} seal", "{count} seals")
        yield f"{told}: {cell(first(names))}"


def _tell_seals(app: App, done: Synced) -> None:
    """Say what became of seals that could not be shared."""
    remote = done.place.remote
    if done.seals.others:
        named = cell(first(done.seals.others))
        app.say(
            say("{seals}: {remote} has another seal of that name; each side keeps its own", seals=named, remote=remote)
        )
        app.say(say("`git tag -d NAME` drops the one here; then tk sync brings the other"))
    if done.seals.refused:
        app.say(say("{remote} did not take the seals: {reason}", remote=remote, reason=safe(done.seals.refused)))


def _counted(passed: Passed) -> Message:
    tickets = counted(len(passed.tickets), "{count} ticket", "{count} tickets")
    if not passed.files:
        return tickets
    files = counted(len(passed.files), "{count} file of the policy", "{count} files of the policy")
    return say("{tickets} and {files}", tickets=tickets, files=files)


def _portrait(done: Synced) -> dict[str, object]:
    return {
        "remote": done.place.remote,
        "branch": done.place.branch,
        "commit": done.commit,
        "came": [_passage(each) for each in done.came.tickets],
        "went": [_passage(each) for each in done.went.tickets],
        "conflicts": [one for each in done.conflicts for one in conflict_portrait(each)],
        "renamed": dict(done.renamed),
        "policy": {side: [file_json(each) for each in passed.files] for side, passed in _sides(done)},
        "seals": done.seals._asdict(),
    }


def _sides(done: Synced) -> tuple[tuple[str, Passed], ...]:
    return ("came", done.came), ("went", done.went)


def _passage(passage: Passage) -> dict[str, object]:
    change = passage.change
    held = change.after or change.before
    return {
        "ticket": change.ticket if change.after is None else change.after.id,
        "title": None if held is None else held.title,
        "kind": change.kind,
        "actions": [action.name.rstrip(".") for action in passage.actions],
    }
