"""What a ticket has beside its text: documents attached to it, and links to other tickets; one commit each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tk.core.action import Action
from tk.core.errand import document_date, document_kind
from tk.core.facts import Outside
from tk.core.links import chain, other_end
from tk.core.plan import Happening
from tk.core.ticket import Attachment, Link, Ticket
from tk.core.values import choose
from tk.errors import say
from tk.post.outgoing import with_letters
from tk.store.desk import Desk, ticket_of
from tk.store.given import read_given
from tk.store.papers import folder_for, named
from tk.store.revision import Changed, logged, revise
from tk.store.writing.commit import turn


class Papers(NamedTuple):
    """Files to be attached, in people's words: named from `folder`, all of one kind and one date."""

    folder: Path
    files: Sequence[str]
    kind: str | None = None
    date: str | None = None


def attach(
    desk: Desk, text: str, papers: Papers, happening: Happening | None = None, *, commit: bool = True
) -> Changed:
    """Copy files beside the ticket that `text` names and enter them in it, and in its log what happened, if anything.

    What lies there already is not stored again, and that is said.

    Raises:
        WrongUsage, DiskFailed: a file cannot be taken, or the desk knows no such kind of document.
        Refused and more: as `tk.services.change.act`.
    """
    policy = desk.reading.usable()
    kind, day = document_kind(policy, papers.kind), document_date(papers.date)
    given = [(name, read_given(papers.folder, name, policy.attachments.limit)) for name in papers.files]
    path = desk.locate(text)
    with turn(desk.repo, desk.remark) as make:
        document = desk.read(path)
        ticket = ticket_of(document)
        folder, sizes = folder_for(path, ticket), desk.sizes(ticket.id)
        new = named(desk, folder, ticket, sizes, given)
        actions = [Action("attach", kind or "", Attachment(name, kind, day)) for name in new]
        if happening is not None:
            actions.append(logged(desk, policy, ticket, happening))
        outside = desk.outside(ticket)._replace(sizes={**sizes, **{name: len(data) for name, data in new.items()}})
        made = revise(desk, policy, document, actions, outside)
        files = {f"{folder}/{name}": data for name, data in new.items()}
        return made.done(make(with_letters(desk, [made], files, commit=commit)) if made.actions else None)


def link(desk: Desk, text: str, kind: str, other: str, *, commit: bool = True) -> list[Changed]:
    """Link the ticket that `text` names to the `other`, in both, in one commit; return what became of each.

    An end that says so already, as a merge or an edit by hand may leave it, is completed by the other.

    Raises:
        WrongUsage: the desk knows no such kind of link.
        Refused and more: as `tk.services.change.act`.
    """
    policy = desk.reading.usable()
    there = choose(policy.links, kind, say("kind of link"))
    back = other_end(policy, there)
    paths = (desk.locate(text), desk.locate(other))
    with turn(desk.repo, desk.remark) as make:
        documents = [desk.read(path) for path in paths]
        near, far = map(ticket_of, documents)
        ends = ((documents[0], near, Link(there, far.id)), (documents[1], far, Link(back, near.id)))
        lacking = [end for end in ends if end[2] not in end[1].links] or ends[:1]
        made = [
            revise(desk, policy, document, [Action("link", new.kind, new.id)], _around(desk, ticket, new))
            for document, ticket, new in (lacking if near.id != far.id else ends[:1])
        ]
        commit_made = make(with_letters(desk, made, commit=commit))
    return [each.done(commit_made) for each in made]


def _around(desk: Desk, ticket: Ticket, new: Link) -> Outside:
    """Return what the law may ask of other tickets: those linked, and all that the new link would lead to."""
    outside = desk.outside(ticket)
    ahead = {held.id: held for held in chain(new.kind, new.id, desk.ticket)}
    return outside._replace(linked={**outside.linked, **ahead})
