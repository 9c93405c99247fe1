"""The clocks of a ticket: every change winds them, and what they show is stamped in the ticket (design, section 5).

A change touches a clock that it starts, stops, lets go on or ends, or for which another length of time applies after it
than before. Other changes leave its stamps as they are, whatever the policy has come to say meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from tk.core.calendars.allowance import Allowance
from tk.core.clocks.timing import Moment, View
from tk.core.facts import Outside
from tk.core.instant import Duration, parse_duration
from tk.core.policy import Policy
from tk.core.rules import CLOCKS, FIRST_RESPONSE, RESOLUTION
from tk.core.ticket import Ticket

V = TypeVar("V")


class Stamps(NamedTuple):
    """What a ticket says of one clock: when it falls due while it runs, or what is left; its target; if it was missed.

    `target` and `left` are durations as written.
    """

    due: datetime | None = None
    target: str | None = None
    left: str | None = None
    breached: datetime | None = None

    def missed(self, at: datetime, since: datetime | None = None) -> "Stamps":
        """Return them with the breach of a clock past its due at `at`: missed when it fell due, or since it was set so.

        A breach that is noted is not noted again.
        """
        if self.due is None or self.due >= at or (self.breached is not None and self.breached >= self.due):
            return self
        return self._replace(breached=since or self.due)


def run(policy: Policy, outside: Outside, before: Ticket | None, after: Ticket, at: datetime) -> Ticket:
    """Return `after` with its clocks as the change from `before` leaves them at `at`: the end of every action.

    Args:
        policy: the policy in force.
        outside: what the policy names outside the ticket, the registers of holidays among it.
        before: the ticket before the action, None for a new one.
        after: the ticket as the action and its consequences leave it, with the stamps of `before`.
        at: the instant of the change, with the desk zone's offset.
    """
    return _wound(Moment(policy, outside, at), before, after, anew=False)


def restamp(policy: Policy, outside: Outside, ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with its clocks as the policy has them now, whatever they were set to.

    The time that a clock stood still is its own still, as far as its stamps show it. A closed ticket stays as it is,
    unless its clocks are at odds.
    """
    if policy.kind(ticket.status) == "closed" and not is_at_odds(policy, ticket):
        return ticket
    return _wound(Moment(policy, outside, at), ticket, ticket, anew=True)


def is_at_odds(policy: Policy, ticket: Ticket) -> bool:
    """Return whether a clock of the ticket both runs and stands still, or `resolution` runs though it is solved."""
    is_done = policy.kind(ticket.status) in {"solved", "closed"}
    return not ticket.due.keys().isdisjoint(ticket.paused) or (is_done and RESOLUTION in ticket.due)


def mark_breaches(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with each running clock that is past its due at `at` marked as missed when it fell due.

    Whoever marks it, however late and how often, marks the same.
    """
    for clock in ticket.due:
        ticket = _stamped(ticket, clock, _stamps(ticket, clock).missed(at))
    return ticket


def _wound(moment: Moment, before: Ticket | None, after: Ticket, *, anew: bool) -> Ticket:
    own = (rule.clock for rule in moment.policy.deadlines)
    moved = before is None or before.status != after.status
    ticket = after
    for clock in dict.fromkeys((*CLOCKS, *own, *after.due, *after.paused)):
        was, now = moment.view(before, clock), moment.view(ticket, clock)
        held = _stamps(ticket, clock)
        if now.since is None:
            turned = _ended(moment, ticket, clock, held)
        elif now.allowance is None:
            turned = _without(was, now, held.missed(moment.at), anew=anew)
        elif _is_touched(was, now, held, moved=moved) or anew:
            start = now.since if clock in CLOCKS else None
            turned = _turned(was, now, held.missed(moment.at), _Course(moment.at, start, anew))
        else:
            turned = held.missed(moment.at)
        ticket = _stamped(ticket, clock, turned.missed(moment.at, moment.at))
    return ticket


def _ended(moment: Moment, ticket: Ticket, clock: str, held: Stamps) -> Stamps:
    ended = moment.ended(ticket, clock)
    done = held.missed(ended)._replace(due=None, left=None)
    if clock == FIRST_RESPONSE and ticket.created is not None and ended <= ticket.created:
        return done._replace(target=None)  # the desk wrote first: there was nothing to answer
    return done


def _without(was: View, now: View, held: Stamps, *, anew: bool) -> Stamps:
    """Return the stamps of a clock for which no deadline applies: gone by this change, else as they stand.

    What is done is not overdue, whatever the policy once said.
    """
    if was.allowance is None and not anew:
        return held._replace(due=None) if now.stopped else held
    return Stamps(breached=held.breached)


def _is_touched(was: View, now: View, held: Stamps, *, moved: bool) -> bool:
    """Return whether the change touches the clock: by how the ticket looks, or by a status its stamps do not fit.

    One that is not in the stamps, as the policy had no such deadline then, is neither stopped nor let go on.
    """
    stands = held.left is not None
    if held.due is None and not stands:
        return (was.since, was.allowance) != (now.since, now.allowance)
    return was != now or (moved and stands != now.stopped)


class _Course(NamedTuple):
    """What is known of a clock that a change touches: when that is, when it began to count, whether it is set anew."""

    at: datetime
    start: datetime | None
    anew: bool


def _turned(was: View, now: View, held: Stamps, course: _Course) -> Stamps:
    """Return the stamps of a clock that counts, as a change that touches it leaves them."""
    assert now.allowance is not None
    assert now.since is not None
    allowance, length = now.allowance, str(now.allowance.length)
    if was.since != now.since or (held.due is None and held.left is None):
        if now.stopped:
            return Stamps(None, length, length, held.breached)
        return Stamps(allowance.due(now.since), length, None, held.breached)
    old = (was.allowance or allowance)._replace(length=_duration(held.target) or allowance.length)
    due = held.due or _resumed(old, held, course.at) or allowance.due(course.at)
    if course.anew or old != allowance:
        due = allowance.due(_begun(old, due, course))
    running = Stamps(due, length, None, held.breached)
    if not now.stopped:
        return running
    left = str(allowance.left(course.at, due))
    return Stamps(None, length, left, running.missed(course.at, course.at).breached)


def _resumed(old: Allowance, held: Stamps, at: datetime) -> datetime | None:
    """Return when a stopped clock falls due that goes on at `at`; None where what is left of it cannot be told.

    One that ran out before it was stopped fell due when it did: standing still gives it no time back.
    """
    left = _duration(held.left)
    if left is None or (old.hours is None and (left.is_business or old.length.is_business)):
        return None
    if left.amount == 0 and held.breached is not None:
        return old.due(old.begun(held.breached))
    return old.resumed(at, left)


def _begun(old: Allowance, due: datetime, course: _Course) -> datetime:
    """Return from when a clock counts that falls due at `due`: as much later than it began as it stood still."""
    if old.length.is_business and old.hours is None:
        return course.start or course.at
    if course.start is None:
        return old.begun(due)
    return course.start if old.due(course.start) == due else max(course.start, old.begun(due))


def _duration(text: str | None) -> Duration | None:
    """Return the duration that a stamp writes; None for what is none, as in a file changed by hand."""
    try:
        return None if text is None else parse_duration(text)
    except ValueError:
        return None


def _stamps(ticket: Ticket, clock: str) -> Stamps:
    return Stamps(ticket.due.get(clock), ticket.target.get(clock), ticket.paused.get(clock), ticket.breached.get(clock))


def _stamped(ticket: Ticket, clock: str, stamps: Stamps) -> Ticket:
    if stamps == _stamps(ticket, clock):
        return ticket
    return ticket._replace(
        due=_with(ticket.due, clock, stamps.due),
        target=_with(ticket.target, clock, stamps.target),
        paused=_with(ticket.paused, clock, stamps.left),
        breached=_with(ticket.breached, clock, stamps.breached),
    )


def _with(held: Mapping[str, V], clock: str, value: V | None) -> Mapping[str, V]:
    if value is None:
        return {name: kept for name, kept in held.items() if name != clock}
    return {**held, clock: value}
