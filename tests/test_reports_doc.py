"""docs/reports.md names every report, and the names that programs find in each."""

import json
import re
from pathlib import Path

import pytest

from tests.world import Desk
from tk.core.reports.catalogue import KINDS

DOC = (Path(__file__).parents[1] / "docs" / "reports.md").read_text(encoding="utf-8")


def shapes() -> dict[str, tuple[list[str], str]]:
    """Return what the table of forms says of each report: the names of a row, and what it says of the totals."""
    _, _, told = DOC.partition("| report | a row | totals |")
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w ]+)` \| (.*) \|$", told, re.MULTILINE)
    return {name: (row.split(), totals) for name, row, totals in rows}


def test_every_report_is_named_in_both_tables() -> None:
    assert list(shapes()) == [*KINDS, "incident"]
    assert re.findall(r"^\| `([\w-]+)` \|", DOC.partition("## What is counted")[0], re.MULTILINE) == [
        *KINDS,
        "incident",
    ]


@pytest.mark.parametrize("name", [*KINDS, "incident"])
def test_the_names_are_those_that_programs_find(desk: Desk, name: str) -> None:
    ticket = desk.ok("new", "Heater", "--owner", "me")
    told = json.loads(desk.ok("report", name, *([ticket] if name == "incident" else []), "--json"))
    row, totals = shapes()[name]
    for held in told["rows"][:1]:
        assert list(held) == row
    assert set(re.findall(r"\w+", "".join(re.findall(r"`([\w ]+)`", totals)[:1]))) <= {*told["totals"], *row, "history"}
    assert all(re.search(rf"\b{each}\b", totals) for each in told["totals"])
