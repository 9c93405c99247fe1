import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given

import tk
from tests.policies import DESK, policy_texts
from tk.core.policy import FIELD_TYPES, KINDS
from tk.core.written import file as policy_file
from tk.core.written import file_terms as policy_file_terms

Validator: Any = import_module("jsonschema").Draft202012Validator  # it has no types
PRESET = (Path(tk.__file__).parent / "presets" / "simple" / "tk.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def schema() -> Any:
    return Validator(policy_file.schema())


def plain(value: Any) -> Any:
    """Return TOML data as an editor sees it: days as text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | float) else str(value)


def test_the_schema_is_one_by_the_2020_12_standard() -> None:
    Validator.check_schema(policy_file.schema())


def test_no_mark_of_our_own_is_left_in_it() -> None:
    assert policy_file_terms.WORDS not in str(policy_file.schema())


@pytest.mark.parametrize("text", [PRESET, DESK], ids=["simple", "desk"])
def test_a_right_policy_fits_the_schema(schema: Any, text: str) -> None:
    schema.validate(plain(tomllib.loads(text)))


@given(policy_texts())
def test_every_right_policy_fits_the_schema(text: str) -> None:
    Validator(policy_file.schema()).validate(plain(tomllib.loads(text)))


@pytest.mark.parametrize(
    "wrong",
    [
        "[statuses.open]\nkinds = 'open'",
        "[statuses.open]\nkind = 'opne'",
        "[statuses.'In progress']\nkind = 'open'",
        "[statuses.open]\nkind = 'open'\n[channels]\nphone = { en = 3 }",
    ],
)
def test_a_wrong_policy_does_not_fit(schema: Any, wrong: str) -> None:
    desk = "[desk]\nname = 'x'\nzone = 'UTC'\nlanguage = 'en'\n"
    assert not schema.is_valid(tomllib.loads(desk + wrong))
    assert schema.is_valid(tomllib.loads(desk + "[statuses.open]\nkind = 'open'"))


def test_the_shape_and_the_values_name_the_same_kinds_and_types() -> None:
    assert get_args(policy_file_terms.Kind) == KINDS
    assert get_args(policy_file_terms.FieldType) == FIELD_TYPES


def test_every_key_is_explained() -> None:
    for name, table in policy_file.schema()["$defs"].items():
        assert table["description"], name
        for key, shape in table["properties"].items():
            assert key == "label" or shape.get("description"), f"{name}.{key}"
