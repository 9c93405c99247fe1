"""What must hold before an action: the `[[require]]` rules of the policy.

The facts tested are those of the ticket as it stands before the action, `new.` those of the ticket after it: what a
command sets beside is set before (`tk.core.action.ORDER`), and counts.
"""

from collections.abc import Iterator
from datetime import datetime

from tk.core.action import Action, matches
from tk.core.conditions.language import FactValue, describe, failing, holds
from tk.core.facts import Facts
from tk.core.instant import format_instant
from tk.core.policy import Policy, Requirement
from tk.core.rules import in_force
from tk.core.text import shown
from tk.core.verdict import Refusal
from tk.core.vocabulary import in_language
from tk.errors import Message, say


def unmet(policy: Policy, action: Action, ticket: str, facts: Facts, at: datetime) -> Refusal | None:
    """Return the first requirement of the action that does not hold at the instant, None where all do."""
    for rule in policy.requirements:
        if not matches(rule.action, action.name) or not in_force(rule, at):
            continue
        if rule.when is not None and not holds(rule.when, facts):
            continue
        missing = list(_missing(rule, facts))
        if missing:
            message = say(
                "{id}: {action} needs more: {label} (tk.toml:{line})",
                id=ticket,
                action=shown(action.name),
                label=in_language(rule.labels, policy.desk.language) or rule.key,
                line=rule.line,
            )
            return Refusal(
                "requirement", message, say("what is missing: {missing}", missing="; ".join(map(str, missing)))
            )
    return None


def _missing(rule: Requirement, facts: Facts) -> Iterator[Message]:
    for name in rule.fields:
        if facts(name) in (None, (), ""):
            yield say("{field} has no value", field=name)
    for test in () if rule.that is None else failing(rule.that, facts):
        yield say("{test} (it is {value})", test=describe(test), value=_words(facts(test.fact)))


def _words(value: FactValue) -> Message | str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, datetime):
        return format_instant(value)
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return "-" if value is None else shown(text) or "-"
