"""The days of an agent and of a supervisor, and a reviewer's look at a pull request, in English and in Spanish.

Everything goes through the installed `tk`. What it says to people is asked for in the desk's language; names for
programs, codes and commits are the same in both.
"""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.worker import ANA, EVE, MARIA, TK, Worker
from tests.world import NOW

POLICY = """
[people]
mlopez = { name = "María López", email = "mlopez@example.com", roles = ["supervisor"] }
ana = { name = "Ana Ruiz", email = "ana@example.com", roles = ["agent"] }

[[require]]
name = "solution-on-record"
label = { en = "A solved ticket says how", es = "Un ticket resuelto dice cómo" }
action = "advance"
when = { "new.status" = "solved" }
that = { "events.note" = ">= 1" }
"""

AGENT = """
may = [
    "new", "log.*", "log-for.*", "set.*", "attach.*", "link.*", "request.*", "schedule", "undo",
    { action = "assign", when = { owner = "!" } },
    { action = "advance", when = { owner = "@actor" } },
]
"""

ANYONE = '\nmay = ["new", "log.note", "rate"]\n'


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    """Return each language that tk speaks."""
    return str(request.param)


class Told:
    """What is expected in the one language or in the other."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str, spanish: str) -> str:
        return {"en": english, "es": spanish}[self.language]


@pytest.fixture
def said(language: str) -> Told:
    """Return what chooses between English and Spanish words."""
    return Told(language)


@pytest.fixture
def maria(tmp_path: Path, language: str) -> Worker:
    """Return María, the supervisor of a desk where agents may do less than she, and strangers little."""
    Worker.clock = datetime.fromisoformat(NOW)
    root = tmp_path / "Mesa de ayuda"
    Worker(MARIA, tmp_path).tk("init", str(root), "--lang", language, "--zone", "America/Lima")
    here = Worker(MARIA, root)
    policy = root / "tk.toml"
    text = policy.read_text(encoding="utf-8")
    text = text[: text.index("[people]")] + POLICY
    for role, may in (("agent", AGENT), ("anyone", ANYONE)):
        text = re.sub(rf'(\[roles\.{role}\]\nlabel = [^\n]*)\nmay = \["\*"\]\n', rf"\1{may}", text)
    policy.write_text(text, encoding="utf-8")
    here.git("commit", "-qam", "Who may do what here")
    assert here.tk("check", "--strict") == ""
    return here


@pytest.fixture
def ana(maria: Worker) -> Worker:
    """Return Ana, an agent at the same desk."""
    return Worker(ANA, maria.folder)


def test_a_day_of_an_agent(maria: Worker, ana: Worker, said: Told, tmp_path: Path) -> None:
    """Ana sees what waits, takes it, works on it with all there is, and is told what she mistypes or may not do."""
    earlier = maria.tk("new", "La caldera hace ruido", "-m", "Se arregló purgando el circuito.")
    maria.tk("log", earlier, "note", "-m", "Purgado.")
    maria.tk("advance", earlier, "closed")
    boiler = maria.tk("new", "Calentador no enciende", "-m", "Desde ayer.", "--requester", "sol@example.cl")
    paper = maria.tk("new", "Falta papel", "--owner", "ana", "--priority", "low")

    assert [line.split("\t")[:2] for line in ana.tk().splitlines()] == [["mine", paper], ["unassigned", boiler]]
    assert [line.split("\t")[0] for line in ana.tk("search", "calder", "ruido").splitlines()] == [earlier]
    short = boiler[-5:].lower()
    ana.tk("assign", short, "me")
    ana.tk("log", short, "call-out", "-m", "Pedí la **nota** de compra.", "--set", "minutes=5")
    invoice = ana.folder.parent / "nota de compra.txt"
    invoice.write_text("n.º 4711\n", encoding="utf-8")
    ana.tk("attach", short, str(invoice), "--kind", "invoice", "--date", "2026-08-10")
    ana.tk("link", short, "follows", earlier)
    ana.tk("schedule", short, "+1d", "-m", "Volver a llamar.")
    ana.tk("request", short, "priority", "high")

    wrong = ana.run(TK, "set", short, "priority=hihg")
    assert (wrong.code, wrong.out) == (2, "")
    assert said('did you mean "high"?', "¿quiso decir «high»?") in wrong.err
    assert said("may not approve.go-ahead", "no puede hacer approve.go-ahead") in ana.refused(
        "approve", short, "go-ahead"
    )
    assert said("may not advance", "no puede hacer advance") in ana.refused("advance", earlier, "open")

    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/no enciende/no enciende en frío/" "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    ana.tk("edit", short, EDITOR=str(editor))
    ana.tk("set", short, "tags+=vip", "title=Otra cosa")
    ana.tk("undo", short)
    ana.tk("advance", short, "in-progress")
    assert said("A solved ticket says how", "Un ticket resuelto dice cómo") in ana.refused("advance", paper, "solved")
    ana.tk("advance", paper, said("Solved", "resuelto"), "-m", "Dejé dos paquetes.")
    ana.tk("advance", paper, "closed")
    assert said("no way leads from Closed", "no se puede pasar de Cerrado") in ana.refused(
        "advance", paper, "in-progress"
    )

    shown = json.loads(ana.tk("show", short, "--json"))
    assert (shown["title"], shown["owner"], shown["tags"]) == ("Calentador no enciende en frío", "ana", [])
    assert [link["id"] for link in shown["links"]] == [earlier]
    assert [event["type"] for event in shown["events"]] == ["call-out", "note"]
    assert (ana.folder / shown["path"]).with_suffix("").joinpath("nota de compra.txt").exists()
    assert ana.tk("list", "owner:me", "--format", "ids") == boiler
    told = [entry["actions"] for entry in json.loads(ana.tk("history", short, "--json"))]
    assert told[0] == ["new"]
    assert ["undo"] in told
    assert said("took back the change before", "deshizo el cambio anterior") in ana.tk("history", short)
    assert maria.tk("check", "--strict") == ""
    report = maria.run(TK, "audit", "--strict")
    assert (report.code, report.out) == (0, "")
    assert said("audited", "auditoría de") in report.err


def test_a_day_of_a_supervisor(maria: Worker, ana: Worker, said: Told) -> None:
    """María shares out what came in, decides what was asked, looks back, takes figures along and changes the rules."""
    urgent = ana.tk("new", "Fuga en el segundo piso", "--priority", "urgent")
    login = ana.tk("new", "No puedo entrar", "--category", "software/access")
    printer = ana.tk("new", "Impresora atascada", "--category", "hardware/printer")
    waiting = maria.tk("list", "owner:none", "sort:-priority", "--format", "ids").splitlines()
    assert waiting[0] == urgent
    assert set(waiting) == {urgent, login, printer}
    maria.tk("assign", urgent, "ana")
    maria.tk("assign", login, "me")
    yesterday = maria.git("rev-parse", "HEAD")

    ana.tk("request", urgent, "priority", "high")
    maria.tk("approve", urgent, "go-ahead")
    maria.tk("set", urgent, "priority=" + said("High", "alta"))
    ana.tk("advance", urgent, "solved", "-m", "Cambié la junta.")
    reopened = maria.tk("advance", urgent, "in-progress", "-m", "Sigue goteando.")
    assert reopened.startswith(urgent)

    assert json.loads(maria.tk("show", urgent, "--at", yesterday, "--json"))["priority"] == "urgent"
    assert len(maria.tk("list", "--at", yesterday).splitlines()) == 3
    rows = list(csv.reader(io.StringIO(maria.tk("list", "--format", "csv"))))
    assert rows[0] == ["id", "status", "priority", "owner", "title", "updated"]
    assert {row[0]: row[3] for row in rows[1:]} == {urgent: "ana", login: "mlopez", printer: ""}
    table = maria.tk("list", "is:open", "--format", "markdown").splitlines()
    assert [cell.strip() for cell in table[0].strip("|").split("|")][:2] == said("Id Status", "Id Estado").split()
    assert said("In progress", "En curso") in table[2] + table[3] + table[4]

    maria.edit("tk.toml", 'to = ["open", "in-progress", "closed"]', 'to = ["open", "in-progress", "clsoed"]')
    broken = maria.run(TK, "check")
    assert broken.code == 1
    assert (
        said('there is no status "clsoed"; did you mean "closed"?', "no hay estado «clsoed»; ¿quiso decir")
        in broken.out
    )
    stopped = maria.run(TK, "set", login, "priority=low")
    assert stopped.code == 2
    assert said("nothing can be changed until tk.toml is right", "no se puede cambiar nada") in stopped.err
    assert len(maria.tk("list").splitlines()) == 3
    maria.edit("tk.toml", "clsoed", "closed")
    maria.edit("tk.toml", "[channels]\n", '[channels]\nchat = { en = "Chat", es = "Chat" }\n')
    maria.git("commit", "-qam", "Requests come by chat, too")
    maria.tk("set", login, "channel=chat")

    told = maria.tk("doctor")
    assert [line[:4].strip() for line in told.splitlines()] == [said("ok", "bien")] * len(told.splitlines())
    assert json.loads(maria.tk("audit", "--strict", "--json"))["findings"] == []
    assert maria.git("status", "--porcelain") == ""


def test_a_reviewer_looks_at_a_pull_request(maria: Worker, said: Told, tmp_path: Path) -> None:
    """Ana's branch is in order but for an edit by hand; the reviewer sees which and why, and takes what is mended."""
    boiler = maria.tk("new", "Calentador no enciende", "--owner", "mlopez")
    ana = maria.clone(ANA, tmp_path / "de Ana")
    ana.git("checkout", "-q", "-b", "turno")
    own = ana.tk("new", "Falta papel", "--owner", "me")
    ana.tk("log", boiler, "note", "-m", "Llamó otra vez. fixes #3 [skip ci]")
    path = json.loads(ana.tk("show", boiler, "--json"))["path"]
    ana.edit(path, "status: open", "status: closed")
    ana.git("commit", "-qam", "Closed it")
    slipped = ana.git("rev-parse", "HEAD")

    maria.git("fetch", "-q", str(ana.folder), "turno:turno")
    looked = maria.run(TK, "audit", "main..turno")
    assert looked.code == 1
    assert slipped[:7] in looked.out
    assert path in looked.out
    assert said("may not advance", "no puede hacer advance") in looked.out
    assert "fixes" not in maria.git("log", "turno", "--format=%B")
    report = json.loads(maria.run(TK, "audit", "main..turno", "--json").out)
    refused = {(f["commit"], f["code"]) for f in report["findings"] if f["verdict"] == "refused"}
    assert (report["commits"], (slipped, "not-allowed") in refused) == (3, True)
    assert {commit for commit, _ in refused} == {slipped}
    assert json.loads(maria.tk("show", boiler, "--at", "turno", "--json"))["status"] == "closed"
    assert maria.run(TK, "show", own).code == 1

    ana.git("reset", "-q", "--hard", "HEAD~1")
    maria.git("fetch", "-q", str(ana.folder), "+turno:turno")
    clean = maria.run(TK, "audit", "--strict", "main..turno")
    assert (clean.code, clean.out) == (0, "")
    maria.git("merge", "-q", "--no-edit", "--no-ff", "turno")
    assert maria.run(TK, "audit", "--strict").code == 0
    assert maria.tk("check", "--strict") == ""
    assert json.loads(maria.tk("history", boiler, "--json"))[-1]["by"] == "ana"

    eve = maria.clone(EVE, tmp_path / "de Eve")
    assert said("may not set.priority", "no puede hacer set.priority") in eve.refused("set", boiler, "priority=urgent")
    assert said("may not advance", "no puede hacer advance") in eve.refused("advance", own, "closed")
