"""Findings as SARIF 2.1.0, the format of static analysis that forges and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; a test holds what is written to its JSON schema.
"""

import re
from typing import Any
from urllib.parse import quote

from tk import __version__
from tk.cli.output.review import Review
from tk.cli.terminal.safe import inert, safe
from tk.core.finding import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_POLICY = "tk.toml"
"""Where a finding is shown that has no file of its own: a forge drops what has no place."""

_LINKS = re.compile(r"([\\\[\]])")


def sarif(review: Review) -> dict[str, Any]:
    """Return a log of one run."""
    driver = {
        "name": "tk",
        "version": __version__,
        "rules": [{"id": code} for code in sorted({finding.code for finding in review.findings})],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{review.command.replace(' ', '/')}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(review, finding) for finding in review.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(review: Review, finding: Finding) -> dict[str, Any]:
    file = {"uri": quote(review.prefix + (finding.path or _POLICY), errors="surrogateescape")}
    physical: dict[str, Any] = {"artifactLocation": file}
    if finding.line:
        physical["region"] = {"startLine": finding.line, "startColumn": max(1, finding.column)}
    beside = {"ticket": finding.ticket, "commit": finding.commit, "verdict": finding.verdict}
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": _plain(str(finding.message))},
        "locations": [{"physicalLocation": physical}],
        "properties": {name: value for name, value in beside.items() if value is not None},
    }


def _plain(text: str) -> str:
    """Return a message that holds no link and no placeholder, whatever was written (sections 3.11.5 and 3.11.6)."""
    return _LINKS.sub(r"\\\1", inert(safe(text))).replace("{", "{{").replace("}", "}}")
