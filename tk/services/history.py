"""Stories: one ticket's, and the desk's, a person's, a period's, in time order (design, section 4)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tk.core.ids import id_of
from tk.core.ticket import Ticket
from tk.store import chronicle, entries, git, history
from tk.store.chronicle import Chronicle, Deed
from tk.store.desk import Desk, ticket_of
from tk.store.entries import Entry, FieldChange
from tk.store.past import Past
from tk.store.tale import tale

__all__ = ["Bounds", "DeskStory", "Entry", "FieldChange", "Story", "desk_story", "story"]

_AT_ONCE = 2_000


class Story(NamedTuple):
    """The history of a ticket, the oldest first.

    `begins_at` names the commit where a shallow clone's view ends: its entry holds, without actions, what the ticket
    was then, whoever had made it so.
    """

    ticket: Ticket
    path: str
    entries: tuple[Entry, ...]
    begins_at: str | None


class Bounds(NamedTuple):
    """What of a history is told: what was committed at or after `since`, before `until`, by one of `emails`."""

    since: datetime | None = None
    until: datetime | None = None
    emails: tuple[str, ...] | None = None

    def holds(self, entry: Entry) -> bool:
        """Return whether an entry lies within the bounds; one that is not committed is nobody's yet."""
        if entry.at is None or entry.email is None:
            return self == ALL
        is_late = self.since is not None and entry.at < self.since
        is_early = self.until is not None and entry.at >= self.until
        return not is_late and not is_early and (self.emails is None or entry.email.lower() in self.emails)


ALL = Bounds()
"""The whole of it."""


class DeskStory(NamedTuple):
    """The history of the desk: each entry with its ticket's id, the oldest first; `begins_at` as for a story."""

    entries: tuple[tuple[str, Entry], ...]
    begins_at: str | None


def story(desk: Desk, text: str, bounds: Bounds = ALL) -> Story:
    """Return the history of the ticket that `text` names, from the contents of commits.

    An edit that is not committed comes last.
    """
    document = desk.document(text)
    ticket = ticket_of(document)
    told, begins_at = tale(desk, document.path, ticket)
    return Story(ticket, document.path, tuple(entry for entry in told if bounds.holds(entry)), begins_at)


def desk_story(desk: Desk, bounds: Bounds) -> DeskStory:
    """Return what was done to all tickets within the bounds; what is not committed is not told."""
    tip = git.commit_of(desk.repo, desk.commit if isinstance(desk, Past) else "HEAD")
    if tip is None:
        return DeskStory((), None)
    deeds, paths = chronicle.asked(desk.repo, tip, lambda held: _deeds(held, bounds), desk.progress)
    order = {deed: place for place, deed in enumerate(deeds)}
    told: list[tuple[int, str, Entry]] = []
    for some in _chunks(paths):
        oids = dict.fromkeys(oid for held in some.values() for oid in held)
        commits = {commit.oid: commit for commit in history.named(desk.repo, list(oids))}
        held = {path: [commits[oid] for oid in named] for path, named in some.items()}
        for path, past in entries.pasts(desk, held, tip).items():
            for entry in entries.entries(desk, past, entries.in_time(past, held[path])):
                place = order.get(Deed(path, entry.commit or ""))
                if place is not None:
                    told.append((place, id_of(path) or path, entry))
    told.sort(key=lambda item: item[0])
    begins_at = next(iter(sorted(history.shallow_ends(desk.repo))), None)
    return DeskStory(tuple((number, entry) for _, number, entry in told), begins_at)


def _deeds(held: Chronicle, bounds: Bounds) -> tuple[list[Deed], dict[str, list[str]]]:
    """Return what was done within the bounds, and all commits that changed the tickets concerned."""
    deeds = held.deeds(bounds.since, bounds.until, bounds.emails)
    return deeds, {path: held.commits(path) for path in dict.fromkeys(deed.path for deed in deeds)}


def _chunks(paths: dict[str, list[str]]) -> Iterator[dict[str, list[str]]]:
    """Yield some tickets at a time, so that not all their contents are held at once."""
    some: dict[str, list[str]] = {}
    count = 0
    for path, oids in paths.items():
        some[path] = oids
        count += len(oids)
        if count >= _AT_ONCE:
            yield some
            some, count = {}, 0
    if some:
        yield some
