"""Maps: every fault in one is told at its line, with the nearest right spelling."""

import pytest

from tests.logs import mapping
from tk.errors import WrongUsage


def refusal(text: str) -> str:
    with pytest.raises(WrongUsage) as refused:
        mapping(text)
    return f"{refused.value.message}\n{refused.value.hint or ''}"


def test_faults_are_told_together_each_at_its_line() -> None:
    said = refusal('[columns]\ncase = "a"\n[activities.B]\nadvanc = "z"\n[unnamed]\npeople = "stran"\n[colums]\n')
    assert said.splitlines() == [
        "log.map.toml:4:1: unknown key `advanc` in [activities.B]; did you mean `advance`?",
        'log.map.toml:6:10: unnamed.people cannot be "stran"; did you mean "stranger"?',
        "log.map.toml:7:2: unknown key `colums` in log.map.toml; did you mean `columns`?",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x", "log.map.toml:1:2: this is not TOML"),
        ("", "log.map.toml needs \\[columns\\]"),
        ("[columns]\ncase = 3\n", "columns.case must be text or a list, not a number"),
        ("[columns]\ncase = 'a'\n[file]\nencoding = true\n", "log.map.toml:4:12: file.encoding must be text"),
    ],
)
def test_what_is_no_map_is_refused(text: str, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        mapping(text)


def test_many_faults_are_counted() -> None:
    said = refusal("[columns]\n" + "".join(f"k{number} = {number}\n" for number in range(14)))
    assert said.splitlines()[-1] == "and 4 more"


def test_an_activity_may_be_the_type_of_event_alone() -> None:
    made = mapping('[columns]\ncase = "a"\n[activities]\nx = "note"\n')
    found = made.activity("x")
    assert found is not None
    assert (found.log, found.advance) == ("note", None)
    assert made.activity("y") is None
