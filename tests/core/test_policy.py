import pickle

from hypothesis import given
from hypothesis import strategies as st

from tests.policies import desk_policy, policies
from tk.core.policy import Branch, Plain, Policy, Vocabulary, tree, vocabulary

LINES = vocabulary([Plain("on-hold", {"es": "En espera"}), Plain("hold", {"es": "Garantía", "en": "On hold!"})])


def test_an_entry_is_found_by_key_and_by_label_in_any_case_accents_optional() -> None:
    assert LINES.find("on-hold") == "on-hold"
    assert LINES.find("EN ESPERA") == "on-hold"
    assert LINES.find("garantia") == "hold"
    assert LINES.find("garantías") is None


def test_a_key_goes_before_another_entry_s_label() -> None:
    both = vocabulary([Plain("a", {"": "b"}), Plain("b", {})])
    assert both.find("b") == "b"
    assert both.find("B") == "b"


def test_each_step_of_a_path_may_be_key_or_label() -> None:
    categories = desk_policy().categories
    key = "medidor/cobranza/gestión de cobranza"
    assert categories.find("Medidor / Cobranza / Gestión de cobranza") == key
    assert categories.find("METER/cobranza/gestion-de-cobranza") == key
    assert categories.find("medidor/gestión de cobranza") is None
    assert categories.find("cobranza") is None


def test_a_branch_is_a_step_longer_than_the_one_above() -> None:
    assert tree([Branch("a", {}), Branch("a/b", {})]).entries["a/b"].path == ("a", "b")


def test_labels_fall_back_from_the_language_to_any() -> None:
    assert LINES.label("hold", "en") == "On hold!"
    assert LINES.label("on-hold", "en") == "En espera"
    assert LINES.label("gone", "en") == "gone"
    assert LINES.label(None, "en") == ""


def test_a_person_is_known_by_each_address_in_any_case() -> None:
    person = desk_policy().person_of("Maria@Example.ORG")
    assert person is not None
    assert person.key == "mlopez"
    assert desk_policy().person_of("nobody@example.org") is None


@given(policies())
def test_a_policy_survives_pickling(policy: Policy) -> None:
    assert pickle.loads(pickle.dumps(policy)) == policy


def shouted(text: str) -> str:
    return text.upper().replace("-", " ").replace("Ñ", "N").replace("Í", "I").replace("Á", "A")


@given(policies(), st.sampled_from(["statuses", "priorities", "types", "channels", "events", "people", "roles"]))
def test_every_key_and_label_is_found_however_it_is_typed(policy: Policy, section: str) -> None:
    names: Vocabulary[Plain] = getattr(policy, section)
    for key, entry in names.entries.items():
        for word in (key, *entry.labels.values()):
            assert names.find(word) == key
            assert names.find(f"  {shouted(word)} ") == key


@given(policies())
def test_every_category_is_found_by_its_own_path(policy: Policy) -> None:
    for key in policy.categories.entries:
        assert policy.categories.find(key) == key
        assert policy.categories.find(key.replace("/", " / ").upper()) == key
