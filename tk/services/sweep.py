"""The sweep: what has fallen due by itself, asked of the files that may be concerned, written in one commit.

Which files those are `tk.store.due` has found; what becomes of a ticket is `tk.core.sweep`'s to say.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.sweep import OWN, Firing, Sweep, swept
from tk.core.ticket import Ticket
from tk.errors import GitFailed, Message, TkError, say
from tk.post.outgoing import letters
from tk.store import codec, git
from tk.store.codec import Document
from tk.store.desk import Desk
from tk.store.due import Seen
from tk.store.progress import told
from tk.store.revision import Revision, assure, change_of, shape
from tk.store.writing.commit import Change, turn
from tk.store.writing.hooks import ways
from tk.store.writing.series import Author, require_plain, series

Maker = Callable[[Change], "str | None"]
"""What makes a change, and returns its commit."""

MANY = 20
"""How many commits are made by one git rather than one after the other."""


class Orders(NamedTuple):
    """How a sweep is to be done: only looked at, committed ticket by ticket or not at all, with clocks set anew."""

    dry_run: bool = False
    commit: bool = True
    per_ticket: bool = False
    restamp: bool = False


class Overdue(NamedTuple):
    """A running clock that is past its instant, and by how many seconds of the wall clock."""

    path: str
    ticket: str
    clock: str
    due: datetime
    late_seconds: int


class Case(NamedTuple):
    """A ticket for which something held: what the sweep makes of it, as its file will read, and why."""

    revision: Revision
    firings: tuple[Firing, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the file is to be written."""
        return self.revision.after != self.revision.before

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that did something."""
        return tuple(firing.rule for firing in self.firings if firing.steps and firing.rule)


class Swept(NamedTuple):
    """What a sweep found and did.

    `scanned` counts the desk's tickets; `commit` is the last one made, None where there is none; `findings` tell of
    rules that undo each other and of files that could not be read or written, which were left as they are.
    """

    at: datetime
    scanned: int
    cases: tuple[Case, ...]
    commit: str | None
    overdue: tuple[Overdue, ...]
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> int:
        """How many tickets were, or would be, changed."""
        return sum(case.is_changed for case in self.cases)


def sweep(desk: Desk, orders: Orders, seen: Seen) -> Swept:
    """Do what has fallen due by the desk's instant, or say what would be done; `seen` is what the index knows of it.

    Raises:
        PolicyBroken, Busy, FileChanged, NoIdentity, GitFailed, DiskFailed: so the sentence says; nothing was changed,
            or, ticket by ticket, what has been committed stays so.
    """
    policy = desk.reading.usable()
    broom = _Broom(desk, policy, orders, [], {})
    done = _Done([], None)
    if orders.dry_run:
        done = _Done(broom.cases(seen.candidates), None)
    elif seen.candidates:
        with turn(desk.repo, desk.remark) as make:
            if not orders.per_ticket:
                done = broom.at_once(make, seen.candidates)
            elif _is_plain(desk, seen.candidates):
                done = broom.in_a_series(make, seen.candidates)
            else:
                done = broom.one_by_one(make, seen.candidates)
    findings = (*seen.broken, *seen.ahead, *broom.findings)
    return Swept(
        desk.now, seen.total, tuple(done.cases), done.commit, tuple(_overdue(desk, seen, done.cases)), findings
    )


class _Done(NamedTuple):
    """The tickets for which something held, and the last commit of what was done about them."""

    cases: list[Case]
    commit: str | None


def _is_plain(desk: Desk, paths: Sequence[str]) -> bool:
    """Return whether so many commits are best made by one git, and nothing here wants a say in each of them."""
    found = ways(desk.repo)
    if len(paths) < MANY or found.hooks or found.signs or desk.policy.desk.signed:
        return False
    try:
        require_plain(desk.repo, list(paths))
    except GitFailed:
        return False
    return True


class _Broom(NamedTuple):
    """The sweep under way; `findings` gathers what could not be swept, `ahead` tickets that are not written yet."""

    desk: Desk
    policy: Policy
    orders: Orders
    findings: list[Finding]
    ahead: dict[str, Ticket]

    def at_once(self, make: Maker, paths: Sequence[str]) -> _Done:
        """Sweep these files in one commit."""
        cases = self.cases(paths)
        return _Done(cases, self._written(make, cases))

    def one_by_one(self, make: Maker, paths: Sequence[str]) -> _Done:
        """Sweep these files in a commit each, one after the other."""
        done = _Done([], None)
        for path in told(paths, self.desk.progress):
            found = self.at_once(make, [path])
            done = _Done(done.cases + found.cases, found.commit or done.commit)
        return done

    def in_a_series(self, make: Maker, paths: Sequence[str]) -> _Done:
        """Sweep these files in a commit each, all made by one git and landed at once."""
        author = Author(*git.identity(self.desk.repo))
        cases: list[Case] = []
        files: dict[str, bytes | None] = {}
        expected: dict[str, bytes | None] = {}
        with series(self.desk.repo, author) as gathered:
            for path in told(paths, self.desk.progress):
                for case in self._case(path):
                    cases.append(case)
                    if case.is_changed:
                        change = self._change([case])
                        made = {name: data for name, data in change.files.items() if data is not None}
                        gathered.add(author, change.at, change.message, made)
                        files |= made
                        expected |= change.expected
                        self.ahead[case.revision.after.id] = case.revision.after
        if not gathered.count:
            return _Done(cases, None)
        message, stored = f"sweep: {gathered.count} tickets\n", (gathered.base, gathered.tip)
        return _Done(cases, make(Change(files, expected, message, self.desk.now, stored=stored)))

    def cases(self, paths: Sequence[str]) -> list[Case]:
        """Return the tickets of these files for which something holds, each as it stands in its file now."""
        return [case for path in paths for case in self._case(path)]

    def _case(self, path: str) -> Iterator[Case]:
        data = self.desk.content(path)
        document = None if data is None else codec.read(path, data)
        before = None if document is None else document.ticket
        if document is None or before is None:
            return  # it went, or broke, since the index looked
        outside = self.desk.outside(before)
        linked = {number: self.ahead.get(number, other) for number, other in outside.linked.items()}
        outside = outside._replace(linked=linked)
        found = swept(self.policy, outside, before, self.desk.now, anew=self.orders.restamp)
        if found.undone is not None:
            one, other = found.undone
            message = say(
                "{id}: the sweep rules {one} and {other} undo each other; the ticket was left as it is",
                id=before.id,
                one=one,
                other=other,
            )
            self._note(path, "sweep-cycle", before.id, message)
        elif found.firings:
            try:
                yield Case(self._revision(document, before, found), found.firings)
            except TkError as error:
                self._note(path, "unreadable-ticket", before.id, error.message)

    def _note(self, path: str, code: str, ticket: str, message: Message) -> None:
        self.findings.append(Finding(path, 0, 0, code, "error", message, ticket=ticket))

    def _revision(self, document: Document, before: Ticket, found: Sweep) -> Revision:
        """Return the change written out; raise UnreadableTicket where it would not read back as it should."""
        after, data = found.ticket, document.data
        if after != before:
            data = codec.edit(document, after, *shape(self.policy))
            assure(document.path, data, after)
        steps = (step for firing in found.firings for step in firing.steps)
        actions = tuple(step.action for step in steps if step.action not in OWN)
        return Revision(before, after, document.path, actions, document.data, data)

    def _written(self, make: Maker, cases: Sequence[Case]) -> str | None:
        """Write what changed in one commit, and return that."""
        changed = [case for case in cases if case.is_changed]
        return make(self._change(changed)) if changed else None

    def _change(self, cases: Sequence[Case]) -> Change:
        """Return the change that writes these tickets, and the letters that they cause."""
        revisions = [case.revision for case in cases]
        written = letters(self.desk, revisions, {case.revision.after.id: case.rules for case in cases})
        change = change_of(self.desk, revisions, written, commit=self.orders.commit)
        return change._replace(message=_message(self.policy, cases))


def _message(policy: Policy, cases: Sequence[Case]) -> str:
    """Return the commit's message: which tickets, what was done, by which rules; no words of a ticket."""
    revision, _ = cases[0]
    told = f"sweep: {len(cases)} tickets"
    if len(cases) == 1:
        was, now = revision.before and revision.before.status, revision.after.status
        told = f"{revision.after.id}: {'sweep' if was == now else f'{was} → {now}'}"
    suffix = f" {policy.desk.subject_suffix}" if policy.desk.subject_suffix else ""
    firings = [firing for case in cases for firing in case.firings if firing.steps]
    done = (step.action.name for firing in firings for step in firing.steps)
    trailers = [f"Tk-Ticket: {case.revision.after.id}" for case in cases]
    trailers += [f"Tk-Action: {name}" for name in dict.fromkeys(done)]
    trailers += [f"Tk-Rule: {name}" for name in dict.fromkeys(rule for case in cases for rule in case.rules)]
    return f"{told}{suffix}\n\n" + "\n".join(trailers) + "\n"


def _overdue(desk: Desk, seen: Seen, cases: Sequence[Case]) -> Iterator[Overdue]:
    """Yield every running clock past its instant, as the sweep leaves the tickets, by ticket."""
    after = {case.revision.path: case.revision.after for case in cases}
    for path, ticket in seen.late.items():
        for clock, due in after.get(path, ticket).due.items():
            if due < desk.now:
                yield Overdue(path, ticket.id, clock, due, int((desk.now - due).total_seconds()))
