"""The tickets of one commit before the law: what is to be said of each, from the contents alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids, importing
from tk.core.checks import misplaced
from tk.core.facts import Actor, actor_of
from tk.core.finding import Finding
from tk.core.instant import in_zone
from tk.core.law import undoing
from tk.core.policy import Policy
from tk.core.review import attributes
from tk.core.review.objections import review
from tk.core.review.squash import Change
from tk.core.ticket import Ticket
from tk.errors import Message, say
from tk.store import codec, git, policies
from tk.store.codec import Document
from tk.store.history import Commit
from tk.store.judging import committed, restored
from tk.store.judging.belongings import Belongings
from tk.store.merging import merge_sides
from tk.store.repo import Repo, oddity
from tk.store.touches import REGULAR, Touch

_DROPPED = frozenset({"event-removed", "event-altered", "stamp"})
"""What an audit has against a merge that did not keep what its sides come to."""


_READ = (policies.NAME, attributes.NAME)


class Case(NamedTuple):
    """The tickets of one commit before the law.

    `changes` gathers what became of each; `merge` are the sides of a merge; `remade` has the tickets that the commit's
    merges, made again, give by themselves, by path.
    """

    repo: Repo
    commit: Commit
    policy: Policy
    actor: Actor
    blobs: Mapping[str, bytes]
    changes: list[Change]
    merge: merge_sides.Merging | None
    remade: Mapping[str, Ticket] = {}

    def findings(self, tickets: Sequence[Touch], documents: Sequence[Touch]) -> Iterator[Finding]:
        """Yield what is to be said of the tickets that the commit changed, and of what else it did among them.

        What was put back to before the actor's own latest commit is as it was, so nothing is.
        """
        told = {touch.path: list(self._told(touch)) for touch in tickets}
        beside = Belongings(self.repo, self.commit, [after for _, after in self.changes])
        altered = list(beside.altered(documents))
        doubted = {ids.path_of(ids.owner_of(touch.path) or "") for touch in altered}
        doubted |= {path for path, found in told.items() if any(each.code != importing.IMPORTED for each in found)}
        back = self._put_back([touch for touch in tickets if touch.path in doubted and touch.mode == REGULAR])
        for touch in (touch for touch in tickets if touch.path not in back):
            again = self._made_again(touch) if touch.path in doubted else None
            yield from told[touch.path] if again is None else again
        for touch in self._not_as_before(back, altered):
            message = say("{path} was attached, and is not what it was", path=touch.path)
            found = refused(self.commit, touch.path, "attachment-altered", message)
            yield found._replace(ticket=ids.owner_of(touch.path))
        yield from beside.strays(self.policy, self.actor, [touch for touch in documents if touch not in altered])

    def _made_again(self, touch: Touch) -> list[Finding] | None:
        """Return what is to be said beyond merges made again; None where the change is none, or not that alone."""
        began = self.remade.get(touch.path)
        is_file = touch.after is not None and touch.mode == REGULAR
        after = self._document(touch.path, touch.after or "") if is_file else None
        if began is None or after is None or after.ticket is None:
            return None
        found = list(self._reviewed(after, began, after.ticket))
        return None if any(finding.verdict == "refused" for finding in found) else found

    def _not_as_before(self, back: Mapping[str, Commit], altered: Sequence[Touch]) -> Iterator[Touch]:
        """Yield the files that are not what they were before the commit from which their ticket was put back."""
        undone = [back.get(ids.path_of(ids.owner_of(touch.path) or "")) for touch in altered]
        names = [
            f"{commit.oid}^:{self.repo.prefix}{touch.path}" if commit else ""
            for commit, touch in zip(undone, altered, strict=True)
        ]
        found = git.objects(self.repo, names) if names else ()
        for touch, commit, held in zip(altered, undone, found, strict=True):
            if commit is None or touch.after != (held and held.oid):
                yield touch

    def _told(self, touch: Touch) -> Iterator[Finding]:
        odd = None if touch.after is None else oddity(touch.path, touch.mode)
        if odd is not None:
            yield refused(self.commit, touch.path, *odd)
        else:
            yield from self._removed(touch) if touch.after is None else self._changed(touch, touch.after)

    def _removed(self, touch: Touch) -> Iterator[Finding]:
        message = say("{path} was removed, which no action does", path=touch.path)
        yield refused(self.commit, touch.path, "removed", message)

    def _changed(self, touch: Touch, made: str) -> Iterator[Finding]:
        after = self._document(touch.path, made)
        earlier = [self._document(touch.path, oid) for oid in (*touch.before, touch.base) if oid is not None]
        broken = next((document for document in earlier if document.ticket is None), None)
        if broken is None and after.ticket is None:
            message = say("left unreadable: {why}", why=after.findings[0].message)
            yield refused(self.commit, touch.path, "unreadable", message)
            return
        before = None
        if after.ticket is not None:
            before = self._before(touch, after.ticket) if broken is None else self._mended(broken, after.ticket)
        if after.ticket is None or (broken is not None and before is None):
            why = (broken or after).findings[0].message
            message = say("cannot be judged, since it was unreadable before: {why}", why=why)
            yield unverifiable(self.commit, touch.path, "unreadable-before", message)
        else:
            self.changes.append((before, after.ticket))
            yield from self._reviewed(after, before, after.ticket)
            if codec.loose(after) not in ("", *map(codec.loose, earlier)):
                message = say("text was put between `## Log` and the first event, which no action does")
                line = next((told.line for told in after.findings if told.code == "bad-event"), 0)
                yield refused(self.commit, touch.path, "bad-event", message)._replace(line=line)
            yield from self._founded(touch.path, after.ticket) if before is None else ()
            for lost in merge_sides.dropped(self.merge, [document.ticket for document in earlier], after.ticket):
                yield refused(self.commit, touch.path, "removed", lost)

    def _founded(self, path: str, ticket: Ticket) -> Iterator[Finding]:
        """Yield what is wrong with where a new ticket lies, and with the names that it takes."""
        if ids.is_id(ticket.id) and ids.path_of(ticket.id) != path:
            yield refused(self.commit, path, "misplaced", misplaced(ticket.id))
        for parent in self.commit.parents[:1]:
            for name in filter(ids.is_id, ticket.aliases):
                if committed.Committed(self.repo, parent).content(ids.path_of(name)) is not None:
                    message = say("the id {id} is also that of {other}", id=name, other=ids.path_of(name))
                    yield refused(self.commit, path, "duplicate-id", message)

    def _reviewed(self, document: Document, before: Ticket | None, after: Ticket) -> Iterator[Finding]:
        at = in_zone(self.commit.at, policies.zone_of(self.policy))
        around = committed.outside(self.repo, self.commit, self.policy, before, after)
        place = codec.placing(document)
        for objection in review(self.policy, around, before, after, self.actor, at):
            if importing.answers(self.policy, self.commit.committer, objection.code, before, after):
                yield refused(self.commit, document.path, importing.IMPORTED, objection.message)
                continue
            line, column = place(objection.key)
            message = self._blamed(objection.code, objection.message, after.id)
            found = Finding(document.path, line, column, objection.code, "error", message, after.id, self.commit.oid)
            found = found._replace(verdict="refused")
            is_error = objection.severity == "error"
            yield found if is_error else found._replace(severity=objection.severity, verdict="allowed")

    def _blamed(self, code: str, message: Message, ticket: str) -> Message:
        """Return an objection; where it is a merge that left the ticket so, none of its sides, with what mends that."""
        if self.merge is None or code not in _DROPPED:
            return message
        return say("{why}: the merge dropped what a side had; tk resolve {id} merges anew", why=message, id=ticket)

    def _document(self, path: str, oid: str) -> Document:
        return codec.read(path, self.blobs.get(oid, b""))

    def _before(self, touch: Touch, after: Ticket) -> Ticket | None:
        """Return what the change began from; for a merge, what its sides come to by themselves."""
        sides = [held for oid in touch.before if oid and (held := self._document(touch.path, oid).ticket)]
        if self.merge is None:
            return sides[0] if sides else None
        base = None if touch.base is None else self._document(touch.path, touch.base).ticket
        return merge_sides.began(self.merge, base, sides, after)

    def _mended(self, broken: Document, after: Ticket) -> Ticket | None:
        """Return what the repair of an unreadable ticket began from: what its conflict was about, or its last state."""
        return merge_sides.unmarked(broken.path, broken.data, after) or self._last(broken.path)

    def _last(self, path: str) -> Ticket | None:
        return committed.Committed(self.repo, self.commit.parents[0]).last(path)

    def _put_back(self, touches: Sequence[Touch]) -> Mapping[str, Commit]:
        """Return by path, for tickets that are again as before the actor's own latest commit on them, that commit."""
        taken = restored.undone(self.repo, self.commit, touches)
        own = {path for path, undone in taken.items() if actor_of(self.policy, undone.email).name == self.actor.name}
        return {touch.path: taken[touch.path] for touch in touches if touch.path in own and self._may_undo(touch)}

    def _may_undo(self, touch: Touch) -> bool:
        held = None if touch.before[0] is None else self._document(touch.path, touch.before[0]).ticket
        ticket = held or Ticket(ids.id_of(touch.path) or touch.path)
        at = in_zone(self.commit.at, policies.zone_of(self.policy))
        around = committed.outside(self.repo, self.commit, self.policy, ticket, ticket)
        return undoing.against(self.policy, around, ticket, self.actor, at) is None


def contents(repo: Repo, touches: Iterable[Touch]) -> Mapping[str, bytes]:
    """Return what the tickets, policies and attributes of commits hold, before and after, by blob."""
    read = (touch for touch in touches if ids.is_ticket_path(touch.path) or touch.path.casefold().endswith(_READ))
    names = sorted({oid for touch in read for oid in (*touch.before, touch.after, touch.base) if oid is not None})
    return {oid: data for oid, data in zip(names, git.blobs(repo, names), strict=True) if data is not None}


def refused(commit: Commit, path: str, code: str, message: Message) -> Finding:
    """Return the finding that a commit did what was not allowed."""
    return Finding(path, 0, 0, code, "error", message, ids.id_of(path), commit.oid, "refused")


def unverifiable(commit: Commit, path: str, code: str, message: Message) -> Finding:
    """Return the finding that a commit did what cannot be judged."""
    return Finding(path, 0, 0, code, "warning", message, ids.id_of(path), commit.oid, "unverifiable")
