"""What could come next on the command line: ids, names and values of the desk that the user stands in.

These answer a shell at each press of a key: they ask the compiled policy and the index, and read no ticket but the one
that is named. Failures are silent, see `tk.cli.shells.answer`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from tk.cli.app import App, start_folder
from tk.cli.safe import cell
from tk.core import ids, query
from tk.core.condition import Context, own_facts
from tk.core.names import fold
from tk.core.notice import OUTBOX
from tk.core.policy import KINDS, Policy, Vocabulary
from tk.core.ticket import Ticket
from tk.core.values import SETTABLE, vocabulary_of
from tk.core.vocabulary import in_language
from tk.errors import Message, TkError
from tk.store.desk import Desk
from tk.store.index_schema import file_of
from tk.store.repo import find

Offers = Iterable[tuple[str, str]]
"""Words, each with what it means."""

_MANY = 60
"""How many tickets are offered at once."""

_SMALL = 1 << 20
"""Bytes of git's index up to which nobody waits long for tk's to be built: some ten thousand files."""


class Asked(NamedTuple):
    """The desk and the words so far: the one to be completed, and the values of the arguments before it."""

    desk: Desk
    incomplete: str
    params: Mapping[str, Any]

    @property
    def policy(self) -> Policy:
        """The policy of the desk."""
        return self.desk.policy


def offer(kind: str, context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return what could stand where `incomplete` does, as far as the desk knows it."""
    app = App(start_folder(context.find_root().params["folders"]))
    asked = Asked(Desk(find(app.folder), app.now, _silent), incomplete, context.params)
    offers = _OFFERS[kind](asked) if kind in _OFFERS else _values(asked.policy, kind)
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
    return Path(file_of(str(repo.state), repo.prefix)).exists() or (repo.git_dir / "index").stat().st_size < _SMALL


def _statuses(asked: Asked) -> Offers:
    """Return the statuses that the ticket can go to, all of them where it is not known which one it is."""
    held = _ticket(asked)
    every = dict(_named(asked.policy, asked.policy.statuses))
    known = asked.policy.statuses.entries.get("" if held is None else held.status)
    return every.items() if known is None else [(key, every[key]) for key in known.to if key in every]


def _ticket(asked: Asked) -> Ticket | None:
    try:
        return asked.desk.document(asked.params["ticket"]).ticket
    except TkError:
        return None


def _people(asked: Asked) -> Offers:
    people, teams = _named(asked.policy, asked.policy.people), _named(asked.policy, asked.policy.teams)
    return [("me", ""), *people, *teams, ("nobody", "")]


def _owners(asked: Asked) -> Offers:
    return [("me", ""), *_named(asked.policy, asked.policy.people)]


def _events(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.events)


def _links(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.links)


def _requests(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.requests)


def _wanted(asked: Asked) -> Offers:
    """Return the values of the field that a request is about."""
    kind = asked.policy.requests.entries.get(str(asked.params.get("name")))
    return [] if kind is None or kind.field is None else _values(asked.policy, kind.field)


def _approvals(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.approvals)


def _documents(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.attachments.kinds)


def _letters(asked: Asked) -> Offers:
    names = sorted(place.stem for place in (asked.desk.repo.root / OUTBOX).glob("*.eml"))
    return [(name.rpartition("-")[2], name) for name in names]


def _templates(asked: Asked) -> Offers:
    """Return the names of the desk's letters; those of parts begin with an underscore."""
    found = (asked.desk.repo.root / "templates").glob("*/*.txt.j2")
    names = {place.name.removesuffix(".txt.j2") for place in found}
    return [(name, "") for name in sorted(names) if not name.startswith("_")]


def _clocks(asked: Asked) -> Offers:
    return [(clock, "") for clock in dict.fromkeys(rule.clock for rule in asked.policy.deadlines)]


def _sections(asked: Asked) -> Offers:
    """Return the sections of tk.toml as it stands."""
    import tomllib

    return [(name, "") for name in tomllib.loads(asked.desk.policy_data.decode("utf-8-sig"))]


def _ratings(_: Asked) -> Offers:
    return [("good", ""), ("bad", "")]


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


def _tables(asked: Asked) -> Offers:
    return _named(asked.policy, asked.policy.decisions)


def _reasons(asked: Asked) -> Offers:
    """Return the reasons for which complaints may be filed."""
    complaints = (table.complaint for table in asked.policy.decisions.entries.values())
    return next((_named(asked.policy, complaint.reasons) for complaint in complaints if complaint is not None), [])


def _answers(asked: Asked) -> Offers:
    """Return NAME= for each fact of the decision tables, and after the sign its answers."""
    name, equals, _ = asked.incomplete.partition("=")
    language = asked.policy.desk.language
    questions = {
        key: q for table in asked.policy.decisions.entries.values() for key, q in table.questions.entries.items()
    }
    if not equals:
        return [(f"{key}=", in_language(question.labels, language)) for key, question in questions.items()]
    values = questions[name].values if name in questions else None
    return [(f"{name}={answer}", told) for answer, told in _named(asked.policy, values)]


def _fields(asked: Asked) -> Offers:
    """Return KEY=, and after the sign the values that the key may have."""
    key, equals, _ = asked.incomplete.partition("=")
    if equals:
        name = asked.policy.fields.find(key) or key
        return [(f"{key}={value}", told) for value, told in _values(asked.policy, name)]
    keys = (*SETTABLE, "tags+", "tags-", "description", *asked.policy.fields.entries)
    return [(f"{name}=", asked.policy.fields.label(name, asked.policy.desk.language)) for name in keys]


def _words(asked: Asked) -> Offers:
    """Return FIELD:, and after the colon the values that may be asked for, those after a comma too."""
    field, colon, value = asked.incomplete.partition(":")
    if not colon:
        return [(f"{name}:", "") for name in dict.fromkeys((*_FIRST, *own_facts(Context.of(asked.policy))))]
    before, comma, _ = value.rpartition(",")
    return [(f"{field}:{before}{comma}{word}", told) for word, told in _asked_for(asked.policy, fold(field))]


def _asked_for(policy: Policy, field: str) -> Offers:
    if field == "is":
        return [(kind, "") for kind in KINDS]
    if field == "sort":
        return [(f"{sign}{key}", "") for sign in ("", "-") for key in query.SORTS]
    if field == "overdue":
        return [("yes", ""), ("no", "")]
    more = ["me"] if field in {"owner", "creator"} else []
    more += ["any"] if field == "status" else ["none"]
    return [*_values(policy, "owner" if field == "creator" else field), *((word, "") for word in more)]


def _values(policy: Policy, key: str) -> Offers:
    """Return the values that a key of a ticket may have, as far as the policy names them."""
    field = policy.fields.entries.get(key)
    if field is None:
        return _named(policy, vocabulary_of(policy, key))
    if field.type == "flag":
        return [("yes", ""), ("no", "")]
    return _named(policy, policy.people if field.type == "person" else field.choices or field.tree)


def _named(policy: Policy, names: Vocabulary[Any] | None) -> Offers:
    """Return each key with its label, which a path of a tree has of each of its steps."""
    if names is None:
        return []
    return [(key, names.label(key, policy.desk.language)) for key in names.entries]


def _remotes(asked: Asked) -> Offers:
    from tk.store import git

    return [(name, "") for name in git.run(asked.desk.repo, "remote").out.decode("utf-8", "replace").split()]


def _settling(asked: Asked) -> Offers:
    """Return the tickets that wait for people, and the fields that a value may be given for."""
    from tk.store import unmerged

    found = (ids.id_of(path.removeprefix(asked.desk.repo.prefix)) for path in unmerged.files(asked.desk.repo))
    return [*((number, "") for number in found if number), *_fields(asked)]


_FIRST = ("status", "is", "owner", "priority", "category", "tag", "overdue", "due", "sort", "limit")
"""The fields of a query that people ask for most."""

_OFFERS: Mapping[str, Callable[[Asked], Offers]] = {
    "tickets": _tickets,
    "statuses": _statuses,
    "assignees": _people,
    "owners": _owners,
    "events": _events,
    "links": _links,
    "requests": _requests,
    "wanted": _wanted,
    "approvals": _approvals,
    "documents": _documents,
    "letters": _letters,
    "templates": _templates,
    "ratings": _ratings,
    "revisions": _revisions,
    "times": _times,
    "fields": _fields,
    "tables": _tables,
    "reasons": _reasons,
    "answers": _answers,
    "words": _words,
    "remotes": _remotes,
    "settling": _settling,
    "sections": _sections,
    "clocks": _clocks,
}
"""What is offered under which name; any other name is a key of a ticket, and its values are offered."""
