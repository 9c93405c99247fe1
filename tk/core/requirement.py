"""What must hold before an action: the `[[require]]` rules of the policy.

The facts tested are those of the ticket as it stands before the action, `new.` those of the ticket after it: what a
command sets beside is set before (`tk.core.action.ORDER`), and counts.
"""

from collections.abc import Iterator
from datetime import datetime

from tk.core.action import Action, matches
from tk.core.condition import FactValue, describe, failing, holds
from tk.core.facts import Facts
from tk.core.instant import format_instant
from tk.core.policy import Policy, Requirement
from tk.core.text import shown
from tk.core.verdict import Refusal
from tk.errors import Message, say


def unmet(policy: Policy, action: Action, ticket: str, facts: Facts, at: datetime) -> Refusal | None:
    """Return the first requirement of the action that does not hold at the instant, None where all do."""
    for rule in policy.requirements:
        if not matches(rule.action, action.name) or not _in_force(rule, at):
            continue
        if rule.when is not None and not holds(rule.when, facts):
            continue
        missing = list(_missing(rule, facts))
        if missing:
            message = say(
                "{id}: {action} needs more: {label} (tk.toml:{line})",
                id=ticket,
                action=shown(action.name),
                label=_label(rule, policy.desk.language),
                line=rule.line,
            )
            return Refusal(
                "requirement", message, say("what is missing: {missing}", missing="; ".join(map(str, missing)))
            )
    return None


def _label(rule: Requirement, language: str) -> str:
    """Return the words for a rule as a vocabulary chooses them: this language, any language, the first there is."""
    labels = rule.labels
    return labels.get(language) or labels.get("") or next(iter(labels.values()), rule.key)


def _in_force(rule: Requirement, at: datetime) -> bool:
    day = at.date()
    return (rule.since is None or rule.since <= day) and (rule.until is None or day < rule.until)


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
