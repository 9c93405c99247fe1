"""Findings: what a check has to say about a place in a file or a commit."""

from typing import NamedTuple

from tk.errors import Message


class Finding(NamedTuple):
    """Something wrong (or, as a warning, doubtful) in the data of a desk.

    `path` is relative to the desk's root with forward slashes; `line` and `column` count from 1, 0 where there is none;
    `code` is one of docs/codes.md and stable; `severity` is "error", "warning" or "note" (nothing is wrong); `ticket`
    and `commit` are there where they apply; `verdict` only for an audit: "allowed", "refused" or "unverifiable".
    """

    path: str
    line: int
    column: int
    code: str
    severity: str
    message: Message
    ticket: str | None = None
    commit: str | None = None
    verdict: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the finding makes a check fail."""
        return self.severity == "error"


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return the findings by path, line, column and code."""
    return sorted(findings, key=lambda f: (f.path, f.line, f.column, f.code))
