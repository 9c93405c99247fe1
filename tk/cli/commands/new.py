"""`tk new`: a ticket opened in one commit, its id printed alone."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.render import write_json
from tk.cli.output.voice import voice_of
from tk.cli.terminal.safe import cell
from tk.cli.writing import changes, text_of, texts
from tk.core.plan import Wanted
from tk.core.text import normalise
from tk.errors import TkError, say
from tk.services.change import open_ticket
from tk.store.desk import Desk


@click.command("new")
@click.argument("title")
@texts
@click.option("--edit", is_flag=True, help="Write the text in your editor.")
@click.option("--priority", shell_complete=offering("priority"), metavar="P", help="A priority of the desk.")
@click.option("--type", "type_", shell_complete=offering("type"), metavar="T", help="A type of the desk.")
@click.option(
    "--category", shell_complete=offering("category"), metavar="A/B/C", help="A category, its steps joined by /."
)
@click.option("--channel", shell_complete=offering("channel"), metavar="C", help="The channel it came by.")
@click.option("--requester", metavar="ADDR", help="Who asks: an address.")
@click.option("--customer", metavar="K", help="The customer it is for.")
@click.option("--unit", metavar="SERIAL", help="The unit it is about.")
@click.option("--owner", shell_complete=offering("owners"), metavar="P", help="Who takes it: a person, or me.")
@click.option("--team", shell_complete=offering("team"), metavar="T", help="The team that takes it.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="A tag; may be repeated.")
@click.option(
    "--set",
    "fields",
    shell_complete=offering("fields"),
    metavar="KEY=VALUE",
    multiple=True,
    help="Any other field; may be repeated.",
)
@changes
@pass_app
def command(
    app: App,
    title: str,
    message: str | None,
    file: str | None,
    edit: bool,
    priority: str | None,
    type_: str | None,
    category: str | None,
    channel: str | None,
    requester: str | None,
    customer: str | None,
    unit: str | None,
    owner: str | None,
    team: str | None,
    tags: tuple[str, ...],
    fields: tuple[str, ...],
    as_json: bool,
    commit: bool,
) -> None:
    """Open a ticket and print its id.

    Keys and labels are taken in any case, accents or not. With --edit the text begins as templates/LANGUAGE/new.md,
    where the desk has it.

    \b
    Example:
      tk new "Heater does not start" --priority high --requester ana@example.cl
      tk new "Cannot log in" -m "Since this morning." --owner me --tag vpn
    """
    text = text_of(app, message, file)
    desk = app.desk
    if edit:
        desk.reading.usable()  # or what is written would be for nothing
        text = _written(app, text or desk.template("new.md"))
    wanted = Wanted(
        title=title,
        description=text or "",
        values={
            "priority": priority,
            "type": type_,
            "category": category,
            "channel": channel,
            "requester": requester,
            "customer": customer,
            "unit": unit,
            "tags": ",".join(tags) or None,
        },
        fields=fields,
        owner=owner,
        team=team,
    )
    if requester or customer:
        _tell_known(app, desk, requester, customer)
    try:
        changed = open_ticket(desk, wanted, commit=commit)
    except TkError:
        if edit and text:
            app.say(say("what you wrote:\n\n{text}", text=text))
        raise
    if as_json:
        from tk.core.portrait import ticket_json  # people are told the id alone

        write_json(app, ticket_json(changed.ticket, desk.policy, changed.path, whole=True))
    else:
        app.out(changed.ticket.id)


def _tell_known(app: App, desk: Desk, requester: str | None, customer: str | None) -> None:
    """Remark which tickets of the requester or customer are there already, before another one is made."""
    from tk.services.acquaintance import open_tickets_of  # whoever names nobody does without the index

    rows = open_tickets_of(desk, requester, customer)
    if not rows:
        return
    voice = voice_of(app, desk)
    lines = "".join(f"\n  {row.id}  {voice.value('status', row.status)}  {cell(row.title)}" for row in rows)
    app.say(say("there already, and not closed:{lines}", lines=lines))


def _written(app: App, text: str) -> str:
    """Return what the person makes of `text` in the editor."""
    import tempfile  # few write so
    from pathlib import Path

    from tk.cli import programs

    with tempfile.TemporaryDirectory(prefix="tk-") as folder:
        file = Path(folder, "ticket.md")
        file.write_text(text, encoding="utf-8")
        programs.edit(app.folder, file)
        return normalise(file.read_text(encoding="utf-8", errors="replace"))
