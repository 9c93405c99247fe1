"""`tk sweep`: what has fallen due by itself."""

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.output.findings import FORMATS, exit_status
from tk.core.numbers import counted
from tk.errors import Message, WrongUsage, say
from tk.store.desk import Desk
from tk.store.due import look
from tk.store.index_changes import Pending


@click.command("sweep")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done and why; change nothing.")
@click.option("--as-of", metavar="INSTANT", help="Sweep as at that instant; one to come implies --dry-run.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything was done, is reported or is overdue.")
@click.option(
    "--no-commit", "commit", is_flag=True, flag_value=False, default=True, help="Write the files, commit nothing."
)
@click.option("--per-ticket", is_flag=True, help="Make a commit for each ticket.")
@click.option("--restamp", is_flag=True, help="Set running clocks anew, as the policy has them now.")
@formats(*FORMATS, terminal="text", pipe="text")
@pass_app
def command(
    app: App,
    dry_run: bool,
    as_of: str | None,
    exit_code: bool,
    commit: bool,
    per_ticket: bool,
    restamp: bool,
    form: str,
) -> int:
    """Do what has fallen due: missed clocks, the rules of tk.toml.

    Clocks that were missed are marked, and the sweep rules of tk.toml applied. It does the same whoever runs it and
    however late, and a second one has nothing to do. Exit status 1 where two rules undo each other; with --exit-code
    also if there was anything to do or to tell.

    \b
    Example:
      tk sweep --dry-run
      tk sweep
      tk sweep --as-of "tomorrow 09:00" --format markdown
    """
    if per_ticket and not commit:
        raise WrongUsage(say("--per-ticket and --no-commit contradict each other"))
    desk = app.desk if as_of is None else _as_of(app.desk, as_of)
    dry_run = dry_run or desk.now > app.desk.now
    pending = app.started if isinstance(app.started, Pending) else None
    seen = look(desk, pending, today=app.desk.now, restamp=restamp)
    if seen.is_nothing and form == "text":
        app.say(_summary(seen.total, 0, 0, dry_run=dry_run))
        return 0
    from tk.cli.output.swept import write  # a desk on which nothing is due does without what judges tickets
    from tk.services.sweep import Orders, sweep

    found = sweep(desk, Orders(dry_run, commit, per_ticket, restamp), seen)
    write(app, desk, found, form, dry_run=dry_run)
    app.say(_summary(found.scanned, found.changed, len(found.overdue), dry_run=dry_run))
    told = bool(found.cases or found.overdue or found.findings)
    return int(exit_code and told) or exit_status(found.findings)


def _as_of(desk: Desk, text: str) -> Desk:
    """Return the desk at another instant."""
    from tk.core.errand import moment

    at = moment(text, desk.now, desk.policy.desk.zone)
    return Desk(desk.repo, at, desk.remark, desk.language, desk.progress)


def _summary(scanned: int, changed: int, overdue: int, *, dry_run: bool) -> Message:
    """Return in a sentence how many tickets were looked at and changed, and how many clocks are overdue."""
    tickets = counted(scanned, "{count} ticket", "{count} tickets")
    late = counted(overdue, "{count} clock overdue", "{count} clocks overdue")
    if dry_run:
        return say("{tickets}: {changed} would be changed, {late}", tickets=tickets, changed=changed, late=late)
    return say("{tickets}: {changed} changed, {late}", tickets=tickets, changed=changed, late=late)
