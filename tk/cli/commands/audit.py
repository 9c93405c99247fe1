"""`tk audit`: the law asked of every commit."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import formats
from tk.cli.output.findings import FORMATS, exit_status, write_findings
from tk.core.numbers import counted
from tk.errors import say
from tk.services.audit import audit
from tk.services.seal import seal


@click.command("audit")
@click.argument("revisions", metavar="[RANGE]", required=False, shell_complete=offering("revisions"))
@click.option("--seal", "sealing", is_flag=True, help="Where nothing is refused, tag the last commit as audited.")
@click.option("--strict", is_flag=True, help="Let warnings, and what cannot be judged, fail, too.")
@formats(*FORMATS, terminal="text", pipe="text")
@pass_app
def command(app: App, revisions: str | None, sealing: bool, strict: bool, form: str) -> int:
    """Ask of every commit whether the policy allowed it.

    RANGE is as for git log. Without it: what your branch has and its upstream has not, or all of it without an
    upstream. Each change is judged by the policy of the commit before it. Exit status 1 where one was not allowed.

    A seal is a tag: later audits find where the branch no longer holds the commit, and know a squash that comes to the
    same files.

    \b
    Example:
      tk audit main..topic
      tk audit HEAD~20..
      tk audit main --seal
    """
    desk = app.former_desk
    found = audit(desk, revisions)
    write_findings(app, found.findings, form, strict=strict, commits=found.commits, unverifiable=found.unverifiable)
    refused = sum(finding.verdict == "refused" for finding in found.findings)
    app.say(
        say(
            "{commits} audited: {refused}, {unverifiable} not to be judged",
            commits=counted(found.commits, "{count} commit", "{count} commits"),
            refused=counted(refused, "{count} refusal", "{count} refusals"),
            unverifiable=found.unverifiable,
        )
    )
    status = exit_status(found.findings, strict=strict)
    if sealing and status == 0:
        name = seal(desk, revisions)
        app.say(say("sealed as {name}; `tk sync` shares it", name=name))
    elif sealing:
        app.say(say("not sealed"))
    return status
