"""Whether two conditions can hold at once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import desk_policy
from tk.core.conditions.language import Condition, Context, FactValue, compile_condition, holds
from tk.core.conditions.overlap import may_both_hold


def condition(table: dict[str, object]) -> Condition:
    compiled = compile_condition(table, Context.of(desk_policy()))
    assert not compiled.problems, compiled.problems
    return compiled.condition


APART: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"status": "open"}, {"status": "solved"}),
    ({"status": ["open", "new"]}, {"status": ["solved", "closed"]}),
    ({"status": "open"}, {"not.status": ["open", "new"]}),
    ({"priority": "!"}, {"priority": "high"}),
    ({"priority": "!"}, {"not.priority": "!"}),
    ({"age": ">= 4d"}, {"age": "< 4d"}),
    ({"age": "> 4d"}, {"age": "<= 96h"}),
    ({"age": "> 4d"}, {"age": "4d"}),
    ({"events.follow-up": ">= 3"}, {"events.follow-up": "< 3"}),
    ({"overdue": True}, {"overdue": False}),
    ({"category": "medidor/cobranza"}, {"category": "garantía"}),
    ({"level": 1}, {"level": 2}),
    ({"status": "open", "age": "> 1d"}, {"any": [{"status": "solved"}, {"status": "open", "age": "< 1d"}]}),
]

TOGETHER: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"status": "open"}, {"priority": "high"}),
    ({"status": ["open", "new"]}, {"status": ["new", "closed"]}),
    ({"tags": "vip"}, {"tags": "norte"}),
    ({"owner": "@actor"}, {"owner": "mlopez"}),
    ({"age": ">= 4d"}, {"age": "<= 4d"}),
    ({"not.age": "< 4d"}, {"not.age": ">= 4d"}),
    ({"category": "medidor/**"}, {"category": "medidor/cobranza"}),
    ({"age": "> 1d"}, {"idle": "< 1d"}),
    ({"status": "open"}, {"any": [{"status": "solved"}, {"priority": "high"}]}),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_conditions_that_cannot_hold_together(one: dict[str, object], other: dict[str, object]) -> None:
    assert not may_both_hold(condition(one), condition(other))
    assert not may_both_hold(condition(other), condition(one))


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_conditions_that_may_hold_together(one: dict[str, object], other: dict[str, object]) -> None:
    assert may_both_hold(condition(one), condition(other))
    assert may_both_hold(condition(other), condition(one))


def test_what_always_holds_holds_with_anything() -> None:
    assert may_both_hold(None, condition({"status": "open"}))
    assert may_both_hold(None, None)


TESTS = st.dictionaries(
    st.sampled_from(
        ["status", "not.status", "priority", "not.priority", "level", "not.level", "age", "not.age", "overdue"]
    ),
    st.none(),
    min_size=1,
    max_size=3,
)
VALUES: dict[str, list[object]] = {
    "status": ["open", ["open", "solved"], "!"],
    "priority": ["low", ["low", "high"], "!"],
    "level": ["< 2", ">= 2", "> 1", "<= 1", 2, "!"],
    "age": ["< 2h", ">= 2h", "> 1h", "<= 1h", "2h"],
    "overdue": [True, False],
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    table = {key: draw(st.sampled_from(VALUES[key.removeprefix("not.")])) for key in draw(TESTS)}
    if draw(st.booleans()):
        table["any"] = [
            {"status": draw(st.sampled_from(VALUES["status"]))},
            {"level": draw(st.sampled_from(VALUES["level"]))},
        ]
    return condition(table)


FACTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "solved", None]),
        "priority": st.sampled_from(["low", "high", None]),
        "level": st.sampled_from(["0", "1", "2", "3", None]),
        "age": st.integers(0, 3).map(lambda hours: timedelta(hours=hours)),
        "overdue": st.booleans(),
    }
)


@given(conditions(), conditions(), FACTS)
def test_what_holds_together_is_never_said_not_to(one: Condition, other: Condition, held: dict[str, FactValue]) -> None:
    if holds(one, held.get) and holds(other, held.get):
        assert may_both_hold(one, other)
