"""What the check finds in rules that act by themselves."""

import pytest

from tests.policies import DESK
from tk.core.written.reader import read


def found(rules: str) -> list[tuple[str, str, str]]:
    """Return severity, code and sentence of each finding beside those that the desk has without the rules."""
    return [(f.severity, f.code, str(f.message)) for f in read(DESK + rules).findings]


def sweeps(*rules: str) -> str:
    return "".join(f'[[sweep]]\nname = "rule-{number}"\n{rule}\n' for number, rule in enumerate(rules, 1))


UNDONE = [
    ('when = { not.priority = "high" }\nset.priority = "high"', 'when = { priority = "high" }\nset.priority = "low"'),
    ('when = { age = "> 1d" }\nset.priority = "high"', 'when = { age = "> 2d" }\nset.priority = "urgent"'),
    ('when = { status = "open" }\nadvance = "pending"', 'when = { kind = "waiting" }\nadvance = "open"'),
    ('when = { owner = "!" }\nassign = "mlopez"', 'when = { owner = "mlopez" }\nassign = "support"'),
    (
        'when = { status = "open", any = [{ priority = "high" }, { tags = "vip" }] }\nset.priority = "low"',
        'when = { tags = "vip" }\nset.priority = "high"',
    ),
]

AT_PEACE = [
    (
        'when = { status = "open", in-status = "> 1d" }\nadvance = "pending"',
        'when = { status = "pending", in-status = "> 1d" }\nadvance = "open"',
    ),
    ('when = { age = "> 1d" }\nset.priority = "high"', 'when = { age = "> 2d" }\nset.priority = "high"'),
    (
        'when = { age = "> 1d", priority = "low" }\nset.priority = "high"',
        'when = { age = "> 2d", priority = "high" }\nset.priority = "urgent"',
    ),
    (
        'when = { type = "fault", not.priority = "high" }\nset.priority = "high"',
        'when = { type = "incident", priority = "high" }\nset.priority = "low"',
    ),
    (
        'when = { not.priority = "high" }\nset.priority = "high"\nuntil = 2026-01-01',
        'when = { priority = "high" }\nset.priority = "low"\nfrom = 2026-01-01',
    ),
    ('when = { age = "> 1d" }\nset.priority = "high"', 'when = { age = "> 1d" }\nadvance = "pending"'),
    ('when = { age = "> 1d" }\nnote = "a"', 'when = { age = "> 1d" }\nnote = "b"'),
]


@pytest.mark.parametrize("rules", UNDONE)
def test_two_sweep_rules_that_undo_each_other(rules: tuple[str, str]) -> None:
    told = ("warning", "sweep-cycle", "rule-1 and rule-2 undo each other: what the one does is a case for the other")
    assert found(sweeps(*rules)) == [told]


@pytest.mark.parametrize("rules", AT_PEACE)
def test_sweep_rules_that_do_not(rules: tuple[str, str]) -> None:
    assert found(sweeps(*rules)) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('when = { age = "> 1d" }\nassign = "@actor"', "bad-value"),
        ('when = { owner = "@actor" }\nnote = "x"', "bad-condition"),
        ('when = { any = [{ actor.role = "agent" }] }\nnote = "x"', "bad-condition"),
        ('when = { new.status = "open" }\nnote = "x"', "bad-condition"),
        ('when = { age = "> 1d" }\nreport = "{evnts.note} of 3"', "unknown-name"),
        ('when = { age = "> 1d" }\nreport = { es = "{titulo}" }', "unknown-name"),
        ('when = { age = "> 1d" }', "missing-key"),
    ],
)
def test_what_a_sweep_rule_cannot_ask_do_or_say(rule: str, code: str) -> None:
    assert [(severity, found_code) for severity, found_code, _ in found(sweeps(rule))] == [("error", code)]


def test_the_nearest_fact_is_named_where_a_report_names_none() -> None:
    assert "events.note" in found(sweeps('when = { age = "> 1d" }\nreport = "{evnts.note}"'))[0][2]


def consequences(*rules: str) -> str:
    return "".join(f'[[on]]\nname = "rule-{number}"\n{rule}\n' for number, rule in enumerate(rules, 1))


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ('action = "new"\nset.priority = "high"', 'action = "new"\nset.priority = "low"', "priority"),
        ('action = "*"\nassign = "mlopez"', 'action = "log.note"\nassign = "zgomez"', "owner"),
        ('action = "log.*"\nadvance = "open"', 'action = "log.call-in"\nadvance = "pending"', "status"),
        ('action = "new"\nset.serial = "1"', 'action = "new"\ncopy.serial = "title"', "serial"),
        (
            'action = "new"\nwhen = { type = "fault" }\nset.priority = "high"',
            'action = "new"\nwhen = { channel = "mail" }\nset.priority = "low"',
            "priority",
        ),
    ],
)
def test_two_consequences_of_one_action_that_contradict_each_other(one: str, other: str, key: str) -> None:
    told = f"rule-1 and rule-2 may follow from one action, and give {key} different values"
    assert found(consequences(one, other)) == [("warning", "contradiction", told)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('action = "new"\nset.priority = "high"', 'action = "new"\nset.priority = "high"'),
        ('action = "new"\nset.priority = "high"', 'action = "advance"\nset.priority = "low"'),
        ('action = "log.*"\nset.priority = "high"', 'action = "log-for.*"\nset.priority = "low"'),
        (
            'action = "new"\nwhen = { type = "fault" }\nset.priority = "high"',
            'action = "new"\nwhen = { type = "incident" }\nset.priority = "low"',
        ),
        (
            'action = "new"\nset.priority = "high"\nuntil = 2026-01-01',
            'action = "new"\nset.priority = "low"\nfrom = 2026-01-01',
        ),
    ],
)
def test_consequences_that_do_not(one: str, other: str) -> None:
    assert found(consequences(one, other)) == []
