"""Findings as a check prints them: a line each for people and editors, JSON for programs."""

from collections.abc import Sequence

from tk.cli.app import App
from tk.cli.render import write_json
from tk.cli.safe import cell, safe
from tk.core.finding import Finding
from tk.errors import say

FORMATS = ("text", "json")
"""What a command that reviews can print."""

SHORT = 10
"""How many characters of a commit's name people are shown."""

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WORDS = {"error": say("error"), "warning": say("warning"), "note": say("note")}


def write_findings(app: App, findings: Sequence[Finding], form: str, **more: object) -> None:
    """Write findings in one of `FORMATS`; `more` are further names beside `findings` in JSON."""
    if form == "json":
        write_json(app, {"findings": [portrait(finding) for finding in findings], **more})
    elif findings:
        app.out("\n".join(_line(app, finding) for finding in findings))


def exit_status(findings: Sequence[Finding], *, strict: bool = False) -> int:
    """Return 1 where a finding makes the answer no: an error, or with `strict` a warning as well."""
    return int(any(finding.is_error or (strict and finding.severity == "warning") for finding in findings))


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


def place(finding: Finding) -> str:
    """Return where a finding is, `path:line:column`, without the numbers that are not known."""
    return ":".join([cell(finding.path), *(str(number) for number in (finding.line, finding.column) if number)])


def _line(app: App, finding: Finding) -> str:
    """Return `path:line:col: severity[code] sentence`, as compilers write it and editors jump to it.

    What is wrong with a commit begins with the commit's short name.
    """
    commit = app.styled(finding.commit[:SHORT], "yellow") if finding.commit else ""
    where = " ".join(filter(None, (commit, place(finding))))
    kind = app.styled(f"{_WORDS[finding.severity]}[{finding.code}]", _COLORS.get(finding.severity))
    return f"{where}: {kind} {safe(str(finding.message))}" if where else f"{kind} {safe(str(finding.message))}"
