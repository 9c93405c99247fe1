"""`tk history`: one ticket's story, from its file and from git."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.render import write_json
from tk.cli.safe import cell, safe
from tk.cli.times import relative
from tk.core.instant import format_instant
from tk.core.policy import Policy, Vocabulary
from tk.core.portrait import event_json, plain
from tk.core.ticket import attribute
from tk.errors import say
from tk.services.history import Entry, FieldChange, Story, story
from tk.store.desk import open_desk


_OF_A_NEW_ONE = frozenset({"id", "creator", "created", "updated", "status-since"})
"""What the heading of a new ticket's entry says already."""


@click.command("history")
@click.argument("ticket", metavar="ID")
@formats("text", "json", terminal="text", pipe="text")
@pass_app
def command(app: App, ticket: str, form: str) -> None:
    """Tell who changed what and when.

    Events come from the ticket's file, changes from the contents of git's commits, in time order; an edit that is not
    committed comes last.

    \b
    Example:
      tk history 7k3
      tk history 7k3 --json
    """
    desk = open_desk(app.folder, app.now, app.say)
    told = story(desk, ticket)
    if form == "json":
        write_json(app, [_portrait(told, entry) for entry in told.entries])
    else:
        for line in _lines(app, desk.policy, told):
            app.out(line)
    if told.begins_at is not None:
        commit = told.begins_at[:12]
        app.say(say("this clone is shallow: what was before {commit} is not here", commit=commit))
        app.say(say("git fetch --unshallow brings it"))


def _portrait(told: Story, entry: Entry) -> dict[str, object]:
    return {
        "commit": entry.commit,
        "at": None if entry.at is None else format_instant(entry.at),
        "by": entry.by,
        "email": entry.email,
        "ticket": told.ticket.id,
        "actions": list(entry.actions),
        "rule": entry.rule,
        "changes": [
            {"field": attribute(change.field), "from": plain(change.before), "to": plain(change.after)}
            for change in entry.changes
        ],
        "events": [event_json(event) for event in entry.events],
    }


def _lines(app: App, policy: Policy, told: Story) -> Iterator[str]:
    yield app.styled(f"{told.ticket.id}  {cell(told.ticket.title)}", bold=True)
    for entry in told.entries:
        by = cell(policy.people.label(entry.by, policy.desk.language)) if entry.by else str(say("not committed yet"))
        commit = f"  {entry.commit[:10]}" if entry.commit else ""
        yield ""
        yield f"{_time(app, entry.at)}  {app.styled(by, 'cyan')}{app.styled(commit, 'yellow')}"
        for change in entry.changes:
            if entry.actions[:1] != ("new",) or change.field not in _OF_A_NEW_ONE:
                yield f"    {_change(policy, change)}"
        for event in entry.events:
            kind = policy.events.label(event.type, policy.desk.language)
            yield f"    {app.styled(cell(kind), bold=True)}  {cell(event.by)}  {format_instant(event.at)}"
            for line in safe(event.text).splitlines():
                yield f"        {line}"


def _time(app: App, at: datetime | None) -> str:
    if at is None:
        return "?"
    return f"{format_instant(at)} ({relative(at, app.now)})" if app.is_terminal else format_instant(at)


def _change(policy: Policy, change: FieldChange) -> str:
    if change.field == "description":
        return str(say("description written")) if change.before is None else str(say("description changed"))
    words = _words(policy, change.field, change.after)
    if change.before is None:
        return f"{change.field}: {words}"
    return f"{change.field}: {_words(policy, change.field, change.before)} → {words}"


def _words(policy: Policy, field: str, value: object) -> str:
    named: dict[str, Vocabulary[Any]] = {
        "status": policy.statuses,
        "priority": policy.priorities,
        "type": policy.types,
        "owner": policy.people,
    }
    if isinstance(value, str) and field in named:
        return cell(named[field].label(value, policy.desk.language))
    shown = plain(value)
    if isinstance(shown, list):
        return cell(("/" if field == "category" else ", ").join(map(str, shown)))
    return "-" if shown is None else cell(str(shown))
