"""Mending the files of a desk where nothing has to be chosen: spellings, and files that lie in another day's folder."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tk.core import ids
from tk.core.mending import mended
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.errors import Refused, UnreadableTicket
from tk.store import asked, codec, policies
from tk.store.desk import Desk
from tk.store.repo import read_file
from tk.store.revision import assure, shape
from tk.store.writing.commit import Change, turn


def mend(desk: Desk, paths: Sequence[Path] | None = None) -> tuple[str, ...]:
    """Mend the tickets at `paths` as `tk.services.check` reads them, and return those that changed, by their old path.

    The files are written, all or none, and not committed: what became of them is for a person to see. Neither is
    `updated` moved, since nothing was done to the ticket.

    Raises:
        WrongUsage: a path does not exist or lies outside the desk.
        PolicyBroken: tk.toml cannot be used for a change.
        DiskFailed, FileChanged, Busy: nothing was changed.
    """
    policy = desk.reading.usable()
    with turn(desk.repo, desk.remark) as make:
        new: dict[str, bytes | None] = {}
        old: dict[str, bytes | None] = {policies.NAME: desk.policy_data}
        for path in filter(ids.is_ticket_path, dict.fromkeys(asked.files(desk, paths))):
            data = _read(desk, path)
            if data is not None:
                place, made = _mended(desk, policy, path, data)
                if (place, made) != (path, data):
                    old |= {path: data, place: data if place == path else None}
                    new |= {path: None, place: made}
        if new:
            make(Change(new, old, "", desk.now, commit=False))
    return tuple(path for path in new if old[path] is not None)


def _read(desk: Desk, path: str) -> bytes | None:
    try:
        return None if (desk.repo.root / path).is_symlink() else read_file(desk.repo, path)
    except Refused:
        return None


def _mended(desk: Desk, policy: Policy, path: str, data: bytes) -> tuple[str, bytes]:
    """Return where the file belongs and what it is to hold; both as they are where they cannot be mended."""
    document = codec.read(path, data)
    if document.ticket is None:
        return path, data
    after = mended(policy, document.ticket)
    made = data
    if after != document.ticket:
        try:
            made = codec.edit(document, after, *shape(policy))
            assure(path, made, after)
        except UnreadableTicket:  # written so that only a person can change it; the check says what is wrong
            made = data
    return _place(desk, path, document.ticket), made


def _place(desk: Desk, path: str, ticket: Ticket) -> str:
    """Return where the file of a ticket belongs whose name is its id, if nothing lies there."""
    place = ids.path_of(ticket.id) if ids.is_id(ticket.id) else path
    is_free = not (desk.repo.root / place).exists()
    return place if is_free and PurePosixPath(path).name == PurePosixPath(place).name else path
