"""`tk advise`: what a decision table says of a ticket, or of facts alone."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.deciding import asked_for, facts_given, portrait, tell_advice
from tk.cli.output.render import write_json
from tk.services.advise import ask


@click.command("advise")
@click.argument("ticket", metavar="[ID]", required=False, shell_complete=offering("tickets"))
@click.option("--table", metavar="NAME", shell_complete=offering("tables"), help="Which of several tables.")
@facts_given
@click.option("--json", "as_json", is_flag=True, help="Print the advice as JSON.")
@pass_app
def command(app: App, ticket: str | None, table: str | None, facts: tuple[str, ...], as_json: bool) -> None:
    """Ask a decision table what to do.

    The facts are those that the ticket ID gives, where one is named, those given by --fact, and on a terminal those
    that you are asked for. What no row of the table covers is said to be so, never guessed.

    \b
    Example:
      tk advise 7k3
      tk advise 7k3 --fact answered=no --fact line=granel
    """
    desk = app.desk
    given = list(facts)
    found = ask(desk, ticket, table, given)
    if not as_json:
        found = asked_for(app, found, lambda more: ask(desk, ticket, table, [*given, *more]))
    if as_json:
        write_json(app, portrait(desk.policy, found))
    else:
        tell_advice(app, desk.policy, found)
    if found.advice.row is None and not found.advice.missing:
        click.get_current_context().exit(1)
