"""What a command that reviews has to report, and the words for it that all its forms share."""

from collections.abc import Sequence
from typing import NamedTuple

from tk.cli.terminal.safe import cell
from tk.core.finding import Finding
from tk.errors import say

SHORT = 10
"""How many characters of a commit's name people are shown."""

WORDS = {"error": say("error"), "warning": say("warning"), "note": say("note")}
"""How grave a finding is, in words."""


class Review(NamedTuple):
    """What there is to report: the command that looked (`tk check`), the desk's folder in its repository, the findings.

    `prefix` is "" or ends in a slash; forges name files from the top of the repository.
    """

    command: str
    prefix: str
    findings: Sequence[Finding]


def place(finding: Finding) -> str:
    """Return where a finding is, `path:line:column`, without the numbers that are not known."""
    return ":".join([cell(finding.path), *(str(number) for number in (finding.line, finding.column) if number)])


def found_at(finding: Finding) -> str:
    """Return the commit's short name, where there is one, and the place."""
    return " ".join(filter(None, ((finding.commit or "")[:SHORT], place(finding))))
