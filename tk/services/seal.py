"""Sealing what an audit found nothing to refuse in: a tag that later audits hold the history to."""

from tk.core.law.permission import may
from tk.errors import Refused, WrongUsage, say
from tk.store import history
from tk.store.desk import Desk
from tk.store.judging import seals


def seal(desk: Desk, revisions: str | None = None) -> str:
    """Seal the commit at which a range ends, as `tk.services.audit.audit` reads it, and return the tag's name.

    Raises:
        WrongUsage: git does not know a revision, or the range ends at none or at several commits.
        Refused: no role of the actor allows `seal`.
        NoIdentity, GitFailed: so the sentence says; there is no tag then.
    """
    policy = desk.reading.usable()
    asked = history.unpublished(desk.repo) if revisions is None else history.range_of(desk.repo, revisions)
    if asked is None or len(asked.tips) != 1:
        raise WrongUsage(say("a seal names one commit: end the range at one"))
    if not may(policy, desk.actor, "seal"):
        hint = say("a role of tk.toml that may do seal allows it")
        raise Refused("not-allowed", say("{actor} may not seal", actor=desk.actor.name), hint)
    branch = seals.branch_of(desk.repo, revisions or "HEAD")
    return seals.write(desk.repo, asked.tips[0], branch, desk.now, signed=policy.desk.signed)
