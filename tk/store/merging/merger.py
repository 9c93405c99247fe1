"""Working out a merge of two commits: what becomes of each file, before any of it is written.

What one side changed is as that side has it. Tickets that both changed are merged by meaning, other texts by lines. A
ticket or file that one side removed and the other changed stays. Nothing here touches the work tree.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.filename import free_name
from tk.core.merging.merge import Conflict, Settle
from tk.store import codec
from tk.store.merging import merge_text, merge_twins
from tk.store.merging.joining import Joined, apart, join
from tk.store.merging.tree_changes import Leaf, Step, assure_plain, changes, checked_out, contents
from tk.store.repo import Repo


class Clash(NamedTuple):
    """A file on which people must settle something: its path from the top, as it was, as we and as they have it.

    `open` are the conflicts of a ticket merged by meaning; empty where git alone joined lines, or nothing could.
    """

    path: str
    leaves: tuple[Leaf | None, Leaf | None, Leaf | None]
    open: tuple[Conflict, ...] = ()

    def lines(self) -> list[str]:
        """Return git's entries for its index: the file is in three states."""
        told = [f"0 {'0' * 40}\t{self.path}"]
        return told + [f"{leaf.mode} {leaf.oid} {n}\t{self.path}" for n, leaf in enumerate(self.leaves, 1) if leaf]


class Plan(NamedTuple):
    """What a merge does to the work tree, by paths from the top; see `tk.store.writing.commit.Change`.

    `renamed` tells of tickets that had drawn another's id: the old and the new one.
    """

    files: Mapping[str, bytes | None]
    expected: Mapping[str, bytes | None]
    programs: Mapping[str, bool]
    clashes: tuple[Clash, ...] = ()
    renamed: Mapping[str, str] = {}


def forward(repo: Repo, ours: str, theirs: str) -> Plan:
    """Return how the work tree comes from commit `ours` to `theirs`, which builds on it."""
    steps = changes(repo, ours, theirs)
    assure_plain(steps)
    blobs = contents(repo, (leaf for step in steps.values() for leaf in step))
    after = {path: step.after for path, step in steps.items()}
    return _plan(repo, steps, after, {}, blobs)


def merge(repo: Repo, base: str, ours: str, theirs: str, settle: Settle) -> Plan:
    """Return how the work tree comes from commit `ours` to its merge with `theirs`; they parted at `base`."""
    mine, yours = changes(repo, base, ours), changes(repo, base, theirs)
    assure_plain(yours)
    assure_plain({path: step for path, step in mine.items() if path in yours})
    blobs = contents(repo, (leaf for steps in (mine, yours) for step in steps.values() for leaf in step))
    work = _Work(repo, Sides(mine, yours, blobs), settle)
    work.run()
    made = {path: data for path, data in work.made.items() if data != work.ours(path)}
    taken = {path: leaf for path, leaf in work.taken.items() if path not in work.made}
    here = {path: Step(work.leaf(path), None) for path in {*taken, *made}}
    plan = _plan(repo, here, taken, made, blobs)
    return plan._replace(clashes=tuple(work.clashes), renamed=work.renamed)


def _plan(
    repo: Repo, here: Mapping[str, Step], taken: Mapping[str, Leaf | None], made: Mapping[str, bytes | None],
    blobs: Mapping[str, bytes],
) -> Plan:  # fmt: skip
    """Return the plan in which `here` tells what stands in the work tree, `taken` and `made` what is to stand there."""
    standing = {path: here[path].before for path in here}
    known = {path: leaf for path, leaf in standing.items() if leaf is not None}
    expected = checked_out(repo, known, blobs)
    files = checked_out(repo, {path: leaf for path, leaf in taken.items() if leaf is not None}, blobs)
    gone = {path: None for path, leaf in taken.items() if leaf is None}
    runs = {path: leaf.mode == "100755" for path, leaf in taken.items() if leaf is not None}
    return Plan({**files, **gone, **made}, {path: expected.get(path) for path in standing}, runs)


def _beside(path: str) -> str:
    """Return the path of the ticket beside which a document lies."""
    return f"{path.rpartition('/')[0]}.md"


class Sides(NamedTuple):
    """What each side did, and what the files hold, by blob."""

    mine: Mapping[str, Step]
    yours: Mapping[str, Step]
    blobs: Mapping[str, bytes]


class _Work:
    """A merge in work: what is taken from them as it is, what is made of both, what is in conflict."""

    def __init__(self, repo: Repo, sides: Sides, settle: Settle) -> None:
        self._repo = repo
        self._mine, self._yours, self._blobs = sides
        self._settle = settle
        self._papers: dict[tuple[str, bool], dict[str, str]] = {}
        self.taken: dict[str, Leaf | None] = {}
        self.made: dict[str, bytes | None] = {}
        self.clashes: list[Clash] = []
        self.renamed: dict[str, str] = {}

    def run(self) -> None:
        """Decide about every path that they changed."""
        both: list[str] = []
        for path, step in sorted(self._yours.items()):
            if path not in self._mine:
                self.taken[path] = step.after
            elif self._mine[path].after is None:
                self.taken[path] = step.after  # removed here and changed there: it stays
            elif step.after is not None and self._mine[path].after != step.after:
                both.append(path)
        twins = [path for path in both if self._is_ticket(path) and merge_twins.are_twins(*self._states(path))]
        for path in both:
            if self._owner(path) and self._yours[path].before is None and _beside(path) not in twins:
                self._paper(path)
        for path in both:
            if path not in twins and path not in self.made and _beside(path) not in twins:
                self._join(path)
        for path in twins:
            self._part(path)

    def leaf(self, path: str) -> Leaf | None:
        """Return the file that we have at a path that either side changed."""
        if path in self._mine:
            return self._mine[path].after
        return self._yours[path].before if path in self._yours else None

    def ours(self, path: str) -> bytes | None:
        """Return what our file at such a path holds."""
        return self._data(self.leaf(path))

    def _data(self, leaf: Leaf | None) -> bytes | None:
        return None if leaf is None else self._blobs[leaf.oid]

    def _desk(self, path: str) -> str:
        """Return a path as the desk has it, "" where it lies outside."""
        return path[len(self._repo.prefix) :] if path.startswith(self._repo.prefix) else ""

    def _is_ticket(self, path: str) -> bool:
        return ids.is_ticket_path(self._desk(path))

    def _owner(self, path: str) -> str | None:
        return ids.owner_of(self._desk(path))

    def _leaves(self, path: str) -> tuple[Leaf | None, Leaf | None, Leaf | None]:
        return self._yours[path].before, self._mine[path].after, self._yours[path].after

    def _states(self, path: str) -> tuple[bytes | None, bytes, bytes]:
        base, ours, theirs = map(self._data, self._leaves(path))
        return base, ours or b"", theirs or b""

    def _paper(self, path: str) -> None:
        """Keep two documents that were attached under one name: one of them takes another."""
        folder, _, name = path.rpartition("/")
        _, ours, theirs = self._states(path)
        there = {known.rpartition("/")[2] for known in (*self._mine, *self._yours) if known.startswith(f"{folder}/")}
        for data in self._states(_beside(path))[1:] if _beside(path) in self._mine.keys() & self._yours.keys() else ():
            ticket = codec.read(path, data).ticket
            there.update(() if ticket is None else (held.file for held in ticket.attachments))
        loser = max(ours, theirs)
        new = free_name(name, there)
        self.made |= {path: min(ours, theirs), f"{folder}/{new}": loser}
        self._papers.setdefault((_beside(path), loser == ours), {})[name] = new

    def _named_anew(self, path: str, data: bytes, *, is_ours: bool) -> bytes:
        """Return a side's file of a ticket that names its documents as they lie there now."""
        anew = self._papers.get((path, is_ours), {})
        document = codec.read(path, data)
        if not anew or document.ticket is None:
            return data
        held = tuple(each._replace(file=anew.get(each.file, each.file)) for each in document.ticket.attachments)
        return codec.edit(document, document.ticket._replace(attachments=held))

    def _join(self, path: str) -> None:
        """Join a file that both sides changed."""
        base, ours, theirs = self._states(path)
        if self._is_ticket(path):
            ours, theirs = (self._named_anew(path, data, is_ours=data is ours) for data in (ours, theirs))
            joined = join(self._desk(path), base, ours, theirs, self._settle)
            if joined is not None:
                self._joined(path, joined)
                return
        text = merge_text.merged(self._repo, base, ours, theirs)
        if text is not None:
            self.made[path] = text[0]
        if text is None or not text[1]:
            self.clashes.append(Clash(path, self._leaves(path)))

    def _joined(self, path: str, joined: Joined) -> None:
        self.made[path] = joined.data
        if joined.open:
            self.clashes.append(Clash(path, self._leaves(path), joined.open))

    def _part(self, path: str) -> None:
        """Give one of two tickets that have one id another; keep both between markers where nothing tells which."""
        states = merge_twins.States(self._version(0), self._version(1), self._version(2), self._now)
        added = {self._desk(there): data for there, data in self._added()}
        parted = merge_twins.part(states, self._desk(path), added)
        if parted is None:
            self.made[path] = apart(*self._states(path)[1:])
            self.clashes.append(Clash(path, self._leaves(path)))
            return
        self.made |= {self._repo.prefix + there: data for there, data in parted.files.items()}
        self.renamed[ids.id_of(self._desk(path)) or path] = parted.number

    def _added(self) -> Iterator[tuple[str, bytes]]:
        for steps in (self._mine, self._yours):
            for path, step in steps.items():
                if step.before is None and step.after is not None and self._is_ticket(path):
                    yield path, self._blobs[step.after.oid]

    def _version(self, number: int) -> merge_twins.Version:
        """Return what answers for one state of the desk, as far as either side changed it."""

        def version(desk_path: str) -> bytes | None:
            path = self._repo.prefix + desk_path
            mine, yours = self._mine.get(path), self._yours.get(path)
            base = mine.before if mine is not None else yours.before if yours is not None else None
            after = (None, mine, yours)[number]
            return self._data(base if after is None else after.after)

        return version

    def _now(self, desk_path: str) -> bytes | None:
        path = self._repo.prefix + desk_path
        if path in self.made:
            return self.made[path]
        return self._data(self.taken[path]) if path in self.taken else self.ours(path)
