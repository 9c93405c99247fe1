"""The rules of a policy: what roles may do, what actions require and bring with them, what falls due, who is told."""

from collections.abc import Iterator

from tk.core.condition_terms import Path
from tk.core.conditions.language import REFERENCES, Condition
from tk.core.names import nearest
from tk.core.policy import Permission, Policy, Requirement, vocabulary
from tk.core.report_words import placeholders
from tk.core.rules import SWEEP, Consequence, Notice, SweepRule
from tk.core.written import file
from tk.core.written import file_rules as written
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.core.written.grammar import Grammar
from tk.errors import say


def add_rules(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the rules that `data` writes, their conditions compiled."""
    grammar = Grammar(policy, line_of, faults)
    entries = policy.roles.entries
    roles = [entries[key]._replace(may=tuple(_permissions(grammar, key, role))) for key, role in data.roles.items()]
    ruled = policy._replace(
        roles=vocabulary(roles),
        requirements=tuple(_requirement(grammar, *pair) for pair in grammar.rules("require", data.require)),
        consequences=tuple(_consequence(grammar, *pair) for pair in grammar.rules("on", data.on)),
        sweeps=tuple(_sweep_rule(grammar, *pair) for pair in grammar.rules("sweep", data.sweep)),
    )
    return ruled._replace(notices=tuple(_notices(grammar, ruled, data.notify)))


def _permissions(grammar: Grammar, key: str, role: file.Role) -> Iterator[Permission]:
    for path, grant in grammar.faults.numbered(("roles", key, "may"), role.may):
        if isinstance(grant, str):
            grammar.check_pattern(grant, path)
            yield Permission(grant, None, grammar.line(path))
        else:
            grammar.check_pattern(grant.action, (*path, "action"))
            yield Permission(grant.action, grammar.condition(grant.when, (*path, "when")), grammar.line(path))


def _requirement(grammar: Grammar, path: Path, rule: written.Requirement) -> Requirement:
    grammar.check_pattern(rule.action, (*path, "action"))
    if rule.that is None and not rule.fields:
        grammar.faults.add_key(path, "missing-key", say("a requirement needs `that` or `fields`: what must hold"))
    fillable = grammar.fillable()
    for here, name in grammar.faults.numbered((*path, "fields"), rule.fields):
        if name not in fillable:
            grammar.faults.unknown(here, say("field"), name, nearest(name, fillable))
    return Requirement(
        rule.name,
        labels(rule.label),
        rule.action,
        grammar.condition(rule.when, (*path, "when")),
        grammar.condition(rule.that, (*path, "that")),
        tuple(name for name in rule.fields if name in fillable),
        rule.since,
        rule.until,
        grammar.line(path),
    )


def _consequence(grammar: Grammar, path: Path, rule: written.Consequence) -> Consequence:
    grammar.check_pattern(rule.action, (*path, "action"))
    if not (rule.set or rule.copy or rule.assign or rule.advance or rule.note):
        message = say("a consequence needs `set`, `copy`, `assign`, `advance` or `note`: what follows")
        grammar.faults.add_key(path, "missing-key", message)
    return Consequence(
        rule.name,
        labels(rule.label),
        rule.action,
        grammar.condition(rule.when, (*path, "when")),
        grammar.values(rule.set, (*path, "set")),
        dict(_copies(grammar, path, rule)),
        grammar.assignee(rule.assign, (*path, "assign")),
        grammar.known(rule.advance, grammar.policy.statuses, (*path, "advance"), say("status")),
        grammar.words(rule.note),
        rule.since,
        rule.until,
        grammar.line(path),
    )


def _copies(grammar: Grammar, path: Path, rule: written.Consequence) -> Iterator[tuple[str, str]]:
    for key, name in rule.copy.items():
        here = (*path, "copy", key)
        fact = grammar.fact(name, here)
        if key not in grammar.settable():
            grammar.faults.unknown_of(here, say("field"), key, grammar.settable())
        elif key in rule.set:
            message = say("{key} cannot be both set and copied", key=key)
            grammar.faults.add(here, "contradiction", message)
        elif fact is not None:
            yield key, fact


def _sweep_rule(grammar: Grammar, path: Path, rule: written.SweepRule) -> SweepRule:
    if not (rule.set or rule.assign or rule.advance or rule.note or rule.report):
        message = say("a sweep rule needs `set`, `assign`, `advance`, `note` or `report`: what is to be done")
        grammar.faults.add_key(path, "missing-key", message)
    report = grammar.words(rule.report)
    for language, name in placeholders(report or {}):
        grammar.fact(name, (*path, "report", language) if language else (*path, "report"))
    return SweepRule(
        rule.name,
        labels(rule.label),
        grammar.condition(rule.when, (*path, "when")) or Condition(),
        grammar.values(rule.set, (*path, "set")),
        grammar.assignee(rule.assign, (*path, "assign")),
        grammar.known(rule.advance, grammar.policy.statuses, (*path, "advance"), say("status")),
        grammar.words(rule.note),
        report,
        rule.once,
        rule.since,
        rule.until,
        grammar.line(path),
    )


def _notices(grammar: Grammar, policy: Policy, rules: list[written.Notice]) -> Iterator[Notice]:
    sweeps = [f"{SWEEP}{rule.key}" for rule in policy.sweeps]
    for path, rule in grammar.rules("notify", rules):
        if not rule.action.startswith(SWEEP):
            grammar.check_pattern(rule.action, (*path, "action"))
        elif rule.action not in sweeps:
            grammar.faults.unknown_of((*path, "action"), say("sweep rule"), rule.action, sweeps)
        if not rule.to:
            grammar.faults.add_key(path, "missing-key", say("a notice needs `to`: who is written to"))
        if policy.mail is None:
            grammar.faults.add_key(path, "missing-key", say("a notice needs [mail]: who its letters are from"))
        to = (_recipient(grammar, name, here) for here, name in grammar.faults.numbered((*path, "to"), rule.to))
        yield Notice(
            rule.name,
            labels(rule.label),
            rule.action,
            tuple(name for name in to if name is not None),
            rule.template,
            grammar.condition(rule.when, (*path, "when")),
            rule.since,
            rule.until,
            grammar.line(path),
        )


def _recipient(grammar: Grammar, name: str, path: Path) -> str | None:
    if name in REFERENCES or "@" in name[1:]:
        return name
    return grammar.group(name, path)
