import pickle
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import desk_policy
from tk.core.conditions.language import (
    Compiled,
    Condition,
    Context,
    FactValue,
    compile_condition,
    compile_test,
    describe,
    failing,
    holds,
    tokens,
)
from tk.core.conditions.language import Test as Leaf
from tk.core.instant import Duration
from tk.core.policy import vocabulary

CONTEXT = Context.of(desk_policy())
BOGOTA = timezone(timedelta(hours=-5))


def compiled(table: object) -> Condition:
    """Return the condition that `table` writes; there must be nothing wrong with it."""
    condition, problems = compile_condition(table, CONTEXT)
    assert [str(problem.message) for problem in problems] == []
    return condition


def problem(table: object) -> tuple[tuple[str | int, ...], str, str]:
    """Return the one problem that `table` has."""
    (found,) = compile_condition(table, CONTEXT).problems
    return found.path, found.code, str(found.message)


def met(table: object, **facts: FactValue) -> bool:
    """Return whether `table` holds of `facts`, whose names have `__` for a dot and `_` for a hyphen."""
    known = {name.replace("__", ".").replace("_", "-"): value for name, value in facts.items()}
    return holds(compiled(table), known.get)


def test_all_tests_of_a_condition_must_hold() -> None:
    table = {"status": "solved", "owner": "mlopez"}
    assert met(table, status="solved", owner="mlopez")
    assert not met(table, status="solved", owner="zgomez")


def test_a_list_is_any_of() -> None:
    assert met({"priority": ["high", "urgent"]}, priority="urgent")
    assert not met({"priority": ["high", "urgent"]}, priority="low")


def test_an_exclamation_mark_is_no_value() -> None:
    assert met({"owner": "!"}, owner=None)
    assert met({"tags": "!"}, tags=())
    assert not met({"owner": "!"}, owner="mlopez")
    assert met({"owner": ["!", "@actor"]}, owner="zgomez", actor="zgomez")


def test_none_of_something_counted_is_zero() -> None:
    assert met({"events": {"note": "!"}}, events__note=0)
    assert not met({"events": {"note": "!"}}, events__note=1)
    assert met({"approvals": {"reinstall": "!"}}, approvals__reinstall=False)
    assert met({"approvals": {"reinstall": False}}, approvals__reinstall=None)
    assert not met({"not.approvals.reinstall": "!"}, approvals__reinstall=False)


def test_a_custom_number_of_zero_is_a_value() -> None:
    assert not met({"level": "!"}, level=0)


@pytest.mark.parametrize(
    ("operand", "answers"), [("< 3", "yn n"), ("<= 3", "yyn"), ("> 3", "nny"), (">=3", "nyy"), ("3", "nyn"), (3, "nyn")]
)
def test_numbers_compare(operand: object, answers: str) -> None:
    expected = [answer == "y" for answer in answers.replace(" ", "")]
    assert [met({"events.note": operand}, events__note=count) for count in (2, 3, 4)] == expected


def test_four_days_are_ninety_six_hours() -> None:
    table = {"idle": ">= 4d"}
    assert met(table, idle=timedelta(hours=96))
    assert not met(table, idle=timedelta(hours=95, minutes=59, seconds=59))


def test_a_day_is_the_one_the_instant_has_in_its_own_offset() -> None:
    late = datetime(2026, 8, 1, 23, 30, tzinfo=BOGOTA)
    assert met({"created": "2026-08-01"}, created=late)
    assert met({"created": date(2026, 8, 1)}, created=late)
    assert not met({"created": "> 2026-08-01"}, created=late)
    assert met({"created": "> 2026-08-01"}, created=late.astimezone(UTC))


def test_instants_compare_as_moments() -> None:
    operand = "< 2026-08-02T04:30:01Z"
    assert met({"created": operand}, created=datetime(2026, 8, 1, 23, 30, tzinfo=BOGOTA))
    assert not met({"due": {"resolution": operand}}, due__resolution=datetime(2026, 8, 1, 23, 30, 1, tzinfo=BOGOTA))


@pytest.mark.parametrize(
    ("operand", "meets"),
    [
        ("medidor/**", ["medidor", "medidor/cobranza", "medidor/cobranza/reclamos"]),
        ("medidor/*", ["medidor/cobranza"]),
        ("Medidor / Cobranza", ["medidor/cobranza"]),
        (["medidor", "medidor/cobranza/*"], ["medidor", "medidor/cobranza/reclamos"]),
    ],
)
def test_paths(operand: object, meets: list[str]) -> None:
    paths = ["medidor", "medidor/cobranza", "medidor/cobranza/reclamos", "garantía"]
    assert [path for path in paths if met({"category": operand}, category=path)] == meets
    assert [path for path in paths if met({"category": operand}, category=tuple(path.split("/")))] == meets
    assert not met({"category": operand}, category=None)


def test_a_list_of_several_kinds_of_path_can_be_turned_round() -> None:
    table = {"not.category": ["garantía", "medidor/*"]}
    paths = ["medidor", "medidor/cobranza", "garantía"]
    assert [path for path in paths if met(table, category=path)] == ["medidor"]


def test_not_is_true_of_a_missing_value() -> None:
    assert met({"not": {"channel": "phone"}}, channel=None)
    assert not met({"channel": "phone"}, channel=None)


def test_any_takes_one_of_its_conditions() -> None:
    table = {"any": [{"status": "open", "priority": "high"}, {"overdue": True}]}
    assert met(table, status="open", priority="high", overdue=False)
    assert met(table, status="open", priority="low", overdue=True)
    assert not met(table, status="open", priority="low", overdue=False)


def test_a_list_of_facts_is_what_it_contains() -> None:
    assert met({"actor.role": "supervisor"}, actor__role=("agent", "supervisor"))
    assert not met({"not.actor.role": "supervisor"}, actor__role=("agent", "supervisor"))
    assert met({"tags": "x"}, tags=("x", "y"))


def test_links_are_counted_and_looked_through() -> None:
    assert met({"linked": {"follows": ">= 1"}}, linked__follows=1)
    assert met({"linked.follows.kind": "closed"}, linked__follows__kind="closed")


def test_flags_may_be_words() -> None:
    assert met({"first-call": "sí"}, first_call=True)
    assert met({"first-call": True}, first_call="yes")
    assert not met({"first-call": False}, first_call="perhaps")
    assert not met({"first-call": "no"}, first_call=None)


def test_a_reference_to_a_list_is_any_of_it() -> None:
    assert met({"requester": "@owner"}, requester="b", owner=("a", "b"))


def test_strangers_have_a_role_that_needs_no_entry() -> None:
    names = {**CONTEXT.names, "roles": vocabulary([])}
    condition, problems = compile_condition({"actor.role": "anyone"}, CONTEXT._replace(names=names))
    assert problems == ()
    assert holds(condition, {"actor.role": ("anyone",)}.get)


def test_references_stand_for_another_fact() -> None:
    assert met({"owner": "@actor"}, owner="mlopez", actor="mlopez")
    assert not met({"owner": "@actor"}, owner="mlopez", actor="zgomez")
    assert not met({"owner": "@actor"}, owner=None, actor=None)
    assert met({"not.owner": "@creator"}, owner="mlopez", creator=None)


def test_labels_are_turned_into_keys() -> None:
    assert compiled({"status": "SIN DOCUMENTACION COMPLETA"}) == compiled({"status": "awaiting-documents"})
    assert compiled({"new.priority": "Alta"}).tests == (Leaf("new.priority", "is", ("high",)),)
    assert compiled({"line": "bottled"}).tests == (Leaf("line", "is", ("envasado",)),)
    assert compiled({"events": {"Llamada saliente": 1}}).tests == (Leaf("events.call-out", "is", (1,)),)
    assert compiled({"linked.follows.status": "Abierto"}).tests == (Leaf("linked.follows.status", "is", ("open",)),)


def test_words_are_whole_words_without_case_and_accents() -> None:
    text = "Módulo SL-APS: la válvula\nno enciende"
    assert met({"text": "valvula MODULO"}, text=text)
    assert met({"text": ["nada", "sl-aps"]}, text=text)
    assert not met({"text": "SL-AP"}, text=text)
    assert not met({"text": "válvula cerrada"}, text=text)
    assert tokens("SL_AP SL-AP.") == ("sl_ap", "sl-ap")


def test_titles_and_addresses_are_compared_kindly_ids_exactly() -> None:
    assert met({"title": "valvula  ROTA"}, title="Válvula rota")
    assert met({"requester": "ANA@example.cl"}, requester="ana@Example.cl")
    assert not met({"requester": "aná@example.cl"}, requester="ana@example.cl")
    assert not met({"unit": "sn-1"}, unit="SN-1")


def test_registers_hold_text_that_is_read_as_what_it_is_compared_with() -> None:
    assert met({"customer.maintenance": "Active"}, customer__maintenance="active")
    assert met({"customer.until": ">= 2026-08-01"}, customer__until="2026-09-01")
    assert met({"unit.visits": "< 3"}, unit__visits="2")
    assert not met({"unit.visits": "< 3"}, unit__visits="two")
    assert met({"requests.type": True}, requests__type=True)
    assert met({"requests.type": "yes"}, requests__type=True)
    assert met({"requests.type": "fault"}, requests__type="fault")


@pytest.mark.parametrize(
    ("table", "path", "code", "says"),
    [
        ({"statuss": "open"}, ("statuss",), "unknown-name", 'no fact "statuss"; did you mean "status"?'),
        ({"status": "opne"}, ("status",), "unknown-name", 'no status "opne"; did you mean "open"?'),
        ({"status": ["open", "sloved"]}, ("status", 1), "unknown-name", 'did you mean "solved"?'),
        ({"events": {"cal-in": 1}}, ("events", "cal-in"), "unknown-name", 'did you mean "events.call-in"?'),
        ({"new.onwer": "!"}, ("new.onwer",), "unknown-name", 'did you mean "new.owner"?'),
        ({"linked.follows.statsu": "open"}, ("linked.follows.statsu",), "unknown-name", "linked.follows.status"),
        ({"owner": "mlopes"}, ("owner",), "unknown-name", 'did you mean "mlopez"?'),
        ({"owner": "@actr"}, ("owner",), "unknown-name", 'did you mean "@actor"?'),
        ({"actor": {"role": "boss"}}, ("actor", "role"), "unknown-name", 'no actor.role "boss"'),
        ({"category": "medidor/cobransa/**"}, ("category",), "unknown-name", 'did you mean "medidor/cobranza"?'),
        ({"any": [{}, {"overdue": "perhaps"}]}, ("any", 1, "overdue"), "bad-condition", "yes or no"),
        ({"any": {"status": "open"}}, ("any", "status"), "unknown-name", 'no fact "any.status"'),
        ({"any": []}, ("any",), "bad-condition", "any is a list of conditions, as in any = [{…}, {…}]"),
        ({"status": {}}, ("status",), "bad-condition", "a value or a list of values"),
        ({"status": []}, ("status",), "bad-condition", "an empty list"),
        ({"age": "< 8bh"}, ("age",), "bad-condition", "business time needs a calendar"),
        ({"age": "four days"}, ("age",), "bad-condition", "a length of time"),
        ({"created": "< 2026-02-30"}, ("created",), "bad-condition", "a day or an instant"),
        ({"created": datetime(2026, 8, 1, 9)}, ("created",), "bad-condition", "an offset"),
        ({"created": time(9)}, ("created",), "bad-condition", "an offset"),
        ({"level": "high"}, ("level",), "bad-condition", "is a number"),
        ({"level": float("nan")}, ("level",), "bad-condition", "no number"),
        ({"priority": 3}, ("priority",), "bad-condition", "is a name"),
        ({"category": 3}, ("category",), "bad-condition", "is a path"),
        ({"customer.since": "< soon"}, ("customer.since",), "bad-condition", "a number, a day or an instant"),
        ({"linked.follows.actor": "!"}, ("linked.follows.actor",), "unknown-name", "no fact"),
        ({"priority": "> low"}, ("priority",), "bad-condition", "no order"),
        ({"title": 3}, ("title",), "bad-condition", "is text"),
        ({"text": "…"}, ("text",), "bad-condition", "the words"),
        ({"status": [["open"]]}, ("status", 0), "bad-condition", "a value or a list of values"),
        ({"links": "!"}, ("links",), "unknown-name", "no fact"),
        ({"aliases": "x"}, ("aliases",), "unknown-name", "no fact"),
    ],
)
def test_a_mistake_is_named_where_it_stands(table: object, path: object, code: str, says: str) -> None:
    found = problem(table)
    assert found[:2] == (path, code)
    assert says in found[2]


def test_what_could_not_be_understood_never_holds() -> None:
    tables: tuple[object, ...] = ({"status": "opne"}, {"not.status": ["open", "opne"]}, {"any": []}, {"status": {}}, 7)
    for table in tables:
        assert not holds(compile_condition(table, CONTEXT).condition, lambda _: "open")


def test_one_word_of_a_query_is_compiled_alike() -> None:
    assert compile_test("owner", ["@actor", "!"], CONTEXT) == compile_condition({"owner": ["@actor", "!"]}, CONTEXT)
    assert compile_test("not.status", "Abierto", CONTEXT).condition.tests == (Leaf("status", "is", ("open",), True),)
    assert compile_test("age", "7x", CONTEXT).problems[0].path == ("age",)


def test_a_test_is_said_in_words() -> None:
    said = {
        str(describe(test)) for test in compiled({"priority": ["high", "low"], "not.owner": "!", "age": "< 4d"}).tests
    }
    assert said == {"priority is high or low", "owner has a value", "age is less than 4d"}
    whole = compiled({"status": "open", "any": [{"overdue": True}, {"not.level": 2}]})
    assert str(describe(whole)) == "status is open and (overdue is yes) or (level is not 2)"
    assert str(describe(Condition())) == "always"


def test_of_several_ways_the_nearest_is_said_to_fail() -> None:
    table = {"any": [{"status": "open", "priority": "high"}, {"owner": "!"}]}
    facts = {"status": "closed", "priority": "low", "owner": "mlopez"}
    assert failing(compiled(table), facts.get) == (Leaf("owner", "none"),)


# Properties: tables from every fact and value, and a slow second reading of the same language.

NUMBERS = st.integers(-5, 5)
DAYS = st.dates(date(2026, 7, 30), date(2026, 8, 3))
INSTANTS = st.builds(
    lambda day, hour, offset: datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=offset))),
    DAYS,
    st.integers(0, 23),
    st.sampled_from([-5, 0, 2]),
)
HOURS = st.integers(0, 60)
STATUSES = st.sampled_from(["new", "open", "solved"])
PATHS = st.sampled_from(["medidor", "medidor/cobranza", "medidor/cobranza/reclamos", "garantía"])
PEOPLE = st.sampled_from(["mlopez", "zgomez"])
SIGNS = st.sampled_from(["<", "<=", ">", ">="])


def signed(values: st.SearchStrategy[Any]) -> st.SearchStrategy[object]:
    return st.one_of(values.map(str), st.builds("{} {}".format, SIGNS, values))


OPERANDS: Mapping[str, st.SearchStrategy[object]] = {
    "status": st.one_of(STATUSES, st.just("Abierto")),
    "owner": st.one_of(PEOPLE, st.just("@actor")),
    "tags": st.sampled_from(["a", "b"]),
    "level": st.one_of(NUMBERS, signed(NUMBERS)),
    "bought": st.one_of(DAYS, signed(DAYS)),
    "created": st.one_of(INSTANTS, signed(DAYS), signed(INSTANTS.map(lambda at: at.isoformat()))),
    "idle": signed(HOURS.map("{}h".format)),
    "category": st.builds("{}{}".format, PATHS, st.sampled_from(["", "/*", "/**"])),
    "overdue": st.booleans(),
}
FACTS = st.fixed_dictionaries(
    {
        "status": STATUSES,
        "owner": st.none() | PEOPLE,
        "actor": st.none() | PEOPLE,
        "tags": st.sampled_from([(), ("a",), ("a", "b")]),
        "level": st.none() | NUMBERS,
        "bought": st.none() | DAYS,
        "created": INSTANTS,
        "idle": HOURS.map(lambda hours: timedelta(hours=hours)),
        "category": st.none() | PATHS,
        "overdue": st.booleans(),
    }
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, object]:
    fact = draw(st.sampled_from(sorted(OPERANDS)))
    one = OPERANDS[fact] | st.just("!")
    value = draw(one | st.lists(one, min_size=1, max_size=3))
    return draw(st.sampled_from(["", "not."])) + fact, value


TABLES: st.SearchStrategy[dict[str, object]] = st.recursive(
    st.lists(entries(), max_size=3).map(dict),
    lambda inner: st.builds(
        lambda table, any_of: {**table, "any": any_of}, inner, st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=4,
)


def slowly(table: Mapping[str, object], facts: Mapping[str, Any]) -> bool:
    """Read the language a second time, straight from the table."""
    for name, value in table.items():
        if name == "any":
            assert isinstance(value, list)
            if not any(slowly(branch, facts) for branch in value):
                return False
            continue
        fact = name.removeprefix("not.")
        values = value if isinstance(value, list) else [value]
        if any(slowly_one(fact, facts, one) for one in values) == name.startswith("not."):
            return False
    return True


def slowly_one(fact: str, facts: Mapping[str, Any], operand: Any) -> bool:
    value = facts[fact]
    if operand == "!":
        return value in (None, (), False) if fact != "level" else value is None
    if operand == "@actor":
        operand = facts["actor"]
    if value is None or operand is None:
        return False
    if fact == "category":
        base = operand.rstrip("*").rstrip("/")
        pattern = {"*": "/[^/]+", "**": "(/.*)?"}.get(operand[len(base) + 1 :], "")
        return re.fullmatch(re.escape(base) + pattern, value) is not None
    if fact in ("status", "owner"):
        return bool(value == {"Abierto": "open"}.get(operand, operand))
    if fact in ("tags", "overdue"):
        return operand in value if fact == "tags" else value is operand
    return slowly_compared(value, operand)


def slowly_compared(value: Any, operand: Any) -> bool:
    sign = "="
    if isinstance(operand, str):
        match = re.fullmatch(r"([<>]=?)? ?(.*)", operand)
        assert match is not None
        sign, operand = match[1] or "=", slowly_typed(value, match[2])
    if isinstance(value, datetime) and not isinstance(operand, datetime):
        value = date(value.year, value.month, value.day)
    compare: dict[str, Callable[[], bool]] = {
        "=": lambda: value == operand,
        "<": lambda: value < operand,
        "<=": lambda: value <= operand,
        ">": lambda: value > operand,
        ">=": lambda: value >= operand,
    }
    return compare[sign]()


def slowly_typed(value: Any, text: str) -> Any:
    if isinstance(value, timedelta):
        return timedelta(hours=int(text.removesuffix("h")))
    if isinstance(value, date):
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return int(text)


@given(TABLES, FACTS)
def test_holds_as_a_slow_reading_says(table: dict[str, object], facts: Mapping[str, Any]) -> None:
    assert holds(compiled(table), facts.get) == slowly(table, facts)


@given(entries(), FACTS)
def test_not_negates(entry: tuple[str, object], facts: Mapping[str, Any]) -> None:
    name = entry[0].removeprefix("not.")
    straight, turned = compiled({name: entry[1]}), compiled({f"not.{name}": entry[1]})
    assert holds(straight, facts.get) is not holds(turned, facts.get)


@given(st.lists(TABLES, min_size=1, max_size=3), FACTS)
def test_any_is_or(tables: list[dict[str, object]], facts: Mapping[str, Any]) -> None:
    assert holds(compiled({"any": tables}), facts.get) == any(holds(compiled(table), facts.get) for table in tables)


@given(TABLES, FACTS)
def test_something_fails_exactly_when_the_condition_does_not_hold(
    table: dict[str, object], facts: Mapping[str, Any]
) -> None:
    condition = compiled(table)
    assert (failing(condition, facts.get) == ()) == holds(condition, facts.get)
    for test in failing(condition, facts.get):
        assert not holds(Condition((test,)), facts.get)
        assert str(describe(test)).startswith(test.fact)


NAMES = st.sampled_from(
    [*OPERANDS, "any", "not", "not.any", "new", "new.status", "linked", "linked.a.b", "events", "text"]
)
ANYTHING: st.SearchStrategy[object] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["!", "@actor", "< ", ">= 3", "a/**", "/*", "**", "8bh", "< 99999999999999999999d"])
    | st.datetimes()
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=8), inner, max_size=3),
)
VALUES: st.SearchStrategy[FactValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    INSTANTS,
    st.timedeltas(),
    st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@given(ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=3), VALUES)
def test_anything_whatever_compiles_and_is_judged_and_told(table: object, value: FactValue) -> None:
    condition, problems = compile_condition(table, CONTEXT)
    assert isinstance(holds(condition, lambda _: value), bool)
    assert str(describe(condition))
    assert all(str(found.message) for found in problems)
    kept = pickle.loads(pickle.dumps(Compiled(condition, problems)))
    assert repr(kept) == repr(Compiled(condition, problems))  # a number that is none is not equal to itself


@given(
    st.sampled_from(["is", "like", "address", "at", "under", "child", "words", "<", "<=", ">", ">="]),
    st.sampled_from(["x", "3", 3, 2.5, True, date(2026, 8, 1), datetime(2026, 8, 1, tzinfo=UTC), Duration(4, "d")]),
    VALUES,
)
def test_any_operator_judges_any_value(operator: str, operand: Any, value: FactValue) -> None:
    test = Condition((Leaf("fact", operator, (operand,)),))
    assert isinstance(holds(test, lambda _: value), bool)


def test_tables_nested_without_end_are_refused() -> None:
    table: dict[str, object] = {}
    for _ in range(100_000):
        table = {"any": [table]} if len(table) % 2 else {"a": table}
    assert compile_condition(table, CONTEXT).problems
