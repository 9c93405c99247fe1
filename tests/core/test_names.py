"""Names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.names import fold, nearest


@pytest.mark.parametrize(
    "text", ["Sin documentación  completa", "sin-documentacion-completa", " SIN_DOCUMENTACIÓN completa "]
)
def test_spellings_of_one_name_fold_alike(text: str) -> None:
    assert fold(text) == "sin-documentacion-completa"


@given(st.text())
def test_folding_ignores_case_of_ascii_and_outer_space(text: str) -> None:
    assert fold(f" {text} ") == fold(text)


def test_the_nearest_name_is_given_as_it_is_written() -> None:
    assert nearest("garantia", ["Garantía", "Cobranza"]) == "Garantía"
    assert nearest("solvd", ["open", "solved"]) == "solved"


def test_a_beginning_is_near_enough() -> None:
    assert nearest("doc", ["sin-algo", "documentación-completa"]) == "documentación-completa"


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest("zzz", ["open", "solved"]) is None
    assert nearest("", ["open"]) is None
