"""One ticket's tale: every entry of its history, an edit that is not committed last.

What the chronicle happens to know of it spares git the search for the ticket's commits; it is never filled for that.
"""

from tk.core.ticket import Ticket
from tk.store import chronicle, entries, history
from tk.store.desk import Desk
from tk.store.entries import Entry
from tk.store.history import Commit
from tk.store.past import Past


def tale(desk: Desk, path: str, ticket: Ticket) -> tuple[list[Entry], str | None]:
    """Return the entries of the `ticket` in the file at `path`, the oldest first, and where a shallow view ends.

    That is the commit whose entry holds what the ticket was then; None where the view is whole.
    """
    tip = desk.commit if isinstance(desk, Past) else "HEAD"
    commits, past = _read(desk, path, tip)
    told = entries.entries(desk, past, commits)
    then = past.ticket(tip)
    if then != ticket and not isinstance(desk, Past):
        told.append(entries.uncommitted(desk.policy, then, ticket))
    ends = history.shallow_ends(desk.repo)
    return told, next((commit.oid for commit in commits if commit.oid in ends), None)


def _read(desk: Desk, path: str, tip: str) -> tuple[list[Commit], entries.Past]:
    """Return the commits that changed a file, with what they hold; git is asked only for those nobody wrote down."""
    known = chronicle.known(desk.repo, path)
    if known is None or not history.descends(desk.repo, tip, known.tip):
        commits = history.of_path(desk.repo, path, tip)
    else:
        later = history.of_path(desk.repo, path, tip, without=known.tip)
        commits = [*history.named(desk.repo, known.commits), *later]
    past = entries.pasts(desk, {path: commits}, tip)[path]
    return entries.in_time(past, commits), past
