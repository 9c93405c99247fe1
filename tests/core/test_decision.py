"""Decision tables: what is advised, what is missing, and what can be proved of a table."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, actor, event, ticket
from tests.policies import DESK, policy_of
from tk.core.action import Action
from tk.core.decision import advise, cases, clashes, idle_rows, joined, kept, uncovered
from tk.core.facts import NOTHING
from tk.core.law.judge import judge
from tk.core.rules import Case, Decision
from tk.core.verdict import Refusal
from tk.core.written.reader import read

TABLE = """
[decision.lend]
label = "Lend a heater"
[decision.lend.facts.cold]
values = { yes = "Yes", no = "No" }
[decision.lend.facts.stock]
values = { none = "None", few = "Few", many = "Many" }
[decision.lend.facts.who]
values = { me = "Me", you = "You" }
record = true
"""

YES = '[[decision.lend.row]]\nname = "1"\nwhen = { cold = "yes", stock = ["few", "many"] }\nadvice = "Lend one."\n'
NO = '[[decision.lend.row]]\nname = "2"\nwhen = { cold = "no" }\nadvice = "Lend none."\n'


def table(rows: str = YES + NO, more: str = "") -> Decision:
    policy, _ = read(DESK + TABLE + more + rows)
    assert policy is not None
    return policy.decisions.entries["lend"]


def codes(text: str) -> list[tuple[str, str]]:
    return [(f.code, str(f.message)) for f in read(DESK + TABLE + text).findings]


def test_a_row_is_found_as_soon_as_it_is_certain() -> None:
    assert [q.key for q in advise(table(), {}).missing] == ["cold", "stock", "who"]
    sure = advise(table(), {"cold": "no"})
    assert (sure.row and sure.row.key, [q.key for q in sure.missing]) == ("2", ["who"])
    assert [q.key for q in advise(table(), {"cold": "yes"}).missing] == ["stock", "who"]
    assert advise(table(), {"cold": "yes", "stock": "few", "who": "me"}).missing == ()


def test_a_case_that_no_row_covers_is_said_to_be_so_and_nothing_more_is_asked() -> None:
    silent = advise(table(), {"cold": "yes", "stock": "none"})
    assert (silent.row, silent.missing) == (None, ())


def test_what_a_table_leaves_open_is_found_and_told_shortly() -> None:
    assert uncovered(table()) == [{"cold": ("yes",), "stock": ("none",)}]
    assert codes(YES + NO) == [("uncovered-case", "no row covers: cold = yes, stock = none")]
    assert codes('impossible = [{ cold = "yes", stock = "none" }]\n') != []
    assert codes("")[0][0] == "missing-key"


def test_an_impossible_case_need_not_be_covered_and_makes_a_row_idle() -> None:
    cannot = 'impossible = [{ cold = "yes", stock = "none" }, { stock = "many" }]\n'
    text = TABLE.replace("label = ", f"{cannot}label = ")
    many = '[[decision.lend.row]]\nname = "3"\nwhen = { stock = "many" }\nadvice = "Lend two."\n'
    found = read(DESK + text + YES + NO + many).findings
    assert ("idle-row", "row 3 can never apply: all of its cases are impossible") in [
        (finding.code, str(finding.message)) for finding in found
    ]
    assert "uncovered-case" not in {finding.code for finding in found}


def test_rows_that_answer_one_case_differently_are_found_with_the_case() -> None:
    other = '[[decision.lend.row]]\nname = "3"\nwhen = { stock = "few" }\nadvice = "Ask."\n'
    assert [(c.first.key, c.second.key) for c in clashes(table(YES + NO + other))] == [("1", "3"), ("2", "3")]
    assert ("ambiguous-case", "rows 1 and 3 answer differently where cold = yes, stock = few") in codes(
        YES + NO + other
    )
    same = '[[decision.lend.row]]\nname = "3"\nwhen = { stock = "few", cold = "no" }\nadvice = "Lend none."\n'
    assert list(clashes(table(YES + NO + same))) == []
    assert list(idle_rows(table())) == []


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (YES.replace("cold", "could"), "unknown-name", 'there is no fact "could"; did you mean "cold"?'),
        (YES.replace('"few"', '"fwe"'), "unknown-name", 'there is no answer "fwe"; did you mean "few"?'),
        (YES + 'may = ["x"]\n', "unknown-name", 'there is no reason "x"'),
        (YES + "forbids = 1\n", "bad-type", "forbids must be true or false"),
        (YES + 'ask = "nobody"\n', "unknown-name", 'there is no person, team or role "nobody"'),
        (
            '[decision.lend.facts.one]\nvalues = { a = "A" }\n' + YES,
            "bad-value",
            "a question needs two answers or more",
        ),
        ('[decision.lend.complaint]\nlink = "x"\n' + YES, "unknown-name", 'there is no kind of link "x"'),
        ('[decision.lend.complaint]\nfield = "x"\n' + YES, "unknown-name", 'there is no field "x"'),
    ],
)
def test_a_mistake_in_a_table_is_told(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in codes(text)), codes(text)


def test_a_table_with_more_cases_than_can_be_gone_through_is_refused() -> None:
    values = ", ".join(f'v{number} = "{number}"' for number in range(10))
    names = [f"f{number}" for number in range(6)]
    facts = "".join(f"[decision.lend.facts.{name}]\nvalues = {{ {values} }}\n" for name in names)
    when = ", ".join(f'{name} = "v0"' for name in names)
    row = f'[[decision.lend.row]]\nname = "1"\nadvice = "x"\nwhen = {{ {when} }}\n'
    assert "too-many-cases" in {code for code, _ in codes(facts + row)}


@given(st.lists(st.fixed_dictionaries({name: st.sampled_from("abc") for name in "xyz"}), max_size=27))
def test_joined_cases_cover_just_what_the_separate_ones_did(separate: list[dict[str, str]]) -> None:
    unique = [dict(pairs) for pairs in dict.fromkeys(tuple(sorted(case.items())) for case in separate)]
    together: list[Case] = joined([{fact: (answer,) for fact, answer in case.items()} for case in unique])
    covered = [dict(zip("xyz", each, strict=True)) for case in together for each in product(*(case[f] for f in "xyz"))]
    assert sorted(map(str, covered)) == sorted(map(str, unique))
    assert len(together) <= len(unique)


def test_a_decision_on_record_is_what_the_table_comes_to() -> None:
    policy = policy_of(DESK + TABLE + YES + NO)
    zoe, before = actor("zgomez"), ticket()
    facts = kept(advise(policy.decisions.entries["lend"], {"cold": "no", "who": "me"}))
    assert facts == {"table": "lend", "row": "2", "cold": "no", "who": "me"}
    wrong = ({**facts, "row": "1"}, {**facts, "cold": "yes"})
    for held, code in ((facts, None), *((each, "bad-decision") for each in wrong)):
        said = event(by="zgomez", facts=held)
        made = judge(policy, NOTHING, before, Action("log", "note", said), zoe, AT)
        assert (made.code if isinstance(made, Refusal) else None) == code


def test_every_case_is_gone_through_once() -> None:
    assert len(list(cases(table()))) == 6
