"""What changed in tk.toml is told key by key, by what it says and not by how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import DESK
from tk.core.review.policy_contrast import PolicyChange, policy_contrast

BASE = """\
[desk]
name = "Mesa"
signed = false

[roles.agent]
may = ["new", "log.*"]

[[require]]
name = "solution"
action = "advance"

[[require]]
name = "approval"
action = "assign"
"""


def told(before: str, after: str) -> list[tuple[str, object, object]]:
    found = policy_contrast(before.encode(), after.encode())
    assert found is not None
    return [(change.key, change.before, change.after) for change in found]


def test_comments_order_and_spelling_are_no_change() -> None:
    other = "# Otra\n" + BASE.replace('name = "Mesa"\nsigned = false', "signed = false\nname = 'Mesa' # sí")
    assert told(BASE, other) == []
    assert told(BASE, "\ufeff" + BASE.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("false", "true", ("desk.signed", False, True)),
        ('"Mesa"', "'Ayuda'", ("desk.name", "Mesa", "Ayuda")),
        ('"new", "log.*"', '"log.*", "set.*"', ("roles.agent.may", ["new"], ["set.*"])),
        ('"new", "log.*"', '"log.*", "new"', ("roles.agent.may", ["new", "log.*"], ["log.*", "new"])),
        ('"new", "log.*"', '"new", "log.*", "new"', ("roles.agent.may", None, ["new"])),
        ('action = "assign"', 'action = "rate"', ("require.approval.action", "assign", "rate")),
        ("[roles.agent]", "[roles.boss]\nmay = ['*']\n[roles.agent]", ("roles.boss", None, {"may": ["*"]})),
        ("signed = false\n", "", ("desk.signed", False, None)),
        ("signed = false\n", "signed = 0\n", ("desk.signed", False, 0)),
        ("signed = false\n", "signed = 2026-08-12\n", ("desk.signed", False, "2026-08-12")),
    ],
)
def test_a_change_is_told_by_its_key(old: str, new: str, change: tuple[str, object, object]) -> None:
    assert told(BASE, BASE.replace(old, new, 1)) == [change]


def test_rules_are_told_by_their_names_wherever_they_stand() -> None:
    first, second = BASE.split("[[require]]")[1:]
    swapped = BASE.split("[[require]]", maxsplit=1)[0] + f"[[require]]{second}\n[[require]]{first}"
    assert told(BASE, swapped) == []
    gone = BASE.split("[[require]]", maxsplit=1)[0]
    assert told(BASE, gone) == [
        ("require.solution", {"name": "solution", "action": "advance"}, None),
        ("require.approval", {"name": "approval", "action": "assign"}, None),
    ]


def test_a_policy_that_is_no_toml_cannot_be_told() -> None:
    assert policy_contrast(b"= nonsense", BASE.encode()) is None
    assert policy_contrast(BASE.encode(), b"\xff") is None
    for hopeless in (f"[{'a.' * 20_000}a]", f"x = {'[' * 20_000}", f"x = 0x{'f' * 9000}", f"x = {'9' * 9000}"):
        assert policy_contrast(BASE.encode(), hopeless.encode()) is None
    assert policy_contrast(None, DESK.encode()) == policy_contrast(b"", DESK.encode())


@given(st.text("ab[]={}\"'.\n1, #", max_size=30))
def test_any_text_is_told_or_is_none(text: str) -> None:
    found = policy_contrast(BASE.encode(), text.encode())
    assert found is None or all(isinstance(change, PolicyChange) for change in found)
