"""What comes from elsewhere: something done to a ticket by somebody at an instant, not yet asked of the law."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.policy import Policy
from tk.core.ticket import Ticket

Names = Callable[[str], str | None]
"""The id that a ticket has here by what it is called elsewhere; None where it is not here."""

Plan = Callable[[Policy, Ticket | None, str, Names], Sequence[Action]]
"""What is to be done to a ticket as it stands, None for one that is new and gets the id given.

It raises WrongUsage where the desk does not know a word that it has for it.
"""


class Arrival(NamedTuple):
    """One thing done elsewhere.

    `line` is where the file tells it; `case` what the ticket is called there; `at` when it was done, `name` and
    `email` who did it, "" for who imports it. What bears the same `change` (none is None) was one commit, whichever
    tickets it was about.
    """

    line: int
    case: str
    at: datetime
    name: str
    email: str
    plan: Plan
    change: str | None = None
