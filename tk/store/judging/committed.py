"""The desk as a commit has it: what the law may ask of other tickets and files when it judges that commit."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from tk.core import ids
from tk.core.facts import NO_REGISTERS, Outside
from tk.core.links import chain, is_acyclic
from tk.core.policy import Policy
from tk.core.register import Registers
from tk.core.ticket import Ticket
from tk.store import codec, git, history
from tk.store.history import Commit
from tk.store.registers import Shelf
from tk.store.repo import Repo


class Committed(NamedTuple):
    """A desk at one commit, or at any other name of a tree."""

    repo: Repo
    revision: str

    def ticket(self, number: str) -> Ticket | None:
        """Return the ticket with this whole id; None where there is none, or none that can be read."""
        return self.tickets([number]).get(number)

    def tickets(self, numbers: Iterable[str]) -> dict[str, Ticket]:
        """Return those of the tickets with these ids that are there and can be read; git is asked but once."""
        paths = {number: ids.path_of(number) for number in numbers if ids.is_id(number)}
        names = [f"{self.revision}:{self.repo.prefix}{path}" for path in paths.values()]
        contents = git.blobs(self.repo, names) if names else ()
        read = (
            (number, codec.read(path, data).ticket)
            for (number, path), data in zip(paths.items(), contents, strict=True)
            if data is not None
        )
        return {number: ticket for number, ticket in read if ticket is not None}

    def registers(self, policy: Policy) -> Registers:
        """Return the registers that the policy names, as they stand there."""
        return Shelf(policy, self.content) if policy.registers.entries else NO_REGISTERS

    def content(self, path: str) -> bytes | None:
        """Return what stands in the file `path` of the desk, None where there is none."""
        return next(git.blobs(self.repo, [f"{self.revision}:{self.repo.prefix}{path}"]))

    def sizes(self, number: str) -> dict[str, int]:
        """Return the files beside the ticket with this id, and how many bytes each has."""
        return {name: size for name, _, size in self._beside(number)}

    def blobs(self, number: str) -> dict[str, str]:
        """Return the files beside the ticket with this id, and the blob of each."""
        return {name: blob for name, blob, _ in self._beside(number)}

    def listed(self, numbers: Collection[str]) -> dict[str, frozenset[str]]:
        """Return by id the names of the files that tickets list there, or did when they could last be read."""
        paths = {ids.path_of(number): number for number in numbers if ids.is_id(number)}
        names = [f"{self.revision}:{self.repo.prefix}{path}" for path in paths]
        found = {}
        for (path, number), data in zip(paths.items(), git.blobs(self.repo, names), strict=True):
            ticket = None if data is None else codec.read(path, data).ticket or self.last(path)
            found[number] = frozenset(held.file for held in ticket.attachments) if ticket is not None else frozenset()
        return found

    def last(self, path: str) -> Ticket | None:
        """Return the ticket at `path` as it was when its file could last be read."""
        commits = history.of_path(self.repo, path, self.revision)
        names = [f"{commit.oid}:{self.repo.prefix}{path}" for commit in reversed(commits)]
        read = (codec.read(path, data).ticket for data in git.blobs(self.repo, names) if data is not None)
        return next((ticket for ticket in read if ticket is not None), None)

    def _beside(self, number: str) -> Iterator[tuple[str, str, int]]:
        """Yield the name, blob and size of each file beside a ticket."""
        if not ids.is_id(number):
            return
        folder = f"{self.repo.prefix}{ids.folder_of(number)}/"
        told = git.run(self.repo, "ls-tree", "-z", "-l", self.revision, folder, check=False)
        for entry in filter(None, told.out.decode("utf-8", "surrogateescape").split("\0")):
            marks, _, path = entry.partition("\t")
            mode, _, blob, size = marks.split()
            if mode.startswith("100"):  # an ordinary file, not a link and not a folder
                yield path.removeprefix(folder), blob, int(size)


def outside(repo: Repo, commit: Commit, policy: Policy, before: Ticket | None, after: Ticket) -> Outside:
    """Return what the law may ask when it judges what `commit` made of a ticket.

    Tickets linked are as they were before the commit. A new link that may not lead back is followed as the commit
    leaves things, or two such links made at once would not see one another.
    """
    made = Committed(repo, commit.oid)
    parent = Committed(repo, commit.parents[0]) if commit.parents else made
    held = () if before is None else before.links
    linked = parent.tickets(link.id for link in after.links)
    for link in after.links:
        if link not in held and is_acyclic(policy, link.kind):
            linked |= {ticket.id: ticket for ticket in chain(link.kind, link.id, made.ticket)}
    known = () if before is None else before.attachments
    sizes = made.sizes(after.id) if set(after.attachments) - set(known) else None
    registers = parent.registers(policy)
    return Outside(registers, linked, sizes)
