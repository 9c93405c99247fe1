"""How a ticket looks to a clock: from when it counts, which deadline of the policy applies, whether it stands still.

`first-response` counts from the creation to the first answer, `next-response` from the oldest unanswered contact of the
requester to the next answer, once the first has been given; `resolution` counts from the creation, for as long as the
ticket is not solved. A clock of the desk's own counts from the change by which `start` comes to hold to the one by
which `end` does; without `end`, for as long as `start` holds.

The statuses in `stops` stop a clock, and what is left is kept. So do solved and closed: a ticket reopened goes on with
what was left. A desk's own clock is stopped by closed alone.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tk.core.calendars.allowance import Allowance, hours_of
from tk.core.calendars.deadline import deadline_of, target
from tk.core.conditions.language import holds
from tk.core.facts import Facts, Outside
from tk.core.log import first_answer, last_answer, unanswered_since
from tk.core.policy import Policy
from tk.core.rules import CLOCKS, FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, Deadline
from tk.core.ticket import Ticket

_ANSWERS = {FIRST_RESPONSE: first_answer, NEXT_RESPONSE: last_answer}


class View(NamedTuple):
    """How a ticket looks to one clock.

    `since` is when it counts from, None for nothing to time; `allowance` how long it may run, None where no deadline
    applies; `stopped` whether it stands still.
    """

    since: datetime | None = None
    allowance: Allowance | None = None
    stopped: bool = False


class Moment(NamedTuple):
    """When a ticket is looked at, and by which policy; `outside` is what that names outside the ticket."""

    policy: Policy
    outside: Outside
    at: datetime

    def view(self, ticket: Ticket | None, clock: str) -> View:
        """Return how a ticket looks to a clock; before there is a ticket, there is nothing to time."""
        if ticket is None:
            return View()
        facts = Facts(self.policy, ticket, self.at, None, self.outside)
        rule = deadline_of(self.policy, facts, ticket, clock, self.at)
        done = ("solved", "closed") if clock in CLOCKS else ("closed",)
        stopped = self.policy.kind(ticket.status) in done or (rule is not None and ticket.status in rule.stops)
        return View(self._since(ticket, clock, rule), self._allowance(ticket, rule), stopped)

    def ended(self, ticket: Ticket, clock: str) -> datetime:
        """Return when a clock ended that does not count any more: with the answer, if one ends it, else now."""
        answered = _ANSWERS[clock](self.policy, ticket) if clock in _ANSWERS else None
        return self.at if answered is None else min(answered, self.at)

    def _since(self, ticket: Ticket, clock: str, rule: Deadline | None) -> datetime | None:
        if clock == FIRST_RESPONSE:
            return ticket.created if first_answer(self.policy, ticket) is None else None
        if clock == NEXT_RESPONSE:
            # While the first answer is awaited, it is that one the requester waits for.
            return None if is_live(ticket, FIRST_RESPONSE) else unanswered_since(self.policy, ticket)
        if clock == RESOLUTION:
            return ticket.created
        return self.at if self._is_on(ticket, clock, rule) else None

    def _is_on(self, ticket: Ticket, clock: str, rule: Deadline | None) -> bool:
        live = is_live(ticket, clock)
        if rule is None or rule.start is None:
            return live
        facts = Facts(self.policy, ticket, self.at, None, self.outside)
        starts = holds(rule.start, facts)
        return starts if rule.end is None else (live or starts) and not holds(rule.end, facts)

    def _allowance(self, ticket: Ticket, rule: Deadline | None) -> Allowance | None:
        length = None if rule is None else target(rule, ticket)
        if rule is None or length is None:
            return None
        zone = ZoneInfo(self.policy.desk.zone)
        if not length.is_business:
            return Allowance(length, zone)
        calendar = self.policy.calendars.entries.get(rule.calendar or "")
        hours = None if calendar is None else hours_of(calendar, self.outside.registers)
        return None if hours is None or hours.is_empty else Allowance(length, zone, hours)


def is_live(ticket: Ticket, clock: str) -> bool:
    """Return whether a clock of the ticket runs or is stopped, by its stamps."""
    return clock in ticket.due or clock in ticket.paused
