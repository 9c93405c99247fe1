"""Checking the work tree, all that the policy governs, against format and law; nothing depends on the clock."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tk.core import ids
from tk.core.checks import Place, Subject, check_ticket
from tk.core.finding import Finding, in_order
from tk.core.links import Loose, loose
from tk.core.policy import Policy
from tk.core.review.governed import check_text
from tk.core.review.places import is_below_tickets, stray
from tk.core.rules import Register
from tk.core.ticket import Ticket
from tk.errors import DiskFailed, Message, Refused, say
from tk.store import asked, codec, registers
from tk.store.codec import Document
from tk.store.desk import Desk
from tk.store.progress import told
from tk.store.repo import oddity, read_file


class Checked(NamedTuple):
    """What a check found, and how many ticket files it read."""

    tickets: int
    findings: tuple[Finding, ...]


def check(desk: Desk, paths: Sequence[Path] | None = None) -> Checked:
    """Check the policy, and the tickets, templates and registers at `paths` (absolute), all where None is given.

    The policy's findings come first, since the others go by it. An id that a file shares with one that was not asked
    for is found as well.

    Raises:
        WrongUsage: a path does not exist or lies outside the desk.
        DiskFailed: a folder cannot be read.
    """
    reading = desk.reading
    findings: list[Finding] = []
    seen: dict[str, list[tuple[str, bool]]] = {}
    linked: dict[str, tuple[str, Ticket]] = {}
    listed: dict[str, Collection[str]] = {}
    files = list(dict.fromkeys(asked.files(desk, paths)))
    for path in told(files, desk.progress):
        if is_below_tickets(path) and not ids.is_ticket_path(path):
            findings.extend(_beside(desk, path, listed))
            continue
        found, ticket = _checked(desk, reading.policy, path)
        findings.extend(found)
        if ticket is not None:
            listed[path] = [held.file for held in ticket.attachments]
            for name in dict.fromkeys((ticket.id, *ticket.aliases)):
                seen.setdefault(name, []).append((path, name != ticket.id))
        if ticket is not None and ticket.links:
            linked[ticket.id] = path, ticket
    if paths is not None and seen:
        _add_others(desk, seen)
    findings.extend(_doubles(seen))
    findings.extend(_loose(desk, linked))
    findings.extend(_registers(desk, paths))
    findings.extend(_letters(desk, paths))
    return Checked(sum(map(ids.is_ticket_path, files)), (*reading.findings, *in_order(findings)))


def check_policy(desk: Desk) -> tuple[Finding, ...]:
    """Return what is wrong with the policy alone: tk.toml first, then templates and registers."""
    return (*desk.reading.findings, *in_order([*_registers(desk, None), *_letters(desk, None)]))


def _registers(desk: Desk, paths: Sequence[Path] | None) -> Iterator[Finding]:
    """Yield what is wrong with the registers that tk.toml names, of those alone that are asked for."""
    places = [desk.repo.root] if paths is None else [path.resolve() for path in paths]
    for register in _named(desk):
        place = desk.repo.root / register.file
        if any(place.is_relative_to(path) for path in places):
            yield from registers.read(register, desk.content).findings


def _letters(desk: Desk, paths: Sequence[Path] | None) -> Iterator[Finding]:
    """Yield what is wrong with the templates of letters, of those alone that are asked for."""
    policy = desk.reading.policy
    if policy is None or not (policy.notices or policy.mail):
        return
    places = [desk.repo.root] if paths is None else [path.resolve() for path in paths]
    if all(place.is_relative_to(desk.repo.root / "tickets") for place in places):
        return
    from tk.post.trial import try_templates  # a desk without letters does without jinja2, and so does a ticket

    for finding in try_templates(desk):
        if any((desk.repo.root / finding.path).is_relative_to(path) for path in places):
            yield finding


def _named(desk: Desk) -> Iterable[Register]:
    policy = desk.reading.policy
    return () if policy is None else policy.registers.entries.values()


def _add_others(desk: Desk, seen: dict[str, list[tuple[str, bool]]]) -> None:
    """Add to who bears each name the tickets that were not asked for."""
    from tk.store.index import Index  # a check of everything has seen them all

    with Index.open(desk.repo, progress=desk.progress) as index:
        for name, held in seen.items():
            paths = {path for path, _ in held}
            held.extend(bearer for bearer in index.bearers(name) if bearer[0] not in paths)


def _beside(desk: Desk, path: str, listed: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Yield what is wrong with where a file lies that is no ticket; `listed` has what tickets list, by their path."""
    number = ids.owner_of(path)
    odd = _oddity(desk, path)
    if odd is not None:
        yield Finding(path, 1, 1, odd[0], "error", odd[1], number)
        return
    names = () if number is None else _names(desk, number, listed)
    wrong = None if names is None else stray(path, names)
    if wrong is not None:
        yield Finding(path, 1, 1, *wrong, number)


def _names(desk: Desk, number: str, listed: Mapping[str, Collection[str]]) -> Collection[str] | None:
    """Return the names of the files that a ticket lists, None where it cannot be read."""
    path = ids.path_of(number)
    if path in listed:
        return listed[path]
    if not os.path.lexists(desk.repo.root / path):
        return ()
    ticket = None if _oddity(desk, path) else desk.ticket(number)
    return None if ticket is None else [held.file for held in ticket.attachments]


def _checked(desk: Desk, policy: Policy | None, path: str) -> tuple[list[Finding], Ticket | None]:
    odd = _oddity(desk, path)
    if odd is not None:
        return [Finding(path, 1, 1, odd[0], "error", odd[1])], None
    try:
        data = read_file(desk.repo, path)
    except Refused as error:
        return [Finding(path, 1, 1, "symlink", "error", error.message)], None
    except DiskFailed as error:
        return [Finding(path, 1, 1, "unreadable", "error", error.message)], None
    if data is None:
        return [], None  # gone since it was listed
    if not ids.is_ticket_path(path):
        is_read = any(register.file == path for register in _named(desk))  # and checked as the table it is
        return ([] if is_read else list(check_text(path, data))), None
    document = codec.read(path, data)
    findings = list(document.findings)
    if document.ticket is None or policy is None:
        return findings, document.ticket
    findings += check_ticket(policy, Subject(document.ticket, path, _places(document)))
    findings += _attachments(desk, document, document.ticket)
    return findings, document.ticket


def _oddity(desk: Desk, path: str) -> tuple[str, Message] | None:
    try:
        return oddity(path, os.lstat(f"{desk.repo.root}/{path}").st_mode)
    except OSError:
        return None  # whoever reads it says so


def _places(document: Document) -> Callable[[str], Place]:
    place = codec.placing(document)
    return lambda key: Place(*place(key))


def _attachments(desk: Desk, document: Document, ticket: Ticket) -> Iterator[Finding]:
    if not ticket.attachments or not ids.is_id(ticket.id):
        return
    line, column = _places(document)("attachments")
    sizes = desk.sizes(ticket.id)
    for attachment in ticket.attachments:
        if attachment.file not in sizes:
            message = say("the attachment {file} is not beside the ticket", file=attachment.file)
            yield Finding(document.path, line, column, "missing-attachment", "error", message, ticket=ticket.id)


def _loose(desk: Desk, linked: Mapping[str, tuple[str, Ticket]]) -> Iterator[Finding]:
    """Yield the links that do not hold together, each told where it stands; all tickets are read by now."""
    policy = desk.reading.policy
    if policy is None:
        return

    def read(number: str) -> Ticket | None:
        return linked[number][1] if number in linked else desk.ticket(number)

    for path, ticket in linked.values():
        wrong = [each for each in loose(policy, ticket, read) if not _is_unreadable(desk, each)]
        line, column = codec.place(desk.read(path), "links") if wrong else (0, 0)
        for each in wrong:
            yield Finding(path, line, column, each.code, each.severity, each.message, ticket=ticket.id)


def _is_unreadable(desk: Desk, link: Loose) -> bool:
    """Return whether a link leads nowhere only because the file that is there cannot be read, which is told of it."""
    if link.code != "missing-link" or not ids.is_id(link.other):
        return False
    file = desk.repo.root / ids.path_of(link.other)
    return file.is_symlink() or file.exists()


def _doubles(seen: dict[str, list[tuple[str, bool]]]) -> Iterator[Finding]:
    """Yield the ids and aliases that several files have; of two that drew one id, one has it as its alias."""
    for name, held in seen.items():
        exact = [path for path, is_alias in held if not is_alias]
        first, *others = sorted(exact or (path for path, _ in held), key=lambda path: (ids.id_of(path) != name, path))
        if exact:
            others += [path for path, is_alias in held if is_alias and not _may_be_twin(path, name)]
        for path in others:
            message = say("the id {id} is also that of {other}", id=name, other=first)
            yield Finding(path, 1, 1, "duplicate-id", "error", message, ticket=name)


def _may_be_twin(path: str, name: str) -> bool:
    """Return whether the ticket at `path` may have drawn the id `name` and then been given another, of the same day."""
    number = ids.id_of(path)
    return number is not None and number.rpartition("-")[0] == name.rpartition("-")[0]
