"""Findings as a command that reviews prints them: for people and editors, for programs, for forges and their CI.

Whatever the form, words of tickets stay words in it: they act on no terminal, on no runner of CI, in no page.
"""

from collections.abc import Sequence

import click

from tk.cli.app import App
from tk.cli.output.render import to_json, write_json
from tk.cli.output.review import SHORT, WORDS, Review, place
from tk.cli.terminal.safe import safe
from tk.core.finding import Finding

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")
"""What a command that reviews can print."""

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


def write_findings(app: App, findings: Sequence[Finding], form: str, *, strict: bool = False, **more: object) -> None:
    """Write findings in one of `FORMATS`; `more` are further names beside `findings` in JSON.

    With `strict`, what makes `exit_status` 1 is told as an error to forges and their CI, which go by that.
    """
    if form == "json":
        write_json(app, {"findings": [portrait(finding) for finding in findings], **more})
    elif form == "text":
        if findings:
            app.out("\n".join(_line(app, finding) for finding in findings))
    else:
        told = findings if form == "markdown" else [_graver(finding, strict=strict) for finding in findings]
        _write_foreign(app, Review(click.get_current_context().command_path, app.former_desk.repo.prefix, told), form)


def exit_status(findings: Sequence[Finding], *, strict: bool = False) -> int:
    """Return 1 where a finding makes the answer no: an error, or with `strict` a warning as well."""
    return int(any(_graver(finding, strict=strict).is_error for finding in findings))


def _graver(finding: Finding, *, strict: bool) -> Finding:
    return finding._replace(severity="error") if strict and finding.severity == "warning" else finding


def portrait(finding: Finding) -> dict[str, object]:
    """Return a finding under the names that programs rely on (design, section 4)."""
    return {
        "path": finding.path or None,
        "line": finding.line or None,
        "column": finding.column or None,
        "ticket": finding.ticket,
        "commit": finding.commit,
        "code": finding.code,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "message": str(finding.message),
    }


def _write_foreign(app: App, review: Review, form: str) -> None:
    """Write a review as others read it; each form's module is loaded by who asks for it."""
    if form == "github":
        from tk.cli.output.annotations import commands

        app.write("".join(f"{line}\n" for line in commands(review)))
    elif form == "markdown":
        from tk.cli.output.marks import listed

        app.out(listed(review.findings))
    elif form == "junit":
        from tk.cli.output.junit import junit

        app.out(junit(review))
    else:
        from tk.cli.output.sarif import sarif

        app.out(to_json(sarif(review), indent=2))


def _line(app: App, finding: Finding) -> str:
    """Return `path:line:col: severity[code] sentence`, as compilers write it and editors jump to it.

    What is wrong with a commit begins with the commit's short name.
    """
    commit = app.styled(finding.commit[:SHORT], "yellow") if finding.commit else ""
    where = " ".join(filter(None, (commit, place(finding))))
    kind = app.styled(f"{WORDS[finding.severity]}[{finding.code}]", _COLORS.get(finding.severity))
    return f"{where}: {kind} {safe(str(finding.message))}" if where else f"{kind} {safe(str(finding.message))}"
