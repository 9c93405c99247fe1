"""What people's words come to when they schedule, ask, approve, rate, attach."""

from datetime import date, datetime

import pytest

from tests.policies import desk_policy
from tk.core.action import Action
from tk.core.errand import approve, document_date, document_kind, follow_up, rate, request
from tk.errors import WrongUsage

NOW = datetime.fromisoformat("2026-08-12T09:14:03-04:00")
ZONE = "America/Santiago"


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("2026-08-13T10:00", "2026-08-13T10:00:00-04:00"),
        ("2026-08-13 10:00:30", "2026-08-13T10:00:30-04:00"),
        ("2026-08-13", "2026-08-13T00:00:00-04:00"),
        ("2026-08-13T10:00:00+02:00", "2026-08-13T04:00:00-04:00"),
        ("2026-08-13 14:00:00Z", "2026-08-13T10:00:00-04:00"),
        ("tomorrow", "2026-08-13T00:00:00-04:00"),
        ("Mañana 10:00", "2026-08-13T10:00:00-04:00"),
        (" hoy 18:30 ", "2026-08-12T18:30:00-04:00"),
        ("+90m", "2026-08-12T10:44:03-04:00"),
        ("+2d", "2026-08-14T09:14:03-04:00"),
        ("+0m", "2026-08-12T09:14:03-04:00"),
        ("2026-10-01 10:00", "2026-10-01T10:00:00-03:00"),
        ("2026-09-06 00:30", "2026-09-06T01:30:00-03:00"),
    ],
)
def test_words_name_an_instant_in_the_desks_zone(words: str, at: str) -> None:
    found = follow_up(words, NOW, ZONE)
    assert found is not None
    assert found.isoformat() == at


@pytest.mark.parametrize("words", ["none", "None", "nunca"])
def test_none_takes_it_away(words: str) -> None:
    assert follow_up(words, NOW, ZONE) is None


@pytest.mark.parametrize(
    "words",
    [
        *("", "soon", "10:00", "+2", "+3bd", "+x", "+999999w", "2026-02-30", "2026-W33-4"),
        *("tomorrow 25:00", "tomorrow 9", "tomorrow 10:00 sharp", "2026-08-13T10:00+02:00"),
    ],
)
def test_what_names_none_is_told_with_what_would(words: str) -> None:
    with pytest.raises(WrongUsage, match="is no instant") as refused:
        follow_up(words, NOW, ZONE)
    assert "tomorrow 10:00" in str(refused.value.hint)


@pytest.mark.parametrize("words", ["2026-08-12", "today 09:14", "2020-01-01 10:00"])
def test_what_is_past_is_told(words: str) -> None:
    with pytest.raises(WrongUsage, match="is past"):
        follow_up(words, NOW, ZONE)


@pytest.mark.parametrize(
    ("name", "value", "action"),
    [
        ("call", None, Action("request", "call")),
        ("Volver a llamar", "  by\nfive ", Action("request", "call", "by five")),
        ("type", "Falla", Action("request", "type", "fault")),
        ("Cambio de tipo", None, Action("request", "type")),
        ("resolution", "replaced/Válvula", Action("request", "resolution", "replaced/válvula")),
    ],
)
def test_a_request_is_for_what_its_field_may_hold(name: str, value: str | None, action: Action) -> None:
    assert request(desk_policy(), name, value) == action


@pytest.mark.parametrize(
    ("name", "value", "says", "hint"),
    [
        ("typ", None, 'unknown request "typ"', '"type"'),
        ("type", "falt", 'unknown type "falt"', '"fault"'),
        ("resolution", "replaced/x", 'unknown resolution "replaced/x"', "replaced"),
    ],
)
def test_what_cannot_be_asked_for_is_told_with_the_nearest(name: str, value: str | None, says: str, hint: str) -> None:
    with pytest.raises(WrongUsage, match=says) as refused:
        request(desk_policy(), name, value)
    assert hint in str(refused.value.hint)


def test_approvals_ratings_and_documents_go_by_key_or_label() -> None:
    assert approve(desk_policy(), "reembolso") == Action("approve", "refund")
    assert [rate(word).value for word in ("good", "BAD", "buena", "mala")] == ["good", "bad", "good", "bad"]
    assert document_kind(desk_policy(), "nota de compra") == "purchase-note"
    assert document_kind(desk_policy(), None) is None
    assert document_date("2026-08-10") == date(2026, 8, 10)
    assert document_date(None) is None


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (lambda: approve(desk_policy(), "refnd"), '"refund"'),
        (lambda: rate("goood"), '"good"'),
        (lambda: document_kind(desk_policy(), "invoce"), '"invoice"'),
        (lambda: document_date("10/08/2026"), "2026-08-12"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(asked: "type[object]", hint: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        asked()
    assert hint in str(refused.value.hint)
