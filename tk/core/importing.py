"""What an import may bring: things done elsewhere, by other people, under other rules (design, section 5, Actions).

Each change of an import is asked of the law as if its author made it here. Where the law says no because this desk has
other rules, whoever has the role `importer` may bring it all the same: it has happened, and the desk takes note of it.
What makes no sense stays refused: a status that nobody knows, an event yet to come, a second event of one id.
"""

from collections.abc import Iterator
from datetime import datetime

from tk.core import ids
from tk.core.action import Action, matches
from tk.core.facts import Actor, Outside, actor_of
from tk.core.finding import Finding
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact, judge
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import say

ROLE = "importer"
"""The role by which a committer answers for what others did elsewhere (desks.md, names fixed)."""

ACTION = "import"
"""What that role must allow."""

IMPORTED = "imported"
"""The code under which an audit notes what an importer answers for."""

FOREIGN = frozenset({"not-allowed", "transition", "requirement", "wrong-author", "backdated", "stamp"})
"""What this desk's law may have against what was lawful where it happened."""


def may_import(policy: Policy, email: str) -> bool:
    """Return whether who has this address may bring what this desk's own rules do not allow."""
    person, role = policy.person_of(email), policy.roles.entries.get(ROLE)
    if person is None or role is None or ROLE not in person.roles:
        return False
    return any(grant.when is None and matches(grant.pattern, ACTION) for grant in role.may)


def is_foreign(policy: Policy, code: str, before: Ticket | None, after: Ticket) -> bool:
    """Return whether an importer answers for a refusal: of a ticket that is new here, or known by another name.

    Of many changes in one commit only the commit's instant is left: an id then tells the day of the ticket's own.
    """
    if code == "bad-id":
        created = None if after.created is None else after.created.date()
        return before is None and after.id.startswith(f"{policy.desk.prefix}-") and ids.day_of(after.id) == created
    return code in FOREIGN and (before is None or bool(after.aliases))


def answers(policy: Policy, committer: str, code: str, before: Ticket | None, after: Ticket) -> bool:
    """Return whether the committer, by his address, is an importer who answers for a refusal."""
    return is_foreign(policy, code, before, after) and may_import(policy, committer)


def admit(
    policy: Policy, outside: Outside, before: Ticket | None, action: Action, actor: Actor, at: datetime
) -> Ticket | Refusal:
    """Return what `judge` does, and the ticket after the action where only this desk's own rules are against it."""
    verdict = judge(policy, outside, before, action, actor, at)
    if not isinstance(verdict, Refusal):
        return verdict
    after = enact(Hearing(policy, outside, actor, at), before, action)
    return after if is_foreign(policy, verdict.code, before, after) else verdict


class Tally:
    """The commits of an audit that importers answer for."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, str]] = {}

    def take(self, policy: Policy, committer: str, author: str, commit: str, found: list[Finding]) -> list[Finding]:
        """Return what of the findings about a commit no importer answers for; count it if one brought what others did.

        `committer` and `author` are addresses.
        """
        if not may_import(policy, committer):
            return found
        rest = [finding for finding in found if finding.code != IMPORTED]
        if len(rest) < len(found) or committer.lower() != author.lower():
            name = actor_of(policy, committer).name
            count, _ = self._counted.get(name, (0, ""))
            self._counted[name] = (count + 1, commit)
        return rest

    def told(self) -> Iterator[Finding]:
        """Yield for each importer how many commits he answers for, at the last of them."""
        for name, (count, commit) in self._counted.items():
            message = say("imported by {importer}, who has the role: commits {count}", importer=name, count=count)
            yield Finding("", 0, 0, IMPORTED, "note", message, None, commit, "allowed")
