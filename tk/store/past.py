"""A desk as it stood: read from a commit instead of the files, by the policy of that commit, at its instant.

A date means the last commit of the current branch at or before it, by the committer's date and along first parents:
what a merge brought in later was not there, however early it was written elsewhere.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time
from functools import cached_property
from typing import NamedTuple

from tk.core import ids
from tk.core.instant import epoch, format_instant, parse_date, parse_instant, parse_moment
from tk.core.policy import Policy
from tk.errors import NotADesk, PolicyBroken, WrongUsage, say
from tk.store import git, policies
from tk.store.desk import Desk, ambiguous, unknown
from tk.store.history import shallow_ends
from tk.store.index import Index
from tk.store.index.rows import entry_of
from tk.store.index_changes import TICKETS
from tk.store.progress import told

SHORT = 10
"""How many characters of a commit's name people are shown."""


class Moment(NamedTuple):
    """A commit, and the instant by which its tickets are judged."""

    commit: str
    at: datetime


class Past(Desk):
    """A desk as one commit has it."""

    def __init__(self, desk: Desk, moment: Moment) -> None:
        super().__init__(desk.repo, moment.at, desk.remark, desk.language, desk.progress)
        self.commit = moment.commit
        self._held: dict[str, bytes] = {}

    @property
    def policy(self) -> Policy:
        """The policy of that commit; raises PolicyBroken where its tk.toml makes none."""
        try:
            return self.reading.readable()
        except PolicyBroken as error:
            raise PolicyBroken(
                say("in commit {commit}: {why}", commit=self.commit[:SHORT], why=error.message)
            ) from None

    @cached_property
    def policy_data(self) -> bytes:
        """The bytes of tk.toml in that commit."""
        data = self.content(policies.NAME)
        if data is None:
            message = say("there was no desk yet in commit {commit}: it holds no tk.toml", commit=self.commit[:SHORT])
            raise NotADesk(message, say("git log --reverse tk.toml shows where the desk begins"))
        return data

    def content(self, path: str) -> bytes | None:
        """Return what the file `path` of the desk held, None where there was none."""
        return self._held[path] if path in self._held else next(self.contents([path]))

    def contents(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield what each of these files held, all by one process."""
        names = [f"{self.commit}:{self.repo.prefix}{path}" for path in paths]
        found = git.objects(self.repo, names)
        return (None if blob is None or blob.kind != "blob" else blob.content for blob in found)

    def locate(self, text: str) -> str:
        """Return the path of the ticket that `text` names, from the names of that commit's files alone where they do.

        Raises:
            UnknownTicket: none begins so.
            AmbiguousTicket: several do.
        """
        wanted = ids.normalise(text, self.policy.desk.prefix)
        named = {name: path for path in self._blobs if (name := ids.id_of(path)) and ids.matches(wanted, name)}
        if wanted.text in named or len(named) == 1:
            return named.get(wanted.text) or next(iter(named.values()))
        with self.index() as index:
            found = index.find(wanted)
            if len(found) == 1:
                return found[0].path
            if found:
                raise ambiguous(text, found)
            raise unknown(text, index.near(wanted))

    def index(self) -> Index:
        """Return an index in memory of all tickets there were, and keep their contents at hand."""
        paths, oids = list(self._blobs), list(self._blobs.values())
        read = zip(told(paths, self.progress), git.blobs(self.repo, oids), strict=False)
        self._held.update((path, data) for path, data in read if data is not None)
        entries = (entry_of(path, data) for path, data in self._held.items())
        return Index.of(self.repo, entries, self.content)

    @cached_property
    def _blobs(self) -> dict[str, str]:
        """The blob of each ticket file."""
        folder = f"{self.repo.prefix}{TICKETS}"
        records = git.run(self.repo, "ls-tree", "-r", "-z", self.commit, "--", folder).out.split(b"\0")
        found = {}
        for record in filter(None, records):
            head, _, name = record.partition(b"\t")
            path = os.fsdecode(name).removeprefix(self.repo.prefix)
            if head.split()[1] == b"blob" and ids.is_ticket_path(path):
                found[path] = head.split()[2].decode()
        return found


def as_of(desk: Desk, words: str) -> Past:
    """Return the desk as it stood at what `words` name: a day, an instant, or else any revision of git.

    Raises:
        WrongUsage: they name none, or one before the desk's (or the shallow clone's) first commit.
    """
    until = _until(desk, words)
    return Past(desk, _at_revision(desk, words) if until is None else _before(desk, words, until))


def _until(desk: Desk, words: str) -> datetime | None:
    """Return the instant that a date means, the end of a day (in the desk's zone) or now; None for no date."""
    with suppress(ValueError):
        zone = policies.zone_of(desk.policy)
        day = parse_date(words)
        if day > desk.now.date():
            raise _not_yet(words)
        return min(datetime.combine(day, time(23, 59, 59), tzinfo=zone), desk.now)
    with suppress(ValueError):
        instant = _instant(words, desk.now.replace(tzinfo=policies.zone_of(desk.policy)))
        if instant > desk.now:
            raise _not_yet(words)
        return instant
    return None


def _instant(words: str, now: datetime) -> datetime:
    try:
        return parse_instant(words)
    except ValueError:
        return parse_moment(words, now)


def _not_yet(words: str) -> WrongUsage:
    return WrongUsage(say("{words} is yet to come", words=words), say("the desk can be seen as it stood until now"))


def _before(desk: Desk, words: str, until: datetime) -> Moment:
    """Return the last commit of the current branch at or before an instant."""
    asked = ("rev-list", "--first-parent", "-1", f"--min-age={epoch(until)}", "HEAD")
    found = git.run(desk.repo, *asked, check=False).out.decode().split()
    if found:
        return Moment(found[0], until)
    first = git.run(desk.repo, "log", "--first-parent", "--max-parents=0", "--format=%H %cI", "HEAD", check=False)
    oid, _, date = first.out.decode().partition("\n")[0].partition(" ")
    if not oid:
        raise WrongUsage(say("nothing has been committed yet, so there is no past to see"))
    if oid in shallow_ends(desk.repo):
        raise WrongUsage(
            say("this clone is shallow: its view ends at {date}, commit {commit}", date=date, commit=oid[:SHORT]),
            say("git fetch --unshallow brings what was before"),
        )
    message = say("{words} lies before the first commit, of {date}", words=words, date=date)
    raise WrongUsage(message)


def _at_revision(desk: Desk, words: str) -> Moment:
    found = next(git.objects(desk.repo, [f"{words}^{{commit}}"]))
    if found is None or found.kind != "commit":
        shape = say(
            "write a revision as for git log (HEAD~20, a branch, a commit), or a date such as {today}",
            today=format_instant(desk.now)[:10],
        )
        if shallow_ends(desk.repo):
            shape = say("this clone is shallow: git fetch --unshallow brings what it lacks")
        raise WrongUsage(say('git knows no revision "{words}", and it is no date', words=words), shape)
    return Moment(found.oid, _committed(found.content))


def _committed(commit: bytes) -> datetime:
    """Return when a commit was made, by its committer."""
    lines = commit.partition(b"\n\n")[0].split(b"\n")
    committer = next(line for line in lines if line.startswith(b"committer "))
    seconds, offset = committer.split()[-2:]
    return datetime.fromtimestamp(int(seconds), datetime.strptime(offset.decode(), "%z").tzinfo)
