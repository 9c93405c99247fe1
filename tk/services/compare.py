"""Comparing two states of the desk in its own terms: what became of tickets, of the policy, of what it governs."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.facts import actor_of
from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.review.contrast import Contrast, contrast
from tk.core.review.governed import POLICY, is_governed
from tk.core.review.policy_contrast import PolicyChange, policy_contrast
from tk.core.rules import Register
from tk.core.ticket import Ticket
from tk.store import codec, policies, registers
from tk.store.desk import Desk
from tk.store.history import Commit
from tk.store.judging import comparison
from tk.store.judging.comparison import Place, Sides
from tk.store.repo import oddity

_Contents = Mapping[str, bytes | None]


class TicketChange(NamedTuple):
    """What became of one ticket: the ticket before and after, None where there was none or none that can be read.

    `by` is who gave it the status it came to, None where that did not change or is not committed; `broken` why the file
    cannot be read after; `files` are those beside it that hold something else than before under the same name.
    """

    path: str
    before: Ticket | None
    after: Ticket | None
    what: Contrast | None
    by: str | None = None
    broken: Finding | None = None
    files: tuple[str, ...] = ()

    @property
    def ticket(self) -> str:
        """The ticket's id, its path's where neither side can be read."""
        held = self.after or self.before
        return ids.id_of(self.path) or self.path if held is None else held.id

    @property
    def kind(self) -> str:
        """One of "new", "changed", "removed", "unreadable"."""
        if self.broken is not None:
            return "unreadable"
        if self.after is None:
            return "removed"
        return "new" if self.before is None else "changed"


class FileChange(NamedTuple):
    """What became of a file that the policy governs: "new", "changed" or "removed".

    Of tk.toml the keys that changed, None where one side is no TOML; of a register the keys of its rows.
    """

    path: str
    kind: str
    keys: tuple[PolicyChange, ...] | None = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


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
    found = [_ticket(policy, path, paths[path], olds[path], news[path]) for path in wanted if ids.is_ticket_path(path)]
    tickets = {change.path: change for change in found if change is not None}
    for owner, names in _replaced(desk, compared, paths).items():
        held = tickets.get(owner) or _untouched(desk, compared, owner)
        if held is not None:
            tickets[owner] = held._replace(files=names)
    governed = (path for path in wanted if is_governed(path) and olds[path] != news[path])
    return Comparison(
        compared,
        policy,
        tuple(_governed(policy, path, olds[path], news[path]) for path in governed),
        tuple(_signed(desk, policy, compared, [tickets[path] for path in sorted(tickets)])),
    )


def _policy(desk: Desk, compared: Sides) -> Policy:
    """Return the policy that words are taken from: what stands there after, else before, else in the files."""
    sides = (comparison.contents(desk.repo, side, [POLICY])[POLICY] for side in (compared.new, compared.old))
    read = (policies.load(desk.repo.state, data).policy for data in sides if data is not None)
    return next((policy for policy in read if policy is not None), None) or desk.policy


def _ticket(policy: Policy, path: str, place: Place, old: bytes | None, new: bytes | None) -> TicketChange | None:
    """Return what became of the ticket at a path, None where nothing did."""
    odd = oddity(path, place.mode) if place.mode else None
    if old == new and odd is None:
        return None
    before = None if old is None else codec.read(path, old).ticket
    if odd is not None:
        return TicketChange(path, before, None, None, broken=Finding(path, 1, 1, odd[0], "error", odd[1]))
    document = None if new is None else codec.read(path, new)
    after = None if document is None else document.ticket
    broken = document.findings[0] if document is not None and after is None else None
    what = None if after is None else contrast(policy, before, after)
    if before is not None and what is not None and what == Contrast(()):
        return None
    return TicketChange(path, before, after, what, broken=broken)


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


def _governed(policy: Policy, path: str, old: bytes | None, new: bytes | None) -> FileChange:
    kind = "new" if old is None else "removed" if new is None else "changed"
    if path == POLICY:
        keys = policy_contrast(old, new)
        return FileChange(path, kind, None if keys is None else tuple(keys))
    register = next((entry for entry in policy.registers.entries.values() if entry.file == path), None)
    if register is None or kind != "changed":
        return FileChange(path, kind)
    before, after = (_rows(register, data or b"") for data in (old, new))
    return FileChange(
        path,
        kind,
        added=tuple(key for key in after if key not in before),
        changed=tuple(key for key in after if key in before and before[key] != after[key]),
        removed=tuple(key for key in before if key not in after),
    )


def _rows(register: Register, data: bytes) -> Mapping[str, Mapping[str, str]]:
    return registers.read(register, lambda _: data).keyed
