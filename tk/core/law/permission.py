"""Who may do what: the roles of the policy asked about one action."""

from collections.abc import Iterator

from tk.core.action import Action, matches
from tk.core.conditions.language import Condition, describe, holds
from tk.core.facts import Actor, Facts
from tk.core.policy import Permission, Policy, Role
from tk.core.text import shown
from tk.core.verdict import Refusal
from tk.errors import Message, say


def forbidden(policy: Policy, action: Action, ticket: str, actor: Actor, facts: Facts) -> Refusal | None:
    """Return why no role of the actor allows the action, None where one does.

    The refusal names the roles and where they stand in tk.toml, the condition that did not hold, or who may instead.
    """
    limits: list[Message] = []
    for role, permission in _permissions(policy, actor, action.name):
        if permission.when is None or holds(permission.when, facts):
            return None
        limits.append(_limit(role, permission, permission.when))
    held = ", ".join(f"{role.key} (tk.toml:{role.line})" for role in _roles(policy, actor)) or "-"
    message = say(
        "{id}: {actor} may not {action}; roles: {roles}",
        id=ticket,
        actor=actor.name,
        action=shown(action.name),
        roles=held,
    )
    return Refusal("not-allowed", message, limits[0] if limits else _who_may(policy, action))


def may(policy: Policy, actor: Actor, name: str) -> bool:
    """Return whether some role of the actor allows the action called `name` without asking a condition."""
    return any(permission.when is None for _, permission in _permissions(policy, actor, name))


def may_some(policy: Policy, actor: Actor, verb: str) -> bool:
    """Return whether some role of the actor allows a `verb` of something, if only under a condition."""
    patterns = (permission.pattern for role in _roles(policy, actor) for permission in role.may)
    return any(pattern == "*" or pattern.partition(".")[0] == verb for pattern in patterns)


def _roles(policy: Policy, actor: Actor) -> Iterator[Role]:
    return (policy.roles.entries[key] for key in dict.fromkeys(actor.roles) if key in policy.roles.entries)


def _permissions(policy: Policy, actor: Actor, name: str) -> Iterator[tuple[Role, Permission]]:
    for role in _roles(policy, actor):
        for permission in role.may:
            if matches(permission.pattern, name):
                yield role, permission


def _limit(role: Role, permission: Permission, when: Condition) -> Message:
    return say(
        "{role} may {pattern} only when {condition} (tk.toml:{line})",
        role=role.key,
        pattern=permission.pattern,
        condition=describe(when),
        line=permission.line,
    )


def _who_may(policy: Policy, action: Action) -> Message:
    able = [r.key for r in policy.roles.entries.values() if any(matches(p.pattern, action.name) for p in r.may)]
    if not able:
        return say("no role of this desk may {action}", action=shown(action.name))
    return say("who may: {roles}", roles=", ".join(able))
