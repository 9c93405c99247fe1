"""What commits did to tickets, entry by entry, as people are told: from their contents, by whoever made them.

Each commit that changed a ticket's file is told once, by what it did itself: a merge only by what none of its sides
had. A commit that left nothing readable, or only wrote the same anew, is there without changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from tk.core.facts import Actor, actor_of
from tk.core.instant import epoch, format_instant
from tk.core.law.difference import derive
from tk.core.merging.merge import joined
from tk.core.policy import Policy
from tk.core.ticket import KEYS, Event, Ticket, value_of
from tk.store import codec, git, history, policies
from tk.store.desk import Desk
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


class Past(NamedTuple):
    """What git has of one ticket's file.

    `data` is its content by commit and for the tip, None where it is not there; `tickets` what each content holds:
    where it cannot be read, the ticket as it was before. `laws` are the policies of commits by whoever is no person of
    the desk today.
    """

    path: str
    data: Mapping[str, bytes | None]
    tickets: Mapping[bytes, Ticket | None]
    laws: Mapping[str, Policy]

    def ticket(self, oid: str) -> Ticket | None:
        """Return the ticket as a commit has it; None where it has none."""
        data = self.data[oid]
        return None if data is None else self.tickets.get(data)


def pasts(desk: Desk, commits: Mapping[str, Sequence[Commit]], tip: str = "HEAD") -> dict[str, Past]:
    """Return what git has of several tickets' files, by path: in these commits, in their parents, and at the tip."""
    wanted = {
        path: [*dict.fromkeys(oid for commit in held for oid in (*commit.parents, commit.oid)), tip]
        for path, held in commits.items()
    }
    names = [f"{oid}:{desk.repo.prefix}{path}" for path, oids in wanted.items() for oid in oids]
    contents = git.blobs(desk.repo, names)
    data = {path: {oid: next(contents) for oid in oids} for path, oids in wanted.items()}
    next(contents, None)
    laws = _laws(desk, {commit.oid: commit for held in commits.values() for commit in held}.values())
    return {path: Past(path, data[path], _tickets(path, data[path], held), laws) for path, held in commits.items()}


def _laws(desk: Desk, commits: Iterable[Commit]) -> dict[str, Policy]:
    strangers = [commit.oid for commit in commits if desk.policy.person_of(commit.email) is None]
    read: dict[bytes | None, Policy] = {None: desk.policy, desk.policy_data: desk.policy}
    laws = {}
    names = (f"{oid}:{desk.repo.prefix}{policies.NAME}" for oid in strangers)
    for oid, data in zip(strangers, git.blobs(desk.repo, names) if strangers else (), strict=True):
        if data is not None and data not in read:
            read[data] = policies.load(desk.repo.state, data).policy or desk.policy
        laws[oid] = read[data]
    return laws


def _tickets(path: str, data: Mapping[str, bytes | None], commits: Sequence[Commit]) -> dict[bytes, Ticket | None]:
    tickets: dict[bytes, Ticket | None] = {}
    for commit in commits:
        for oid in (*commit.parents, commit.oid):
            held = data[oid]
            if held is not None and held not in tickets:
                before = (tickets.get(data[parent] or b"") for parent in commit.parents)
                tickets[held] = codec.read(path, held).ticket or next((old for old in before if old), None)
    return tickets


def in_time(past: Past, commits: Iterable[Commit]) -> list[Commit]:
    """Return commits, which come parents before children, by the author's date, none before what it builds on."""
    ends: dict[bytes | None, int] = {}
    timed = []
    for number, commit in enumerate(commits):
        start = max((ends.get(past.data[parent], 0) for parent in commit.parents), default=0)
        ends[past.data[commit.oid]] = max(start, epoch(commit.at))
        timed.append((ends[past.data[commit.oid]], number, commit))
    return [commit for _, _, commit in sorted(timed, key=lambda item: item[:2])]


def entries(desk: Desk, past: Past, commits: Sequence[Commit]) -> list[Entry]:
    """Return what each of these commits did to the ticket, in their order; where a shallow view ends, no action."""
    ends = history.shallow_ends(desk.repo)
    found = (entry for commit in commits if (entry := _entry(desk, past, commit, commits)))
    return [entry._replace(actions=()) if entry.commit in ends else entry for entry in found]


def _entry(desk: Desk, past: Past, commit: Commit, commits: Sequence[Commit]) -> Entry | None:
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
    actor, actions = _done(desk, past, before, after, commit)
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


def _is_undo(desk: Desk, past: Past, commit: Commit, commits: Sequence[Commit]) -> bool:
    """Return whether the commit put the ticket back to before its author's own latest commit on it.

    git is asked which that is only where some earlier commit could be it.
    """
    made = past.data[commit.oid]
    earlier = takewhile(lambda other: other is not commit, commits)
    if len(commit.parents) != 1 or not any(past.data[p] == made for other in earlier for p in other.parents[:1]):
        return False
    undone = history.undone_by(desk.repo, past.path, commit, history.blob_of(desk.repo, commit.oid, past.path))
    return undone is not None and actor_of(desk.policy, undone.email).name == actor_of(desk.policy, commit.email).name


def _base(desk: Desk, path: str, merge: Commit) -> Ticket | None:
    """Return the ticket as it was where the sides of a merge parted."""
    base = history.base_of(desk.repo, merge.parents)
    data = None if base is None else next(git.blobs(desk.repo, [f"{base}:{desk.repo.prefix}{path}"]))
    return None if data is None else codec.read(path, data).ticket


def _done(
    desk: Desk, past: Past, before: Ticket | None, after: Ticket | None, commit: Commit
) -> tuple[Actor, tuple[str, ...]]:
    """Return who acted and what was done, by the people of today; who is not among them, by those of then."""
    actor = actor_of(desk.policy, commit.email)
    actions = _names(desk.policy, before, after, actor)
    if actor.handle is not None and not any(name.startswith("log-for.") for name in actions):
        return actor, actions
    then = past.laws.get(commit.oid) or _laws_of(desk, commit)
    once = actor_of(then, commit.email)
    return (once if actor.handle is None else actor), _names(then, before, after, once)


def _laws_of(desk: Desk, commit: Commit) -> Policy:
    data = next(git.blobs(desk.repo, [f"{commit.oid}:{desk.repo.prefix}{policies.NAME}"]))
    return desk.policy if data is None else policies.load(desk.repo.state, data).policy or desk.policy


def _names(policy: Policy, before: Ticket | None, after: Ticket | None, actor: Actor | None) -> tuple[str, ...]:
    if after is None:
        return ()
    return tuple(action.name for action in derive(policy, before, after, actor))


def uncommitted(policy: Policy, before: Ticket | None, after: Ticket) -> Entry:
    """Return what was done to a ticket since it was last committed."""
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
