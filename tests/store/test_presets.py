"""Every preset is a whole policy, and a wrong name is answered with the nearest."""

from pathlib import Path

import pytest

from tk.core.facts import Actor
from tk.core.law.permission import may
from tk.errors import WrongUsage
from tk.store import policies, presets


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_is_a_policy_without_a_finding(name: str, tmp_path: Path) -> None:
    preset = presets.load(name)
    # What the documents leave open is told of a decision table, and is no fault of the preset (desks.md G4).
    assert {finding.code for finding in policies.load(tmp_path, preset.policy.encode()).findings} <= {"uncovered-case"}
    assert preset.name == name
    assert preset.summary
    assert not preset.summary.startswith("#")


@pytest.mark.parametrize("name", presets.names())
def test_who_reviews_a_desk_may_seal_what_was_audited(name: str, tmp_path: Path) -> None:
    policy = policies.load(tmp_path, presets.load(name).policy.encode()).policy
    assert policy is not None
    assert may(policy, Actor(None, "x", ("supervisor",)), "seal")
    for role in policy.roles.entries:
        who = Actor(None, "x", (role,))
        assert may(policy, who, "seal") == may(policy, who, "policy")


def test_there_is_one_to_begin_with() -> None:
    assert "simple" in presets.names()
    assert presets.names() == sorted(presets.names())


def test_a_name_nearly_right_is_answered_with_the_right_one() -> None:
    with pytest.raises(WrongUsage, match='there is no preset "simpel"') as refusal:
        presets.load("simpel")
    assert str(refusal.value.hint) == 'did you mean "simple"?'


@pytest.mark.parametrize("name", ["", "..", "../presets/simple", "qqqqqqqq", "simple/tk.toml"])
def test_another_name_is_answered_with_all_there_are(name: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        presets.load(name)
    assert "simple" in str(refusal.value.hint)
