"""What a command did to a ticket, in words: a line an action, the whole ticket for programs."""

from collections.abc import Mapping

from tk.cli.app import App
from tk.cli.output.render import write_json
from tk.cli.output.voice import Voice, voice_of
from tk.cli.terminal.safe import cell
from tk.core.action import Action, Assignment
from tk.core.portrait import ticket_json
from tk.core.ticket import Link, Ticket, value_of
from tk.errors import say
from tk.store.desk import Desk
from tk.store.revision import Changed


def tell(app: App, desk: Desk, changed: Changed, *others: Changed, as_json: bool) -> None:
    """Say what a command did: a line an action for people and pipes, the whole ticket as JSON for programs.

    JSON is of the first ticket alone, the one that the command was about.
    """
    if as_json:
        write_json(app, ticket_json(changed.ticket, desk.policy, changed.path, whole=True))
        return
    if not changed.actions:
        app.say(say("{id}: nothing to change", id=changed.ticket.id))
    for each in (changed, *others):
        for line in lines(voice_of(app, desk), each):
            app.out(line)


def lines(voice: Voice, changed: Changed) -> list[str]:
    """Return what was done to a ticket, a line an action."""
    return [f"{changed.ticket.id} {deed(voice, changed, action)}" for action in changed.actions]


def deed(voice: Voice, changed: Changed, action: Action) -> str:
    """Return what an action did, in one line without the ticket's id."""
    before, after = changed.before, changed.ticket
    match action.verb, action.value:
        case "advance", str(status):
            was = voice.value("status", before and before.status)
            return f"{was} → {voice.value('status', status)}"
        case "assign", Assignment(owner, team):
            key, name = ("owner", owner) if owner is not None else ("team", team)
            return f"→ {voice.value(key, name)}"
        case "log" | "log-for", event:
            return f"{voice.event_type(action.object)} {getattr(event, 'id', '')}"
        case "set", _ if before is not None:
            return voice.change(action.object, _held(before, action.object), _held(after, action.object))
        case "schedule", _ if before is not None:
            return voice.change("follow-up", before.follow_up, after.follow_up)
        case verb, _ if verb in _BESIDE:
            return f"{voice.name(_BESIDE[verb])}: {voice.value(_BESIDE[verb], _added(after, action))}"
    return cell(f"{action.object or action.verb}: {action.value}")


_BESIDE = {
    "attach": "attachments",
    "link": "links",
    "request": "requests",
    "approve": "approvals",
    "rate": "rating",
}
"""The keys that grow by what is not set but acted on."""


def _added(after: Ticket, action: Action) -> object:
    """Return what of a ticket an action added, as the ticket holds it."""
    held = value_of(after, _BESIDE[action.verb])
    match action.verb:
        case "attach":
            return (action.value,)
        case "link":
            return (Link(action.object, str(action.value)),)
    return {action.object: held[action.object]} if isinstance(held, Mapping) else held


def _held(ticket: Ticket, key: str) -> object:
    return ticket.description if key == "description" else value_of(ticket, key)
