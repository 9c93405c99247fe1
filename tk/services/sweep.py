"""The sweep: what falls due by itself, looked for by the index, asked of the files, written in one commit.

Nothing here reads the whole desk: each rule's condition goes to the index as far as that can test it, and only the
tickets that it finds are read. What they become is `tk.core.sweep`'s to say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.clock import restamp
from tk.core.condition import Condition, Test
from tk.core.finding import Finding
from tk.core.instant import format_instant
from tk.core.policy import Policy
from tk.core.rules import SweepRule, in_force
from tk.core.sweep import RESTAMP, Firing, Sweep, swept
from tk.core.ticket import Ticket
from tk.errors import TkError, say
from tk.store import codec
from tk.store.commit import Change, turn
from tk.store.desk import Desk
from tk.store.index import Index, Selection
from tk.store.index_changes import Pending
from tk.store.index_query import Scale
from tk.store.progress import told
from tk.store.revision import Revision, assure, change_of, shape

_OVERDUE = Test("overdue", "is", (True,))


class Orders(NamedTuple):
    """How a sweep is to be done: only looked at, committed ticket by ticket or not at all, with clocks set anew."""

    dry_run: bool = False
    commit: bool = True
    per_ticket: bool = False
    restamp: bool = False


class Overdue(NamedTuple):
    """A running clock that is past its instant, and by how many seconds of the wall clock."""

    ticket: str
    clock: str
    due: datetime
    late_seconds: int


class Case(NamedTuple):
    """A ticket for which something held: its file, what it was, what the sweep makes of it."""

    path: str
    before: Ticket
    after: Ticket
    firings: tuple[Firing, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the file is to be written."""
        return self.after != self.before


class Swept(NamedTuple):
    """What a sweep found and did.

    `scanned` counts the desk's tickets; `commits` is empty where nothing was committed; `findings` tell of rules that
    undo each other and of files that could not be read or written, which were left as they are.
    """

    at: datetime
    scanned: int
    cases: tuple[Case, ...]
    commits: tuple[str, ...]
    overdue: tuple[Overdue, ...]
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> int:
        """How many tickets were, or would be, changed."""
        return sum(case.is_changed for case in self.cases)


def sweep(desk: Desk, orders: Orders, pending: Pending | None = None) -> Swept:
    """Do what has fallen due by the desk's instant, or say what would be done.

    Raises:
        PolicyBroken, Busy, FileChanged, NoIdentity, GitFailed, DiskFailed: so the sentence says; nothing was changed,
            or, ticket by ticket, what has been committed stays so.
    """
    policy = desk.reading.usable()
    seen = _look(desk, policy, orders, pending)
    broom = _Broom(desk, policy, orders, [])
    cases: list[Case] = []
    commits: list[str] = []
    if orders.dry_run:
        cases += broom.cases(seen.candidates)
    elif seen.candidates:
        with turn(desk.repo, desk.remark) as make:
            for paths in [[path] for path in seen.candidates] if orders.per_ticket else [seen.candidates]:
                found = broom.cases(paths)
                cases += found
                commits += filter(None, [broom.write(make, found)])
    findings = (*seen.broken, *broom.findings)
    return Swept(desk.now, seen.total, tuple(cases), tuple(commits), tuple(_overdue(desk, seen, cases)), findings)


class _Seen(NamedTuple):
    """What the index knows: files that may have to be changed, due clocks of others, how many there are, broken ones."""

    candidates: list[str]
    late: dict[str, Ticket]
    total: int
    broken: list[Finding]


def _look(desk: Desk, policy: Policy, orders: Orders, pending: Pending | None) -> _Seen:
    scale = Scale(policy, desk.now)
    with Index.open(desk.repo, pending, desk.progress) as index:

        def found(condition: Condition) -> Iterator[str]:
            return (row.path for row in index.rows(Selection(condition, scale), lambda _, __: True))

        late = index.fronts(Selection(Condition((_OVERDUE,)), scale))
        paths = {path for path, ticket in late.items() if _is_unmarked(ticket, desk.now)}
        for rule in policy.sweeps:
            if in_force(rule, desk.now):
                paths.update(found(_wanted(rule)))
        if orders.restamp:
            paths.update(found(Condition((Test("kind", "is", ("closed",), negated=True),))))
        broken = [finding._replace(severity="warning") for finding in index.broken()]
        return _Seen(sorted(paths), late, index.total() - len(broken), broken)


def _wanted(rule: SweepRule) -> Condition:
    """Return when a rule may have something to do: its condition, and that it has not acted where it does but once."""
    unfired = (Test(f"fired.{rule.key}", "none"),) if rule.once else ()
    return rule.when._replace(tests=(*rule.when.tests, *unfired))


def _is_unmarked(ticket: Ticket, at: datetime) -> bool:
    return mark_breaches(ticket, at) != ticket


class _Broom(NamedTuple):
    """The sweep under way: what it found that could not be swept is in `findings`."""

    desk: Desk
    policy: Policy
    orders: Orders
    findings: list[Finding]

    def cases(self, paths: Sequence[str]) -> list[Case]:
        """Return the tickets of these files for which something holds, each as it stands in its file."""
        return [case for path in told(paths, self.desk.progress) for case in self._case(path)]

    def _case(self, path: str) -> Iterator[Case]:
        data = self.desk.content(path)
        document = None if data is None else codec.read(path, data)
        before = None if document is None else document.ticket
        if before is None:
            return  # it went, or broke, since the index looked
        outside = self.desk.outside(before)
        held = restamped(self.policy, outside, before, self.desk.now) if self.orders.restamp else Sweep(before)
        found = swept(self.policy, outside, held.ticket, self.desk.now)
        if found.undone is not None:
            message = say(
                "{id}: the sweep rules {one} and {other} undo each other here; the ticket was left as it is",
                id=before.id,
                one=found.undone[0],
                other=found.undone[1],
            )
            self.findings.append(Finding(path, 0, 0, "sweep-cycle", "error", message, ticket=before.id))
        elif held.firings or found.firings:
            yield Case(path, before, found.ticket, (*held.firings, *found.firings))

    def write(self, make: Callable[[Change], str | None], cases: Iterable[Case]) -> str | None:
        """Write what changed in one commit, and return that."""
        revisions = [revision for case in cases if case.is_changed for revision in self._revision(case)]
        return make(change_of(self.desk, revisions, commit=self.orders.commit)) if revisions else None

    def _revision(self, case: Case) -> Iterator[Revision]:
        """Yield the case written out; one that cannot be is left alone, and said."""
        document = self.desk.read(case.path)
        try:
            data = codec.edit(document, case.after, *shape(self.policy))
            assure(case.path, data, case.after)
        except TkError as error:
            message = say("{id}: {why}", id=case.before.id, why=error.message)
            self.findings.append(Finding(case.path, 0, 0, "unwritable", "error", message, ticket=case.before.id))
        else:
            yield Revision(case.before, case.after, case.path, (), document.data, data)
