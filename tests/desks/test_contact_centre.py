"""The contact centre, rule by rule (desks.md B1 to B19), through the command line."""

from itertools import product
from typing import Any

import pytest

from tests.desks.conftest import Open
from tests.desks.office import Office

MONDAY = "2026-11-30T10:00:00-03:00"
DEBT = ("--set", "subject=debt-collection", "--category", "Medidor / Cobranza / Gestión de cobranza")
WHO = ("--set", "contact-name=Ana", "--set", "contact-phone=22 555", "--set", "contact-email=ana@example.cl")
SUBJECTS = {
    "late-answer": "Respuesta fuera de plazo",
    "dissatisfied": "Inconformidad en la respuesta",
    "not-carried-out": "No ejecución de la solución",
    "connection-delay": "Demora en la habilitación del servicio",
    "supply-delay": "Tardanza en la reposición del suministro",
    "debt-collection": "Gestión de cobranza",
}


@pytest.fixture
def centre(opened: Open) -> Office:
    return opened("contact-centre", MONDAY, "jdiaz")


def advice(centre: Office, *facts: str) -> Any:
    """Return what the table says of facts given as NAME=VALUE."""
    given = [word for fact in facts for word in ("--fact", fact)]
    return centre.json("advise", *given)


def earlier(centre: Office, category: str = "granel/carga") -> str:
    """Return a request of a client, still unanswered."""
    return centre.ok("new", "Carga pendiente", "--channel", "phone", "--category", category, "--set", "source=stp")


def test_B1_the_centre_itself_files_an_insistence_and_nothing_sends_the_client_away(centre: Office) -> None:
    first = earlier(centre)
    centre.later(days=30)
    filed = centre.ticket(centre.ok("complain", first, "--reason", "late-answer", "-m", "Sin respuesta."))
    assert filed["creator"] == "jdiaz"
    assert filed["links"] == [{"kind": "insists-on", "id": first}]
    assert {"kind": "insisted-by", "id": filed["id"]} in centre.ticket(first)["links"]
    assert filed["attachments"] == []
    centre.is_clean()


def test_B2_there_are_six_subjects_and_no_other(centre: Office) -> None:
    for key, label in SUBJECTS.items():
        given = DEBT[2:] + WHO if key == "debt-collection" else ()
        made = centre.ok("new", "x", "-m", "y", "--channel", "phone", "--set", f"subject={label}", *given)
        assert centre.ticket(made)["fields"]["subject"] == key
    refused = centre.run("new", "x", "--channel", "phone", "--set", "subject=Otra cosa")
    assert refused.code == 2
    assert "Otra cosa" in refused.err


def test_B3_debt_collection_is_raised_for_who_is_no_client(centre: Office) -> None:
    made = centre.ok("new", "No es mi deuda", "-m", "Correos", "--channel", "mail", *DEBT, *WHO)
    assert centre.ticket(made)["customer"] is None
    known = centre.ok("new", "No la reconozco", "-m", "Correos", "--channel", "mail", "--customer", "77", *DEBT, *WHO)
    assert centre.ticket(known)["customer"] == "77"


def test_B4_the_three_levels_are_exact(centre: Office) -> None:
    made = centre.ok("new", "x", "-m", "y", "--channel", "phone", *DEBT, *WHO)
    assert centre.ticket(made)["category"] == ["medidor", "cobranza", "gestion-de-cobranza"]
    skipped = ("--set", "subject=debt-collection", "--category", "Medidor / Cobranza")
    assert "Gestión de cobranza" in centre.no("new", "x", "-m", "y", "--channel", "phone", *skipped, *WHO)
    outside = centre.run("new", "x", "--channel", "phone", "--category", "Medidor / Deudas", *WHO)
    assert (outside.code, "Deudas" in outside.err) == (2, True)


def test_B5_responsible_status_priority_and_class_follow_from_the_subject(centre: Office) -> None:
    made = centre.ticket(centre.ok("new", "x", "-m", "y", "--channel", "phone", *DEBT, *WHO))
    assert [made[key] for key in ("team", "owner", "status", "priority", "type")] == [
        *("client-management", None, "open", "high", "complaint"),
    ]
    asked = centre.ticket(centre.ok("new", "x", "-m", "y", "--channel", "phone", "--priority", "low", *DEBT, *WHO))
    assert asked["priority"] == "high"
    (note,) = asked["events"]
    assert note["was_priority"] == "low"
    centre.is_clean()


def test_B6_in_person_is_recorded_as_mail_with_a_note(centre: Office) -> None:
    for channel in ("Llamada telefónica", "Correo electrónico", "Redes sociales"):
        assert centre.ticket(centre.ok("new", "x", "--channel", channel))["events"] == []
    made = centre.ticket(centre.ok("new", "x", "--channel", "Presencial"))
    assert made["channel"] == "mail"
    (note,) = made["events"]
    assert note["type"] == "note"
    assert note["was_channel"] == "in-person"
    assert "Presencial no está autorizado" in note["text"]
    centre.ok("set", made["id"], "channel=phone")
    centre.ok("set", made["id"], "channel=Presencial")
    assert centre.ticket(made["id"])["channel"] == "mail"
    centre.is_clean()


@pytest.mark.parametrize("left_out", ["contact-name", "contact-phone", "contact-email", "description"])
def test_B7_all_four_fields_of_the_description_are_asked_for(centre: Office, left_out: str) -> None:
    given = [word for pair in zip(WHO[::2], WHO[1::2], strict=True) if left_out not in pair[1] for word in pair]
    text = () if left_out == "description" else ("-m", "Correos de deuda")
    assert left_out in centre.no("new", "x", *text, "--channel", "phone", *DEBT, *given)
    template = (centre.root / "templates/es/new.md").read_text(encoding="utf-8")
    assert template.splitlines() == ["Nombre:", "Teléfono:", "Email:", "Descripción:"]


def test_B8_the_three_checks_are_asked_in_order_and_stored_with_the_decision(centre: Office) -> None:
    asked = [question["fact"] for question in centre.json("advise")["missing"]]
    assert asked[:3] == ["in-term", "answered", "insistence"]
    first = earlier(centre)
    centre.later(days=30)
    filed = centre.ticket(centre.ok("complain", first, "--reason", "late-answer"))
    (note,) = filed["events"]
    stored = {name: note[name] for name in ("table", "row", "in_term", "answered", "insistence")}
    assert stored == {"table": "insistence", "row": "3", "in_term": "no", "answered": "no", "insistence": "none"}
    centre.is_clean()


def test_B9_the_source_is_named_and_the_answer_can_be_read_out(centre: Office) -> None:
    first = centre.ok("new", "Carga", "--channel", "phone", "--category", "granel")
    centre.later(days=30)
    refused = centre.run("complain", first, "--reason", "late-answer")
    assert (refused.code, "source=stp|crm" in refused.err) == (2, True)
    filed = centre.ok("complain", first, "--reason", "late-answer", "--fact", "source=CRM")
    assert centre.ticket(filed)["events"][0]["source"] == "crm"
    centre.ok("log", first, "mail-out", "-m", "La carga sale el martes.")
    assert "La carga sale el martes." in centre.ok("show", first)


def test_B10_lateness_is_a_reason_only_after_the_term(centre: Office) -> None:
    first = earlier(centre)
    assert "plazo máximo" in centre.no("complain", first, "--reason", "late-answer")
    centre.later(days=14)
    due = centre.ticket(first)["due"]["resolution"]
    centre.at(due)
    assert "plazo máximo" in centre.no("complain", first, "--reason", "late-answer")
    centre.later(seconds=1)
    assert centre.ok("complain", first, "--reason", "late-answer")


ROWS = [
    ("B11", "1", "answered=no in-term=yes insistence=none", "plazo máximo", ""),
    ("B12", "2", "answered=yes insistence=none says=unaware", "respuesta al cliente", ""),
    ("B13", "3-medidor", "answered=no in-term=no insistence=none line=medidor", "cliente que haga", "late-answer"),
    ("B13", "3", "answered=no in-term=no insistence=none line=envasado", "Hacer ticket", "late-answer"),
    ("B13", "3", "answered=no in-term=no insistence=none line=granel", "Hacer ticket", "late-answer"),
    ("B14", "4-medidor", "answered=yes insistence=none says=not-satisfied line=medidor", "que haga", "dissatisfied"),
    ("B14", "4", "answered=yes insistence=none says=not-satisfied line=granel", "Hacer ticket", "dissatisfied"),
    ("B14", "4", "answered=yes insistence=none says=not-satisfied line=envasado", "Hacer ticket", "dissatisfied"),
    ("B15", "5", "answered=yes insistence=dissatisfied-in-term", "plazo máximo", ""),
    ("B16", "6", "answered=no insistence=dissatisfied-answered", "Escalar", ""),
    ("B17", "7", "answered=no insistence=dissatisfied-late", "Escalar", ""),
    ("B17", "7", "answered=yes insistence=dissatisfied-late", "Escalar", ""),
    ("B18", "8", "answered=yes insistence=dissatisfied-answered says=not-satisfied", "Escalar", ""),
]


@pytest.mark.parametrize(("rule", "row", "facts", "words", "may"), ROWS)
def test_each_row_of_the_table(centre: Office, rule: str, row: str, facts: str, words: str, may: str) -> None:
    """B11 to B18, a row of the document each: `pytest -k B13` finds its cases by their first parameter."""
    found = advice(centre, *facts.split())
    assert found["row"] == row
    assert words in found["advice"]
    assert [action["reason"] for action in found["actions"] if action["action"] == "complain"] == may.split()


@pytest.mark.parametrize("rule", ["B16", "B17", "B18"])
def test_where_the_case_is_escalated_another_request_is_blocked(centre: Office, rule: str) -> None:
    facts = {
        "B16": ("answered=no", "insistence=dissatisfied-answered"),
        "B17": ("insistence=dissatisfied-late",),
        "B18": ("answered=yes", "insistence=dissatisfied-answered", "says=not-satisfied"),
    }[rule]
    found = advice(centre, *facts)
    assert found["forbids"]
    assert found["actions"] == [{"action": "ask", "who": "supervisor"}]
    first = earlier(centre)
    given = [word for fact in (*facts, "in-term=no") for word in ("--fact", fact)]
    for reason in ("late-answer", "dissatisfied"):
        said = centre.no("complain", first, "--reason", reason, *given)
        assert "no indicar hacer otro requerimiento" in said
        assert "supervisor" in said


def test_B16_B17_B18_nor_does_one_filed_without_a_decision_go_on(centre: Office) -> None:
    forged = centre.ok("new", "x", "--channel", "phone", "--set", "subject=late-answer")
    assert "tk complain" in centre.no("advance", forged, "solved")
    given = ("--set", "table=insistence", "--set", "row=3", "--set", "answered=yes", "--set", "insistence=none")
    assert "fila" in centre.no("log", forged, "note", "-m", "permitido", *given)


def test_B19_the_table_is_total_or_says_where_it_is_silent(centre: Office) -> None:
    values = {question["fact"]: question["values"] for question in centre.json("advise")["missing"]}
    states = ("in-term", "late", "answered")
    assert set(values["insistence"]) == {"none", *(f"{r}-{s}" for r in ("dissatisfied", "late-answer") for s in states)}
    silent = 0
    insistences = ("none", "dissatisfied-late", "late-answer-late")
    for answered, in_term, insistence, says in product(("yes", "no"), ("yes", "no"), insistences, values["says"]):
        facts = (f"answered={answered}", f"in-term={in_term}", f"insistence={insistence}", f"says={says}")
        found = advice(centre, *facts, "line=granel", "source=crm")
        assert found["missing"] == []
        silent += found["row"] is None
    assert silent == 14  # lateness insisted on (12 cases), and a satisfied client of an answered request (2)
    said = centre.run("advise", "--fact", "answered=yes", "--fact", "insistence=none", "--fact", "says=satisfied")
    assert said.code == 1
    assert "no lo cubre" in said.out
    assert "supervisor" in said.err
    codes = {finding["code"] for finding in centre.json("check")["findings"]}
    assert codes == {"uncovered-case"}


def test_the_answer_is_due_in_ten_business_days_of_chile(centre: Office) -> None:
    """G7: the term is an assumption; 8 December is a holiday."""
    first = earlier(centre)
    assert centre.ticket(first)["due"] == {"resolution": "2026-12-15T10:00:00-03:00"}
