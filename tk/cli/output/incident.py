"""The report `incident` in words: one ticket complete, as text, as Markdown, as a page to be printed."""

from collections.abc import Iterator

from click import unstyle

from tk.cli.app import App
from tk.cli.output.reports import table_of
from tk.cli.output.stories import details, heading
from tk.cli.output.tables import for_people, markdown
from tk.cli.output.voice import Voice
from tk.cli.terminal.safe import safe
from tk.core.ticket import KEYS, Ticket, value_of
from tk.errors import say
from tk.services.incident import Incident

_HEAD = frozenset({"id", "title"})


def text(app: App, voice: Voice, told: Incident) -> str:
    """Return the incident as people read it on a terminal or on paper."""
    ticket = told.ticket
    names = fields(voice, ticket)
    wide = max(len(name) for name, _ in names) + 1
    lines = [app.styled(f"{ticket.id}  {voice.value('title', ticket.title)}", bold=True), ""]
    lines += [f"{f'{name}:':<{wide}}  {value}" for name, value in names]
    if ticket.description:
        lines += ["", safe(ticket.description)]
    lines += ["", for_people(app, table_of(told.report, voice))]
    for entry in told.entries:
        lines += ["", heading(app, voice, entry), *details(app, voice, entry)]
    return "\n".join(lines)


def document(app: App, voice: Voice, told: Incident) -> str:
    """Return the incident as Markdown; what strangers wrote stands in it as quoted text."""
    ticket = told.ticket
    lines = [f"# {ticket.id}", "", *_quoted(ticket.title), ""]
    lines += [f"- {name}: `{value.replace('`', chr(39))}`" for name, value in fields(voice, ticket)]
    if ticket.description:
        lines += ["", *_quoted(ticket.description)]
    lines += ["", markdown(table_of(told.report, voice))]
    for entry in told.entries:
        lines += ["", *_quoted(unstyle("\n".join((heading(app, voice, entry), *details(app, voice, entry)))))]
    return "\n".join(lines)


def _quoted(words: str) -> Iterator[str]:
    """Yield text as an indented block, which Markdown takes as it is."""
    return (f"    {line}" for line in safe(words).splitlines() or [""])


def html(app: App, voice: Voice, told: Incident) -> str:
    """Return the incident as a page."""
    from tk.cli.output.page import rendered  # brings Jinja2 along

    table = table_of(told.report, voice)
    entries = [
        {
            "heading": unstyle(heading(app, voice, entry)),
            "text": "\n".join(unstyle(line).removeprefix("    ") for line in details(app, voice, entry)),
        }
        for entry in told.entries
    ]
    values = {
        "title": f"{told.ticket.id} {told.ticket.title}",
        "bounds": "",
        "fields": fields(voice, told.ticket),
        "text": told.ticket.description,
        "columns": [{"title": column.title, "kind": column.kind} for column in table.columns],
        "rows": table.rows,
        "entries": entries,
        "history": str(say("What happened")),
        "time": str(say("Where the time went")),
    }
    return rendered("incident.html", voice, values)


def fields(voice: Voice, ticket: Ticket) -> list[tuple[str, str]]:
    """Return what a ticket's keys are called and what they hold, those that hold something."""
    held = ((key, value_of(ticket, key)) for key in (*KEYS, *ticket.fields) if key not in _HEAD)
    return [
        (voice.name(key), voice.value_and_key(key, value)) for key, value in held if value not in (None, (), {}, "")
    ]
