"""Findings as the workflow commands that GitHub's runner shows as annotations of a pull request.

The runner reads `::error file=…,line=…::message` at the start of a line, and an older `##[command]` anywhere in one. It
takes `%25`, `%0A`, `%0D` in a message, and `%3A`, `%2C` in a property, for what they stand for:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator

from tk.cli.output.review import SHORT, Review
from tk.cli.terminal.safe import cell, inert
from tk.core.finding import Finding

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def commands(review: Review) -> Iterator[str]:
    """Yield a workflow command for each finding."""
    for finding in review.findings:
        properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(review, finding))
        yield f"::{_LEVELS[finding.severity]} {properties}::{_message(finding)}"


def _properties(review: Review, finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.path:
        yield "file", review.prefix + finding.path
        if finding.line:
            yield "line", str(finding.line)
            yield "col", str(finding.column)
    yield "title", f"{review.command}: {finding.code}"


def _message(finding: Finding) -> str:
    commit = f"{finding.commit[:SHORT]}: " if finding.commit else ""
    return _escaped(commit + cell(str(finding.message)))


def _property(text: str) -> str:
    return _escaped(cell(text)).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return inert(text).replace("%", "%25")
