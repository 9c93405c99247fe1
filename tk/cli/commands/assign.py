"""`tk assign`: a ticket given to a person, a team, or nobody, or to whom the policy's routes say."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.output.render import write_json
from tk.cli.writing import changes
from tk.core.conditions.language import describe
from tk.core.law.route import Explained
from tk.core.policy import Policy
from tk.core.vocabulary import in_language
from tk.errors import Message, WrongUsage, say
from tk.services.change import assign, assign_by_route, explain_routes


@click.command("assign")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.argument("who", metavar="PERSON|TEAM", required=False, shell_complete=offering("assignees"))
@click.option("--auto", is_flag=True, help="Give it to whom the routes of tk.toml say.")
@click.option("--explain", is_flag=True, help="With --auto: tell what each route says of it, and change nothing.")
@changes
@pass_app
def command(app: App, ticket: str, who: str | None, auto: bool, explain: bool, as_json: bool, commit: bool) -> None:
    """Give a ticket to a person or a team.

    PERSON is a handle or a name, or me; nobody takes it away from its owner. With --auto the first [[route]] of tk.toml
    that fits says who takes it.

    \b
    Example:
      tk assign 7k3 mlopez
      tk assign 7k3 me
      tk assign 7k3 --auto --explain
    """
    desk = app.desk
    if auto is (who is not None) or (explain and not auto):
        raise WrongUsage(
            say("say who takes it, or --auto"), say("tk assign ID PERSON, or tk assign ID --auto [--explain]")
        )
    if explain:
        _explain(app, desk.policy, explain_routes(desk, ticket), as_json=as_json)
        return
    changed = assign_by_route(desk, ticket, commit=commit) if who is None else assign(desk, ticket, who, commit=commit)
    tell(app, desk, changed, as_json=as_json)


def _explain(app: App, policy: Policy, rows: list[Explained], *, as_json: bool) -> None:
    """Tell each route in the order in which they are asked."""
    first = next((row for row in rows if row.found is not None), None)
    if as_json:
        write_json(app, [_portrait(row, is_first=row is first) for row in rows])
        return
    if not rows:
        app.say(say("tk.toml of this desk has no routes; [[route]] says to whom a ticket goes"))
    for row in rows:
        label = in_language(row.rule.labels, policy.desk.language) or row.rule.key
        app.out(f"tk.toml:{row.rule.line} {label}: {_verdict(row, is_first=row is first)}")


def _verdict(row: Explained, *, is_first: bool) -> Message | str:
    if not row.is_in_force:
        return say("not in force now")
    if row.failing:
        return say("does not fit: {tests}", tests="; ".join(str(describe(test)) for test in row.failing))
    if row.found is None:
        return say("fits, and finds nobody")
    if not row.found.candidates:
        return say("{code} goes to {name}, who is nobody here", code=row.found.code or "-", name=row.found.name or "-")
    names = ", ".join(str(to.owner or to.team) for to in row.found.candidates)
    return say("gives it to {names}", names=names) if is_first else say("would give it to {names}", names=names)


def _portrait(row: Explained, *, is_first: bool) -> dict[str, object]:
    found = row.found
    return {
        "route": row.rule.key,
        "line": row.rule.line,
        "fits": found is not None,
        "chosen": is_first,
        "failing": [str(describe(test)) for test in row.failing],
        "candidates": [] if found is None else [to.owner or to.team for to in found.candidates],
        "code": None if found is None else found.code,
    }
