"""`tk presets`: what a desk can start from."""

import json
from pathlib import Path

from tests.world import run_here

OPEN = {"contact-centre": ("uncovered-case",)}
"""What the documents that a preset is drawn from leave open themselves (desks.md G4)."""


def test_each_preset_is_a_line_with_what_it_is_for() -> None:
    rows = [line.split("\t") for line in run_here("presets").out.splitlines()]
    assert {"simple", "contact-centre", "warranty"} <= {name for name, _ in rows}
    assert all(summary for _, summary in rows)


def test_a_terminal_shows_a_table_within_its_width() -> None:
    head, *rows = run_here("presets", terminal=True).out.splitlines()
    assert "PRESET" in head
    assert rows
    assert all(len(row) <= 80 for row in rows)


def test_a_program_reads_names_and_summaries() -> None:
    for preset in json.loads(run_here("presets", "--json").out):
        assert list(preset) == ["name", "summary"]


def test_every_preset_makes_a_desk_that_checks(tmp_path: Path) -> None:
    for preset in json.loads(run_here("presets", "--json").out):
        root = str(tmp_path / preset["name"])
        assert run_here("init", root, "--preset", preset["name"]).code == 0
        findings = json.loads(run_here("-C", root, "check", "--json").out)["findings"]
        assert [finding for finding in findings if finding["code"] not in OPEN.get(preset["name"], ())] == []
