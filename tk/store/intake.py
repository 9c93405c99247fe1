"""What comes from elsewhere, taken in: each arrival asked of the law, and the file that it makes of its ticket.

What the desk has already, by an import before, is left out; so is what cannot come in, with a finding that says why.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from tk.core import ids, importing
from tk.core.action import Action
from tk.core.arrival import Arrival
from tk.core.facts import Actor, Outside, actor_of
from tk.core.finding import Finding
from tk.core.instant import format_instant
from tk.core.law.difference import in_order
from tk.core.law.judge import judge
from tk.core.links import chain, is_acyclic
from tk.core.policy import Policy
from tk.core.ticket import Event, Ticket
from tk.core.verdict import Refusal
from tk.errors import Message, Refused, UnreadableTicket, WrongUsage, say
from tk.store import codec, policies
from tk.store.codec import Document
from tk.store.desk import Desk, ticket_of
from tk.store.index import Index
from tk.store.known import Known
from tk.store.progress import Progress
from tk.store.revision import Revision, assure, message_of, shape
from tk.store.writing.commit import Change
from tk.store.writing.series import Author, Series

_STEP = 64
"""After how many arrivals progress is told."""


class Wish(NamedTuple):
    """How to import.

    `file` is what findings call the source; `files` are the names of the files of a folder, where a line is a place
    among them. `squash` makes one commit of it all; `strict` lets nothing happen where something would be left out;
    `dry` never; `fresh` leaves alone every ticket that is there.
    """

    file: str
    squash: bool = False
    strict: bool = False
    dry: bool = False
    fresh: bool = False
    files: Sequence[str] = ()


class Imported(NamedTuple):
    """What an import did, or would have done: how many tickets are new, how many changed, how many arrivals came in.

    `known` are those that were there already; `findings` say why others were left out; `commits` is how many were
    made, `commit` the last of them.
    """

    new: int
    changed: int
    arrived: int
    known: int
    findings: tuple[Finding, ...]
    commits: int
    commit: str | None


class Intake:
    """Takes arrivals in, one after another: `revisions` is what has become of each ticket, by path."""

    def __init__(self, desk: Desk, policy: Policy, wish: Wish, *, lenient: bool) -> None:
        self.findings: list[Finding] = []
        self.revisions: dict[str, Revision] = {}
        self._desk, self._policy, self._wish = desk, policy, wish
        self._judge = importing.admit if lenient else judge
        self._known = Known(desk.repo)
        self._paths: dict[str, str] = {}
        self._before: dict[str, Document] = {}
        self._documents: dict[str, Document] = {}
        self._shape = shape(policy)
        self._alone = Outside(desk.registers)
        self._misnamed: set[str] = set()
        self._actors: dict[str, Actor] = {}

    def take(self, arrivals: Sequence[Arrival], gathered: Series | None, progress: Progress) -> Imported:
        """Take the arrivals in, those of one change in one commit."""
        self._look(arrivals)
        arrived = known = commits = done = 0
        for number, group in enumerate(_changes(arrivals)):
            if number % _STEP == 0:
                progress(done, len(arrivals))
            done += len(group)
            together = self._news(group)
            known += len(group) - len(together)
            revisions = self._together(together)
            if revisions:
                arrived += len(revisions)
                commits += 1
                self._keep(revisions)
                if gathered is not None:
                    author, at = Author(together[0].name, together[0].email), together[0].at
                    message = message_of(self._policy, revisions)
                    gathered.add(author, at, message, {made.path: made.new for made in revisions})
        progress(len(arrivals), len(arrivals))
        new = sum(made.before is None for made in self.revisions.values())
        return Imported(new, len(self.revisions) - new, arrived, known, (), commits, None)

    def change(self, gathered: Series | None) -> Change:
        """Return the change that lands what was taken in: by the commits gathered, or by one of its own."""
        made = self.revisions.values()
        files: dict[str, bytes | None] = {each.path: each.new for each in made}
        expected = {each.path: each.old for each in made} | {policies.NAME: self._desk.policy_data}
        tickets = "".join(f"Tk-Ticket: {each.after.id}\n" for each in made)
        message = f"Import {len(made)} tickets\n\nTk-Action: {importing.ACTION}\n{tickets}"
        stored = None if gathered is None else (gathered.base, gathered.tip)
        return Change(files, expected, message, self._desk.now, stored=stored)

    def _look(self, arrivals: Sequence[Arrival]) -> None:
        """Find the tickets that are there already, by the names that they have elsewhere."""
        lines = {arrival.case: arrival.line for arrival in reversed(arrivals)}
        with Index.open(self._desk.repo, progress=self._desk.progress) as index:
            if index.total() == 0:
                return
            for case, line in lines.items():
                found = index.named(case)
                if len({hit.id for hit in found}) > 1:
                    answering = ", ".join(hit.id for hit in found)
                    self._leave_out(
                        line,
                        "ambiguous-ticket",
                        say("several tickets are called {case}: {ids}", case=case, ids=answering),
                    )
                    self._misnamed.add(case)
                elif found:
                    document = self._desk.read(found[0].path)
                    self._paths[case] = document.path
                    self._before[document.path] = self._documents[document.path] = document

    def _has(self, arrival: Arrival) -> bool:
        path = self._paths.get(arrival.case, "")
        document = self._before.get(path)
        if document is None or document.ticket is None:
            return False
        if self._wish.fresh:
            return True
        email = arrival.email
        return self._known.has(path, document.ticket, arrival.at, email, self._actor(email).name)

    def _news(self, group: list[Arrival]) -> list[Arrival]:
        """Return what of the arrivals of one commit is new.

        A link to a ticket that was there is written in that one, too; where it has gone on since, the link is made now.
        """
        news = [arrival for arrival in group if not self._has(arrival)]
        if not news or not self._wish.fresh:
            return news
        held = (self._before.get(self._paths.get(arrival.case, "")) for arrival in group)
        last = [document.ticket.updated for document in held if document is not None and document.ticket is not None]
        is_late = any(updated is not None and updated > group[0].at for updated in last)
        return [arrival._replace(at=self._desk.now) for arrival in group] if is_late else group

    def _together(self, arrivals: Sequence[Arrival]) -> list[Revision]:
        """Return what arrivals of one commit make: of several tickets, all of it or, with one finding, nothing."""
        before = len(self.findings)
        revisions = [made for arrival in arrivals if (made := self._made(arrival)) is not None]
        if len(self.findings) == before:
            return revisions
        del self.findings[before + 1 :]
        return []

    def _made(self, arrival: Arrival) -> Revision | None:
        """Return what an arrival makes of its ticket, None where it cannot come in or changes nothing."""
        try:
            return None if arrival.case in self._misnamed else self._revised(arrival)
        except (WrongUsage, Refused, UnreadableTicket) as error:
            code = error.refusal_code if isinstance(error, Refused) else error.code
            self._leave_out(arrival.line, code, error.message)
            return None

    def _revised(self, arrival: Arrival) -> Revision | None:
        path = self._paths.get(arrival.case)
        so_far = None if path is None else self.revisions.get(path)
        document = None if path is None else self._before.get(path)
        before = so_far.after if so_far is not None else None if document is None else ticket_of(document)
        if arrival.at > self._desk.now:
            raise Refused("future-event", say("{at} is yet to come", at=format_instant(arrival.at)))
        if before is not None and arrival.change is None and before.updated and arrival.at < before.updated:
            message = say(
                "{case} has gone on since {at}: what came before it cannot be added",
                case=arrival.case,
                at=format_instant(before.updated),
            )
            raise Refused("late-event", message)
        number = self._free(arrival) if before is None else before.id
        actions, after = self._judged(before, arrival, number)
        if not actions:
            return None
        path = ids.path_of(after.id) if path is None else path
        self._paths[arrival.case] = path
        old = None if document is None else document.data
        return Revision(before, after, path, tuple(actions), old, self._written(path, before, after))

    def _judged(self, before: Ticket | None, arrival: Arrival, number: str) -> tuple[list[Action], Ticket]:
        ticket, actor, done = before, self._actor(arrival.email), []
        planned = arrival.plan(self._policy, before, number, self._named)
        for action in in_order(self._policy, (_signed(action, actor) for action in planned)):
            outside = self._outside(ticket, action)
            after = self._judge(self._policy, outside, ticket, action, actor, arrival.at)
            if isinstance(after, Refusal):
                raise Refused(after.code, after.message, after.instead)
            if after != ticket:
                done.append(action)
            ticket = after
        assert ticket is not None
        return done, ticket

    def _written(self, path: str, before: Ticket | None, after: Ticket) -> bytes:
        """Return the ticket's file; one that was there before is edited, so that what people wrote in it stays."""
        document = self._documents.get(path)
        if before is None or document is None:
            data = codec.render(after, *self._shape)
            assure(path, data, after)
            return data
        data = codec.edit(document, after, *self._shape)
        assure(path, data, after)
        return data

    def _keep(self, revisions: Sequence[Revision]) -> None:
        for made in revisions:
            first = self.revisions.get(made.path)
            if made.path in self._documents:
                self._documents[made.path] = codec.read(made.path, made.new)
            self.revisions[made.path] = made if first is None else made._replace(before=first.before, old=first.old)

    def _actor(self, email: str) -> Actor:
        if email not in self._actors:
            self._actors[email] = actor_of(self._policy, email)
        return self._actors[email]

    def _free(self, arrival: Arrival) -> str:
        """Return the id of a new ticket: its own where it has one, else one that follows from what it is called."""
        day, prefix = arrival.at.date(), self._policy.desk.prefix
        if ids.day_of(arrival.case) == day and arrival.case.startswith(f"{prefix}-") and self._is_free(arrival.case):
            return arrival.case
        for turn_of in range(ids.TAILS):
            drawn = sha256(f"{arrival.case}\n{turn_of}".encode()).digest()
            number = ids.make(prefix, day, ids.tail_from(int.from_bytes(drawn[:4])))
            if self._is_free(number):
                return number
        raise WrongUsage(say("{day} has as many tickets as a day can have", day=day))

    def _is_free(self, number: str) -> bool:
        path = ids.path_of(number)
        return path not in self.revisions and not (self._desk.repo.root / path).exists()

    def _named(self, case: str) -> str | None:
        path = self._paths.get(case)
        return None if path is None else ids.id_of(path)

    def _outside(self, ticket: Ticket | None, action: Action) -> Outside:
        """Return what the law may ask of other tickets, as far as they have come."""
        links = () if ticket is None else ticket.links
        if not links and action.verb != "link":
            return self._alone
        linked = {link.id: self._ticket(link.id) for link in links}
        if action.verb == "link" and is_acyclic(self._policy, action.object):
            linked |= {each.id: each for each in chain(action.object, str(action.value), self._ticket)}
        return Outside(self._desk.registers, {number: held for number, held in linked.items() if held is not None})

    def _ticket(self, number: str) -> Ticket | None:
        made = self.revisions.get(ids.path_of(number)) if ids.is_id(number) else None
        return self._desk.ticket(number) if made is None else made.after

    def _leave_out(self, line: int, code: str, why: Message) -> None:
        files = self._wish.files
        file, line = (files[line - 1], 0) if files else (self._wish.file, line)
        self.findings.append(Finding(file, line, 0, code, "warning", why))


def _signed(action: Action, actor: Actor) -> Action:
    """Return the action; an event that is by nobody is by who does it."""
    event = action.value
    return action._replace(value=event._replace(by=actor.name)) if isinstance(event, Event) and not event.by else action


def _changes(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """Yield the arrivals that make a commit together: those that follow one another and bear the same change."""
    together: list[Arrival] = []
    for arrival in arrivals:
        if together and (arrival.change is None or arrival.change != together[0].change):
            yield together
            together = []
        together.append(arrival)
    if together:
        yield together
