"""A desk as the services meet it: its repository, its policy, its tickets, who acts and when."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tk.core import ids
from tk.core.actor import Actor, actor_of
from tk.core.condition_terms import Condition
from tk.core.instant import in_zone
from tk.core.outside import NO_REGISTERS, Outside
from tk.core.policy import Policy
from tk.core.register import Registers
from tk.core.text import shown
from tk.core.ticket import Ticket
from tk.errors import AmbiguousTicket, Message, NotADesk, UnknownTicket, UnreadableTicket, say
from tk.store import policies
from tk.store.document import Document
from tk.store.progress import Progress, unseen
from tk.store.repo import Repo, find, read_file

Remark = Callable[[Message], None]
"""Where a remark for the person goes."""


_TRIED = 20
"""How many versions of a tk.toml that cannot be read are gone back through."""


class Desk:
    """One desk, opened by one command at one instant."""

    def __init__(
        self,
        repo: Repo,
        now: datetime,
        remark: Remark,
        language: str | None = None,
        progress: Progress = unseen,
    ) -> None:
        self.repo = repo
        self.remark = remark
        self.progress = progress
        self._now = now
        self.language = language

    @cached_property
    def policy_data(self) -> bytes:
        """The bytes of tk.toml as this command goes by them."""
        data = self.content(policies.NAME)
        if data is None:
            raise NotADesk(say("{path} cannot be read", path=self.repo.root / policies.NAME))
        return data

    @cached_property
    def reading(self) -> policies.Reading:
        """What tk.toml says, errors included."""
        return self.read_policy(self.policy_data)

    def read_policy(self, data: bytes) -> policies.Reading:
        """Return what the text `data` of a tk.toml says, its labels in the language that the desk is asked in."""
        reading = policies.load(self.repo.state, data)
        return reading if self.language is None else reading.spoken_in(self.language)

    def _last_policy(self) -> Policy | None:
        """Return the policy as last committed so that it can be read, for reading on while tk.toml makes none."""
        from tk.store import git, history  # a rare need

        commits = history.of_path(self.repo, policies.NAME, limit=_TRIED)
        names = [f"{commit.oid}:{self.repo.prefix}{policies.NAME}" for commit in reversed(commits)]
        read = (self.read_policy(data).policy for data in git.blobs(self.repo, names) if data is not None)
        policy = next((policy for policy in read if policy is not None), None)
        if policy is not None:
            self.remark(say("tk.toml makes no policy now; what is shown goes by the one last committed"))
        return policy

    @cached_property
    def policy(self) -> Policy:
        """The policy for reading, while tk.toml makes none that of the last commit; raises PolicyBroken without one."""
        return self.reading.policy or self._last_policy() or self.reading.readable()

    @property
    def instant(self) -> datetime:
        """The instant of the command as it was handed in: for what goes by no policy."""
        return self._now

    @cached_property
    def now(self) -> datetime:
        """The instant of the command, in the desk's zone."""
        return in_zone(self._now, policies.zone_of(self.policy))

    @cached_property
    def actor(self) -> Actor:
        """Who acts: git's author; raises NoIdentity where git does not know one."""
        from tk.store.git import identity

        return actor_of(self.policy, identity(self.repo)[1])

    def locate(self, text: str) -> str:
        """Return the path of the ticket that `text` names: an id, an alias, or any unambiguous beginning.

        Raises:
            UnknownTicket: none begins so.
            AmbiguousTicket: several do.
        """
        wanted = ids.normalise(text, self.policy.desk.prefix)
        if wanted.is_whole and (self.repo.root / ids.path_of(wanted.id)).is_file():
            return ids.path_of(wanted.id)
        from tk.store.index import Index

        with Index.open(self.repo, progress=self.progress) as index:
            found = index.find(wanted)
            if len(found) == 1:
                return found[0].path
            if found:
                raise ambiguous(text, found)
            raise unknown(text, index.near(wanted))

    def content(self, path: str) -> bytes | None:
        """Return what stands in the file `path` of the desk, None where there is none."""
        return read_file(self.repo, path)

    def contents(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield what stands in each of these files."""
        return map(self.content, paths)

    def template(self, name: str) -> str:
        """Return the desk's template of that name in the language of its labels, "" where it has none."""
        data = self.content(f"templates/{self.policy.desk.language}/{name}")
        return "" if data is None else data.decode("utf-8-sig", "replace")

    def document(self, text: str) -> Document:
        """Return the file of the ticket that `text` names, read as far as it can be."""
        return self.read(self.locate(text))

    def read(self, path: str) -> Document:
        """Return the ticket file at `path`, read as far as it can be; raise UnknownTicket where it is gone."""
        data = self.content(path)
        if data is None:
            raise UnknownTicket(say("{path} is gone", path=path))
        return _read(path, data)

    def outside(self, ticket: Ticket) -> Outside:
        """Return what the policy may ask that lies outside a ticket: registers, and the tickets that it links."""
        linked = ((link.id, self.ticket(link.id)) for link in ticket.links)
        return Outside(self.registers, {number: other for number, other in linked if other is not None})

    @cached_property
    def registers(self) -> Registers:
        """The registers of the desk, each read when it is asked for."""
        if not self.policy.registers.entries:
            return NO_REGISTERS
        from tk.store.registers import Shelf

        return Shelf(self.policy, self.content)

    def ticket(self, number: str) -> Ticket | None:
        """Return the ticket whose whole id this is; None where there is none, or none that can be read."""
        return self._ticket_at(ids.path_of(number)) if ids.is_id(number) else None

    def _ticket_at(self, path: str) -> Ticket | None:
        data = self.content(path)
        return None if data is None else _read(path, data).ticket

    def meets(self, path: str, condition: Condition) -> bool:
        """Return whether the ticket whose file is at `path` meets a condition now, by all that the policy may ask."""
        from tk.core.conditions.language import holds  # the index answers nearly all there is to ask
        from tk.core.facts import Facts

        ticket = self._ticket_at(path)
        return ticket is not None and holds(condition, Facts(self.policy, ticket, self.now, None, self.outside(ticket)))

    def sizes(self, number: str) -> dict[str, int]:
        """Return the files that lie beside the ticket with this id, and how many bytes each has."""
        try:
            with os.scandir(self.repo.root / ids.folder_of(number)) as found:
                return {file.name: file.stat().st_size for file in found if file.is_file(follow_symlinks=False)}
        except FileNotFoundError:
            return {}


def open_desk(
    folder: Path,
    now: datetime,
    remark: Remark,
    language: str | None = None,
    progress: Progress = unseen,
    *,
    former: bool = False,
) -> Desk:
    """Return the desk that `folder` lies in, after putting right what an interrupted command left there.

    Its labels are in `language`, where one is asked for, else in its own. With `former`, a desk whose tk.toml is gone
    from the files is opened, too: for what asks the commits.
    """
    repo = find(folder, former=former)
    if repo.journal.exists():
        from tk.store.writing.commit import recover

        recover(repo, remark, wait=False)
    return Desk(repo, now, remark, language, progress)


def _read(path: str, data: bytes) -> Document:
    from tk.store import codec  # a list needs none of its patterns, which take a while to compile

    return codec.read(path, data)


def ticket_of(document: Document) -> Ticket:
    """Return the ticket in a document; raise UnreadableTicket, naming line and column, where there is none."""
    if document.ticket is not None:
        return document.ticket
    first = document.findings[0]
    hint = say("mend the file by hand; tk check {path} says when it is right", path=first.path)
    if first.code == "conflict":
        hint = say(
            "`tk resolve {id}` settles it; or keep what is right of the two sides and delete the marker lines",
            id=first.ticket or "",
        )
    message = say(
        "{path}:{line}:{column}: {why}", path=first.path, line=first.line, column=first.column, why=first.message
    )
    raise UnreadableTicket(message, hint)


def random_number() -> int:
    """Return 32 bits that nobody can foresee, for ids."""
    return int.from_bytes(os.urandom(4), "big")


def ambiguous(text: str, found: Sequence[tuple[str, str, str]]) -> AmbiguousTicket:
    """Return the refusal of what several tickets answer to: the id, path and title of each."""
    if len({ticket for ticket, _, _ in found}) == 1:
        paths = ", ".join(path for _, path, _ in found)
        message = say("{id} is the id of {count} files: {paths}", id=found[0][0], count=len(found), paths=paths)
        return AmbiguousTicket(message, say("tk check says which lies where it belongs"))
    lines = "".join(f"\n  {ticket} {shown(title)}" for ticket, _, title in found[:10])
    more = "" if len(found) <= 10 else f"\n  … {len(found) - 10}"
    message = say(
        '"{text}" is the beginning of {count} tickets:{lines}', text=shown(text), count=len(found), lines=lines + more
    )
    return AmbiguousTicket(message, say("write more of the id"))


def unknown(text: str, near: Sequence[str]) -> UnknownTicket:
    """Return the refusal of an id that no ticket begins with; `near` are those that may have been meant."""
    message = say('no ticket answers to "{text}"', text=shown(text))
    if not near:
        return UnknownTicket(message, say("tk list shows the tickets that are not closed"))
    return UnknownTicket(message, say("did you mean {near}?", near=", ".join(near)))
