"""`tk resolve`: what a merge left open, gone through with the person."""

import sys
from collections.abc import Sequence

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.conflicts import held_words, label, portrait, write_conflicts
from tk.cli.output.render import write_json
from tk.cli.output.voice import Voice, voice_of
from tk.cli.terminal.safe import cell
from tk.cli.terminal.screen import is_terminal
from tk.core.merging.merge import Conflict, Side
from tk.core.plan import pair
from tk.errors import TkError, say
from tk.services.resolve import Resolved, resolve
from tk.store.merging.answers import Answers, Ask, Given, never


@click.command("resolve")
@click.argument("words", metavar="[ID]... [KEY=VALUE]...", nargs=-1, shell_complete=offering("settling"))
@click.option("--ours", "side", flag_value="ours", help="What this branch has is right wherever the two disagree.")
@click.option("--theirs", "side", flag_value="theirs", help="What was merged is right wherever the two disagree.")
@click.option("--json", "as_json", is_flag=True, help="Print what was settled and what is still open as JSON.")
@pass_app
def command(app: App, words: tuple[str, ...], side: Side | None, as_json: bool) -> int:
    """Settle what a merge left open or got wrong.

    On a terminal it asks, thing by thing: what is here, what is there, or a value of your own, which the policy must
    allow. Once nothing is open it makes the merge's commit. Without a merge under way it mends what one without tk's
    driver left in the files: conflict markers, keys and events that stand twice, links that only one ticket has, clocks
    at odds; and it makes the merge again where the audit refuses what that made of a ticket: of the last commit, or of
    the tickets you name. Exit status 1 while something is open.

    \b
    Example:
      tk resolve
      tk resolve --theirs
      tk resolve 7k3 status=solved owner=ana
    """
    desk = app.desk
    tickets = [word for word in words if "=" not in word]
    values = dict(pair(desk.policy, word) for word in words if "=" in word)
    voice = voice_of(app, desk)
    ask = _asking(app, voice) if is_terminal(sys.stdin) and not as_json and side is None else never
    done = resolve(desk, tickets, Answers(side, values, ask, lambda error: _tell_wrong(app, error)))
    if as_json:
        opened = [one for each in done.open for one in portrait(each)]
        write_json(app, {"settled": list(done.settled), "open": opened, "commit": done.commit})
    else:
        _tell(app, voice, done)
    return int(bool(done.open))


def _tell_wrong(app: App, error: TkError) -> None:
    """Say what is wrong with an answer, and what would do."""
    app.say(error.message)
    if error.hint is not None:
        app.say(error.hint)


def _tell(app: App, voice: Voice, done: Resolved) -> None:
    for path in done.settled:
        app.out(str(say("settled: {path}", path=cell(path))))
    write_conflicts(app, voice, done.open)
    if done.open:
        app.say(say("`tk resolve ID --ours`, `--theirs` or `KEY=VALUE` settles the rest"))
    elif done.goes_on is not None:
        app.say(say("`git {command} --continue` goes on", command=done.goes_on))
    elif done.commit is None:
        app.say(say("nothing is open, and nothing needs mending"))
    else:
        app.say(say("committed; `tk sync` sends it"))


def _asking(app: App, voice: Voice) -> Ask:
    """Return what asks on the terminal."""

    def ask(ticket: str, conflict: Conflict) -> "Side | Given | None":
        ours, theirs = (held_words(voice, conflict, held) for held in (conflict.ours, conflict.theirs))
        app.out(f"{cell(ticket)} {app.styled(label(voice, conflict), bold=True)}")
        here, there = say("here: {value}", value=ours), say("there: {value}", value=theirs)
        app.out(f"  o  {here}\n  t  {there}")
        while True:
            said = click.prompt(
                str(say("o, t, =VALUE, or nothing to leave it")), default="", show_default=False, err=True
            )
            found = _understood(said.strip())
            if found is not None or not said.strip():
                return found
            app.say(say("{answer} is none of these", answer=cell(said.strip())))

    return ask


def _understood(said: str) -> "Side | Given | None":
    if said.startswith("="):
        return Given(said[1:].strip())
    begun: Sequence[Side] = ("ours", "theirs")
    return next((side for side in begun if said and side.startswith(said.lower())), None)
