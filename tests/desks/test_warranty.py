"""The support desk with shifts and warranty claims, rule by rule (desks.md A1 to A20), through the command line."""

import tomllib
from pathlib import Path

import pytest

from tests.desks.conftest import Open
from tests.desks.office import Office

MORNING = "2026-10-07T08:00:00-06:00"
"""A Wednesday in the morning shift."""

REPORT = ("--type", "Informes sobre proceso", "--category", "Calentadores/Garantía", "--channel", "phone")


@pytest.fixture
def support(opened: Open) -> Office:
    return opened("warranty", MORNING, "mlopez")


def report(support: Office, *more: str) -> str:
    """Return an end user's report of a heater fault."""
    return support.ok("new", "Calentador no enciende", *REPORT, "--requester", "ana@example.mx", *more)


def document(tmp_path: Path) -> str:
    """Return the path of a purchase note."""
    (tmp_path / "nota.pdf").write_bytes(b"%PDF nota de compra")
    return str(tmp_path / "nota.pdf")


def test_A1_any_agent_owns_follows_and_solves_a_ticket_of_any_service(support: Office) -> None:
    for who, category in (("mlopez", "Calentadores"), ("jperez", "Servicios"), ("nruiz", "Calentadores/Garantía")):
        support.by(who)
        made = support.ok("new", "x", "--category", category, "--channel", "phone")
        assert support.ticket(made)["owner"] == who
        support.ok("log", made, "follow-up", "-m", "Llamada", "--set", "channel=phone")
        support.ok("set", made, "resolution=Listo")
        support.ok("advance", made, "solved")
    policy = (support.root / "tk.toml").read_text(encoding="utf-8")
    assert "proyectos especiales" not in policy.lower()
    support.is_clean()


def test_A2_a_ticket_stays_with_the_agent_who_created_it_and_the_first_call_is_on_record(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone")
    assert support.ticket(made)["owner"] == "mlopez"
    assert "agente que lo creó" in support.no("assign", made, "jperez")
    assert "agente que lo creó" in support.by("jperez").no("assign", made, "me")
    support.by("mlopez").ok("set", made, "first-call=no")
    assert support.ticket(made)["fields"]["first-call"] is False
    assert support.ok("list", "first-call:no", "--format", "ids") == made


@pytest.mark.parametrize(
    "what",
    [
        ("--type", "Instalación"),
        ("--type", "Reinstalación"),
        ("--category", "Calentadores/Instalaciones"),
        ("--category", "Calentadores/Reinstalaciones"),
    ],
)
def test_A3_installations_and_reinstallations_are_assigned_by_the_supervisor(
    support: Office, what: tuple[str, str]
) -> None:
    made = support.ok("new", "x", "--channel", "phone", *what)
    assert support.ticket(made)["owner"] is None
    assert "supervisor" in support.no("assign", made, "me")
    support.by("jmendoza").ok("assign", made, "jperez")
    assert support.ticket(made)["owner"] == "jperez"


def test_A3_so_are_tickets_born_from_mail_and_the_backlog(support: Office) -> None:
    mailed = support.by("jmendoza").ok("new", "x", "--channel", "mail")
    assert support.ticket(mailed)["owner"] is None
    assert "supervisor" in support.by("jperez").no("assign", mailed, "me")
    waiting = support.by("jmendoza").ok("new", "x", "--channel", "phone", "--team", "case")
    support.by("jperez").later(hours=24)
    assert "supervisor" in support.no("assign", waiting, "me")
    support.by("jmendoza").ok("assign", waiting, "jperez")
    support.is_clean()


def test_A3_the_rule_ends_on_the_day_that_the_policy_says_without_code(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone", "--type", "Instalación")
    rule = 'that = { "actor.role" = "supervisor" }\nfrom = 2016-08-16'
    support.by("jmendoza").policy(rule, f"{rule}\nuntil = 2026-10-08")
    assert "supervisor" in support.by("mlopez").no("assign", made, "me")
    support.at("2026-10-08T00:00:00-06:00").ok("assign", made, "me")
    support.is_clean()


def test_A4_a_ticket_without_a_next_step_at_the_end_of_the_shift_is_listed(support: Office) -> None:
    made = support.ok("new", "Sin siguiente paso", "--channel", "phone")
    planned = support.ok("new", "Con siguiente paso", "--channel", "phone")
    support.ok("schedule", planned, "2026-10-08T09:00:00-06:00")
    support.at("2026-10-07T15:00:00-06:00")
    agenda = support.json("agenda", "mlopez")
    assert [entry["id"] for entry in agenda if entry["part"] == "unplanned"] == [made]


def test_A5_a_follow_up_lies_inside_a_shift_of_the_same_agent(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone")
    for when in ("2026-10-08T15:00:00-06:00", "2026-10-08T06:59:59-06:00", "2026-10-11T09:00:00-06:00"):
        refused = support.no("schedule", made, when)
        assert "mlopez" in refused or "María" in refused
    support.ok("schedule", made, "2026-10-08T07:00:00-06:00")
    support.ok("schedule", made, "2026-10-08T14:59:59-06:00")
    assert support.no("schedule", made, "2026-11-16T09:00:00-06:00"), "a holiday of Mexico"
    support.is_clean()


def test_A6_mail_that_deserves_a_ticket_is_the_supervisor_s_to_enter(support: Office) -> None:
    assert "supervisor" in support.no("new", "x", "--channel", "mail")
    made = support.by("jmendoza").ok("new", "x", "--channel", "mail", "--requester", "ana@example.mx")
    assert support.ticket(made)["creator"] == "jmendoza"


def test_A7_the_type_for_an_end_user_s_report_exists(support: Office) -> None:
    made = support.ticket(report(support))
    assert made["type"] == "process-report"
    policy = tomllib.loads((support.root / "tk.toml").read_text(encoding="utf-8"))
    assert policy["types"]["process-report"]["es"] == "Informes sobre proceso"


@pytest.mark.parametrize("kind", ["Nota de compra", "Factura", "Otro documento con la fecha de adquisición"])
def test_A8_one_document_with_the_date_of_purchase_is_demanded(support: Office, kind: str, tmp_path: Path) -> None:
    made = report(support)
    assert "fecha de adquisición" in support.no("advance", made, "abierto")
    support.ok("attach", made, document(tmp_path), "--kind", "Foto", "--date", "2026-08-10")
    assert "fecha de adquisición" in support.no("advance", made, "abierto")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/doc.pdf").write_bytes(kind.encode())
    support.ok("attach", made, str(tmp_path / "b/doc.pdf"), "--kind", kind)
    assert "fecha de adquisición" in support.no("advance", made, "abierto"), "without a date it shows none"
    (tmp_path / "c").mkdir()
    (tmp_path / "c/doc2.pdf").write_bytes(kind.encode() * 2)
    support.ok("attach", made, str(tmp_path / "c/doc2.pdf"), "--kind", kind, "--date", "2026-08-10")
    support.ok("advance", made, "abierto")
    assert support.ticket(made)["attachments"][-1]["date"] == "2026-08-10"
    support.is_clean()


def test_A9_it_starts_without_documents_and_24_natural_hours_run(support: Office) -> None:
    made = support.ticket(report(support))
    assert (made["status"], made["due"]) == ("awaiting-documents", {"documents": "2026-10-08T08:00:00-06:00"})
    assert "Sin documentación completa" in support.run("show", made["id"], terminal=True).out
    saturday = support.at("2026-10-31T22:00:00-06:00").ticket(report(support))
    assert saturday["due"] == {"documents": "2026-11-01T22:00:00-06:00"}


def test_A9_24_hours_are_24_hours_where_the_clocks_change(opened: Open) -> None:
    """Mexico has not changed its clocks since 2022; the same desk in Chile does."""
    chile = opened("warranty", "2026-09-05T12:00:00-04:00", "jmendoza")
    chile.policy('zone = "America/Mexico_City"', 'zone = "America/Santiago"')
    made = chile.by("mlopez").ticket(report(chile))
    assert made["due"] == {"documents": "2026-09-06T13:00:00-03:00"}


def test_A10_the_agent_opens_it_and_asks_for_the_real_type_which_only_the_supervisor_sets(
    support: Office, tmp_path: Path
) -> None:
    made = report(support)
    support.ok("attach", made, document(tmp_path), "--kind", "purchase-note", "--date", "2026-08-10")
    support.ok("advance", made, "abierto")
    assert "set.type" in support.no("set", made, "type=leak")
    support.ok("request", made, "type", "Calentador con fuga")
    letters = support.json("mail", "outbox")
    assert ["jmendoza@example.com" in letter["to"] for letter in letters if "type-wanted" in letter["cause"]] == [True]
    assert support.by("jmendoza").ok("list", "requests.type:leak", "--format", "ids") == made
    assert made in support.ok()
    support.ok("set", made, "type=leak")
    assert support.ticket(made)["type"] == "leak"
    assert made not in support.ok()
    support.is_clean()


@pytest.mark.parametrize("follow_ups", [0, 1, 2])
def test_A11_with_fewer_than_three_follow_ups_it_is_not_closed_and_is_reported(
    support: Office, follow_ups: int
) -> None:
    made = report(support)
    for number in range(follow_ups):
        support.later(hours=1).ok("log", made, "follow-up", "-m", f"Intento {number}", "--set", "channel=phone")
    support.at("2026-10-08T08:00:00-06:00")
    swept = support.json("sweep")
    assert [action["report"] for action in swept["actions"]] == [f"faltan seguimientos: {follow_ups} de 3"]
    told = [letter for letter in support.json("mail", "outbox") if "follow-ups-missing" in letter["cause"]]
    assert len(told) == 1
    support.later(hours=1)
    support.ok("sweep")
    again = [letter for letter in support.json("mail", "outbox") if "follow-ups-missing" in letter["cause"]]
    assert again == told, "the supervisor is told once (G2)"
    assert support.ticket(made)["status"] == "awaiting-documents"
    support.is_clean()


def test_A11_after_24_hours_and_three_follow_ups_it_is_closed_and_not_a_second_before(support: Office) -> None:
    made = report(support)
    for number in range(3):
        support.ok("log", made, "follow-up", "-m", f"Intento {number}", "--set", "channel=phone")
    support.at("2026-10-08T07:59:59-06:00").ok("sweep")
    assert support.ticket(made)["status"] == "awaiting-documents"
    assert "24 horas" in support.no("advance", made, "closed-undocumented")
    support.later(seconds=1).ok("sweep")
    closed = support.ticket(made)
    assert (closed["status"], closed["status_kind"]) == ("closed-undocumented", "closed")
    head = support.git("rev-parse", "HEAD")
    support.later(hours=1).ok("sweep")
    assert support.git("rev-parse", "HEAD") == head, "a second sweep does nothing"
    support.is_clean()


def test_A11_the_first_sweep_after_the_third_follow_up_closes_it(support: Office) -> None:
    made = report(support)
    support.at("2026-10-09T08:00:00-06:00").ok("sweep")
    for _ in range(3):
        assert support.ticket(made)["status"] == "awaiting-documents"
        support.later(minutes=5).ok("log", made, "follow-up", "-m", "Intento", "--set", "channel=mail")
    support.ok("sweep")
    assert support.ticket(made)["status"] == "closed-undocumented"
    support.is_clean()


def test_A12_a_new_report_is_a_new_ticket_with_new_24_hours_linked_to_the_old_one(support: Office) -> None:
    made = report(support)
    for _ in range(3):
        support.ok("log", made, "follow-up", "-m", "Intento", "--set", "channel=phone")
    support.at("2026-10-08T08:00:00-06:00").ok("sweep")
    assert support.run("advance", made).code == 2, "it leads nowhere"
    assert support.run("advance", made, "open").code == 1
    support.at("2026-10-09T10:00:00-06:00")
    again = report(support)
    support.ok("link", again, "follows", made)
    new = support.ticket(again)
    assert (new["status"], new["due"]["documents"]) == ("awaiting-documents", "2026-10-10T10:00:00-06:00")
    assert new["links"] == [{"kind": "follows", "id": made}]
    assert support.ticket(made)["links"] == [{"kind": "followed-by", "id": again}]
    support.is_clean()


def test_A13_a_status_is_added_without_touching_code(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone")
    support.by("jmendoza").policy(
        'to = ["pending", "on-hold", "solved"]\n',
        'to = ["pending", "on-hold", "solved", "at-workshop"]\n\n[statuses.at-workshop]\nlabel = "En taller"\n'
        'kind = "waiting"\nto = ["open"]\n',
    )
    support.by("mlopez").ok("advance", made, "En taller")
    assert support.ticket(made)["status"] == "at-workshop"
    support.is_clean()


def test_A14_the_corrected_type_counts_and_history_keeps_both(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone", "--type", "Bajo flujo")
    support.ok("request", made, "type", "leak")
    support.by("jmendoza").ok("set", made, "type=leak")
    changes = [c for entry in support.json("history", made) for c in entry["changes"] if c["field"] == "type"]
    assert [(change["from"], change["to"]) for change in changes] == [(None, "low-flow"), ("low-flow", "leak")]
    assert support.ok("list", "type:leak", "--format", "ids") == made


def test_A15_an_agent_lists_the_follow_ups_of_a_day_and_what_is_overdue(support: Office) -> None:
    today, later = (support.ok("new", title, "--channel", "phone") for title in ("Hoy", "Mañana"))
    support.ok("schedule", today, "2026-10-07T12:00:00-06:00")
    support.ok("schedule", later, "2026-10-08T12:00:00-06:00")

    def part(name: str, *argv: str) -> list[str]:
        return [entry["id"] for entry in support.json("agenda", *argv) if entry["part"] == name]

    assert part("scheduled") == [today]
    assert part("scheduled", "mlopez", "--day", "2026-10-08") == [later]
    assert part("overdue") == []
    support.at("2026-10-08T08:00:00-06:00")
    assert (part("scheduled"), part("overdue")) == ([later], [today])


def test_A16_a_follow_up_records_its_channel_and_one_call_alone_can_be_listed(support: Office) -> None:
    once, twice = (support.ok("new", title, "--channel", "phone") for title in ("Una", "Dos"))
    for made, event in ((once, "call-out"), (twice, "call-out"), (twice, "mail-out")):
        support.ok("log", made, event, "-m", "Intento")
    followed = support.ok("log", once, "follow-up", "-m", "Intento", "--set", "channel=phone")
    assert followed
    assert support.ticket(once)["events"][-1]["channel"] == "phone"
    assert support.ok("list", "events.call-out:1", "events.mail-out:0", "--format", "ids") == once


def test_A17_a_finance_ticket_goes_to_the_area_which_documents_its_own_work(support: Office) -> None:
    made = support.ok("new", "Reembolso", "--channel", "phone", "--category", "Finanzas/Reembolsos")
    assert (support.ticket(made)["team"], support.ticket(made)["owner"]) == ("finance", None)
    moved = support.ok("new", "x", "--channel", "phone")
    support.ok("set", moved, "category=Finanzas/Pagos")
    assert support.ticket(moved)["team"] == "finance"
    support.by("gmorales").ok("log", made, "note", "-m", "Transferencia hecha.")
    support.ok("set", made, "resolution=Pagado")
    support.ok("advance", made, "solved")
    other = support.by("mlopez").ok("new", "x", "--channel", "phone")
    assert support.by("gmorales").no("log", other, "note", "-m", "x")
    support.is_clean()


def test_A18_a_reinstallation_proceeds_only_with_the_zone_manager_s_own_approval(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone", "--type", "Reinstalación", "--requester", "ana@example.mx")
    assert "Vobo del encargado de zona" in support.no("advance", made, "pending")
    for who in ("mlopez", "jmendoza", "gmorales"):
        assert "approve.reinstallation" in support.by(who).no("approve", made, "reinstallation")
    support.by("mlopez").ok("request", made, "reinstallation")
    support.by("zgomez").ok("approve", made, "Vobo de reinstalación")
    assert support.ticket(made)["approvals"]["reinstallation"]["by"] == "zgomez"
    support.by("mlopez").ok("advance", made, "pending")
    support.is_clean()


def test_A18_one_entered_by_somebody_else_is_found_by_the_audit(support: Office) -> None:
    made = support.ok("new", "x", "--channel", "phone", "--type", "Reinstalación")
    (path,) = support.root.glob(f"tickets/*/*/*/{made}.md")
    forged = f"approvals:\n  reinstallation: {{by: zgomez, at: {support.now.isoformat()}}}\n---\n"
    head, _, rest = path.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    path.write_text(f"---\n{head}{forged}{rest}", encoding="utf-8")
    support.git("commit", "-qam", "Vobo")
    audited = support.run("audit")
    assert audited.code == 1
    assert "approve.reinstallation" in audited.out


def test_A19_what_the_contact_s_record_lacks_is_told_before_the_approval_is_asked_for(support: Office) -> None:
    for requester in ("luis@example.mx", "nadie@example.mx"):
        made = support.ok("new", "x", "--channel", "phone", "--type", "Reinstalación", "--requester", requester)
        assert "ID de EGA" in support.no("request", made, "reinstallation")
    made = support.ok("new", "x", "--channel", "phone", "--type", "Reinstalación", "--requester", "Ana@example.mx")
    support.ok("request", made, "reinstallation")
    letters = support.json("mail", "outbox")
    assert any("zgomez@example.com" in letter["to"] for letter in letters)


def test_A20_an_earlier_event_is_judged_by_the_earlier_rule(opened: Open) -> None:
    early = opened("warranty", "2016-08-15T10:00:00-05:00", "mlopez")
    made = early.ok("new", "Calentador no enciende", *REPORT)
    assert early.ticket(made)["status"] == "open", "the new type starts so from 16 August 2016 on"
    installed = early.ok("new", "x", "--channel", "phone", "--type", "Instalación")
    early.ok("assign", installed, "me")
    early.at("2016-08-16T10:00:00-05:00")
    again = early.ok("new", "Calentador no enciende", *REPORT)
    assert early.ticket(again)["status"] == "awaiting-documents"
    early.is_clean()
