"""`tk schema`: the shapes of the files, for editors and programs."""

import click

from tk.cli.app import App, pass_app
from tk.cli.output.render import to_json
from tk.errors import NotADesk


@click.command("schema")
@click.argument("what", type=click.Choice(["ticket", "policy"]))
@pass_app
def command(app: App, what: str) -> None:
    """Print the JSON Schema of a ticket or of the policy.

    Inside a desk, the schema of a ticket names its statuses, priorities and fields.

    \b
    Example:
      tk schema policy > tk.schema.json
      tk schema ticket
    """
    if what == "policy":
        from tk.core.written.file import schema

        app.out(to_json(schema(), indent=2))
        return
    from tk.core.ticket_schema import ticket_schema

    try:
        policy = app.desk.reading.policy
    except NotADesk:
        policy = None
    app.out(to_json(ticket_schema(policy), indent=2))
