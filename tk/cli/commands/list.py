"""`tk list`: the tickets that a query finds."""

import re

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import as_of, formats
from tk.cli.output.columns import READABLE
from tk.cli.output.paging import paged
from tk.cli.output.render import FORMATS, Column, Table, write_rows, write_values
from tk.cli.output.review import place
from tk.core.policy import Policy
from tk.errors import say
from tk.services.listing import Listing, listing, whole
from tk.store.index import Row
from tk.store.index_changes import Pending

_TURNED = re.compile(r"-[^\W\d_][\w.-]*:")
_COLORS = {"urgent": "red", "high": "yellow"}


class _Command(click.Command):
    """A command whose words may begin with a dash, as in -tag:vip, without being options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words of the query that are turned round out of click's sight, behind a `--`."""
        end = args.index("--") if "--" in args else len(args)
        turned = [word for word in args[:end] if _TURNED.match(word)]
        options = [word for word in args[:end] if not _TURNED.match(word)]
        return super().parse_args(ctx, [*options, "--", *turned, *args[end + 1 :]])


@click.command("list", cls=_Command)
@click.argument("query", metavar="[QUERY]...", nargs=-1, shell_complete=offering("words"))
@as_of
@formats(*FORMATS, terminal="table", pipe="tsv")
@paged
@pass_app
def command(app: App, query: tuple[str, ...], at: str | None, form: str) -> None:
    """List the tickets that a query finds.

    A query is words of the form FIELD:VALUE, all of which must hold; a, b after the colon are alternatives, a - before
    the word turns it round. Plain words are looked for in the text, as by tk search. Without status: or is: it shows
    what is not closed.

    \b
    Example:
      tk list
      tk list status:open,solved owner:me sort:-updated limit:20
      tk list overdue:yes category:hardware "created:>=2026-08-01"
      tk list is:closed -tag:vip --json
      tk list owner:me calentador
      tk list owner:me --at 2026-08-01
    """
    if at is None:
        desk = app.desk
        found = listing(desk, query, app.started if isinstance(app.started, Pending) else None)
    else:
        from tk.cli.past import desk_then  # the present does without history

        desk = past = desk_then(app, at)
        found = listing(desk, query, there=past.index())
    if form in {"json", "ndjson"}:
        from tk.core.portrait import ticket_json

        policy = desk.policy
        write_values(app, (ticket_json(t, policy, path, whole=False) for path, t in whole(desk, found.rows)), form)
    else:
        write_rows(app, _table(desk.policy, found, people=form in {"table", "markdown"}), form)
    for finding in found.broken:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))
    if not found.rows and app.is_terminal:
        app.say(say("no ticket; tk new makes one") if not query else say("no ticket answers to that"))


def _table(policy: Policy, found: Listing, *, people: bool) -> Table:
    """Return the columns of a list: labels for people, keys and whole instants for programs."""
    colors = {policy.priorities.label(key, policy.desk.language): color for key, color in _COLORS.items()}
    columns = (
        Column("id", str(say("Id"))),
        Column("status", str(say("Status"))),
        Column("priority", str(say("Priority")), colors=colors),
        Column("owner", str(say("Owner")), shrinks=True),
        Column("title", str(say("Title")), shrinks=True, least=READABLE),
        Column("updated", str(say("Updated")), "instant"),
    )
    return Table(columns, [_cells(policy, row, people=people) for row in found.rows])


def _cells(policy: Policy, row: Row, *, people: bool) -> tuple[str, ...]:
    if not people:
        return (row.id, row.status, row.priority or "", row.owner or "", row.title, row.updated or "")
    language = policy.desk.language
    return (
        row.id,
        policy.statuses.label(row.status, language),
        policy.priorities.label(row.priority, language),
        policy.people.label(row.owner, language) or policy.teams.label(row.team, language),
        row.title,
        row.updated or "",
    )
