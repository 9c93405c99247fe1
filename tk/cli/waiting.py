"""`tk` by itself: what waits for whoever asks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from tk.cli.app import App
from tk.cli.output.columns import READABLE, Column, Table
from tk.cli.output.render import write_rows
from tk.core.instant import format_instant
from tk.core.numbers import counted
from tk.core.policy import Policy
from tk.errors import Message, NoIdentity, say
from tk.services.waiting import Waiting, waiting
from tk.store.desk import Desk
from tk.store.index import Row
from tk.store.index_changes import Pending

_MOST = 15
"""How many tickets of a kind a person is shown at once."""

_COLORS = {"urgent": "red", "high": "yellow"}


def _section(part: str, day: date) -> tuple[Message, Message]:
    """Return the heading of a part of what waits, and the command that shows all of it."""
    match part:
        case "mine":
            return say("Yours"), say("tk list owner:me is:new,open")
        case "unassigned":
            return say("Waiting for somebody to take them"), say("tk list owner:none is:new,open")
        case "asked":
            return say("Others ask you to decide"), say("tk list is:new,open,waiting")
    return say("Follow-ups due"), say('tk list "follow-up:<={day}"', day=day.isoformat())


def show_waiting(app: App) -> None:
    """Show what waits for the person, or say kindly why nothing does; raise NotADesk where there is no desk."""
    desk = app.desk
    try:
        person = desk.actor.handle
    except NoIdentity as error:
        _say(app, error.message, *([error.hint] if error.hint else []))
        return
    if person is None:
        _say(
            app,
            say("You are {email}, who is no person of {desk}.", email=desk.actor.email, desk=desk.policy.desk.name),
            say("tk list shows what is open; [people] in tk.toml says who works here."),
        )
        return
    found = waiting(desk, person, app.started if isinstance(app.started, Pending) else None)
    if app.is_terminal:
        _for_people(app, desk, found)
    else:
        _for_programs(app, found)


def _say(app: App, *sentences: Message) -> None:
    for sentence in sentences:
        app.say(sentence)


def _for_programs(app: App, found: Waiting) -> None:
    """Write a line a ticket, the part it belongs to first."""
    columns = [Column(name, name) for name in ("part", "id", "status", "priority", "title", "updated")]
    rows = [
        (part, row.id, row.status, row.priority or "", row.title, row.updated or "")
        for part, held in found._asdict().items()
        for row in held
    ]
    write_rows(app, Table(columns, rows), "tsv")


def _for_people(app: App, desk: Desk, found: Waiting) -> None:
    first = True
    for part, rows in found._asdict().items():
        if not rows:
            continue
        heading, command = _section(part, desk.now.date())
        if not first:
            app.out("")
        first = False
        app.out(app.styled(f"{heading} ({len(rows)})", bold=True))
        write_rows(app, _table(desk.policy, rows[:_MOST], has_owner=part == "follow_ups"), "table")
        if len(rows) > _MOST:
            app.out(str(say("… {more}: {command}", more=_more(len(rows) - _MOST), command=command)))
    if first:
        app.out(str(say("Nothing waits for you.")))
        app.say(say('tk list shows what is open, tk new "What is it about?" opens a ticket; tk --help says the rest'))


def _more(count: int) -> Message:
    return counted(count, "{count} more", "{count} more")


def _table(policy: Policy, rows: Sequence[Row], *, has_owner: bool) -> Table:
    """Return the columns that have something to say."""
    language = policy.desk.language
    colors = {policy.priorities.label(key, language): color for key, color in _COLORS.items()}
    every = (
        (Column("id", str(say("Id"))), [row.id for row in rows]),
        (Column("status", str(say("Status"))), [policy.statuses.label(row.status, language) for row in rows]),
        (
            Column("priority", str(say("Priority")), colors=colors),
            [policy.priorities.label(r.priority, language) for r in rows],
        ),
        (Column("owner", str(say("Owner")), shrinks=True), [policy.people.label(row.owner, language) for row in rows]),
        (Column("title", str(say("Title")), shrinks=True, least=READABLE), [row.title for row in rows]),
        (Column("due", str(say("Due")), "deadline"), [_instant(row.due_at) for row in rows]),
        (Column("follow-up", str(say("Follow-up")), "deadline"), [row.follow_up or "" for row in rows]),
        (Column("updated", str(say("Updated")), "instant"), [row.updated or "" for row in rows]),
    )
    shown = [(column, cells) for column, cells in every if any(cells) and (column.name != "owner" or has_owner)]
    return Table([column for column, _ in shown], list(zip(*(cells for _, cells in shown), strict=True)))


def _instant(seconds: int | None) -> str:
    return "" if seconds is None else format_instant(datetime.fromtimestamp(seconds, UTC))
