"""The repository's own root is a desk: whoever clones it can look around in it."""

import json
from pathlib import Path

import pytest

from tests.world import Desk

ROOT = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path) -> Desk:
    """Return a clone of this repository."""
    Desk(tmp_path).git("clone", "-q", str(ROOT), "clone")
    return Desk(tmp_path / "clone", now="2026-11-23T09:00:00-05:00")


def test_check_and_audit_pass_on_it(root: Desk) -> None:
    assert root.run("check", "--strict").code == 0
    assert root.run("audit", "HEAD").code == 0


def test_it_shows_what_a_desk_can_hold(root: Desk) -> None:
    tickets = [json.loads(line) for line in root.ok("list", "status:any", "--format", "ndjson").splitlines()]
    assert len(tickets) >= 12
    for name in ("owner", "category", "links", "attachments", "requests", "approvals", "rating", "follow_up", "tags"):
        assert any(ticket[name] for ticket in tickets), name
    kinds = {ticket["status_kind"] for ticket in tickets}
    assert kinds == {"new", "open", "waiting", "solved", "closed"}
    assert any(ticket["fields"]["product"] == "SIGFIN" for ticket in tickets)


def test_its_templates_begin_new_tickets(root: Desk) -> None:
    assert {path.parent.name for path in (root.root / "templates").glob("*/new.md")} == {"en", "es"}
