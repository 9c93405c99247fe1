"""`tk due`: the clocks that run, and when they fall due."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import formats
from tk.cli.output.paging import paged
from tk.cli.output.render import FORMATS, Column, Table, write_rows, write_values
from tk.cli.output.review import place
from tk.core.instant import Duration, format_instant, in_zone, parse_duration
from tk.core.policy import Policy
from tk.core.vocabulary import in_language
from tk.errors import WrongUsage, say
from tk.services.due import Clocks, Running, running
from tk.store.desk import Desk
from tk.store.index_changes import Pending

_COLORS = {"urgent": "red", "high": "yellow"}


@click.command("due")
@click.argument("query", metavar="[QUERY]...", nargs=-1, shell_complete=offering("words"))
@click.option("--within", metavar="LENGTH", help="Only what is late, or due within this: 4h, 2d, 8bh.")
@click.option("--clock", metavar="CLOCK", help="Only this clock.", shell_complete=offering("clocks"))
@formats(*FORMATS, terminal="table", pipe="tsv")
@paged
@pass_app
def command(app: App, query: tuple[str, ...], within: str | None, clock: str | None, form: str) -> None:
    """List the clocks that run, what is due soonest first.

    A ticket stands once for each of its clocks; a stopped clock is not due. QUERY chooses tickets as for tk list.

    \b
    Example:
      tk due
      tk due owner:me --within 4h
      tk due --clock first-response --json
    """
    desk = app.desk
    pending = app.started if isinstance(app.started, Pending) else None
    found = running(desk, query, _length(within), clock, pending)
    if form in {"json", "ndjson"}:
        write_values(app, (_portrait(desk, each) for each in found.running), form)
    else:
        write_rows(app, _table(desk, found, people=form in {"table", "markdown"}), form)
    for finding in found.broken:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))
    if not found.running and app.is_terminal:
        app.say(say("nothing is due"))


def _length(text: str | None) -> Duration | None:
    try:
        return None if text is None else parse_duration(text.strip())
    except ValueError:
        raise WrongUsage(say('"{text}" is no length of time', text=text), say("write 90m, 4h, 2d or 8bh")) from None


def _portrait(desk: Desk, each: Running) -> dict[str, object]:
    """Return a running clock for programs: seconds are whole, by the wall, and one of the two is null."""
    seconds = int((each.due - desk.now).total_seconds())
    ticket = each.ticket
    return {
        "ticket": ticket.id,
        "clock": each.clock,
        "due": format_instant(each.due),
        "left_seconds": seconds if seconds >= 0 else None,
        "late_seconds": -seconds if seconds < 0 else None,
        "target": ticket.target.get(each.clock),
        "status": ticket.status,
        "priority": ticket.priority,
        "owner": ticket.owner,
        "team": ticket.team,
        "title": ticket.title,
        "path": each.path,
    }


def _table(desk: Desk, found: Clocks, *, people: bool) -> Table:
    language = desk.policy.desk.language
    colors = {desk.policy.priorities.label(key, language): color for key, color in _COLORS.items()}
    columns = (
        Column("due", str(say("Due")), "deadline"),
        Column("clock", str(say("Clock"))),
        Column("id", str(say("Id"))),
        Column("priority", str(say("Priority")), colors=colors),
        Column("owner", str(say("Owner")), shrinks=True),
        Column("title", str(say("Title")), shrinks=True),
    )
    return Table(columns, [_cells(desk, each, people=people) for each in found.running])


def _cells(desk: Desk, each: Running, *, people: bool) -> tuple[str, ...]:
    policy, ticket = desk.policy, each.ticket
    due = format_instant(in_zone(each.due, desk.now.tzinfo) if people and desk.now.tzinfo else each.due)
    if not people:
        return due, each.clock, ticket.id, ticket.priority or "", ticket.owner or "", ticket.title
    language = policy.desk.language
    owner = policy.people.label(ticket.owner, language) or policy.teams.label(ticket.team, language)
    clock = _label(policy, each)
    return due, clock, ticket.id, policy.priorities.label(ticket.priority, language), owner, ticket.title


def _label(policy: Policy, each: Running) -> str:
    """Return what the desk calls a clock: the label of its deadline where that has one."""
    rule = next((rule for rule in policy.deadlines if rule.clock == each.clock and rule.labels), None)
    return each.clock if rule is None else in_language(rule.labels, policy.desk.language)
