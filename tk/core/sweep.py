"""What falls due by itself: clocks that were missed are marked, and the `[[sweep]]` rules of the policy act.

What a sweep rule prescribes is lawful whoever runs the sweep (design, section 5): nobody's role is asked, no
requirement and no transition. The result follows from the ticket and the instant alone: its notes are `by` the sweep
itself, and dated when the step fell due, so that two clones write the same ones.

A rule that changes the ticket does so whenever its condition holds, and is stamped in `fired` with the instant at which
it fell due. One that only notes something or causes letters does so once for each time that it falls due; with `once`,
any rule acts but once on a ticket. A sweep is no activity (desks.md G10).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tk.core.action import Action
from tk.core.assignee import assignment
from tk.core.clocks.clock import is_at_odds, mark_breaches, restamp
from tk.core.clocks.since import held_since
from tk.core.conditions.language import holds
from tk.core.facts import Actor, Outside
from tk.core.law.consequence import noted
from tk.core.law.difference import in_order
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact
from tk.core.policy import Policy
from tk.core.report_words import filled
from tk.core.rules import SweepRule, in_force
from tk.core.ticket import NOTE, Ticket

SWEEPER = Actor(None, "tk")
"""Who acts in a sweep, whoever runs it."""

RESTAMP = Action("restamp")
BREACH = Action("breach")
NOTIFY = Action("notify")
REPORT = Action("report")
OWN = (RESTAMP, BREACH, NOTIFY, REPORT)
"""What only a sweep does: setting clocks anew, marking missed ones, causing letters, reporting."""


class Step(NamedTuple):
    """One thing that a sweep did to a ticket: an action, or one of its `OWN`; the ticket before and after."""

    action: Action
    before: Ticket
    after: Ticket


class Firing(NamedTuple):
    """What held of a ticket: the rule ("" for the clocks), since when, what it did, what it has to say."""

    rule: str
    due: datetime
    steps: tuple[Step, ...]
    report: str | None = None


class Sweep(NamedTuple):
    """What a sweep makes of a ticket: the ticket after it, and what happened, in order.

    Of two rules that undo each other `undone` has the names; the ticket is then as it was, and nothing happened.
    """

    ticket: Ticket
    firings: tuple[Firing, ...] = ()
    undone: tuple[str, str] | None = None


def swept(policy: Policy, outside: Outside, before: Ticket, at: datetime, *, anew: bool = False) -> Sweep:
    """Return what a sweep at `at` makes of a ticket; with `anew` its clocks are first set as the policy has them now.

    The rules are asked in the order of tk.toml, each of the ticket as the earlier ones left it, until nothing changes
    any more. A ticket that was written later than `at` is left alone.
    """
    if before.updated is not None and at < before.updated:
        return Sweep(before)
    return _Round(Hearing(policy, outside, SWEEPER, at), before).done(anew=anew)


def is_swept(policy: Policy, outside: Outside, before: Ticket, after: Ticket, at: datetime) -> bool:
    """Return whether the change is just what a sweep at `at` prescribes."""
    if before == after or after.updated != at:
        return False
    if any(swept(policy, outside, before, at, anew=anew).ticket == after for anew in (False, True)):
        return True
    return is_at_odds(policy, before) and reset(policy, outside, before, at) == after


def reset(policy: Policy, outside: Outside, before: Ticket, at: datetime) -> Ticket:
    """Return a ticket with its clocks set anew at `at`, and no rule asked: for one whose clocks are at odds."""
    return _unmoved(before, restamp(policy, outside, before, at), at)


def _unmoved(before: Ticket, after: Ticket, at: datetime) -> Ticket:
    """Return `after` with the stamps of a write that was no activity."""
    if after == before:
        return before
    last = before.activity or before.updated
    return after._replace(updated=at, activity=None if last == at else last)


class _Round:
    """The sweep of one ticket under way."""

    def __init__(self, hearing: Hearing, before: Ticket) -> None:
        self._hearing = hearing
        self._before = before
        self._ticket = before
        self._fired: dict[str, Firing] = {}
        self._last = ""

    def done(self, *, anew: bool) -> Sweep:
        """Set the clocks right, apply the rules until they come to rest, and return what came of it."""
        policy, outside, _, at, _ = self._hearing
        if anew:
            self._set(RESTAMP, restamp(policy, outside, self._ticket, at))
        self._set(BREACH, mark_breaches(self._ticket, at))
        while True:
            held = self._ticket
            for rule in policy.sweeps:
                if in_force(rule, at) and not self._apply(rule):
                    return Sweep(self._before, (), (self._last, rule.key))
            if self._ticket == held:
                return Sweep(self._ticket, tuple(self._fired.values()))

    def _set(self, what: Action, after: Ticket) -> None:
        """Take over the clocks of `after`."""
        if after != self._ticket:
            step = Step(what, self._ticket, _unmoved(self._ticket, after, self._hearing.at))
            earlier = self._fired.get("")
            self._keep(Firing("", self._hearing.at, (*(earlier.steps if earlier else ()), step)))

    def _keep(self, firing: Firing) -> None:
        self._fired[firing.rule] = firing
        self._ticket = firing.steps[-1].after if firing.steps else self._ticket

    def _apply(self, rule: SweepRule) -> bool:
        """Apply a rule where it holds; return False where it would undo what another did."""
        firing = _fire(self._hearing, self._ticket, rule)
        earlier = self._fired.get(rule.key)
        if firing is None or (earlier is not None and not firing.steps):
            return True
        if earlier is not None and any(_moves(step) for step in firing.steps):
            return False
        if earlier is not None:
            firing = firing._replace(steps=(*earlier.steps, *firing.steps))
        self._last = rule.key if firing.steps else self._last
        self._keep(firing)
        return True


def _moves(step: Step) -> bool:
    """Return whether a step does more than noting, telling or remembering."""
    return step.action not in OWN and step.action.verb != "log"


def _fire(hearing: Hearing, ticket: Ticket, rule: SweepRule) -> Firing | None:
    """Return what a rule does to a ticket; None where it does not hold, or has nothing to do and nothing to say."""
    facts = hearing.facts(ticket)
    if (rule.once and rule.key in ticket.fired) or not holds(rule.when, facts):
        return None
    due = held_since(rule.when, facts)
    told = hearing._replace(told_at=due)
    steps = list(_acted(told, ticket, rule))
    if steps or (_speaks(hearing.policy, rule) and ticket.fired.get(rule.key) != due):
        if ticket.fired.get(rule.key) == due:  # somebody has made it hold anew, and that was the last activity
            due = max(due, ticket.activity or ticket.updated or due)
        steps = _stamped(told, ticket, rule, steps, due)
    report = None if rule.report is None else filled(rule.report, facts)
    return Firing(rule.key, due, tuple(steps), report) if steps or report is not None else None


def _speaks(policy: Policy, rule: SweepRule) -> bool:
    """Return whether that a rule holds is to be noted, told or remembered, even where nothing is to be changed."""
    if rule.once:
        return True
    changes = rule.set or rule.assign or rule.advance
    return not changes and (rule.note is not None or has_letters(policy, rule))


def has_letters(policy: Policy, rule: SweepRule) -> bool:
    """Return whether the policy has a notice for the rule."""
    return any(notice.action == f"sweep.{rule.key}" for notice in policy.notices)


def _acted(hearing: Hearing, ticket: Ticket, rule: SweepRule) -> Iterator[Step]:
    """Yield each action of a rule that changes something, with all that follows from it."""
    held = ticket
    for action in in_order(hearing.policy, _actions(hearing, ticket, rule)):
        after = _unmoved(held, enact(hearing, held, action), hearing.at)
        if after != held:
            yield Step(action, held, after)
            held = after


def _actions(hearing: Hearing, ticket: Ticket, rule: SweepRule) -> Iterator[Action]:
    for key, value in rule.set.items():
        yield Action("set", key, value)
    to = None if rule.assign is None else assignment(hearing.policy, ticket, rule.assign)
    if to is not None:
        yield Action("assign", "", to)
    if rule.advance is not None:
        yield Action("advance", "", rule.advance)


def _stamped(hearing: Hearing, ticket: Ticket, rule: SweepRule, steps: list[Step], due: datetime) -> list[Step]:
    """Return the steps of a rule with its note, if it has one, and the stamp that says that it acted."""
    held = steps[-1].after if steps else ticket
    if rule.note is not None:
        with_note = noted(hearing, held, rule.key, rule.note, {})
        steps = [*steps, Step(Action("log", NOTE, with_note.events[-1]), held, with_note)]
    elif not steps:
        steps = [Step(NOTIFY if has_letters(hearing.policy, rule) else REPORT, held, held)]
    *earlier, last = steps
    after = last.after._replace(fired={**last.after.fired, rule.key: due})
    return [*earlier, last._replace(after=_unmoved(held, after, hearing.at))]
