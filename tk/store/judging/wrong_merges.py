"""Merges that went wrong: the tickets of which the law refuses what one made, and what they become once it is remade.

A commit says by its trailers which merges it makes again; that is believed only as far as contents show it: the merge
lies before it, the law refuses what it made of the ticket, and what was made of that now follows from its sides.
"""

from collections.abc import Iterable, Mapping, Sequence

from tk.core import ids
from tk.core.facts import actor_of
from tk.core.finding import Finding
from tk.core.merging.merge import decided_by
from tk.core.ticket import Ticket
from tk.store import codec, history
from tk.store.history import Commit
from tk.store.judging.casework import Case, contents
from tk.store.judging.committed import Committed
from tk.store.judging.succession import Succession
from tk.store.merging import merge_sides, remake
from tk.store.merging.remake import Merging, by_choice, remade
from tk.store.repo import Repo
from tk.store.touches import Touch


def at_fault(repo: Repo, merge: Commit) -> tuple[str, ...]:
    """Return the paths of the tickets that a merge got wrong; none where no policy was in force.

    That is where the law refuses what it made of one, or allows it to whoever merged, but nobody said that he did it.
    """
    policy = Succession(repo, merge.parents[0]).standing(merge).policy
    touches = [touch for touch in history.of_merge(repo, merge) if ids.is_ticket_path(touch.path)]
    if policy is None or not touches:
        return ()
    blobs = contents(repo, touches)
    sides = merge_sides.merging(repo, merge, touches, blobs)
    case = Case(repo, merge, policy, actor_of(policy, merge.email), blobs, [], sides)
    wrong = {finding.path for finding in case.findings(touches, []) if _is_wrong(finding)}
    return tuple(touch.path for touch in touches if touch.path in wrong)


def _is_wrong(finding: Finding) -> bool:
    return finding.verdict == "refused" or finding.code == "updated-not-moved"


def remade_by(repo: Repo, commit: Commit, touches: Iterable[Touch], blobs: Mapping[str, bytes]) -> dict[str, Ticket]:
    """Return what the tickets that a commit touched became by the merges that it makes again alone, by path."""
    read = (codec.read(touch.path, blobs.get(touch.after or "", b"")).ticket for touch in touches)
    tickets = [ticket for ticket in read if ticket is not None]
    found: dict[str, Ticket] = {}
    for merge in history.named(repo, [oid for oid in commit.remakes if _lies_before(repo, oid, commit)]):
        merging = remake.merging(repo, merge)
        if merging is not None:
            wrong = at_fault(repo, merge)
            for ticket in tickets:
                found |= _remade(merging, wrong, commit, ticket)
    return found


def _remade(merging: Merging, wrong: Sequence[str], commit: Commit, ticket: Ticket) -> dict[str, Ticket]:
    """Return what comes of a ticket that the merge got wrong, and of another that had its id."""
    now = Committed(merging.repo, commit.parents[0]).content
    choice = by_choice(decided_by(ticket))
    found: dict[str, Ticket] = {}
    for path in {ids.path_of(number) for number in (ticket.id, *ticket.aliases) if ids.is_id(number)}.intersection(
        wrong
    ):
        made = remade(merging, path, now, choice)
        for there, data in made.files.items() if made is not None else ():
            held = None if data is None else codec.read(there, data).ticket
            if held is not None:
                found[there] = held
    return found


def _lies_before(repo: Repo, oid: str, commit: Commit) -> bool:
    return len(commit.parents) == 1 and history.descends(repo, commit.parents[0], oid)
