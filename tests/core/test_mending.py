"""Mending gives each value the spelling that the policy keeps, and guesses nothing."""

from tests.cases import event, ticket
from tests.policies import desk_policy
from tk.core.mending import mended

POLICY = desk_policy()


def test_a_sound_ticket_stays_as_it_is() -> None:
    sound = ticket(priority="high", category=("medidor", "cobranza"), fields={"level": "2"}, events=(event(),))
    assert mended(POLICY, sound) == sound


def test_labels_and_other_cases_become_keys() -> None:
    odd = ticket(status="On hold", priority="ALTA", category=("Medidor", "cobranza"), fields={"level": "02"})
    assert mended(POLICY, odd) == odd._replace(
        status="on-hold", priority="high", category=("medidor", "cobranza"), fields={"level": "2"}
    )


def test_what_is_misspelt_or_unknown_stays() -> None:
    odd = ticket(status="opn", priority="hihg", category=("soup",), fields={"level": "x", "colour": "red"})
    assert mended(POLICY, odd) == odd
    nested = ticket(fields={"resolution": ("replaced", {"a": ("sensor",)}), "line": {"medidor": "x"}})
    assert mended(POLICY, nested) == nested
    strange = ticket(events=(event(type="smoke"),))
    assert mended(POLICY, strange) == strange
