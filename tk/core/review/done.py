"""What was done to a ticket by one commit, as the history of a desk tells it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.ticket import Event, Ticket


class Done(NamedTuple):
    """What a commit did to a ticket.

    `at` is the author's instant in the desk's zone, `by` what stamps call him, `name` and `email` what git does;
    `before` is None for a new ticket; `actions` lead from there to `after`.
    """

    commit: str
    at: datetime
    by: str
    name: str
    email: str
    before: Ticket | None
    after: Ticket
    actions: tuple[Action, ...]

    @property
    def events(self) -> Iterator[Event]:
        """What was logged, in the order of the log."""
        known = set() if self.before is None else {event.id for event in self.before.events}
        return (event for event in self.after.events if event.id not in known)
