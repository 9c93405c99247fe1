"""Auditing commits: the law asked of each, by the policy in force, from the contents alone (design, section 5, Guard).

Each commit is judged for what it did itself: a merge for what none of its sides had, or for a side's work that it
dropped. Putting a ticket back to before one's own latest commit on it is lawful for who may `undo`. Several commits
squashed into one are judged as the one change they now are: what it hides, such as when a status began, is found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from tk.core import ids, importing, undoing
from tk.core.facts import Actor, actor_of
from tk.core.finding import Finding
from tk.core.instant import in_zone
from tk.core.merge import joined
from tk.core.permission import may
from tk.core.policy import Policy
from tk.core.review import review
from tk.core.ticket import Ticket
from tk.errors import Message, say
from tk.store import codec, committed, git, history, policies
from tk.store.codec import Document
from tk.store.desk import Desk
from tk.store.history import Commit, Touch
from tk.store.progress import unseen
from tk.store.repo import Repo
from tk.store.succession import NONE, Force, Succession

GOVERNED = ("templates/", "registers/")
"""The folders that only those who may do `policy` change, as they do tk.toml."""

_IMPORTED = "imported"
"""The code of what an importer answers for."""

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
    bench = _Bench(repo, Succession(repo, asked.base), history.shallow_ends(repo))
    findings: list[Finding] = []
    commits = unverifiable = 0
    walked = history.of_range(repo, asked)
    total = 0 if desk.progress is unseen else history.count(repo, asked)
    while chunk := list(islice(walked, _AT_ONCE)):
        desk.progress(commits, total)
        blobs = _blobs(repo, chunk)
        for commit, touches in chunk:
            found = list(bench.judge(commit, [touch for touch in touches if _is_judged(touch.path)], blobs))
            commits += 1
            unverifiable += any(finding.verdict == "unverifiable" for finding in found)
            findings.extend(found)
    desk.progress(commits, commits)
    return Audit(commits, unverifiable, (*findings, *bench.imported()))


def _is_governed(path: str) -> bool:
    return path == policies.NAME or path.startswith(GOVERNED)


def _is_judged(path: str) -> bool:
    return ids.is_ticket_path(path) or _is_governed(path) or ids.owner_of(path) is not None


def _blobs(repo: Repo, chunk: Iterable[tuple[Commit, list[Touch]]]) -> Mapping[str, bytes]:
    """Return the contents of all tickets and policies that the commits changed, before and after, by blob."""
    touches = chain.from_iterable(found for _, found in chunk)
    read = (touch for touch in touches if ids.is_ticket_path(touch.path) or touch.path == policies.NAME)
    names = sorted({oid for touch in read for oid in (*touch.before, touch.after, touch.base) if oid is not None})
    return {oid: data for oid, data in zip(names, git.blobs(repo, names), strict=True) if data is not None}


class _Bench:
    """Where commits are judged, one after another, parents first."""

    def __init__(self, repo: Repo, succession: Succession, ends: frozenset[str]) -> None:
        self._repo = repo
        self._succession = succession
        self._ends = ends
        self._has_begun = False
        self._imports: dict[str, tuple[int, str]] = {}

    def imported(self) -> Iterator[Finding]:
        """Yield for each importer how many commits he answers for, at the last of them."""
        for importer, (count, oid) in self._imports.items():
            message = say("imported by {importer}, who has the role: commits {count}", importer=importer, count=count)
            yield Finding("", 0, 0, _IMPORTED, "note", message, None, oid, "allowed")

    def judge(self, commit: Commit, touches: list[Touch], blobs: Mapping[str, bytes]) -> Iterator[Finding]:
        """Yield what is to be said of the commit, and note which policy is in force after it."""
        standing = self._succession.standing(commit)
        if commit.oid in self._ends or standing.policy is None:
            yield from self._unjudged(commit, touches, standing)
            return
        actor = actor_of(standing.policy, commit.email)
        changed = [touch for touch in touches if _is_governed(touch.path)]
        allowed = may(standing.policy, actor, "policy")
        rewritten = any(touch.path == policies.NAME for touch in changed)
        self._succession.succeed(commit, changes=rewritten, allowed=allowed)
        for touch in changed:
            yield from self._governed(commit, touch, actor, blobs, allowed=allowed)
        imports = importing.may_import(standing.policy, commit.committer)
        case = _Case(self._repo, commit, standing.policy, actor, blobs, imports=imports)
        tickets = [touch for touch in touches if ids.is_ticket_path(touch.path)]
        found = [finding for touch in tickets for finding in case.findings(touch)]
        yield from (finding for finding in found if finding.code != _IMPORTED)
        yield from case.altered([touch for touch in touches if ids.owner_of(touch.path)], tickets)
        in_anothers_name = commit.committer.lower() != commit.email.lower()
        if imports and tickets and (in_anothers_name or any(finding.code == _IMPORTED for finding in found)):
            importer = actor_of(standing.policy, commit.committer).name
            self._imports[importer] = (self._imports.get(importer, (0, ""))[0] + 1, commit.oid)

    def _unjudged(self, commit: Commit, touches: list[Touch], standing: Force) -> Iterator[Finding]:
        """Say why nothing can be judged where nothing stood before; a desk's first beginning is as it should be."""
        own = self._succession.found(commit)
        if commit.oid in self._ends:
            message = say("the clone is shallow and ends here: git fetch --unshallow brings what is before")
            yield _unverifiable(commit, "", "shallow", message)
        elif standing != NONE:
            if touches:
                message = say("cannot be judged, since tk.toml could not be read before it")
                yield _unverifiable(commit, policies.NAME, "no-policy", message)
        elif own != NONE and not self._has_begun:
            self._has_begun = True
        elif touches:
            message = say("cannot be judged, since no tk.toml stood before it")
            yield _unverifiable(commit, policies.NAME, "no-policy", message)

    def _governed(
        self, commit: Commit, touch: Touch, actor: Actor, blobs: Mapping[str, bytes], *, allowed: bool
    ) -> Iterator[Finding]:
        if not allowed:
            message = say("{actor} may not change {path}: no role allows policy", actor=actor.name, path=touch.path)
            yield _refused(commit, touch.path, "not-allowed", message)
        elif touch.path == policies.NAME and touch.after is not None:
            reading = policies.load(self._repo.state, blobs.get(touch.after, b""))
            if reading.policy is None:
                message = say("left unreadable, so the policy before stays: {why}", why=reading.findings[0].message)
                yield _refused(commit, touch.path, "unreadable", message)


class _Case(NamedTuple):
    """The tickets of one commit before the law."""

    repo: Repo
    commit: Commit
    policy: Policy
    actor: Actor
    blobs: Mapping[str, bytes]
    imports: bool

    def findings(self, touch: Touch) -> list[Finding]:
        """Return what is to be said of one ticket's change."""
        found = list(self._removed(touch) if touch.after is None else self._changed(touch, touch.after))
        is_refused = any(finding.code != _IMPORTED for finding in found)
        return [] if is_refused and self._is_put_back(touch) else found

    def altered(self, documents: Sequence[Touch], tickets: Sequence[Touch]) -> Iterator[Finding]:
        """Yield the attached files that the commit altered or removed, unless it put their tickets back."""
        for touch in documents:
            number = ids.owner_of(touch.path) or ""
            if touch.after in touch.before or not any(touch.before):
                continue  # a merge that took a side, or a file that was not there
            had = committed.Committed(self.repo, self.commit.parents[0]).ticket(number)
            name = touch.path.rpartition("/")[2]
            if had is None or name not in {document.file for document in had.attachments}:
                continue
            own = next((other for other in tickets if other.path == ids.path_of(number)), None)
            if own is None or not self._is_put_back(own):
                message = say("{path} was attached, and is not what it was", path=touch.path)
                yield _refused(self.commit, touch.path, "attachment-altered", message)._replace(ticket=number)

    def _removed(self, touch: Touch) -> Iterator[Finding]:
        message = say("{path} was removed, which no action does", path=touch.path)
        yield _refused(self.commit, touch.path, "removed", message)

    def _changed(self, touch: Touch, made: str) -> Iterator[Finding]:
        after = self._document(touch.path, made)
        earlier = [self._document(touch.path, oid) for oid in (*touch.before, touch.base) if oid is not None]
        broken = next((document for document in earlier if document.ticket is None), None)
        if broken is None and after.ticket is None:
            message = say("left unreadable: {why}", why=after.findings[0].message)
            yield _refused(self.commit, touch.path, "unreadable", message)
            return
        before = None
        if after.ticket is not None:
            before = self._before(touch, after.ticket) if broken is None else self._last_readable(touch.path)
        if after.ticket is None or (broken is not None and before is None):
            why = (broken or after).findings[0].message
            message = say("cannot be judged, since it was unreadable before: {why}", why=why)
            yield _unverifiable(self.commit, touch.path, "unreadable-before", message)
        else:
            yield from self._reviewed(touch.path, before, after.ticket)

    def _reviewed(self, path: str, before: Ticket | None, after: Ticket) -> Iterator[Finding]:
        at = in_zone(self.commit.at, policies.zone_of(self.policy))
        around = committed.outside(self.repo, self.commit, self.policy, before, after)
        for objection in review(self.policy, around, before, after, self.actor, at):
            found = _refused(self.commit, path, objection.code, objection.message)._replace(ticket=after.id)
            if self.imports and importing.is_foreign(self.policy, objection.code, before, after):
                found = found._replace(code=_IMPORTED)
            is_error = objection.severity == "error"
            yield found if is_error else found._replace(severity=objection.severity, verdict="allowed")

    def _document(self, path: str, oid: str) -> Document:
        return codec.read(path, self.blobs.get(oid, b""))

    def _before(self, touch: Touch, after: Ticket) -> Ticket | None:
        """Return what the change began from; for a merge, what its sides come to by themselves."""
        held = [self._document(touch.path, oid).ticket for oid in touch.before if oid is not None]
        sides = [ticket for ticket in held if ticket is not None]
        if len(sides) < 2:
            return next(iter(sides), None)
        base = None if touch.base is None else self._document(touch.path, touch.base).ticket
        return joined(base, sides, after)

    def _last_readable(self, path: str) -> Ticket | None:
        """Return the ticket as it was when its file could last be read."""
        commits = history.of_path(self.repo, path, self.commit.parents[0])
        names = [f"{commit.oid}:{self.repo.prefix}{path}" for commit in reversed(commits)]
        read = (codec.read(path, data).ticket for data in git.blobs(self.repo, names) if data is not None)
        return next((ticket for ticket in read if ticket is not None), None)

    def _is_put_back(self, touch: Touch) -> bool:
        """Return whether the ticket is again, to the byte, as it was before the actor's own latest commit on it."""
        undone = history.undone_by(self.repo, touch.path, self.commit, touch.after)
        if undone is None or actor_of(self.policy, undone.email).name != self.actor.name:
            return False
        held = None if touch.before[0] is None else self._document(touch.path, touch.before[0]).ticket
        ticket = held or Ticket(ids.id_of(touch.path) or touch.path)
        at = in_zone(self.commit.at, policies.zone_of(self.policy))
        around = committed.outside(self.repo, self.commit, self.policy, ticket, ticket)
        return undoing.against(self.policy, around, ticket, self.actor, at) is None


def _refused(commit: Commit, path: str, code: str, message: Message) -> Finding:
    return Finding(path, 0, 0, code, "error", message, ids.id_of(path), commit.oid, "refused")


def _unverifiable(commit: Commit, path: str, code: str, message: Message) -> Finding:
    return Finding(path, 0, 0, code, "warning", message, ids.id_of(path), commit.oid, "unverifiable")
