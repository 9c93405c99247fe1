"""What could come next on the command line: ids, names and values of the desk that the user stands in.

These answer a shell at each press of a key: they ask the compiled policy and the index, and read no ticket but the one
that is named. Failures are silent, see `tk.cli.completing.shells.answer`.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tk.cli.app import App, start_folder
from tk.cli.completing.offers_names import (
    Asked,
    Offers,
    answers,
    approvals,
    clocks,
    documents,
    events,
    fields,
    groups,
    links,
    named,
    owners,
    people,
    ratings,
    reasons,
    requests,
    sections,
    tables,
    values,
    wanted,
    words,
)
from tk.cli.terminal.safe import cell
from tk.core import ids
from tk.core.notice import OUTBOX
from tk.core.ticket import Ticket
from tk.errors import Message, TkError
from tk.store.desk import Desk
from tk.store.index.schema import KEPT
from tk.store.repo import find
from tk.store.sqlite_file import file_of

_MANY = 60
"""How many tickets are offered at once."""

_SMALL = 1 << 20
"""Bytes of git's index up to which nobody waits long for tk's to be built: some ten thousand files."""


def offer(kind: str, context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return what could stand where `incomplete` does, as far as the desk knows it."""
    app = App(start_folder(context.find_root().params["folders"]))
    asked = Asked(Desk(find(app.folder), app.now, _silent), incomplete, context.params)
    offers = _OFFERS[kind](asked) if kind in _OFFERS else values(asked.policy, kind)
    wanted = incomplete.casefold()
    return [
        CompletionItem(word, help=cell(told) or None) for word, told in offers if word.casefold().startswith(wanted)
    ]


def _silent(_: Message) -> None:
    """Say nothing."""


def _tickets(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield the ends of ids, or as much of them as was begun: those of open tickets first, then the latest."""
    desk, typed = asked.desk, asked.incomplete
    repo, prefix = desk.repo, asked.policy.desk.prefix
    if not _is_quick(desk):
        return
    wanted = ids.normalise(typed, prefix)
    if typed and f"{prefix}-".startswith(typed.upper()):
        wanted = ids.Abbreviation(typed, id=typed.upper())
    from tk.store.index import Index

    closed = [status.key for status in asked.policy.statuses.entries.values() if status.kind == "closed"]
    with Index.open(repo) as index:
        hits = index.begun(wanted, closed, _MANY)
    tails = [hit.id[-ids.TAIL_LENGTH :] for hit in hits]
    for hit, tail in zip(hits, tails, strict=True):
        rest = hit.id[len(wanted.id) :] if wanted.id or tails.count(tail) > 1 else tail[len(wanted.tail) :]
        yield typed + (rest if any(map(str.isupper, typed)) else rest.lower()), hit.title


def _is_quick(desk: Desk) -> bool:
    """Whether the index is there, or made in no time."""
    repo = desk.repo
    return (
        Path(file_of(str(repo.state), repo.prefix, KEPT)).exists() or (repo.git_dir / "index").stat().st_size < _SMALL
    )


def _statuses(asked: Asked) -> Offers:
    """Return the statuses that the ticket can go to, all of them where it is not known which one it is."""
    held = _ticket(asked)
    every = dict(named(asked.policy, asked.policy.statuses))
    known = asked.policy.statuses.entries.get("" if held is None else held.status)
    return every.items() if known is None else [(key, every[key]) for key in known.to if key in every]


def _ticket(asked: Asked) -> Ticket | None:
    try:
        return asked.desk.document(asked.params["ticket"]).ticket
    except TkError:
        return None


def _letters(asked: Asked) -> Offers:
    names = sorted(place.stem for place in (asked.desk.repo.root / OUTBOX).glob("*.eml"))
    return [(name.rpartition("-")[2], name) for name in names]


def _templates(asked: Asked) -> Offers:
    """Return the names of the desk's letters; those of parts begin with an underscore."""
    found = (asked.desk.repo.root / "templates").glob("*/*.txt.j2")
    names = {place.name.removesuffix(".txt.j2") for place in found}
    return [(name, "") for name in sorted(names) if not name.startswith("_")]


def _times(_: Asked) -> Offers:
    return [(word, "") for word in ("today", "tomorrow", "+1d", "+2d", "+1w", "none")]


def _revisions(asked: Asked) -> Offers:
    """Return branches and tags, behind the `..` of a range too."""
    from tk.store import git  # few words need a process of git

    before, dots, _ = asked.incomplete.rpartition("..")
    told = git.run(asked.desk.repo, "for-each-ref", "--format=%(refname:short)", check=False).out.decode(
        errors="replace"
    )
    return [(f"{before}{dots}{name}", "") for name in ("HEAD", *told.splitlines())]


def _reports(_: Asked) -> Offers:
    from tk.core.reports.catalogue import KINDS

    return [(name, "") for name in (*KINDS, "incident")]


def _countries(_: Asked) -> Offers:
    from tk.services.holidays import countries  # its library is for whoever drafts a register

    return countries().items()


def _remotes(asked: Asked) -> Offers:
    from tk.store import git

    return [(name, "") for name in git.run(asked.desk.repo, "remote").out.decode("utf-8", "replace").split()]


def _settling(asked: Asked) -> Offers:
    """Return the tickets that wait for people, and the fields that a value may be given for."""
    from tk.store.merging import unmerged

    found = (ids.id_of(path.removeprefix(asked.desk.repo.prefix)) for path in unmerged.files(asked.desk.repo))
    return [*((number, "") for number in found if number), *fields(asked)]


_OFFERS: Mapping[str, Callable[[Asked], Offers]] = {
    "tickets": _tickets,
    "statuses": _statuses,
    "assignees": people,
    "owners": owners,
    "events": events,
    "links": links,
    "requests": requests,
    "wanted": wanted,
    "approvals": approvals,
    "documents": documents,
    "letters": _letters,
    "templates": _templates,
    "ratings": ratings,
    "revisions": _revisions,
    "times": _times,
    "fields": fields,
    "tables": tables,
    "reasons": reasons,
    "answers": answers,
    "words": words,
    "countries": _countries,
    "remotes": _remotes,
    "settling": _settling,
    "reports": _reports,
    "groups": groups,
    "sections": sections,
    "clocks": clocks,
}
"""What is offered under which name; any other name is a key of a ticket, and its values are offered."""
