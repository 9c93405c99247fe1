"""`tk schema`: shapes that editors and programs can hold the files to."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.world import Desk, run_here

Validator: Any = import_module("jsonschema").Draft202012Validator  # it has no types


@pytest.mark.parametrize("what", ["ticket", "policy"])
def test_a_schema_is_valid_and_needs_no_desk(tmp_path: Path, what: str) -> None:
    result = run_here("-C", str(tmp_path), "schema", what)
    assert (result.code, result.err) == (0, "")
    Validator.check_schema(json.loads(result.out))


def test_at_a_desk_the_schema_of_a_ticket_names_its_words(desk: Desk) -> None:
    schema = json.loads(desk.ok("schema", "ticket"))
    assert schema["properties"]["status"]["enum"] == ["open", "in-progress", "solved", "closed"]
    assert "enum" not in json.loads(run_here("-C", "/", "schema", "ticket").out)["properties"]["status"]


def test_anything_else_is_wrong_usage() -> None:
    result = run_here("schema", "desk")
    assert result.code == 2
    assert result.err.startswith("tk: invalid value for '{ticket|policy}': 'desk' is not one of 'ticket', 'policy'\n")
