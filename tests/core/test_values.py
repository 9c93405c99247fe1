"""From people's words to what a ticket keeps, and what is wrong with what it keeps."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import event
from tests.policies import desk_policy, policies
from tests.strategies import TEXTS
from tk.core.policy import Policy
from tk.core.values import SETTABLE, branch_of, choose, event_fault, fault, is_empty, is_name, number, parse
from tk.errors import WrongUsage


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("title", "  two\n words ", "two words"),
        ("priority", "ALTA", "high"),
        ("type", "informes sobre proceso", "warranty"),
        ("category", "Meter / Billing", ("medidor", "cobranza")),
        ("category", "medidor/cobranza/Gestion de Cobranza", ("medidor", "cobranza", "gestión de cobranza")),
        ("channel", "telefono", "phone"),
        ("requester", "ana@example.cl", "ana@example.cl"),
        ("tags", "b, a,,b", ("b", "a")),
        ("tags", " , ", None),
        ("customer", " \t", None),
        ("description", "\n\na\r\nb\n", "a\nb"),
        ("description", "\n", None),
        ("serial", "a\nb\n", "a\nb"),
        ("level", "007.50", "7.50"),
        ("level", "-0", "-0"),
        ("bought", "2026-08-12", "2026-08-12"),
        ("line", "Envasado", "envasado"),
        ("resolution", "replaced/Válvula", ("replaced", "válvula")),
        ("consultant", "pía núñez", "pnunez"),
        ("first-call", "Sí", "true"),
        ("first-call", "off", "false"),
        ("level", "", None),
    ],
)
def test_words_become_what_the_file_keeps(key: str, text: str, value: object) -> None:
    assert parse(desk_policy(), key, text) == value
    if value is not None and key != "description":
        assert fault(desk_policy(), key, value) is None


@pytest.mark.parametrize(
    ("key", "text", "message", "hint"),
    [
        ("status", "open", '"status" is not set but acted on', "use: tk advance ID STATUS"),
        ("prioriti", "x", 'a ticket of this desk has no field "prioriti" that can be set', 'did you mean "priority"?'),
        ("qqq", "x", 'a ticket of this desk has no field "qqq" that can be set', "the choice is: description, title, "),
        ("priority", "hihg", 'unknown priority "hihg"', 'did you mean "high"?'),
        ("priority", "zzz", 'unknown priority "zzz"', "the choice is: low, normal, high, urgent"),
        ("category", "medidor/cobransa", 'unknown category "medidor/cobransa"', 'did you mean "medidor/cobranza"?'),
        ("resolution", "zzz", 'unknown resolution "zzz"', "the choice is: replaced, replaced/válvula, replaced/sensor"),
        ("consultant", "pnunes", 'unknown person "pnunes"', 'did you mean "pnunez"?'),
        ("line", "granell", 'unknown line "granell"', 'did you mean "granel"?'),
        ("level", "many", '"many" is no value for level, which is a number', "write it like 12 or 3.5"),
        ("bought", "12/8/26", '"12/8/26" is no value for bought, which is a date', "write it like 2026-08-12"),
        ("first-call", "maybe", '"maybe" is no value for first-call, which is a flag', "write it like yes or no"),
    ],
)
def test_words_that_mean_nothing_are_told_with_what_was_meant(key: str, text: str, message: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        parse(desk_policy(), key, text)
    assert str(caught.value) == message
    assert str(caught.value.hint).startswith(hint)


def test_a_desk_without_any_says_so_and_a_long_choice_is_cut() -> None:
    bare = desk_policy()._replace(teams=desk_policy().teams._replace(entries={}))
    with pytest.raises(WrongUsage) as caught:
        choose(bare.teams, "x", "team")
    assert str(caught.value.hint) == "tk.toml of this desk names no team"
    entry = desk_policy().teams.entries["support"]
    many = desk_policy().teams._replace(entries={f"q{number}": entry._replace(labels={}) for number in range(21)})
    with pytest.raises(WrongUsage) as caught:
        choose(many, "zzz", "team")
    assert str(caught.value.hint).endswith("q18, q19, …")


@pytest.mark.parametrize(
    "text", ["", "-", "+1", "1.", ".5", "1e3", "0x1", "\u0661", "\u00b2", "1_0", "nan", "1.2.3", "--1"]
)
def test_what_is_no_plain_number(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        number(text)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("priority", "Alta", "unknown-priority"),
        ("priority", ("high",), "unknown-priority"),
        ("category", "medidor", "unknown-category"),
        ("category", ("medidor", "reclamos"), "unknown-category"),
        ("tags", "vip", "bad-value"),
        ("tags", ("vip", ""), "bad-value"),
        ("requester", ("a",), "bad-value"),
        ("customer", "a\u2028b", "bad-value"),
        ("level", "007", "bad-field"),
        ("level", ("1",), "bad-field"),
        ("serial", {"a": "b"}, "bad-field"),
        ("resolution", "replaced", "bad-field"),
        ("resolution", ("replaced", "none"), "bad-field"),
        ("consultant", "nobody", "bad-field"),
        ("first-call", "yes", "bad-field"),
        ("bought", "2026-02-30", "bad-field"),
    ],
)
def test_what_a_ticket_may_not_hold(key: str, value: object, code: str) -> None:
    wrong = fault(desk_policy(), key, value)
    assert wrong is not None
    assert wrong.code == code


def test_only_a_title_must_be_there() -> None:
    keys = (*SETTABLE, *desk_policy().fields.entries, "status", "owner")
    empty = [key for key in keys for value in (None, "", ()) if fault(desk_policy(), key, value) is not None]
    assert set(empty) == {"title"}
    assert fault(desk_policy(), "unknown", {"a": "b"}) is None


@given(policies(), st.data())
def test_what_words_become_is_never_wrong(policy: Policy, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([*SETTABLE, *policy.fields.entries]))
    names = [name for vocabulary in (policy.types, policy.channels, policy.categories) for name in vocabulary.names()]
    text = data.draw(TEXTS | st.sampled_from(["5", "yes", "2026-08-12", *names, *policy.people.entries]))
    with contextlib.suppress(WrongUsage):
        value = parse(policy, key, text)
        assert value is None or not is_empty(value)
        assert value is None or fault(policy, key, value) is None


def test_a_branch_is_named_step_by_step() -> None:
    tree = desk_policy().categories
    assert branch_of(tree, "Medidor/Billing") == ("medidor", "cobranza")
    assert branch_of(tree, "cobranza") is None


def test_names() -> None:
    assert [is_name(text) for text in ("purchase-note", "a", "A", "", "a b", "9a", "a" * 41)] == [True] * 2 + [
        False
    ] * 5


def test_an_event_is_of_a_type_of_the_desk_and_public_or_internal() -> None:
    assert event_fault(desk_policy(), event()) is None
    assert event_fault(desk_policy(), event(facts={"visibility": "internal"})) is None
    for odd in (event(type="x"), event(facts={"visibility": "secret"})):
        assert event_fault(desk_policy(), odd) is not None
