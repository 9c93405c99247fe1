"""Documents on their way to a ticket: where they will lie, and under which names."""

from collections.abc import Mapping, Sequence

from tk.core import ids
from tk.core.filename import free_name, safe_name
from tk.core.ticket import Ticket
from tk.errors import UnreadableTicket, say
from tk.store.desk import Desk
from tk.store.repo import read_file


def folder_for(path: str, ticket: Ticket) -> str:
    """Return the folder of the ticket's documents; refuse a ticket that does not lie where its id says."""
    if ids.is_id(ticket.id) and ids.path_of(ticket.id) == path:
        return ids.folder_of(ticket.id)
    message = say("{path} does not lie where its id {id} says, so nothing can lie beside it", path=path, id=ticket.id)
    raise UnreadableTicket(message, say("tk check {path} says what to mend", path=path))


def named(
    desk: Desk, folder: str, ticket: Ticket, sizes: Mapping[str, int], given: Sequence[tuple[str, bytes]]
) -> dict[str, bytes]:
    """Return the files to be stored, each under a name that is safe and free."""
    held = [document.file for document in ticket.attachments]
    new: dict[str, bytes] = {}
    for called, data in given:
        alike = (name for name in held if sizes.get(name) == len(data))
        same = next((name for name in alike if read_file(desk.repo, f"{folder}/{name}") == data), None)
        same = same or next((name for name, other in new.items() if other == data), None)
        if same is None:
            new[free_name(safe_name(called), (*held, *sizes, *new))] = data
        else:
            message = say("{file} is not stored again: {name} has the same content", file=called, name=same)
            desk.remark(message)
    return new
