"""One ticket's story: the events its file holds and the changes git knows, in time order (design, section 4).

Each commit that changed the file is told once, by what it did itself: a merge only by what none of its sides had. A
commit that left nothing readable, or only wrote the same anew, is there without changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.difference import derive
from tk.core.facts import Actor, actor_of
from tk.core.instant import format_instant
from tk.core.merge import joined
from tk.core.policy import Policy
from tk.core.ticket import KEYS, Event, Ticket, value_of
from tk.store import codec, git, history, policies
from tk.store.desk import Desk, ticket_of
from tk.store.history import Commit

STAMPS = frozenset({"id", "updated", "activity", "status-since"})
"""Keys whose changes only follow from others, and are not told."""


class FieldChange(NamedTuple):
    """A key of the ticket that changed: its value before and after, None where there was none."""

    field: str
    before: object
    after: object


class Entry(NamedTuple):
    """What one commit did to the ticket; `commit` is None for what is not committed yet.

    `at` is None for an edit by hand that did not move `updated`: nobody knows when it was made.
    """

    commit: str | None
    at: datetime | None
    by: str | None
    email: str | None
    rule: str | None
    actions: tuple[str, ...]
    changes: tuple[FieldChange, ...]
    events: tuple[Event, ...]


class Story(NamedTuple):
    """The history of a ticket, the oldest first.

    `begins_at` names the commit where a shallow clone's view ends: its entry holds, without actions, what the ticket
    was then, whoever had made it so.
    """

    ticket: Ticket
    path: str
    entries: tuple[Entry, ...]
    begins_at: str | None


class _Past(NamedTuple):
    """What git has of one ticket's file.

    `data` is its content by commit and for HEAD, None where it is not there; `tickets` what each content holds: where
    it cannot be read, the ticket as it was before.
    """

    path: str
    data: Mapping[str, bytes | None]
    tickets: Mapping[bytes, Ticket | None]

    def ticket(self, oid: str) -> Ticket | None:
        """Return the ticket as a commit has it; None where it has none."""
        data = self.data[oid]
        return None if data is None else self.tickets.get(data)


def story(desk: Desk, text: str) -> Story:
    """Return the history of the ticket that `text` names, from the contents of commits.

    An edit that is not committed comes last.
    """
    document = desk.document(text)
    ticket = ticket_of(document)
    commits = history.of_path(desk.repo, document.path)
    ends = history.shallow_ends(desk.repo)
    past = _past(desk, document.path, commits)
    entries = [entry for commit in commits if (entry := _entry(desk, past, commit, commits))]
    entries = [entry._replace(actions=()) if entry.commit in ends else entry for entry in entries]
    tip = past.ticket("HEAD")
    if tip != ticket:
        entries.append(_uncommitted(desk.policy, tip, ticket))
    return Story(ticket, document.path, tuple(entries), next((c.oid for c in commits if c.oid in ends), None))


def _past(desk: Desk, path: str, commits: Sequence[Commit]) -> _Past:
    oids = dict.fromkeys(oid for commit in commits for oid in (*commit.parents, commit.oid))
    names = [f"{oid}:{desk.repo.prefix}{path}" for oid in (*oids, "HEAD")]
    data = dict(zip((*oids, "HEAD"), git.blobs(desk.repo, names), strict=True))
    tickets: dict[bytes, Ticket | None] = {}
    for commit in commits:
        for oid in (*commit.parents, commit.oid):
            held = data[oid]
            if held is not None and held not in tickets:
                before = (tickets.get(data[parent] or b"") for parent in commit.parents)
                tickets[held] = codec.read(path, held).ticket or next((old for old in before if old), None)
    return _Past(path, data, tickets)


def _entry(desk: Desk, past: _Past, commit: Commit, commits: Sequence[Commit]) -> Entry | None:
    """Return what the commit did itself; None where it took the file as one of its parents has it."""
    if any(past.data[parent] == past.data[commit.oid] for parent in commit.parents):
        return None
    after = past.ticket(commit.oid)
    sides = [side for parent in commit.parents if (side := past.ticket(parent)) is not None]
    before = next(iter(sides), None)
    if after is not None and len(commit.parents) > 1:
        before = joined(_base(desk, past.path, commit), sides, after) if len(sides) > 1 else before
        if after in (before, *sides):
            return None
    actor, actions = _done(desk, before, after, commit)
    return Entry(
        commit=commit.oid,
        at=commit.at,
        by=actor.name,
        email=commit.email,
        rule=commit.rule,
        actions=("undo",) if _is_undo(desk, past, commit, commits) else actions,
        changes=tuple(_changes(before, after)),
        events=tuple(_events(before, after)),
    )


def _is_undo(desk: Desk, past: _Past, commit: Commit, commits: Sequence[Commit]) -> bool:
    """Return whether the commit put the ticket back to before its author's own latest commit on it.

    git is asked which that is only where some earlier commit could be it.
    """
    made = past.data[commit.oid]
    if len(commit.parents) != 1 or not any(past.data[p] == made for other in commits for p in other.parents[:1]):
        return False
    undone = history.undone_by(desk.repo, past.path, commit, history.blob_of(desk.repo, commit.oid, past.path))
    return undone is not None and actor_of(desk.policy, undone.email).name == actor_of(desk.policy, commit.email).name


def _base(desk: Desk, path: str, merge: Commit) -> Ticket | None:
    """Return the ticket as it was where the sides of a merge parted."""
    base = history.base_of(desk.repo, merge.parents)
    data = None if base is None else next(git.blobs(desk.repo, [f"{base}:{desk.repo.prefix}{path}"]))
    return None if data is None else codec.read(path, data).ticket


def _done(desk: Desk, before: Ticket | None, after: Ticket | None, commit: Commit) -> tuple[Actor, tuple[str, ...]]:
    """Return who acted and what was done, by the people of today; who is not among them, by those of then."""
    actor = actor_of(desk.policy, commit.email)
    actions = _names(desk.policy, before, after, actor)
    if actor.handle is not None and not any(name.startswith("log-for.") for name in actions):
        return actor, actions
    data = next(git.blobs(desk.repo, [f"{commit.oid}:{desk.repo.prefix}{policies.NAME}"]))
    then = desk.policy if data is None else policies.load(desk.repo.state, data).policy or desk.policy
    once = actor_of(then, commit.email)
    return (once if actor.handle is None else actor), _names(then, before, after, once)


def _names(policy: Policy, before: Ticket | None, after: Ticket | None, actor: Actor | None) -> tuple[str, ...]:
    if after is None:
        return ()
    return tuple(action.name for action in derive(policy, before, after, actor))


def _uncommitted(policy: Policy, before: Ticket | None, after: Ticket) -> Entry:
    return Entry(
        commit=None,
        at=None if before is not None and before.updated == after.updated else after.updated,
        by=None,
        email=None,
        rule=None,
        actions=_names(policy, before, after, None),
        changes=tuple(_changes(before, after)),
        events=tuple(_events(before, after)),
    )


def _events(before: Ticket | None, after: Ticket | None) -> Iterator[Event]:
    known = set() if before is None else {event.id for event in before.events}
    return (event for event in (() if after is None else after.events) if event.id not in known)


def _changes(before: Ticket | None, after: Ticket | None) -> Iterator[FieldChange]:
    """Yield the keys that changed; of a ticket whose file was removed only the id, which is gone."""
    if after is None:
        if before is not None:
            yield FieldChange("id", before.id, None)
        return
    held = () if before is None else tuple(before.fields)
    for key in dict.fromkeys((*KEYS, *held, *after.fields)):
        old, new = (None if before is None else value_of(before, key)), value_of(after, key)
        if old != new and (new or old) and (key not in STAMPS or before is None):
            yield FieldChange(key, old or None, new or None)
    old_text = "" if before is None else before.description
    if old_text != after.description:
        yield FieldChange("description", old_text or None, after.description or None)
    yield from _rewritten(() if before is None else before.events, after.events)


def _rewritten(before: Sequence[Event], after: Sequence[Event]) -> Iterator[FieldChange]:
    """Yield the events that were altered or removed, which no command does."""
    kept = {event.id: event for event in after}
    for event in before:
        now = kept.get(event.id)
        if now != event:
            yield FieldChange("events", _line(event), None if now is None else _line(now))


def _line(event: Event) -> str:
    facts = "".join(f" {name}={value}" for name, value in event.facts.items())
    return f"{event.id} {format_instant(event.at)} {event.type} {event.by}{facts}: {event.text}"
