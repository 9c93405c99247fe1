"""`tk sweep`: what has fallen due by itself."""

import click

from tk.cli.app import App, pass_app
from tk.cli.findings import FORMATS, exit_status, write_findings
from tk.cli.options import formats
from tk.cli.render import write_json
from tk.cli.swept import findings, line, portrait, summary
from tk.cli.voice import voice_of
from tk.core.errand import moment
from tk.errors import WrongUsage, say
from tk.services.sweep import Orders, Swept, sweep
from tk.store.desk import Desk
from tk.store.index_changes import Pending


@click.command("sweep")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done and why; change nothing.")
@click.option("--as-of", metavar="INSTANT", help="Sweep as at that instant; one to come implies --dry-run.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything was done, is reported or is overdue.")
@click.option(
    "--no-commit", "commit", is_flag=True, flag_value=False, default=True, help="Write files, commit nothing."
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
    """Do what has fallen due: mark missed clocks, apply the sweep rules of tk.toml.

    It does the same whoever runs it and however late, and a second one has nothing to do. Exit status 1 where two rules
    undo each other; with --exit-code also if there was anything to do or to tell.

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
    found = sweep(desk, Orders(dry_run, commit, per_ticket, restamp), pending)
    _write(app, desk, found, form, dry_run=dry_run)
    app.say(summary(found, dry_run=dry_run))
    told = bool(found.cases or found.overdue or found.findings)
    return int(exit_code and told) or exit_status(found.findings)


def _as_of(desk: Desk, text: str) -> Desk:
    """Return the desk at another instant."""
    at = moment(text, desk.now, desk.policy.desk.zone)
    return Desk(desk.repo, at, desk.remark, desk.language, desk.progress)


def _write(app: App, desk: Desk, found: Swept, form: str, *, dry_run: bool) -> None:
    voice = voice_of(app, desk)
    if form == "json":
        write_json(app, portrait(found))
    elif form == "text":
        write_findings(app, found.findings, form)
        for case in found.cases:
            for firing in case.firings:
                app.out(line(voice, case, firing, why=dry_run))
    else:
        write_findings(app, findings(voice, found, dry_run=dry_run), form)
