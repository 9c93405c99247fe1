"""Several commits made into one: what the contents tell of the steps that such a commit hides.

A squash keeps what was written and loses who wrote it when. Its tickets still say at which moments something was done:
events, approvals, requests and stamps bear instants. Where they tell of more than one, no law can say whether each step
was allowed: that is not refused, it cannot be verified (design, section 3, the three verdicts of an audit).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.instant import LATE_ENTRY, parse_instant
from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket
from tk.core.values import SETTABLE
from tk.errors import say

_BY_THE_ACTOR = frozenset({"backdated", "stamp", "transition", "requirement"})
"""What one step seems to have done wrong where there were several by the same person."""

_BY_OTHERS = _BY_THE_ACTOR | {"not-allowed", "wrong-author"}
"""The same where some of them were another person's."""

_TIMELESS = (*SETTABLE, "owner", "team", "follow_up", "links", "attachments", "fields", "description")
"""What of a ticket changes without an instant of its own: it was done when `updated` says."""


class Deed(NamedTuple):
    """When something was done, as the ticket says, and by whom, None where it does not say."""

    at: datetime
    by: str | None


Change = tuple[Ticket | None, Ticket]
"""A ticket before a commit, None for a new one, and after it."""


def explains(policy: Policy, changes: Iterable[Change], actor: str, codes: Iterable[str]) -> int:
    """Return at how many moments a commit's changes were made, 0 where that does not explain what is wrong with it.

    `codes` are those of all that was objected to; `actor` is the commit's author by name. Moments less than five
    minutes apart are one.
    """
    deeds = [deed for before, after in changes for deed in _deeds(policy, before, after)]
    moments = _moments(deed.at for deed in deeds)
    others = {deed.by for deed in deeds} - {None, actor}
    explained = _BY_OTHERS if others else _BY_THE_ACTOR
    return len(moments) if len(moments) > 1 and explained.issuperset(codes) else 0


def told(policy: Policy, changes: Iterable[Change], actor: str, found: Sequence[Finding]) -> Sequence[Finding]:
    """Return what was found in a commit; of one that hides steps, where they explain all of it, only that it does."""
    refused = [finding for finding in found if finding.verdict == "refused"]
    moments = explains(policy, changes, actor, (finding.code for finding in refused)) if refused else 0
    if not moments:
        return found
    message = say("made at {count} moments, whose steps it hides: a squash, unless it was forged", count=moments)
    places = {(finding.path, finding.ticket): finding.commit for finding in refused}
    kept = [finding for finding in found if finding.verdict != "refused"]
    hidden = (
        Finding(path, 0, 0, "squash", "warning", message, ticket, commit, "unverifiable")
        for (path, ticket), commit in places.items()
    )
    return [*kept, *hidden]


def _moments(instants: Iterable[datetime]) -> Sequence[datetime]:
    moments: list[datetime] = []
    last: datetime | None = None
    for instant in sorted(instants):
        if last is None or instant - last > LATE_ENTRY:
            moments.append(instant)
        last = instant
    return moments


def _deeds(policy: Policy, before: Ticket | None, after: Ticket) -> Iterator[Deed]:
    held = before or Ticket(after.id, status=policy.desk.start)
    if before is None and after.created is not None:
        yield Deed(after.created, after.creator)
    known = {event.id for event in held.events}
    yield from (Deed(_entered(event), event.by) for event in after.events if event.id not in known)
    for now, then in ((after.approvals, held.approvals), (after.requests, held.requests)):
        yield from (Deed(mark.at, mark.by) for name, mark in now.items() if then.get(name) != mark)
    if after.rating is not None and after.rating != held.rating:
        yield Deed(after.rating.at, after.rating.by)
    if after.status != held.status and after.status_since is not None:
        yield Deed(after.status_since, None)
    if before is not None and after.updated is not None and _has_timeless(before, after):
        yield Deed(after.updated, None)


def _entered(event: Event) -> datetime:
    with suppress(KeyError, ValueError):
        return parse_instant(event.facts["logged"])
    return event.at


def _has_timeless(before: Ticket, after: Ticket) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _TIMELESS)
