"""Numbers in sentences, each language by its own signs."""

import pytest

from tk.core.numbers import Number, counted
from tk.errors import say, translated

SPANISH = {"12,345.6": "12.345,6", "1,234": "1234", "{count} errors": "{count} errores"}


def spanish(template: str) -> str:
    return SPANISH.get(template, template)


@pytest.mark.parametrize(
    ("value", "english", "in_spanish"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234, "1,234", "1234"),
        (-1234, "-1,234", "-1234"),
        (12345, "12,345", "12.345"),
        (1234567, "1,234,567", "1.234.567"),
        (0.5, "0.5", "0,5"),
        (1234.25, "1,234.25", "1234,25"),
        (98765.4, "98,765.4", "98.765,4"),
    ],
)
def test_thousands_and_decimals_are_told_by_the_language(value: float, english: str, in_spanish: str) -> None:
    assert str(Number(value)) == english
    with translated(spanish):
        assert str(Number(value)) == in_spanish
        assert str(say("{n} of them", n=Number(value))) == f"{in_spanish} of them"


def test_one_is_told_apart_from_several() -> None:
    assert str(counted(1, "{count} error", "{count} errors")) == "1 error"
    assert str(counted(0, "{count} error", "{count} errors")) == "0 errors"
    with translated(spanish):
        assert str(counted(12000, "{count} error", "{count} errors")) == "12.000 errores"
