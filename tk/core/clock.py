"""The clocks of a ticket."""

from datetime import datetime

from tk.core.ticket import Ticket


def mark_breaches(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with each running clock that is past its due at `at` marked as missed when it fell due.

    Whoever marks it, however late and how often, marks the same.
    """
    missed = {
        clock: due
        for clock, due in ticket.due.items()
        if due < at and not (clock in ticket.breached and ticket.breached[clock] >= due)
    }
    return ticket._replace(breached={**ticket.breached, **missed}) if missed else ticket
