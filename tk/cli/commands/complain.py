"""`tk complain`: a complaint about an earlier ticket, filed where the decision table allows it."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.deciding import asked_for, facts_given
from tk.cli.output.render import write_json
from tk.cli.writing import changes, text_of, texts
from tk.core.portrait import ticket_json
from tk.services.advise import ask, complain, table_of_complaints


@click.command("complain")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.option("--reason", metavar="R", required=True, shell_complete=offering("reasons"), help="A reason of the table.")
@facts_given
@texts
@changes
@pass_app
def command(
    app: App,
    ticket: str,
    reason: str,
    facts: tuple[str, ...],
    message: str | None,
    file: str | None,
    as_json: bool,
    commit: bool,
) -> None:
    """File a complaint about an earlier ticket and print its id.

    The decision table must allow it for this reason; what it was decided by stands in the new ticket's log.

    \b
    Example:
      tk complain 7k3 --reason late-answer -m "No answer since Monday."
    """
    desk = app.desk
    table = table_of_complaints(desk.policy).key
    given = list(facts)
    answers = asked_for(app, ask(desk, ticket, table, given), lambda more: ask(desk, ticket, table, [*given, *more]))
    told = [f"{name}={answer}" for name, answer in answers.advice.answers.items()]
    changed, *_ = complain(desk, ticket, reason, told, text_of(app, message, file), commit=commit)
    if as_json:
        write_json(app, ticket_json(changed.ticket, desk.policy, changed.path, whole=True))
    else:
        app.out(changed.ticket.id)
