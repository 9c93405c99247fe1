"""Auditing commits: the law asked of each, by the policy in force, from the contents alone (design, section 5, Guard).

A commit is judged by the policy of its first parent, unless that came by a change that was refused: then by the policy
before it, so that no commit can grant itself, or the next one, a right.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core import ids
from tk.core.facts import NOTHING, Actor, Outside, actor_of
from tk.core.finding import Finding
from tk.core.instant import in_zone
from tk.core.permission import may
from tk.core.policy import Policy
from tk.core.review import Objection, merged, review
from tk.core.ticket import Ticket
from tk.errors import Message, say
from tk.store import codec, git, history, policies
from tk.store.desk import Desk
from tk.store.history import Commit, Touch
from tk.store.repo import Repo

GOVERNED = (policies.NAME, "templates/", "registers/")
"""What only those who may do `policy` change."""

_AT_ONCE = 500


class Audit(NamedTuple):
    """What an audit found: how many commits it judged, how many it could not, and the findings in commit order."""

    commits: int
    unverifiable: int
    findings: tuple[Finding, ...]


class _Force(NamedTuple):
    """A policy in force after a commit, and the hash of its text."""

    policy: Policy
    digest: bytes


def audit(desk: Desk, revisions: str | None = None) -> Audit:
    """Judge every commit of a range such as `main..topic`.

    Without a range: what the current branch has and its upstream has not; where there is no upstream, all of it.

    Raises:
        GitFailed: git does not know a revision.
    """
    repo = desk.repo
    force: dict[str, _Force | None] = {}
    ends = history.shallow_ends(repo)
    findings: list[Finding] = []
    commits = unverifiable = 0
    walked = history.of_range(repo, [revisions or _range(repo)])
    while chunk := list(islice(walked, _AT_ONCE)):
        blobs = _blobs(repo, chunk)
        for commit, touches in chunk:
            found = list(_Case(desk, commit, touches, blobs, force).findings(cut=commit.oid in ends))
            commits += 1
            unverifiable += any(finding.verdict == "unverifiable" for finding in found)
            findings.extend(found)
    return Audit(commits, unverifiable, tuple(findings))


def _range(repo: Repo) -> str:
    upstream = git.run(repo, "rev-parse", "--abbrev-ref", "@{upstream}", check=False)
    return "@{upstream}..HEAD" if upstream.status == 0 else "HEAD"


def _blobs(repo: Repo, chunk: Iterable[tuple[Commit, list[Touch]]]) -> Mapping[str, bytes]:
    """Return the contents of all desk files that the commits changed, before and after, by blob."""
    touches = [
        touch for _, found in chunk for touch in found if ids.is_ticket_path(touch.path) or touch.path == policies.NAME
    ]
    wanted = {oid for touch in touches for oid in (*touch.before, touch.after) if oid is not None}
    names = sorted(wanted)
    return {oid: data for oid, data in zip(names, git.blobs(repo, names), strict=True) if data is not None}


class _Case:
    """One commit before the law."""

    def __init__(
        self,
        desk: Desk,
        commit: Commit,
        touches: list[Touch],
        blobs: Mapping[str, bytes],
        force: dict[str, _Force | None],
    ) -> None:
        self._repo = desk.repo
        self._commit = commit
        self._touches = touches
        self._blobs = blobs
        self._force = force

    def findings(self, *, cut: bool) -> Iterator[Finding]:
        """Yield what is to be said of the commit, and note the policy in force after it.

        `cut` says that its parents are not in this clone.
        """
        standing = None if cut else self._standing()
        if standing is None:
            # Where the desk begins, or the clone does, nothing stood before to judge by.
            self._force[self._commit.oid] = self._own()
            if cut:
                message = say("the clone is shallow and ends here: git fetch --unshallow brings what is before")
                yield self._finding("", "shallow", "warning", message, verdict="unverifiable")
            return
        actor = actor_of(standing.policy, self._commit.email)
        yield from self._governed(standing, actor)
        for touch in self._touches:
            if ids.is_ticket_path(touch.path):
                yield from self._ticket(standing.policy, actor, touch)

    def _standing(self) -> _Force | None:
        """Return the policy that the commit is judged by."""
        parents = self._commit.parents
        return self._after(parents[0]) if parents else None

    def _after(self, oid: str) -> _Force | None:
        if oid not in self._force:
            self._force[oid] = _force(self._repo, next(git.blobs(self._repo, [_policy_at(self._repo, oid)])))
        return self._force[oid]

    def _own(self) -> _Force | None:
        return _force(self._repo, next(git.blobs(self._repo, [_policy_at(self._repo, self._commit.oid)])))

    def _governed(self, standing: _Force, actor: Actor) -> Iterator[Finding]:
        """Judge a change of the policy and its kin; note which policy is in force after the commit."""
        changed = [touch for touch in self._touches if touch.path.startswith(GOVERNED)]
        allowed = may(standing.policy, actor, "policy")
        self._force[self._commit.oid] = self._succession(standing, changed, allowed=allowed)
        for touch in () if allowed else changed:
            message = say("{actor} may not change {path}: no role allows policy", actor=actor.name, path=touch.path)
            yield self._finding(touch.path, "not-allowed", "error", message)

    def _succession(self, standing: _Force, changed: list[Touch], *, allowed: bool) -> _Force:
        if any(touch.path == policies.NAME for touch in changed):
            return (self._own() if allowed else None) or standing
        others = [self._after(parent) for parent in self._commit.parents[1:]]
        if all(other is None or other.digest == standing.digest for other in others):
            return standing
        own = self._own()
        return next((other for other in others if other and own and other.digest == own.digest), standing)

    def _ticket(self, policy: Policy, actor: Actor, touch: Touch) -> Iterator[Finding]:
        if touch.after is None:
            message = say("{path} was removed, which no action does", path=touch.path)
            yield self._finding(touch.path, "removed", "error", message)
            return
        after = codec.read(touch.path, self._blobs.get(touch.after, b""))
        befores = [codec.read(touch.path, self._blobs.get(oid, b"")) for oid in touch.before if oid is not None]
        unreadable = next((document for document in (after, *befores) if document.ticket is None), None)
        if unreadable is not None or after.ticket is None:
            yield self._unreadable(touch, after if unreadable is None else unreadable, now=unreadable is after)
            return
        parents = [document.ticket for document in befores if document.ticket is not None]
        before = merged(parents, after.ticket) if len(parents) > 1 else next(iter(parents), None)
        at = in_zone(self._commit.at, ZoneInfo(policy.desk.zone))
        for objection in review(policy, self._outside(before or after.ticket), before, after.ticket, actor, at):
            yield self._objection(touch.path, after.ticket, objection)

    def _outside(self, ticket: Ticket) -> Outside:
        paths = [ids.path_of(link.id) for link in ticket.links if ids.is_id(link.id)]
        if not paths:
            return NOTHING
        names = [f"{self._commit.parents[0]}:{self._repo.prefix}{path}" for path in paths]
        held = [
            codec.read(p, d).ticket for p, d in zip(paths, git.blobs(self._repo, names), strict=True) if d is not None
        ]
        return Outside(linked={other.id: other for other in held if other is not None})

    def _unreadable(self, touch: Touch, document: codec.Document, *, now: bool) -> Finding:
        why = document.findings[0].message
        if now:
            return self._finding(touch.path, "unreadable", "error", say("left unreadable: {why}", why=why))
        message = say("cannot be judged, since it was unreadable before: {why}", why=why)
        return self._finding(touch.path, "unreadable-before", "warning", message, verdict="unverifiable")

    def _objection(self, path: str, ticket: Ticket, objection: Objection) -> Finding:
        verdict = "refused" if objection.severity == "error" else "allowed"
        found = self._finding(path, objection.code, objection.severity, objection.message, verdict=verdict)
        return found._replace(ticket=ticket.id)

    def _finding(self, path: str, code: str, severity: str, message: Message, verdict: str = "refused") -> Finding:
        return Finding(path, 0, 0, code, severity, message, commit=self._commit.oid, verdict=verdict)


def _policy_at(repo: Repo, oid: str) -> str:
    return f"{oid}:{repo.prefix}{policies.NAME}"


def _force(repo: Repo, data: bytes | None) -> _Force | None:
    policy = None if data is None else policies.load(repo.state, data).policy
    return None if data is None or policy is None else _Force(policy, sha256(data).digest())
