"""What must hold before an action: the `[[require]]` rules of the policy."""

from datetime import datetime

from tk.core.action import Action, matches
from tk.core.condition import FactValue, describe, failing, holds
from tk.core.facts import Facts
from tk.core.policy import Policy, Requirement
from tk.core.verdict import Refusal
from tk.errors import say


def unmet(policy: Policy, action: Action, ticket: str, facts: Facts, at: datetime) -> Refusal | None:
    """Return the first requirement of the action that does not hold at the instant, None where all do."""
    for rule in policy.requirements:
        if not matches(rule.action, action.name) or not _in_force(rule, at):
            continue
        if rule.when is not None and not holds(rule.when, facts):
            continue
        missing = _missing(rule, facts)
        if missing:
            label = rule.labels.get(policy.desk.language) or next(iter(rule.labels.values()), rule.key)
            message = say(
                "{id}: {action} needs more: {label} (tk.toml:{line})",
                id=ticket,
                action=action.name,
                label=label,
                line=rule.line,
            )
            return Refusal("requirement", message, say("what is missing: {missing}", missing="; ".join(missing)))
    return None


def _in_force(rule: Requirement, at: datetime) -> bool:
    day = at.date()
    return (rule.since is None or rule.since <= day) and (rule.until is None or day < rule.until)


def _missing(rule: Requirement, facts: Facts) -> list[str]:
    missing = [say("{field} has no value", field=name) for name in rule.fields if facts(name) in (None, (), "")]
    if rule.that is not None and not holds(rule.that, facts):
        for test in failing(rule.that, facts):
            missing.append(say("{test} (it is {value})", test=describe(test), value=_words(facts(test.fact))))
    return list(map(str, missing))


def _words(value: FactValue) -> str:
    return "-" if value is None else ", ".join(value) if isinstance(value, tuple) else str(value)
