"""Whole days at a desk, told through the installed `tk` in processes of their own."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.worker import ANA, ANA_IN_THE_POLICY, EVE, MARIA, TK, Worker
from tests.world import NOW, Result


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder whose name has spaces and accents."""
    folder = tmp_path / "Mesa de ayuda «Ñandú»"
    folder.mkdir()
    return folder


@pytest.fixture
def maria(place: Path) -> Worker:
    """Return María, who has just begun a desk where Ana works too."""
    Worker.clock = datetime.fromisoformat(NOW)
    begun = Worker(MARIA, place)
    root = begun.tk("init", "central", "--preset", "simple", "--zone", "America/Lima", "--lang", "es")
    assert root == str(place / "central")
    here = Worker(MARIA, place / "central")
    here.edit("tk.toml", "[people]\n", f"[people]\n{ANA_IN_THE_POLICY}")
    here.git("commit", "-qam", "Ana")
    return here


def test_a_day_alone(maria: Worker) -> None:
    """From a new desk to a ticket's history, with the mistakes of a first day."""
    assert maria.run(TK, "list") == Result(0, "", "")
    heater = maria.tk("new", "Calentador no enciende", "-m", "Desde ayer.", "--priority", "alta", "--tag", "garantía")
    login = maria.tk("new", "No puedo entrar", "--category", "software/access", "--owner", "me")
    assert "¿quiso decir «high»?" in maria.run(TK, "set", heater, "priority=hihg").err
    maria.tk("assign", heater[-5:].lower(), "ana")
    maria.tk("log", heater, "call-out", "-m", "Pedí la nota de compra.", "--set", "minutes=5")
    maria.tk("advance", login, "solved", "-m", "Clave nueva.")
    maria.tk("advance", login, "closed")
    assert "no se puede pasar de" in maria.refused("advance", login, "in-progress")
    assert maria.run(TK, "show", "zzzzz").code == 1

    (row,) = maria.tk("list").splitlines()
    assert row.split("\t")[:5] == [heater, "open", "high", "ana", "Calentador no enciende"]
    shown = json.loads(maria.tk("show", heater, "--json"))
    assert (shown["owner"], shown["tags"], shown["description"]) == ("ana", ["garantía"], "Desde ayer.")
    assert [event["text"] for event in shown["events"]] == ["Pedí la nota de compra."]

    told = json.loads(maria.tk("history", heater, "--json"))
    assert [entry["actions"] for entry in told] == [["new"], ["assign"], ["log.call-out"]]
    assert [entry["by"] for entry in told] == ["mlopez"] * 3
    assert [entry["commit"] for entry in told] == maria.git(
        "log", "--reverse", "--format=%H", "--", shown["path"]
    ).split()
    assert "Pedí la nota de compra." in maria.tk("history", heater)

    assert maria.run(TK, "check", "--strict").code == 0
    assert json.loads(maria.tk("audit", "--strict", "--json")) == {"findings": [], "commits": 8, "unverifiable": 0}
    assert maria.git("status", "--porcelain") == ""
    assert json.loads(maria.tk("doctor", "--json"))


def test_two_clones_and_a_merge(maria: Worker, place: Path) -> None:
    """María and Ana work apart on the same tickets; the merge loses nothing and the audit is content."""
    heater = maria.tk("new", "Calentador no enciende", "--priority", "low")
    ana = maria.clone(ANA, place / "de Ana")
    ana.tk("assign", heater, "me")
    ana.tk("log", heater, "note", "-m", "Voy mañana.")
    own = ana.tk("new", "Falta papel")
    maria.tk("log", heater, "call-in", "-m", "Volvió a llamar.")
    maria.tk("new", "Impresora atascada", "--category", "hardware/printer")

    assert ana.run("git", "pull", "-q", "--no-rebase").code == 1
    assert "merge" in ana.run(TK, "advance", own, "solved").err
    (conflicted,) = ana.git("diff", "--name-only", "--diff-filter=U").splitlines()
    file = ana.folder / conflicted
    assert [line.split(":")[0] for line in ana.run(TK, "list").err.splitlines()] == [conflicted]
    assert ana.run(TK, "check").code == 1
    ours = ana.git("show", f"HEAD:{conflicted}")
    theirs = ana.git("show", f"MERGE_HEAD:{conflicted}")
    event = theirs[theirs.index("\n### ") :]
    head, log, events = ours.partition("\n## Log\n")
    moved = next(line for line in theirs.splitlines() if line.startswith("updated: "))
    mine = next(line for line in head.splitlines() if line.startswith("updated: "))
    file.write_text(head.replace(mine, max(mine, moved)) + log + event + "\n" + events + "\n", encoding="utf-8")
    ana.git("add", "--", conflicted)
    ana.git("commit", "-q", "--no-edit")

    assert ana.run(TK, "check", "--strict").code == 0
    assert len(ana.tk("list").splitlines()) == 3
    told = json.loads(ana.tk("history", heater, "--json"))
    assert sorted(entry["by"] for entry in told) == ["ana", "ana", "mlopez", "mlopez"]
    assert [event["text"] for entry in told for event in entry["events"]] == ["Voy mañana.", "Volvió a llamar."]
    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)
    assert json.loads(ana.tk("audit", "HEAD", "--json"))["findings"] == []
    assert json.loads(ana.tk("audit", "--json"))["commits"] == 4

    ana.git("push", "-q", "origin", "HEAD:refs/heads/ana")
    maria.git("merge", "-q", "--ff-only", "ana")
    assert maria.tk("show", heater, "--json") == ana.tk("show", heater, "--json")
    maria.tk("advance", heater, "solved")
    assert json.loads(maria.tk("history", heater, "--json"))[:4] == told


def test_a_reviewer_audits_a_branch(maria: Worker, place: Path) -> None:
    """What Eve proposes is honest, but for one commit; the reviewer is told which and why, and takes the rest."""
    maria.edit("tk.toml", '[roles.anyone]\nlabel = { en = "Anyone", es = "Cualquiera" }\nmay = ["*"]', ROLE)
    maria.git("commit", "-qam", "Strangers only ask and log")
    maria.tk("audit")
    heater = maria.tk("new", "Calentador no enciende", "--priority", "low")
    eve = maria.clone(EVE, place / "de Eve")
    eve.git("checkout", "-q", "-b", "eve")
    asked = eve.tk("new", "Necesito acceso")
    eve.tk("log", asked, "note", "-m", "fixes #3 [skip ci]")
    assert "no puede hacer set.priority" in eve.refused("set", heater, "priority=urgent")
    path = json.loads(eve.tk("show", heater, "--json"))["path"]
    eve.edit(path, "priority: low", "priority: urgent")
    eve.git("commit", "-qam", "Just a small thing")
    forged = eve.git("rev-parse", "HEAD")
    eve.edit("tk.toml", 'may = ["new", "log.*"]', 'may = ["*"]')
    eve.git("commit", "-qam", "And another")
    grabbed = eve.git("rev-parse", "HEAD")
    assert eve.tk("set", heater, "title=Mío").startswith(heater)
    used = eve.git("rev-parse", "HEAD")
    assert "fixes" not in eve.git("log", "-5", "--format=%B")

    maria.git("fetch", "-q", str(eve.folder), "eve:eve")
    done = maria.run(TK, "audit", "main..eve", "--json")
    report = json.loads(done.out)
    refused = [(f["commit"], f["path"], f["code"]) for f in report["findings"] if f["verdict"] == "refused"]
    assert done.code == 1
    assert report["commits"] == 5
    assert refused == [
        (forged, path, "not-allowed"),
        (grabbed, "tk.toml", "not-allowed"),
        (used, path, "not-allowed"),
    ]
    assert forged[:7] in maria.run(TK, "audit", "main..eve").out

    maria.git("cherry-pick", "eve~4", "eve~3")
    assert maria.run(TK, "audit", "main~2..main").code == 0
    assert {row.split("\t")[0] for row in maria.tk("list").splitlines()} == {heater, asked}
    assert json.loads(maria.tk("history", asked, "--json"))[0]["email"] == "eve@elsewhere.org"


ROLE = '[roles.anyone]\nlabel = { en = "Anyone", es = "Cualquiera" }\nmay = ["new", "log.*"]'
