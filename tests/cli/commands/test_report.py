"""`tk report`: one report in every form, for people and for programs; what makes no sense is refused in words."""

import builtins
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.world import Desk
from tk.cli.commands.report import FORMATS
from tk.core.reports.catalogue import KINDS

EVIL = "<script>alert(1)</script> =cmd|calc \x1b[31m $x^2$ ::error::x"


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return a ticket with some history, beside another whose words are a stranger's worst."""
    held = desk.ok("new", "Heater does not start", "--priority", "high", "--owner", "me")
    desk.ok("new", EVIL, "-m", EVIL, "--owner", "me", "--customer", EVIL)
    desk.now = "2026-08-12T10:14:03-05:00"
    desk.ok("log", held, "call-out", "-m", "Asked for the note.")
    desk.now = "2026-08-14T10:14:03-05:00"
    desk.ok("advance", held, "solved")
    desk.ok("rate", held, "good")
    return held


def table(desk: Desk, *argv: str) -> list[str]:
    return desk.ok("report", *argv, "--format", "table").splitlines()


@pytest.mark.parametrize("name", KINDS)
def test_programs_read_five_names_and_rows_of_one_shape(desk: Desk, ticket: str, name: str) -> None:
    told = json.loads(desk.ok("report", name, "--json"))
    assert list(told) == ["report", "since", "until", "rows", "totals"]
    assert told["report"] == name
    assert told["totals"]
    assert len({tuple(row) for row in told["rows"]}) <= 1


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("form", ["table", "tsv", "csv", "markdown", "html"])
def test_every_report_is_told_in_every_form_and_no_stranger_s_word_acts(
    desk: Desk, ticket: str, name: str, form: str
) -> None:
    told = desk.ok("report", name, "--format", form, *(["--by", "customer"] if name in {"recurring", "sla"} else []))
    assert "\x1b" not in told
    assert "<script>" not in told or form in {"tsv", "csv", "table"}
    assert not re.search(r"^[=+@-]\S*cmd", told, re.MULTILINE)


def test_a_pipe_gets_keys_and_days(desk: Desk, ticket: str) -> None:
    rows = [line.split("\t") for line in desk.ok("report", "time").splitlines()]
    assert ["resolution", "", "1", "2.042", "2.042", "2.042", "", "", ""] in rows
    assert ["first-response", "", "1", "0.041667", "0.041667", "0.041667", "", "", ""] in rows


def test_people_get_labels_and_lengths_of_time_in_the_unit_that_suits(desk: Desk, ticket: str) -> None:
    lines = table(desk, "time")
    assert lines[0].split() == ["WHAT", "OF", "WHICH", "TICKETS", "MEAN", "MEDIAN", "90", "OF", "100"]
    assert any(re.match(r"Resolution +1 +2\.042 d", line) for line in lines)
    assert any(re.match(r"First response +1 +1\.0 h", line) for line in lines)
    assert any(re.match(r"With owner +María López +2 ", line) for line in lines)
    assert "tickets              2" in lines


def test_a_terminal_gets_a_plain_chart_no_wider_than_it_is(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for wide in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(wide))
        for name in KINDS:
            shown = desk.run("report", name, terminal=True).out.splitlines()
            assert all(len(line) <= wide for line in shown), shown
    assert "█" in desk.run("report", "workload", terminal=True).out
    assert "▁" in desk.run("report", "flow", terminal=True).out
    assert "█" not in desk.ok("report", "workload", "--format", "table")


def test_csv_holds_no_formula(desk: Desk, ticket: str) -> None:
    desk.ok("new", "x", "--customer", "=1+1")
    rows = list(csv.reader(io.StringIO(desk.ok("report", "recurring", "--by", "customer", "--format", "csv"))))
    assert rows[0][0] == "key"
    assert "'=1+1" in [row[0] for row in rows]


def test_a_page_is_whole_and_has_no_script(desk: Desk, ticket: str, tmp_path: Path) -> None:
    for name in (*KINDS, "incident"):
        argv = [name, ticket] if name == "incident" else [name]
        desk.ok("report", *argv, "--format", "html", "-o", str(tmp_path / f"{name}.html"))
        page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert page.rstrip().endswith("</html>")
        assert "<script" not in page
        assert "default-src 'none'" in page


@pytest.mark.parametrize("name", [name for name in KINDS if name != "attention"])
def test_pictures_are_drawn(desk: Desk, ticket: str, tmp_path: Path, name: str) -> None:
    if name == "sla":
        return  # the desk has no clocks
    svg = desk.ok("report", name, "--format", "svg")
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    desk.ok("report", name, "--format", "png", "-o", str(tmp_path / "x.png"))
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_shows_words_as_they_are(desk: Desk, ticket: str) -> None:
    svg = desk.ok("report", "recurring", "--by", "customer", "--format", "svg")
    assert "<script>" not in svg
    assert "$x^2$" in svg


def test_a_letter_that_no_font_has_stops_no_picture(desk: Desk, ticket: str, tmp_path: Path) -> None:
    desk.ok("new", "x", "--customer", "日本 🔥")
    for form in ("svg", "png"):
        argv = ("report", "recurring", "--by", "customer", "--format", form, "-o", str(tmp_path / form))
        assert desk.tk(*argv).err == ""
        assert desk.run(*argv).code == 0


def test_the_same_report_is_the_same_picture(desk: Desk, ticket: str) -> None:
    assert desk.ok("report", "workload", "--format", "svg") == desk.ok("report", "workload", "--format", "svg")


@pytest.mark.parametrize("argv", [("attention",), ("sla",), ("time", "--since", "2027-01-01")])
def test_what_has_nothing_to_draw_says_so(desk: Desk, ticket: str, argv: tuple[str, ...]) -> None:
    result = desk.run("report", *argv, "--format", "svg")
    assert (result.code, result.out) == (2, "")
    assert "nothing to draw here" in result.err


def test_without_matplotlib_a_picture_is_refused_with_what_to_do(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def lacking(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", lacking)
    result = desk.run("report", "time", "--format", "svg")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        "tk: pictures are drawn by matplotlib, which is not installed",
        "hint: install it beside tk: pip install matplotlib; --format html draws without it",
    ]
    assert desk.run("report", "time").code == 0


def test_a_png_is_not_thrown_at_a_terminal(desk: Desk, ticket: str) -> None:
    result = desk.run("report", "time", "--format", "png", terminal=True)
    assert (result.code, result.out) == (2, "")
    assert "a terminal shows no PNG" in result.err


def test_a_report_goes_into_a_file_without_colours(desk: Desk, ticket: str, tmp_path: Path) -> None:
    for form in FORMATS:
        result = desk.run("report", "workload", "--format", form, "-o", str(tmp_path / form), terminal=True)
        assert (result.code, result.out) == (0, ""), result
        assert (tmp_path / form).read_bytes()
    assert b"\x1b" not in (tmp_path / "table").read_bytes()
    assert json.loads((tmp_path / "json").read_bytes())["report"] == "workload"


def test_a_file_that_cannot_be_written_is_named(desk: Desk, ticket: str, tmp_path: Path) -> None:
    result = desk.run("report", "workload", "-o", str(tmp_path / "no" / "where"))
    assert result.code == 2
    assert str(tmp_path / "no" / "where") in result.err


def test_an_incident_is_one_ticket_complete(desk: Desk, ticket: str) -> None:
    told = json.loads(desk.ok("report", "incident", ticket, "--json"))
    assert list(told) == ["report", "since", "until", "rows", "totals"]
    assert told["totals"]["ticket"]["id"] == ticket
    assert [entry["actions"] for entry in told["totals"]["history"]] == [
        ["new", "assign"],
        ["log.call-out"],
        ["advance"],
        ["rate"],
    ]
    shown = desk.ok("report", "incident", ticket, "--format", "table")
    for words in ("Heater does not start", "In status", "Asked for the note.", "status: Open → Solved"):
        assert words in shown
    assert "    Asked for the note." in desk.ok("report", "incident", ticket, "--format", "markdown")
    assert "Asked for the note." in desk.ok("report", "incident", ticket, "--format", "html")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["incident"], "which ticket? report incident tells one"),
        (["time", "7k3"], "report time is about no single ticket"),
        (["nix"], 'there is no report "nix"'),
        (["tmie"], 'did you mean "time"?'),
        (["time", "--by", "ownr"], 'did you mean "owner"?'),
        (["time", "--format", "xml"], "'xml' is not one of"),
        (["time", "--every", "eon"], "'eon' is not one of"),
        (["flow", "--since", "tomorrow"], '--since is "tomorrow", which is no date'),
        (["time", "--at", "nix"], 'git knows no revision "nix"'),
        (["time", "--json", "--format", "csv"], "--json and --format csv contradict each other"),
        ([], "missing argument"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(desk: Desk, argv: list[str], words: str) -> None:
    result = desk.run("report", *argv)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_an_incident_takes_no_bounds(desk: Desk, ticket: str) -> None:
    result = desk.run("report", "incident", ticket, "--since", "1d")
    assert result.code == 2
    assert "report incident" in result.err


def test_an_unknown_ticket_is_no(desk: Desk) -> None:
    assert desk.run("report", "incident", "zzzzz").code == 1


def test_as_it_stood(desk: Desk, ticket: str) -> None:
    assert json.loads(desk.ok("report", "flow", "--at", "2026-08-13", "--json"))["totals"]["solved"] == 0
    assert json.loads(desk.ok("report", "flow", "--json"))["totals"]["solved"] == 1
    shown = desk.ok("report", "incident", ticket, "--at", "2026-08-13", "--format", "table")
    assert "Solved" not in shown


def test_an_empty_desk_has_nothing_to_report_and_that_is_no_fault(desk: Desk) -> None:
    result = desk.run("report", "time", "--format", "table")
    assert result.code == 0
    assert "nothing to report" in result.err
    assert desk.ok("report", "time") == ""


def test_in_spanish_everything_is_spanish(desk: Desk, ticket: str) -> None:
    shown = desk.ok("--lang", "es", "report", "time", "--format", "table")
    assert "Resolución" in shown
    assert "Del primer al último evento" in shown
    assert "Cuánto tardaron los tickets" in desk.ok("--lang", "es", "report", "time", "--format", "html")


def test_a_shell_completes_names_and_what_they_group_by(desk: Desk) -> None:
    from click.shell_completion import ShellComplete

    from tk.cli.app import App
    from tk.cli.group import tk

    def offered(args: list[str], incomplete: str) -> list[str]:
        found = ShellComplete(tk, {"obj": App(desk.root)}, "tk", "_TK_COMPLETE")
        return [item.value for item in found.get_completions(["-C", str(desk.root), *args], incomplete)]

    assert offered(["report"], "") == [*KINDS, "incident"]
    assert offered(["report", "paths", "--by"], "a") == ["activity"]
    assert offered(["report", "time", "--by"], "o") == ["owner"]
    assert offered(["report", "time", "--every"], "") == ["day", "week", "month", "quarter", "year"]
