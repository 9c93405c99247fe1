"""What the commands that change a ticket share: their options, and how they say what they did."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tk.cli.app import App
from tk.cli.render import write_json
from tk.cli.safe import cell
from tk.core.action import Action, Assignment
from tk.core.policy import Policy
from tk.core.portrait import ticket_json
from tk.errors import DiskFailed, WrongUsage, say
from tk.services.change import Changed
from tk.store.desk import Desk

F = TypeVar("F", bound=Callable[..., object])


_NO_COMMIT = "Write the files, commit nothing."


def changes(function: F) -> F:
    """Give a command `--json` (as `as_json`) and `--no-commit` (as `commit`)."""
    with_json = click.option("--json", "as_json", is_flag=True, help="Print the ticket as JSON.")(function)
    return click.option("--no-commit", "commit", is_flag=True, flag_value=False, default=True, help=_NO_COMMIT)(
        with_json
    )


def texts(function: F) -> F:
    """Give a command `-m TEXT` (as `message`) and `-F FILE` (as `file`)."""
    with_file = click.option("-F", "--file", metavar="FILE", help="Take the text from FILE, or from stdin for -.")(
        function
    )
    return click.option("-m", "--message", metavar="TEXT", help="The text; Markdown.")(with_file)


def text_of(message: str | None, file: str | None) -> str | None:
    """Return the text that `-m` or `-F` gave, None where neither did."""
    if message is not None and file is not None:
        raise WrongUsage(say("-m and -F both give the text; use one of them"))
    if file is None:
        return message
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise DiskFailed(say("{path}: {reason}", path=file, reason=error.strerror)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(say("{path} is not UTF-8 text", path=file), say("convert it, or attach it")) from None


def tell(app: App, desk: Desk, changed: Changed, *, as_json: bool) -> None:
    """Say what a command did: a line an action for people and pipes, the whole ticket as JSON for programs."""
    if as_json:
        write_json(app, ticket_json(changed.ticket, desk.policy, changed.path, whole=True))
        return
    if not changed.actions:
        app.say(say("{id}: nothing to change", id=changed.ticket.id))
    for action in changed.actions:
        app.out(f"{changed.ticket.id} {_line(desk.policy, changed, action)}")


def _line(policy: Policy, changed: Changed, action: Action) -> str:
    language = policy.desk.language
    match action.verb, action.value:
        case "advance", str(status):
            was = "" if changed.before is None else policy.statuses.label(changed.before.status, language)
            return cell(f"{was} → {policy.statuses.label(status, language)}".strip())
        case "assign", Assignment(owner, team):
            name = policy.people.label(owner, language) or policy.teams.label(team, language) or "-"
            return cell(f"→ {name}")
        case "log" | "log-for", event:
            return cell(f"{policy.events.label(action.object, language)} {getattr(event, 'id', '')}")
        case "set", None:
            return cell(f"{action.object}: -")
        case "set", tuple(values):
            joined = ("/" if action.object == "category" else ", ").join(map(str, values))
            return cell(f"{action.object}: {joined}")
    return cell(f"{action.object or action.verb}: {action.value}")
