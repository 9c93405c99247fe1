"""Auditing commits: the law asked of each, by the policy in force, from the contents alone (design, section 5, Guard).

Each commit is judged for what it did itself: a merge for what none of its sides had, or for a side's work that it
dropped. Putting a ticket back to before one's own latest commit on it is lawful for who may `undo`. Several commits
squashed into one are judged as the one change they now are; what that hides cannot be verified, unless a seal names the
tree they came to. Where the desk is signed, each commit that changes it must bear a signature of its author.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from tk.core import ids, importing
from tk.core.facts import Actor, actor_of
from tk.core.finding import Finding
from tk.core.law.permission import may
from tk.core.policy import Policy
from tk.core.review import squash
from tk.core.review.attributes import is_steered, lines, way
from tk.core.review.governed import first_change, is_governed
from tk.core.review.heads import Doubt, doubt
from tk.core.review.places import is_below_tickets
from tk.core.review.signing import unproven
from tk.errors import say
from tk.store import git, history, policies
from tk.store.desk import Desk
from tk.store.history import Commit, Range
from tk.store.judging import loss, seals, signatures, wrong_merges
from tk.store.judging.casework import Case, contents, refused, unverifiable
from tk.store.judging.charter import Charter
from tk.store.judging.seals import Seal
from tk.store.judging.succession import NONE, Force, Succession
from tk.store.merging import merge_sides
from tk.store.progress import unseen
from tk.store.repo import Repo
from tk.store.touches import REGULAR, Touch

_AT_ONCE = 200
"""How many commits' contents are in memory at a time."""


class Audit(NamedTuple):
    """What an audit found: how many commits it judged, how many it could not, and the findings in commit order."""

    commits: int
    unverifiable: int
    findings: tuple[Finding, ...]


def audit(desk: Desk, revisions: str | None = None) -> Audit:
    """Judge every commit of a range such as `main..topic`.

    Without a range: what the current branch has and its upstream has not; where there is no upstream, all of it.

    Raises:
        WrongUsage: git does not know a revision.
    """
    repo = desk.repo
    asked = history.unpublished(repo) if revisions is None else history.range_of(repo, revisions)
    if asked is None:
        return Audit(0, 0, ())
    held = seals.read(repo)
    bench = _Bench(repo, Succession(repo, asked.base, asked.tips[0]), history.shallow_ends(repo), held)
    findings = list(_rewritten(repo, held, revisions, asked))
    commits = unverifiable = 0
    walked = history.of_range(repo, asked)
    total = 0 if desk.progress is unseen else history.count(repo, asked)
    while chunk := list(islice(walked, _AT_ONCE)):
        desk.progress(commits, total)
        blobs = contents(repo, chain.from_iterable(found for _, found in chunk))
        of_desk = [(commit, [touch for touch in found if _is_judged(repo, touch, blobs)]) for commit, found in chunk]
        doubts = _doubts(desk, [commit for commit, touches in of_desk if touches])
        for commit, touches in of_desk:
            found = list(bench.judge(commit, touches, blobs, doubts.get(commit.oid)))
            commits += 1
            unverifiable += any(finding.verdict == "unverifiable" for finding in found)
            findings.extend(found)
    desk.progress(commits, commits)
    return Audit(commits, unverifiable, (*findings, *bench.imports.told()))


def _rewritten(repo: Repo, held: Sequence[Seal], revisions: str | None, asked: Range) -> Iterator[Finding]:
    """Yield the seals that the branch at which the range ends no longer holds; a shallow clone cannot tell."""
    if not held or history.shallow_ends(repo):
        return
    branches = loss.ends(repo, revisions or "HEAD", asked.tips)
    for seal, branch in loss.lost(repo, held, branches, asked.without):
        message = say(
            "{branch} was rewritten: it no longer holds what {seal} sealed; where that was meant, "
            "`git tag -d {seal}` ends this, and `git push REMOTE --delete {seal}` on a remote",
            branch=branch,
            seal=seal.name,
        )
        yield Finding("", 0, 0, "rewritten", "error", message, None, seal.commit, "refused")


def _doubts(desk: Desk, commits: Sequence[Commit]) -> dict[str, Doubt]:
    """Return by commit what is wrong with its head."""
    found = git.objects(desk.repo, [commit.oid for commit in commits]) if commits else ()
    heads = zip(commits, found, strict=True)
    doubts = {commit.oid: doubt(head.content, desk.instant) for commit, head in heads if head is not None}
    return {oid: told for oid, told in doubts.items() if told is not None}


def _is_judged(repo: Repo, touch: Touch, blobs: Mapping[str, bytes]) -> bool:
    """Return whether a change is one of the desk; that a file can be run, or cannot, makes no difference there."""
    is_changed = touch.before != (touch.after,) or touch.mode != REGULAR
    return is_changed and (is_below_tickets(touch.path) or _governs(repo, touch, blobs))


def _governs(repo: Repo, touch: Touch, blobs: Mapping[str, bytes]) -> bool:
    """Return whether a change is one of what only who may do `policy` changes."""
    there = way(touch.path, repo.prefix)
    if there is None:
        return is_governed(touch.path)
    before = [lines(blobs.get(oid or ""), there) for oid in touch.before]
    return is_steered(before, lines(blobs.get(touch.after or ""), there) if touch.mode == REGULAR else [])


class _Bench:
    """Where commits are judged, one after another, parents first."""

    def __init__(self, repo: Repo, succession: Succession, ends: frozenset[str], held: Sequence[Seal]) -> None:
        self._repo = repo
        self._seals = held
        self._succession = succession
        self._ends = ends
        self._has_begun = False
        self._is_parted = False
        self.imports = importing.Tally()

    def judge(
        self, commit: Commit, touches: list[Touch], blobs: Mapping[str, bytes], doubted: Doubt | None
    ) -> Iterator[Finding]:
        """Yield what is to be said of the commit, and note which policy is in force after it."""
        standing = self._succession.standing(commit)
        if commit.oid in self._ends or standing.policy is None:
            yield from self._unjudged(commit, touches, standing)
            return
        actor = actor_of(standing.policy, commit.email)
        changed = [touch for touch in touches if _governs(self._repo, touch, blobs)]
        found = [refused(commit, "", *doubted)] if doubted is not None else []
        found += self._signature(commit, standing.policy, actor, governs=bool(changed)) if touches else ()
        has_right = may(standing.policy, actor, "policy")
        allowed = has_right and not found  # a name that nothing proves puts no policy in force
        if changed and not allowed:
            allowed = self._is_sealed(commit, standing.policy)
        charter = Charter(self._repo, commit, changed, blobs)
        unfit = charter.unfit()
        rewritten = any(touch.path == policies.NAME for touch in changed)
        self._succession.succeed(commit, changes=rewritten, allowed=allowed and not unfit)
        found += [*unfit, *charter.broken()] if has_right or allowed else self._forbidden(charter, actor)
        tickets = [touch for touch in touches if ids.is_ticket_path(touch.path)]
        merge = merge_sides.merging(self._repo, commit, tickets, blobs)
        case = Case(self._repo, commit, standing.policy, actor, blobs, [], merge)
        if commit.remakes:
            case = case._replace(remade=wrong_merges.remade_by(self._repo, commit, tickets, blobs))
        found.extend(case.findings(tickets, [touch for touch in touches if is_below_tickets(touch.path)]))
        if tickets:
            found = self.imports.take(standing.policy, commit.committer, commit.email, commit.oid, found)
        found.extend(self._second(commit, found))
        if not (found and self._is_sealed(commit, standing.policy)):
            at_once = len(commit.parents) < 2
            yield from squash.told(standing.policy, case.changes, actor.name, found) if at_once else found

    def _second(self, commit: Commit, found: Sequence[Finding]) -> Iterator[Finding]:
        """Say of a second beginning that it is one, and who joined the two without the right to change the policy."""
        if self._succession.is_second(commit):
            self._is_parted = True
            if all(finding.verdict != "refused" for finding in found):
                message = say(
                    "brings a tk.toml where none stood, as {commit} does: nothing here tells which began the desk",
                    commit=(self._succession.origin or "")[:10],
                )
                yield unverifiable(commit, policies.NAME, "no-policy", message)
        if self._is_parted and len(commit.parents) > 1 and history.base_of(self._repo, commit.parents) is None:
            for policy in filter(None, (force.policy for force in self._succession.sides(commit))):
                actor = actor_of(policy, commit.email)
                if not may(policy, actor, "policy"):
                    message = say("{actor} may not join two desks: no role allows policy", actor=actor.name)
                    yield refused(commit, policies.NAME, "not-allowed", message)
                    return

    def _is_sealed(self, commit: Commit, policy: Policy) -> bool:
        """Return whether a seal that counts by the policy in force names what the commit came to."""
        parent = next(iter(commit.parents), None)
        if parent is None:
            return False
        covering = seals.covering(self._repo, self._seals, commit.oid, parent)
        return any(seals.counts(self._repo, policy, seal) for seal in covering)

    def _signature(self, commit: Commit, policy: Policy, actor: Actor, *, governs: bool) -> Iterator[Finding]:
        if not policy.desk.signed:
            return
        person = policy.people.entries.get(actor.handle or "")
        is_unproven = person is None or not person.signing_keys
        if is_unproven and not governs and importing.may_import(policy, commit.committer):
            actor = actor_of(policy, commit.committer)  # who answers for what others did elsewhere
        wrong = unproven(policy, actor, signatures.of_commit(self._repo, commit.oid))
        if wrong is not None:
            verdict = unverifiable if wrong.code == "unknown-signature" else refused
            yield verdict(commit, "", wrong.code, wrong.message)

    def _unjudged(self, commit: Commit, touches: list[Touch], standing: Force) -> Iterator[Finding]:
        """Say why nothing can be judged where nothing stood before; a desk's first beginning is as it should be."""
        own = self._succession.found(commit)
        if commit.oid in self._ends:
            message = say("the clone is shallow and ends here: git fetch --unshallow brings what is before")
            yield unverifiable(commit, "", "shallow", message)
        elif standing != NONE:
            if touches:
                message = say("cannot be judged, since tk.toml could not be read before it")
                yield unverifiable(commit, policies.NAME, "no-policy", message)
        elif own != NONE and not self._has_begun:
            self._has_begun = True
        elif touches:
            message = say("cannot be judged, since no tk.toml stood before it")
            yield unverifiable(commit, policies.NAME, "no-policy", message)

    def _forbidden(self, charter: Charter, actor: Actor) -> Iterator[Finding]:
        for touch in charter.touches:
            message = say("{actor} may not change {path}: no role allows policy", actor=actor.name, path=touch.path)
            sides = [charter.blobs.get(oid or "") for oid in (touch.before[0], touch.after)]
            found = refused(charter.commit, touch.path, "not-allowed", message)
            yield found._replace(line=first_change(*sides), column=1)
