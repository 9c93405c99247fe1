"""One ticket's story: the events its file holds and the changes git knows, in time order (design, section 4)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.difference import derive
from tk.core.facts import actor_of
from tk.core.policy import Policy
from tk.core.review import merged
from tk.core.ticket import KEYS, Event, Ticket, value_of
from tk.store import codec, git, history
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
    """What one commit did to the ticket; `commit` is None for what is not committed yet."""

    commit: str | None
    at: datetime | None
    by: str | None
    email: str | None
    rule: str | None
    actions: tuple[str, ...]
    changes: tuple[FieldChange, ...]
    events: tuple[Event, ...]


class Story(NamedTuple):
    """The history of a ticket, the oldest first; `begins_at` names the commit where a shallow clone's view ends."""

    ticket: Ticket
    path: str
    entries: tuple[Entry, ...]
    begins_at: str | None


def story(desk: Desk, text: str) -> Story:
    """Return the history of the ticket that `text` names, from the contents of commits.

    A merge tells only what it holds that none of its parents did; an edit that is not committed comes last.
    """
    document = desk.document(text)
    ticket = ticket_of(document)
    commits = history.of_path(desk.repo, document.path)
    states = _states(desk, document.path, commits)
    entries = [entry for commit in commits if (entry := _entry(desk.policy, commit, states))]
    tip = _parsed(document.path, next(iter(git.blobs(desk.repo, [f"HEAD:{desk.repo.prefix}{document.path}"]))))
    if tip != ticket:
        entries.append(_told(desk.policy, tip, ticket, None))
    ends = history.shallow_ends(desk.repo)
    return Story(ticket, document.path, tuple(entries), next((c.oid for c in commits if c.oid in ends), None))


def _states(desk: Desk, path: str, commits: Sequence[Commit]) -> dict[str, Ticket | None]:
    """Return the ticket as each commit and each of their parents has it."""
    oids = list(dict.fromkeys(oid for commit in commits for oid in (commit.oid, *commit.parents)))
    names = [f"{oid}:{desk.repo.prefix}{path}" for oid in oids]
    parsed = (_parsed(path, data) for data in git.blobs(desk.repo, names))
    return dict(zip(oids, parsed, strict=True))


def _parsed(path: str, data: bytes | None) -> Ticket | None:
    return None if data is None else codec.read(path, data).ticket


def _entry(policy: Policy, commit: Commit, states: dict[str, Ticket | None]) -> Entry | None:
    after = states[commit.oid]
    parents = [held for oid in commit.parents if (held := states[oid]) is not None]
    if after is None or after in parents:
        return None
    before = merged(parents, after) if len(parents) > 1 else next(iter(parents), None)
    return _told(policy, before, after, commit)


def _told(policy: Policy, before: Ticket | None, after: Ticket, commit: Commit | None) -> Entry:
    actor = None if commit is None else actor_of(policy, commit.email)
    actions = derive(policy, before, after, None if actor is None else actor.name)
    known = set() if before is None else {event.id for event in before.events}
    return Entry(
        commit=None if commit is None else commit.oid,
        at=after.updated if commit is None else commit.at,
        by=None if actor is None else actor.name,
        email=None if commit is None else commit.email,
        rule=None if commit is None else commit.rule,
        actions=tuple(_names(actions)),
        changes=tuple(_changes(before, after)),
        events=tuple(event for event in after.events if event.id not in known),
    )


def _names(actions: Sequence[Action]) -> Iterator[str]:
    return (action.name for action in actions)


def _changes(before: Ticket | None, after: Ticket) -> Iterator[FieldChange]:
    held = () if before is None else tuple(before.fields)
    for key in dict.fromkeys((*KEYS, *held, *after.fields)):
        old, new = (None if before is None else value_of(before, key)), value_of(after, key)
        if old != new and (new or old) and (key not in STAMPS or before is None):
            yield FieldChange(key, old or None, new or None)
    old_text = "" if before is None else before.description
    if old_text != after.description:
        yield FieldChange("description", old_text or None, after.description or None)
