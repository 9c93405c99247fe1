"""What tk.toml says of routes: to whom a ticket goes that nobody has."""

from collections.abc import Iterator

from tk.core.condition_terms import Path
from tk.core.policy import Policy
from tk.core.rules import Route
from tk.core.written import file
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.core.written.file_rules import Route as Written
from tk.core.written.grammar import Grammar
from tk.errors import say


def add_routes(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the routes that `data` writes."""
    grammar = Grammar(policy, line_of, faults)
    return policy._replace(routes=tuple(_route(grammar, *pair) for pair in grammar.rules("route", data.route)))


def _route(grammar: Grammar, path: Path, rule: Written) -> Route:
    ways = {"to": rule.to, "among": rule.among, "register": rule.register}
    given = [key for key, value in ways.items() if value]
    if len(given) != 1:
        message = say("a route needs one of `to`, `among` and `register`: to whom the ticket goes")
        grammar.faults.add_key(path, "missing-key" if not given else "contradiction", message)
    return Route(
        rule.name,
        labels(rule.label),
        grammar.condition(rule.when, (*path, "when")),
        grammar.assignee(rule.to, (*path, "to")),
        tuple(_among(grammar, path, rule)),
        rule.pick,
        grammar.known(rule.register, grammar.policy.registers, (*path, "register"), say("register")),
        _column(grammar, path, rule),
        rule.since,
        rule.until,
        grammar.line(path),
    )


def _among(grammar: Grammar, path: Path, rule: Written) -> Iterator[str]:
    for here, name in grammar.faults.numbered((*path, "among"), rule.among):
        known = grammar.group(name, here)
        if known is not None:
            yield known


def _column(grammar: Grammar, path: Path, rule: Written) -> str | None:
    """Return the register's column of people or teams; note where it is missing, or none of the register's."""
    register = grammar.policy.registers.entries.get(rule.register or "")
    if register is None:
        return None
    if rule.column is None:
        grammar.faults.add_key(path, "missing-key", say("a route by a register needs `column`: who takes each code"))
    elif rule.column not in register.columns:
        grammar.faults.unknown_of((*path, "column"), say("column"), rule.column, register.columns)
    return rule.column
