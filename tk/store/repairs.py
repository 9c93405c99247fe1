"""What is wrong in the tickets of a desk though no merge waits for people, and how it is put right.

What a merge without tk's driver leaves: conflict markers, a file that cannot be read, events that stand twice, links
that one ticket alone has, clocks at odds with themselves, and what it lost of either side, which the law tells.
"""

from collections.abc import Iterator, Mapping, Sequence

from tk.core import ids
from tk.core.action import Action
from tk.core.clocks.clock import is_at_odds
from tk.core.links import other_end
from tk.core.merging.merge import Choose
from tk.core.policy import Policy
from tk.core.sweep import reset
from tk.core.ticket import Link, Ticket
from tk.store import codec, history
from tk.store.codec import Document
from tk.store.desk import Desk
from tk.store.history import Commit
from tk.store.index_changes import tracked
from tk.store.judging.wrong_merges import at_fault
from tk.store.merging import leftover
from tk.store.merging.answers import Answers, Settling, assure_used
from tk.store.merging.joining import InConflict, Joined, Sides
from tk.store.merging.remake import merging, remade
from tk.store.merging.settle import Settled, mended, rejoined, settled
from tk.store.revision import assure, revise, shape
from tk.store.writing import refs
from tk.store.writing.files import content


class Repairs:
    """Tickets being put right by what people say; `merges` has the commits that were made again."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self._desk = desk
        self._repo = desk.repo
        self._answers = answers
        self._new: dict[str, bytes | None] = {}
        self._open: list[Settled] = []
        self._used: set[str] = set()
        self.merges: list[str] = []

    @property
    def _policy(self) -> Policy:
        return self._desk.reading.usable()

    def of_all(self) -> Iterator[Settled]:
        """Yield what becomes of every ticket that needs it."""
        head = refs.head(self._repo).oid
        for merge in history.named(self._repo, [head] if head else []):
            for path in at_fault(self._repo, merge) if len(merge.parents) == 2 else ():
                self._make_again(merge, path)
        paths = sorted(filter(ids.is_ticket_path, tracked(self._repo)))
        tickets: dict[str, Ticket] = {}
        for path in paths:
            document = self._document(path)
            if leftover.stands_in(self._repo, document):
                yield from settled(self._desk, self._repo.prefix + path, {}, self._answers)
            else:
                tickets |= self._put_right(document)
        self._relink(tickets)
        yield from self._done()

    def of_one(self, path: str) -> Iterator[Settled]:
        """Yield what becomes of the ticket at `path`, and of one that has its id.

        Raises:
            WrongUsage: a value is given for what is not in question.
        """
        self._make_last_again(path)
        assure_used(ids.id_of(path) or path, self._answers, self._used)
        self._put_right(self._document(path))
        yield from self._done()

    def _done(self) -> Iterator[Settled]:
        yield from self._open
        for path, data in self._new.items():
            old = content(self._repo, path)
            if data != old:
                yield Settled(self._repo.prefix + path, old, data)

    def _content(self, path: str) -> bytes | None:
        return self._new[path] if path in self._new else content(self._repo, path)

    def _document(self, path: str) -> Document:
        return codec.read(path, self._content(path) or b"")

    def _put_right(self, document: Document) -> Mapping[str, Ticket]:
        """Put one file right as far as it goes, and return the ticket in it by its path, if there is one."""
        path = document.path
        if document.ticket is None or is_at_odds(self._policy, document.ticket):
            self._make_last_again(path)
            document = self._document(path)
        if document.ticket is None:
            return {}
        data = mended(path, document.data)
        ticket = codec.read(path, data).ticket
        if ticket is not None and is_at_odds(self._policy, ticket):
            ticket = reset(self._policy, self._desk.outside(ticket), ticket, self._desk.now)
            data = codec.edit(codec.read(path, data), ticket, *shape(self._policy))
            assure(path, data, ticket)
        if data != document.data:
            self._new[path] = data
        return {} if ticket is None else {path: ticket}

    def _make_last_again(self, path: str) -> None:
        """Make the last merge again that got the ticket at `path` wrong, if one did."""
        merges = history.merges_of_path(self._repo, path)
        wrong = next((merge for merge in merges if path in at_fault(self._repo, merge)), None)
        if wrong is not None:
            self._make_again(wrong, path)

    def _make_again(self, merge: Commit, path: str) -> None:
        again = merging(self._repo, merge)
        made = None if again is None else remade(again, path, self._content, self._join)
        if made is None:
            return
        if made.open:
            in_question = InConflict(self._repo.prefix + path, ids.id_of(path), made.open)
            self._open.append(Settled(self._repo.prefix + path, None, None, in_question))
            return
        self._new |= made.files
        if merge.oid not in self.merges:
            self.merges.append(merge.oid)

    def _join(self, path: str, sides: Sides, decided: Choose) -> Joined | None:
        settling = Settling(self._desk, ids.id_of(path) or path, self._answers, decided)
        joined = rejoined(self._desk, path, sides, settling)
        self._used |= settling.used
        return joined

    def _relink(self, tickets: Mapping[str, Ticket]) -> None:
        """Give the tickets that lack the other end of a link that end, as far as the law allows it."""
        lacking: dict[str, list[Link]] = {}
        for ticket in tickets.values():
            for link in ticket.links:
                there = ids.path_of(link.id) if ids.is_id(link.id) else ""
                back = Link(other_end(self._policy, link.kind), ticket.id)
                if there in tickets and back not in tickets[there].links:
                    lacking.setdefault(there, []).append(back)
        for path, links in lacking.items():
            actions: Sequence[Action] = [Action("link", link.kind, link.id) for link in links]
            self._new[path] = revise(self._desk, self._policy, self._document(path), actions).new
