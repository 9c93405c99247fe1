"""`tk agenda`: the day of a person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import formats
from tk.cli.output.columns import READABLE
from tk.cli.output.render import FORMATS, Column, Table, write_rows
from tk.core.errand import moment
from tk.core.instant import format_instant, in_zone, parse_instant
from tk.core.policy import Policy
from tk.core.values import choose
from tk.errors import Message, WrongUsage, say
from tk.services.agenda import Agenda, agenda, follow_ups
from tk.store.desk import Desk
from tk.store.index import Row
from tk.store.index_changes import Pending

_COLORS = {"urgent": "red", "high": "yellow"}


@click.command("agenda")
@click.argument("person", metavar="[PERSON]", default="me", shell_complete=offering("owners"))
@click.option("--day", metavar="DATE", help="The day; today unless said. Also tomorrow, or +2d.")
@click.option("--ics", is_flag=True, help="Print an iCalendar of the follow-ups; without --day, of all to come.")
@formats(*FORMATS, terminal="table", pipe="tsv")
@pass_app
def command(app: App, person: str, day: str | None, ics: bool, form: str) -> None:
    """Show a person's day: follow-ups, what is overdue, what is stuck.

    Follow-ups scheduled for the day come by the hour; then those of earlier days, clocks past their instant, and what
    has no follow-up to come, which it needs before the shift ends. PERSON is a handle or a name; you unless said.

    \b
    Example:
      tk agenda
      tk agenda rvera --day tomorrow
      tk agenda --ics > follow-ups.ics
    """
    desk = app.desk
    who = _person(desk, person)
    pending = app.started if isinstance(app.started, Pending) else None
    if ics and day is None:
        _write_calendar(app, desk, who, follow_ups(desk, who, pending))
        return
    found = agenda(desk, who, _day(desk, day), pending)
    if ics:
        _write_calendar(app, desk, who, found.scheduled)
    elif form == "table":
        _for_people(app, desk.policy, found)
    else:
        write_rows(app, _for_programs(found), form)


def _person(desk: Desk, text: str) -> str:
    if text != "me":
        return choose(desk.policy.people, text, "person")
    if desk.actor.handle is None:
        raise WrongUsage(
            say("you are no person of this desk: no entry in [people] has your address"),
            say("git config user.email says who you are; [people] in tk.toml says who belongs to the desk"),
        )
    return desk.actor.handle


def _day(desk: Desk, text: str | None) -> date:
    if text is None:
        return desk.now.date()
    hint = say("write 2026-08-12, tomorrow or +2d")
    return moment(text, desk.now, desk.policy.desk.zone, hint).date()


def _write_calendar(app: App, desk: Desk, person: str, rows: list[Row]) -> None:
    from tk.cli.output.ical import calendar  # icalendar is for whoever asks for one

    app.write_document(calendar(desk.policy, person, rows))


def _parts(found: Agenda) -> Iterator[tuple[str, Row, str]]:
    """Yield each ticket with the part it belongs to, and the instant for which it is there."""
    for part in ("scheduled", "overdue", "late", "unplanned"):
        for row in getattr(found, part):
            yield part, row, _due(row) if part == "late" else row.follow_up or ""


def _due(row: Row) -> str:
    return "" if row.due_at is None else format_instant(datetime.fromtimestamp(row.due_at, UTC))


def _for_programs(found: Agenda) -> Table:
    columns = [Column(name, name) for name in ("part", "id", "at", "status", "priority", "title")]
    rows = [(part, row.id, at, row.status, row.priority or "", row.title) for part, row, at in _parts(found)]
    return Table(columns, rows)


def _heading(part: str, found: Agenda) -> Message:
    match part:
        case "scheduled":
            return say("Scheduled for {day}", day=found.day.isoformat())
        case "overdue":
            return say("Should have been followed up")
        case "late":
            return say("Clocks overdue")
    if found.shift_end is None:
        return say("Without a next step")
    return say("Without a next step; the shift ends at {at}", at=f"{found.shift_end:%H:%M}")


def _for_people(app: App, policy: Policy, found: Agenda) -> None:
    parts: dict[str, list[tuple[Row, str]]] = {}
    told: set[str] = set()
    for part, row, at in _parts(found):
        if part != "unplanned" or row.path not in told:  # what was to be followed up by now is there already
            parts.setdefault(part, []).append((row, at))
            told.add(row.path)
    for number, (part, held) in enumerate(parts.items()):
        if number:
            app.out("")
        app.out(app.styled(f"{_heading(part, found)} ({len(held)})", bold=True))
        write_rows(app, _table(policy, held, hours_only=part == "scheduled"), "table")
    if not parts:
        app.out(str(say("Nothing is scheduled, nothing is overdue.")))


def _table(policy: Policy, held: list[tuple[Row, str]], *, hours_only: bool) -> Table:
    """Return the columns that have something to say, times in the desk's zone."""
    language = policy.desk.language
    colors = {policy.priorities.label(key, language): color for key, color in _COLORS.items()}
    every = (
        (Column("at", str(say("At"))), [_told(policy, at, hours_only=hours_only) for _, at in held]),
        (Column("id", str(say("Id"))), [row.id for row, _ in held]),
        (Column("status", str(say("Status"))), [policy.statuses.label(row.status, language) for row, _ in held]),
        (
            Column("priority", str(say("Priority")), colors=colors),
            [policy.priorities.label(row.priority, language) for row, _ in held],
        ),
        (Column("title", str(say("Title")), shrinks=True, least=READABLE), [row.title for row, _ in held]),
        (Column("requester", str(say("Requester")), shrinks=True), [row.requester or "" for row, _ in held]),
    )
    shown = [(column, cells) for column, cells in every if any(cells)]
    return Table([column for column, _ in shown], list(zip(*(cells for _, cells in shown), strict=True)))


def _told(policy: Policy, at: str, *, hours_only: bool) -> str:
    if not at:
        return ""
    local = in_zone(parse_instant(at), ZoneInfo(policy.desk.zone))
    return f"{local:%H:%M}" if hours_only else f"{local:%Y-%m-%d %H:%M}"
