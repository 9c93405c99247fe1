"""The catalogue of every language is whole, in step with the code, and compiled."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from string import Formatter

import pytest

from tests import catalogue

FIELDS = Formatter()


def names(template: str) -> set[str]:
    """Return the names in braces that a template is filled with."""
    return {name.partition("!")[0] for _, name, _, _ in FIELDS.parse(template) if name}


def _forms(language: str) -> Iterator[tuple[str, str]]:
    """Yield what is translated, each form with its translation."""
    for message in catalogue.read(language):
        if message.id:
            yield from ((original, told) for original, told in catalogue.forms(message) if told)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_message_is_translated_and_no_other(language: str) -> None:
    """`make messages` brings it in step; what waits for a translation is empty there."""
    translated = {original for original, _ in _forms(language)}
    wanted = {*catalogue.messages(), *chain.from_iterable(catalogue.PLURALS_OF_CLICK)}
    assert sorted(wanted - translated) == []
    assert sorted(translated - wanted) == []


def test_no_template_escapes_the_extraction() -> None:
    """Babel does not look into an f-string, for one."""
    said = (
        node.args[0].value
        for path in (catalogue.ROOT / "tk").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say"
        if isinstance(node.args[0], ast.Constant)
    )
    assert {*said} - {*catalogue.messages()} == set()


def test_a_template_that_is_named_by_hand_stands_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (catalogue.ROOT / "tk").rglob("*.py"))
    assert [template for template in catalogue.BY_NAME if template not in code] == []


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_is_filled_with_the_same_names(language: str) -> None:
    for original, told in _forms(language):
        assert names(told) == names(original), original


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_what_people_type_is_not_translated(language: str) -> None:
    """Options, commands and keys in code stay as they are."""
    for original, told in _forms(language):
        typed = re.findall(r"--[a-z][a-z-]+|`[^`]*`", original)
        assert [word for word in typed if word not in told] == [], original


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    source = catalogue.read(language)
    assert catalogue.po_of(language).with_suffix(".mo").read_bytes() == catalogue.compiled(source)
