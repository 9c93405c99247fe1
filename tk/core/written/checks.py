"""What is doubtful about a policy whose every part is right: names alike, statuses apart, roles that may do nothing."""

from collections.abc import Callable
from typing import TypeAlias

from tk.core.condition_terms import Path
from tk.core.policy import Branch, E, Policy, Vocabulary, fold_path
from tk.core.written.faults import Faults
from tk.core.written.sweep_checks import check_consequences, check_sweeps
from tk.errors import say

_STRANGERS = "anyone"
"""The role of those who are no person of the desk; it may well do nothing."""

_SECTIONS = (
    "statuses",
    "priorities",
    "types",
    "channels",
    "events",
    "fields",
    "roles",
    "links",
    "requests",
    "approvals",
)

Word: TypeAlias = tuple[str, str, str, Path]
"""A spelling: among what it must be unique, the entry it names, the word itself, where it stands."""


def check_labels(policy: Policy, faults: Faults) -> None:
    """Note entries of one vocabulary that a command could not tell apart."""
    for section in _SECTIONS:
        _check_alike(_words((section,), getattr(policy, section)), faults)
    # A ticket is assigned to a person or a team by one word.
    _check_alike([*_words(("people",), policy.people, "name"), *_words(("teams",), policy.teams)], faults)
    _check_alike(_words(("attachments", "kinds"), policy.attachments.kinds), faults)
    _check_alike(_tree_words(("categories",), policy.categories), faults)
    for key, field in policy.fields.entries.items():
        path: Path = ("fields", key)
        if field.choices is not None:
            _check_alike(_words((*path, "values"), field.choices), faults)
        if field.tree is not None:
            _check_alike(_tree_words((*path, "tree"), field.tree), faults)


def _words(path: Path, names: Vocabulary[E], label: str = "label") -> list[Word]:
    section = str(path[0])
    keys: list[Word] = [("", f"{section}.{key}", key, (*path, key)) for key in names.entries]
    return keys + [
        ("", f"{section}.{key}", word, (*path, key, label, language) if language else (*path, key, label))
        for key, entry in names.entries.items()
        for language, word in entry.labels.items()
    ]


def _tree_words(path: Path, names: Vocabulary[Branch]) -> list[Word]:
    words: list[Word] = []
    for key, branch in names.entries.items():
        above, _, step = key.rpartition("/")
        here: Path = (*path, *"/sub/".join(branch.path).split("/"))
        words.append((above, key, step, here))
        words += ((above, key, word, (*here, "label", language)) for language, word in branch.labels.items())
    return words


def _check_alike(words: list[Word], faults: Faults) -> None:
    first: dict[tuple[str, str], str] = {}
    told: set[tuple[str, str]] = set()
    # Keys go before labels: of a key and a label that are alike, the label is the one to change.
    for among, entry, word, path in sorted(words, key=lambda spelled: "label" in spelled[3] or "name" in spelled[3]):
        other = first.setdefault((among, fold_path(word)), entry)
        if other != entry and (entry, other) not in told:
            told.add((entry, other))
            message = say('"{word}" names {other} already; a command could not tell them apart', word=word, other=other)
            faults.add(path, "duplicate-label", message)


def check_ways(policy: Policy, faults: Faults) -> None:
    """Note a status that no ticket can come to, and one that is not closed and leads nowhere."""
    if any(fault.path[:1] == ("statuses",) for fault in faults.found if fault.severity == "error"):
        return  # a way may be missing only because its status is misspelt
    statuses = policy.statuses.entries
    reached: set[str] = set()
    moved = [*(rule.advance for rule in policy.consequences), *(rule.advance for rule in policy.sweeps)]
    ahead = [policy.desk.start, *filter(None, moved)]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += statuses[key].to
    for key, status in statuses.items():
        if key not in reached:
            message = say("no way leads from {start} to {status}", start=policy.desk.start, status=key)
            faults.warn(("statuses", key), "unreachable-status", message)
        if status.kind != "closed" and not set(status.to) - {key}:
            message = say("a ticket cannot leave {status}, which is not of kind closed", status=key)
            faults.warn(("statuses", key), "dead-end-status", message)


def check_roles(policy: Policy, faults: Faults) -> None:
    """Note a role that may do nothing."""
    for key, role in policy.roles.entries.items():
        if not role.may and key != _STRANGERS:
            faults.warn(("roles", key), "empty-role", say("the role {role} may do nothing", role=key))


CHECKS: tuple[Callable[[Policy, Faults], None], ...] = (
    check_labels,
    check_ways,
    check_roles,
    check_sweeps,
    check_consequences,
)
