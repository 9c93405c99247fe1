"""The catalogue of every language is whole, in step with the code, and compiled."""

import re
from string import Formatter

import pytest

from tests import catalogue

FIELDS = Formatter()


def names(template: str) -> set[str]:
    """Return the names in braces that a template is filled with."""
    return {name.partition("!")[0] for _, name, _, _ in FIELDS.parse(template) if name}


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_message_is_translated_and_no_other(language: str) -> None:
    """`make messages` brings it in step; what waits for a translation is empty there."""
    held = catalogue.read(language)
    translated = {str(message.id) for message in held if message.id and message.string}
    assert sorted(set(catalogue.messages()) - translated) == []
    assert sorted(translated - set(catalogue.messages())) == []


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_is_filled_with_the_same_names(language: str) -> None:
    for message in catalogue.read(language):
        if message.id and message.string:
            assert names(str(message.string)) == names(str(message.id)), message.id


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_what_people_type_is_not_translated(language: str) -> None:
    """Options, commands and keys in code stay as they are."""
    for message in catalogue.read(language):
        if message.id and message.string:
            typed = re.findall(r"--[a-z][a-z-]+|`[^`]*`", str(message.id))
            missing = [word for word in typed if word not in str(message.string)]
            assert missing == [], message.id


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    source = catalogue.read(language)
    assert catalogue.po_of(language).with_suffix(".mo").read_bytes() == catalogue.compiled(source)
