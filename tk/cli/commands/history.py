"""`tk history`: one ticket's story, from its file and from git, or the whole desk's."""

from collections.abc import Iterator, Sequence

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import as_of, formats
from tk.cli.output.paging import paged
from tk.cli.output.render import write_json
from tk.cli.output.review import SHORT
from tk.cli.output.stories import details, heading, portrait
from tk.cli.output.voice import Voice, voice_of
from tk.cli.terminal.safe import cell
from tk.core.bounds import period
from tk.core.values import choose
from tk.errors import say
from tk.services.history import Bounds, DeskStory, Entry, Story, desk_story, story
from tk.store.desk import Desk
from tk.store.policies import zone_of


@click.command("history")
@click.argument("ticket", metavar="[ID]", required=False, shell_complete=offering("tickets"))
@click.option("--by", "person", metavar="PERSON", shell_complete=offering("owners"), help="Only what this person did.")
@click.option("--since", metavar="DATE", help="From then on: a day, an instant, or how long ago (30d, 12w).")
@click.option("--until", metavar="DATE", help="Up to then; to the end of a day.")
@as_of
@formats("text", "json", terminal="text", pipe="text")
@paged
@pass_app
def command(
    app: App, ticket: str | None, person: str | None, since: str | None, until: str | None, at: str | None, form: str
) -> None:
    """Tell who changed what and when.

    Of one ticket, or of all without ID. Events come from the ticket's file, changes from the contents of git's commits,
    in time order; an edit of a ticket that is not committed comes last.

    \b
    Example:
      tk history 7k3
      tk history --since 7d
      tk history --by mlopez --since 2026-08-01 --until 2026-08-31 --json
    """
    desk = app.desk
    if at is not None:
        from tk.cli.past import desk_then  # the present does without history

        desk = desk_then(app, at)
    bounds = _bounds(desk, person, since, until)
    voice = voice_of(app, desk)
    told = desk_story(desk, bounds) if ticket is None else story(desk, ticket, bounds)
    if form == "json":
        write_json(app, [portrait(number, entry) for number, entry in _numbered(told)])
    elif told.entries or isinstance(told, Story):
        app.out("\n".join(_lines(app, voice, told)))
    if not told.entries:
        app.say(say("nothing happened then"))
    if told.begins_at is not None:
        app.say(say("this clone is shallow: what was before {commit} is not here", commit=told.begins_at[:SHORT]))
        app.say(say("git fetch --unshallow brings it"))


def _numbered(told: Story | DeskStory) -> Sequence[tuple[str, Entry]]:
    """Return each entry with its ticket's id."""
    return told.entries if isinstance(told, DeskStory) else [(told.ticket.id, entry) for entry in told.entries]


def _bounds(desk: Desk, person: str | None, since: str | None, until: str | None) -> Bounds:
    first, last = period(since, until, desk.now.astimezone(zone_of(desk.policy)))
    return Bounds(first, last, None if person is None else _emails(desk, person))


def _emails(desk: Desk, person: str) -> tuple[str, ...]:
    """Return the addresses of a person of the desk, or the one address that was written."""
    if person == "me":
        return (desk.actor.email.lower(), *_addresses(desk, desk.actor.handle or ""))
    if "@" in person and desk.policy.people.find(person) is None:
        return (person.lower(),)
    return _addresses(desk, choose(desk.policy.people, person, "person"))


def _addresses(desk: Desk, handle: str) -> tuple[str, ...]:
    found = desk.policy.people.entries.get(handle)
    return () if found is None else found.emails


def _lines(app: App, voice: Voice, told: Story | DeskStory) -> Iterator[str]:
    if isinstance(told, Story):
        yield app.styled(f"{told.ticket.id}  {cell(told.ticket.title)}", bold=True)
    for place, (number, entry) in enumerate(_numbered(told)):
        if place or isinstance(told, Story):
            yield ""
        first = heading(app, voice, entry)
        yield first if isinstance(told, Story) else f"{first}  {app.styled(number, bold=True)}"
        yield from details(app, voice, entry)
