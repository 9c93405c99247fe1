"""Comparing two states of the desk in its own terms: what became of tickets, of the policy, of what it governs."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.facts import actor_of
from tk.core.policy import Policy
from tk.core.review.contrast import Contrast
from tk.core.review.governed import POLICY, is_governed
from tk.store import codec
from tk.store.desk import Desk
from tk.store.history import Commit
from tk.store.judging import comparison
from tk.store.judging.comparison import Place, Sides
from tk.store.judging.outcome import FileChange, TicketChange, file_change, ticket_change


class Comparison(NamedTuple):
    """What two states of a desk have different; `policy` is the one that words are taken from."""

    sides: Sides
    policy: Policy
    files: tuple[FileChange, ...]
    tickets: tuple[TicketChange, ...]


def compare(desk: Desk, words: str | None = None) -> Comparison:
    """Compare what `words` mean as for git diff; the files with the latest commit where there are none.

    Raises:
        WrongUsage: git does not know a revision.
    """
    repo = desk.repo
    compared = comparison.sides(repo, words)
    paths = comparison.paths(repo, compared)
    wanted = [path for path in paths if ids.is_ticket_path(path) or is_governed(path)]
    olds = comparison.contents(repo, compared.old, wanted)
    news = comparison.contents(repo, compared.new, wanted)
    policy = _policy(desk, compared)
    read = ((path, paths[path].mode, olds[path], news[path]) for path in wanted if ids.is_ticket_path(path))
    found = [ticket_change(policy, path, old, new, mode) for path, mode, old, new in read]
    tickets = {change.path: change for change in found if change is not None}
    for owner, names in _replaced(desk, compared, paths).items():
        held = tickets.get(owner) or _untouched(desk, compared, owner)
        if held is not None:
            tickets[owner] = held._replace(files=names)
    governed = (path for path in wanted if is_governed(path) and olds[path] != news[path])
    return Comparison(
        compared,
        policy,
        tuple(file_change(policy, path, olds[path], news[path]) for path in governed),
        tuple(_signed(desk, policy, compared, [tickets[path] for path in sorted(tickets)])),
    )


def _policy(desk: Desk, compared: Sides) -> Policy:
    """Return the policy that words are taken from: what stands there after, else before, else in the files."""
    sides = (comparison.contents(desk.repo, side, [POLICY])[POLICY] for side in (compared.new, compared.old))
    read = (desk.read_policy(data).policy for data in sides if data is not None)
    return next((policy for policy in read if policy is not None), None) or desk.policy


def _replaced(desk: Desk, compared: Sides, paths: Mapping[str, Place]) -> dict[str, tuple[str, ...]]:
    """Return by ticket's path the names of files beside it that hold something else now, or are gone."""
    beside = [path for path, place in paths.items() if place.letter != "A" and ids.owner_of(path) is not None]
    if compared.new is None:  # git tells of each file that was touched; whether it is another, its content tells
        olds, news = (comparison.contents(desk.repo, side, beside) for side in compared)
        beside = [path for path in beside if olds[path] != news[path]]
    found: dict[str, list[str]] = {}
    for path in beside:
        found.setdefault(ids.path_of(ids.owner_of(path) or ""), []).append(path.rpartition("/")[2])
    return {path: tuple(names) for path, names in found.items()}


def _untouched(desk: Desk, compared: Sides, path: str) -> TicketChange | None:
    data = comparison.contents(desk.repo, compared.new, [path])[path]
    ticket = None if data is None else codec.read(path, data).ticket
    return None if ticket is None else TicketChange(path, ticket, ticket, Contrast(()))


def _signed(desk: Desk, policy: Policy, compared: Sides, changes: list[TicketChange]) -> Iterator[TicketChange]:
    """Yield the changes with who gave each ticket the status it came to."""
    wanted = {
        change.path: change.after.status
        for change in changes
        if change.before and change.after and change.what is not None and change.what.of("status") is not None
    }
    found: Mapping[str, Commit] = comparison.movers(desk.repo, compared, wanted)
    for change in changes:
        commit = found.get(change.path)
        yield change if commit is None else change._replace(by=actor_of(policy, commit.email).name)
