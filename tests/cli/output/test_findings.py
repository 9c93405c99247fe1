"""Findings in every form: each as its readers expect it, and no word of a stranger acts in any of them."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from tests.world import Desk, run_here
from tk.cli.output import annotations, marks
from tk.cli.output.findings import FORMATS, exit_status
from tk.cli.output.junit import junit
from tk.cli.output.review import Review
from tk.cli.output.sarif import sarif
from tk.cli.terminal.safe import inert, json_safe
from tk.core.finding import Finding
from tk.errors import say

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"

SARIF: Any = import_module("jsonschema").Draft4Validator(  # it has no types
    json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
)

JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"

COMMIT = "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b"

PLAIN = Finding(PATH, 6, 11, "unknown-priority", "error", say('"{text}" is no {what}', text="hihg", what="priority"))

REFUSED = Finding(PATH, 0, 0, "stamp", "error", say("{id}: no", id="TK-1"), "TK-260812-7K3QX", COMMIT, "refused")

UNCLEAR = Finding("", 0, 0, "shallow", "warning", say("the clone ends here"), None, COMMIT, "unverifiable")

DOUBTFUL = Finding(PATH, 3, 1, "unknown-field", "warning", say("unknown key {key}", key="colour"))

ALL = (PLAIN, REFUSED, UNCLEAR, DOUBTFUL)

HOSTILE = (
    "::error::owned",
    "  ::add-mask::e",
    "x ##[add-mask]e",
    "##vso[task.setvariable variable=x]y",
    "a%0A::error::b",
    "one\n::error::two\r::error::three\u2028::error::four",
    "</failure><testcase name='x'/>]]>",
    "![x](https://evil.example/x.png) [click](https://evil.example) <img src=x> @everyone fixes #3",
    "`@everyone` ``fixes #3``",
    "``` \n# Heading\n- item",
    "\x1b]0;owned\x07\x1b[31m",
    "{0} {evil} {{x}}",
    "\ufffe\uffff\ud800",
)


def with_words(text: str) -> Finding:
    """Return a finding in every part of which stand a stranger's words."""
    path = text.encode("utf-8", "replace").decode()  # git gives paths as bytes
    return Finding(path, 1, 1, "bad-value", "error", say("{key} is {value}", key=text, value=say("{x}", x=text)), text)


def review(*findings: Finding, prefix: str = "") -> Review:
    return Review("tk check", prefix, findings)


texts = st.one_of(st.sampled_from(HOSTILE), st.text(alphabet=st.characters(), max_size=40))


# GitHub's workflow commands


def test_github_shows_an_annotation_at_the_line() -> None:
    assert list(annotations.commands(review(*ALL))) == [
        f'::error file={PATH},line=6,col=11,title=tk check%3A unknown-priority::"hihg" is no priority',
        f"::error file={PATH},title=tk check%3A stamp::1a2b3c4d5e: TK-1: no",
        "::warning title=tk check%3A shallow::1a2b3c4d5e: the clone ends here",
        f"::warning file={PATH},line=3,col=1,title=tk check%3A unknown-field::unknown key colour",
    ]


def test_github_is_told_the_path_from_the_top_of_the_repository() -> None:
    (line,) = annotations.commands(review(REFUSED, prefix="mesa, de: ayuda/"))
    assert line.startswith(f"::error file=mesa%2C de%3A ayuda/{PATH},title=")


@given(texts)
def test_a_strangers_words_are_no_command_to_githubs_runner(text: str) -> None:
    (line,) = annotations.commands(review(with_words(text)))
    assert "\n" not in line
    assert "\r" not in line
    head, _, message = line.removeprefix("::").partition("::")
    assert head.count("::") == 0
    assert [part.partition("=")[0].rpartition(" ")[2] for part in head.split(",")] == ["file", "line", "col", "title"][
        (0 if text else 3) :
    ]
    assert not re.search(r"##[A-Za-z]*\[", line)
    assert not re.search(r"%(?!25)", message)


# SARIF


def test_sarif_is_valid_and_says_where() -> None:
    log = sarif(review(*ALL, prefix="mesa de ayuda/"))
    SARIF.validate(log)
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "shallow",
        "stamp",
        "unknown-field",
        "unknown-priority",
    ]
    first, second, third, _ = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": f"mesa%20de%20ayuda/{PATH}"}
    assert place["region"] == {"startLine": 6, "startColumn": 11}
    assert second["properties"] == {"ticket": "TK-260812-7K3QX", "commit": COMMIT, "verdict": "refused"}
    assert third["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "mesa%20de%20ayuda/tk.toml"}}


def test_sarif_of_nothing_is_valid() -> None:
    SARIF.validate(sarif(review()))


@given(texts)
def test_sarif_of_a_strangers_words_is_valid_and_holds_no_link(text: str) -> None:
    log = sarif(review(with_words(text)))
    SARIF.validate(json.loads(json.dumps(log)))
    assert not re.search(r"(?<!\\)(\\\\)*[\[\]]", log["runs"][0]["results"][0]["message"]["text"])


# JUnit


def test_junit_is_valid_and_counts() -> None:
    text = junit(review(*ALL))
    JUNIT.validate(text)
    root = ElementTree.fromstring(text)
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "2", "1")
    assert [case[0].tag for case in suite] == ["failure", "failure", "skipped", "system-out"]
    assert suite[0].attrib == {"name": f"{PATH}:6:11", "classname": "tk check.unknown-priority"}
    assert suite[1].get("name") == f"1a2b3c4d5e {PATH}"


def test_junit_of_nothing_is_one_case_that_passed() -> None:
    text = junit(review())
    JUNIT.validate(text)
    assert [list(case) for case in ElementTree.fromstring(text)[0]] == [[]]


@given(texts)
def test_junit_of_a_strangers_words_is_valid(text: str) -> None:
    told = junit(review(with_words(text)))
    JUNIT.validate(told)
    assert [len(suite) for suite in ElementTree.fromstring(told)] == [1]


# Markdown


def test_markdown_is_a_list_under_its_counts() -> None:
    assert marks.listed(ALL).splitlines() == [
        "**2 errors, 2 warnings**",
        "",
        f'- **error** `unknown-priority` "`hihg`" is no `priority` (`{PATH}:6`)',
        f"- **error** `stamp` `TK-1`: no (`{PATH}`, 1a2b3c4d5e)",
        "- **warning** `shallow` the clone ends here (1a2b3c4d5e)",
        f"- **warning** `unknown-field` unknown key `colour` (`{PATH}:3`)",
    ]
    assert marks.listed(()) == "**0 errors, 0 warnings**"


def outside_of_code(line: str) -> Iterator[str]:
    """Yield what of a line Markdown reads as its own, by CommonMark's rule of code spans."""
    while line:
        match = re.match(r"([^`]*)(`*)(.*)", line, re.DOTALL)
        assert match is not None
        before, fence, rest = match.groups()
        yield before
        close = re.search(rf"(?<!`){fence}(?!`)", rest) if fence else None
        line = rest if close is None else rest[close.end() :]


@given(texts)
def test_markdown_leaves_a_strangers_words_in_code(text: str) -> None:
    lines = marks.listed([with_words(text)]).splitlines()
    assert len(lines) == 3
    told = "".join(outside_of_code(lines[2]))
    assert not set(told) & set("<@#!&[]|")


# At the prompt


@pytest.mark.parametrize("form", FORMATS)
def test_check_and_audit_print_every_form(desk: Desk, form: str) -> None:
    ticket = desk.ok("new", "Heater", "--priority", "high")
    file = desk.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("high", "hihg"), encoding="utf-8")
    desk.git("commit", "-qam", "by hand")
    for command in ("check", "audit"):
        result = desk.run(command, "--format", form)
        assert result.code == 1, result
        assert "hihg" in result.out
        if form == "sarif":
            SARIF.validate(json.loads(result.out))
        if form == "junit":
            JUNIT.validate(result.out)


def test_a_desk_in_a_folder_is_told_from_the_top(tmp_path: Path) -> None:
    top = Desk(tmp_path)
    top.git("init", "-q")
    assert run_here("init", str(tmp_path / "mesa")).code == 0
    inner = Desk(tmp_path / "mesa")
    ticket = inner.file(inner.ok("new", "Heater"))
    ticket.write_text("nothing\n", encoding="utf-8")
    line = inner.run("check", "--format", "github").out
    assert line.startswith(f"::error file={ticket.relative_to(tmp_path).as_posix()},line=1,")


def test_notes_never_fail_and_warnings_only_when_strict() -> None:
    note = DOUBTFUL._replace(severity="note")
    assert exit_status([note], strict=True) == 0
    assert (exit_status([DOUBTFUL]), exit_status([DOUBTFUL], strict=True)) == (0, 1)


# What a runner of CI reads along


@given(texts)
def test_what_is_inert_holds_no_command(text: str) -> None:
    calm = inert(text)
    assert not re.search(r"##[A-Za-z]*\[", calm)
    assert not re.search(r"^[^\S\n]*::", calm, re.MULTILINE)


@given(texts)
def test_json_says_the_same_without_a_command(text: str) -> None:
    document = json_safe(json.dumps({"title": text}, ensure_ascii=False, indent=2))
    assert json.loads(document) == {"title": text}
    assert inert(document) == document


def test_no_ticket_commands_the_runner_that_shows_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = desk.ok("new", "Heater ##[add-mask]e", "-m", "::stop-commands::x\n\n  ::add-mask::e")
    assert "::stop-commands::x" in desk.ok("show", ticket)
    monkeypatch.setenv("CI", "true")
    for argv in (("show", ticket), ("list",), ("history", ticket), ("check",), ("show", ticket, "--json")):
        result = desk.run(*argv)
        assert result.code == 0, result
        for line in (result.out + result.err).splitlines():
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
