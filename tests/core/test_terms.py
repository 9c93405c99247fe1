"""What is looked for, whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tk.core.terms import Match, Term, read_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("calentador no", [Term("calentador", begins=True), Term("no")]),
        ("tv tv* TV", [Term("tv"), Term("tv*", begins=True), Term("TV")]),
        ('"nota de  compra"', [Term("nota de compra")]),
        ('"nota de"* x', [Term("nota de", begins=True), Term("x")]),
        ('una"dos tres"cuatro', [Term("una", begins=True), Term("dos tres"), Term("cuatro", begins=True)]),
        ('tubo de 5"', [Term("tubo", begins=True), Term("de"), Term("5")]),
        ('"a b" 5" x', [Term("a b"), Term("5"), Term("x")]),
        ("AND - NEAR(x) ** call-out", [Term(word, begins=True) for word in ("AND", "NEAR(x)", "call-out")]),
        ("10:30 a/b ñandú", [Term("10:30", begins=True), Term("a/b"), Term("ñandú", begins=True)]),
        ("otra vez otra", [Term("otra", begins=True), Term("vez", begins=True)]),
        *[(nothing, []) for nothing in ("", " ", '"', '""', "- * ( ) ^ : ...", '"--"')],
    ],
)
def test_words_beginnings_and_phrases(text: str, terms: list[Term]) -> None:
    assert list(read_terms(text)) == terms


@given(st.text())
def test_any_text_can_be_looked_for(text: str) -> None:
    terms = read_terms(text)
    assert bool(terms) is any(map(str.isalnum, text))
    assert len(set(terms)) == len(terms)
    assert not any('"' in term.text for term in terms)


def test_the_words_of_a_match() -> None:
    assert Match("log", "la nota de compra", ((3, 10), (11, 17))).words == ["nota de", "compra"]
