"""`tk policy check`: tk.toml, templates and registers alone, without the tickets."""

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.output.findings import FORMATS, exit_status, write_findings
from tk.core.numbers import counted
from tk.errors import say
from tk.services.check import check_policy


@click.command("check")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@formats(*FORMATS, terminal="text", pipe="text")
@pass_app
def check(app: App, strict: bool, form: str) -> int:
    """Check the policy alone: tk.toml, templates and registers.

    Exit status 1 where there is an error.

    \b
    Example:
      tk policy check
      tk policy check --strict --json
    """
    findings = check_policy(app.desk)
    write_findings(app, findings, form, strict=strict)
    errors = sum(finding.is_error for finding in findings)
    app.say(
        say(
            "the policy was checked: {errors}, {warnings}",
            errors=counted(errors, "{count} error", "{count} errors"),
            warnings=counted(len(findings) - errors, "{count} warning", "{count} warnings"),
        )
    )
    return exit_status(findings, strict=strict)
