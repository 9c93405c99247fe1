"""Tickets are written by strangers: whatever stands in one acts in nothing that tk prints, runs, or commits."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.world import Desk, Result

WORDS = {
    "a terminal's commands": "\x1b]0;owned\x07\x1b[31mred\x1b[2J\r\u202egnp.exe\u2066",
    "a runner's commands": "::stop-commands::x ##[add-mask]e ##vso[task.setvariable variable=a]b",
    "a page's markup": "<img src=x onerror=alert(1)> ![x](https://evil.example/x) [skip ci] @everyone fixes #3 `code`",
    "a spreadsheet's formula": "=cmd|' /C calc'!A0",
    "a shell's": "$(touch owned) `touch owned` ; touch owned & | > owned ' \"",
    "a template's": "{{ ''.__class__.__mro__ }} {% for x in y %} {0.__class__} %(x)s ${jndi:ldap://x}",
    "an option's": "--output=owned --upload-pack=owned",
    "a way out": "../../../../tmp/owned",
}

SHOWN = [
    *(
        ("list", "status:any", "--format", form)
        for form in ("table", "tsv", "json", "ndjson", "csv", "ids", "markdown")
    ),
    ("show", "{id}"),
    ("show", "{id}", "--json"),
    ("history", "{id}"),
    ("history", "{id}", "--json"),
    ("search", "hola"),
    ("check",),
    ("audit",),
    *(
        (command, *more, "--format", form)
        for command, more in (("diff", ("HEAD~3",)), ("check", ()), ("audit", ()))
        for form in ("text", "json", "markdown", "github", "sarif", "junit")
    ),
    (),
]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

RUNNER = re.compile(r"##[A-Za-z]*\[|^\s*::(?!(?:error|warning|notice) [^:]*::)", re.MULTILINE)


@pytest.fixture
def hostile(desk: Desk, request: pytest.FixtureRequest) -> tuple[Desk, str]:
    """Return a desk with a ticket in every part of which stands what the test's parameter names."""
    words = WORDS[request.param]
    line = " ".join(words.split())
    ticket = desk.ok("new", f"Hola {line}", "-m", f"Hola\n{words}\n\n{words}", "--requester", "x@example.org")
    desk.ok("set", ticket, f"customer={line}", f"unit={line}", f"tags+={line}")
    named = desk.root.parent / (re.sub(r"[/\x00]", "_", words)[:80] or "x")
    named.write_bytes(b"Hola\n")
    desk.ok("attach", ticket, str(named))
    desk.ok("log", ticket, "note", "-m", f"{words}\n{words}")
    file = desk.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("status: open", f"status: {line!r}"), encoding="utf-8")
    return desk, ticket


def run(desk: Desk, ticket: str, argv: tuple[str, ...], *, terminal: bool) -> Result:
    result = desk.run(*(word.format(id=ticket) for word in argv), terminal=terminal)
    assert result.code in {0, 1}, result
    return result


@pytest.mark.parametrize("hostile", WORDS, indirect=True)
def test_what_is_printed_holds_nothing_that_acts(hostile: tuple[Desk, str], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, ticket = hostile
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("CI", "true")
    for argv in SHOWN:
        for terminal in (False,) if "--format" in argv else (False, True):
            result = run(desk, ticket, argv, terminal=terminal)
            for text in (result.out, result.err):
                assert not CONTROL.search(text), (argv, text)
                assert not RUNNER.search(text), (argv, text)
    assert not list(desk.root.rglob("owned"))
    assert not Path("/tmp/owned").exists()


@pytest.mark.parametrize("hostile", WORDS, indirect=True)
def test_no_cell_is_a_formula(hostile: tuple[Desk, str]) -> None:
    desk, _ = hostile
    rows = csv.reader(io.StringIO(desk.ok("list", "status:any", "--format", "csv")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("hostile", WORDS, indirect=True)
def test_no_word_of_a_ticket_is_in_a_commits_message(hostile: tuple[Desk, str]) -> None:
    desk, ticket = hostile
    messages = desk.git("log", "--format=%B")
    told = {word for line in messages.splitlines() for word in line.split()}
    assert not [word for word in told if re.search(r"owned|hola|skip|evil|everyone|calc|class|::", word, re.IGNORECASE)]
    assert ticket in messages


@pytest.mark.parametrize("hostile", WORDS, indirect=True)
def test_a_document_lies_beside_its_ticket_under_a_name_of_its_own(hostile: tuple[Desk, str]) -> None:
    desk, ticket = hostile
    (document,) = desk.file(ticket).with_suffix("").iterdir()
    assert document.is_file()
    assert not CONTROL.search(document.name)
    assert not document.name.startswith((".", "-"))
