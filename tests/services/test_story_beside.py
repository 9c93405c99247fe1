"""A day at the desk with all that lies beside a ticket: papers, links, requests, approvals, and second thoughts."""

import json
from typing import Any

import pytest

from tests.services.office import AGENT, OTHER, Office

AGENT_MAY = '"attach.*", "link.*", "request.*", "schedule", "log.*"'

RULE = """
[[require]]
name = "go-ahead"
label = "Whoever closes a blocked heater has the go-ahead"
action = "advance"
when = { new.status = "solved", linked.relates = ">= 1" }
that = { approvals.go-ahead = true, attachments.invoice = ">= 1" }
"""


def refused(office: Office, *words: str) -> str:
    """Return the sentence with which a command of who works now is refused."""
    office.wait()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in office.environment().items():
            patch.setenv(name, value)
        result = office.run(*words)
    assert result.code == 1, result
    return result.err


def shown(office: Office, ticket: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(office.ok("show", ticket, "--json"))
    return held


def deeds(office: Office, ticket: str) -> list[tuple[str, list[str]]]:
    return [(entry["by"], entry["actions"]) for entry in json.loads(office.ok("history", ticket, "--json"))]


def test_a_day_with_papers_links_and_second_thoughts(office: Office) -> None:
    office.policy('"advance", "undo"]', f'"advance", "undo", {AGENT_MAY}]')
    (office.root / "tk.toml").write_text((office.root / "tk.toml").read_text(encoding="utf-8") + RULE, encoding="utf-8")
    office.commit("tk.toml")
    away = office.root.parent
    (away / "Factura Nº 12?.pdf").write_bytes(b"%PDF factura")
    (away / "copia.pdf").write_bytes(b"%PDF factura")

    # Ana takes a heater that does not start, and the invoice that came with it, twice by mistake.
    with office.by(AGENT):
        heater = office.ok("new", "Calentador no enciende", "--requester", "eva@example.cl", "--owner", "me")
        office.ok(
            "attach", heater, "../Factura Nº 12?.pdf", "../copia.pdf", "--kind", "factura", "--date", "2026-08-10"
        )
        assert [paper["file"] for paper in shown(office, heater)["attachments"]] == ["Factura Nº 12_.pdf"]

    # Raúl finds that it is his, too, calls it a duplicate, and thinks better of it.
    with office.by(OTHER):
        leak = office.ok("new", "Fuga en la válvula")
        office.ok("link", leak, "duplica a", heater)
        assert shown(office, heater)["links"] == [{"kind": "duplicated-by", "id": leak}]
        office.ok("undo")
        assert shown(office, heater)["links"] == shown(office, leak)["links"] == []
        office.ok("link", leak, "relates", heater)
        office.ok("request", heater, "priority", "urgente")

    # Ana cannot solve it before María has approved; she plans to look again tomorrow.
    with office.by(AGENT):
        assert "go-ahead" in refused(office, "advance", heater, "solved")
        assert "ana may not approve.go-ahead" in refused(office, "approve", heater, "go-ahead")
        office.ok("schedule", heater, "tomorrow 10:00", "-m", "Espero el visto bueno.")
        office.ok("undo", heater)
        office.ok("schedule", heater, "+4h")

    office.ok("set", heater, "priority=urgent")
    office.ok("approve", heater, "visto bueno")
    with office.by(AGENT):
        office.ok("log", heater, "call-out", "-m", "Cambié la válvula.", "--attach", "../copia.pdf")
        office.ok("schedule", heater, "none")
        office.ok("advance", heater, "solved")
    office.ok("rate", heater, "good", "-m", "Rápido y amable.")

    held = shown(office, heater)
    assert held["rating"]["value"] == "good"
    assert len(held["attachments"]) == 1
    assert deeds(office, heater)[:5] == [
        ("ana", ["new", "assign"]),
        ("ana", ["attach.invoice"]),
        ("raul", ["link.duplicated-by"]),
        ("raul", ["undo"]),
        ("raul", ["link.relates"]),
    ]
    assert ("ana", ["undo"]) in deeds(office, heater)
    assert office.ok("check") == ""
    assert office.audit().findings == ()
    assert office.git("status", "--porcelain") == ""
