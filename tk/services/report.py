"""Reports: what became of the tickets of a desk, counted from the contents of its commits.

What is not committed yet is not counted. With a desk as it stood, everything is told as of then.
"""

from functools import partial
from typing import NamedTuple

from tk.core.bounds import period
from tk.core.calendars.allowance import hours_of
from tk.core.calendars.calendar import between
from tk.core.names import nearest
from tk.core.policy import Policy
from tk.core.reports.catalogue import GROUPS, KINDS, Kind
from tk.core.reports.values import Business, Question, Report
from tk.errors import WrongUsage, say
from tk.store import chronicle, git, history, policies
from tk.store.desk import Desk
from tk.store.index_changes import TICKETS
from tk.store.past import Past


class Asked(NamedTuple):
    """What is asked of a report, in words.

    Bounds are days, instants or lengths of time ago; `by` is a key, `every` the length of a period.
    """

    since: str | None = None
    until: str | None = None
    by: str | None = None
    every: str | None = None


def report(desk: Desk, name: str, asked: Asked) -> Report:
    """Return the report called `name`.

    Raises:
        WrongUsage: there is none of that name, or what is asked is no date or no key that tickets can be grouped by.
    """
    kind = _kind(name)
    question = _question(desk, name, kind, asked)
    tip = git.commit_of(desk.repo, desk.commit if isinstance(desk, Past) else "HEAD")
    if tip is None:
        return kind.make(question, ())
    _remark(desk)
    fields = None if kind.fields is None else (*kind.fields, *filter(None, [question.by]))
    zone = policies.zone_of(desk.policy)
    lives = chronicle.asked(desk.repo, tip, lambda held: list(held.lives(zone, fields)), desk.progress)
    return kind.make(question, sorted(lives, key=lambda life: life.id))


def _remark(desk: Desk) -> None:
    """Say what is there, or was, and is not counted."""
    if history.shallow_ends(desk.repo):
        desk.remark(say("this clone is shallow: what was before its first commit is not counted"))
    if isinstance(desk, Past):
        return
    where = f"{desk.repo.prefix}{TICKETS}"
    asked = git.run(desk.repo, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", where)
    changed = asked.out.count(b"\0")
    if changed:
        desk.remark(say("not committed, and not counted: {count} changed", count=changed))


def _kind(name: str) -> Kind:
    if name not in KINDS:
        near = nearest(name, list(KINDS))
        hint = (
            say("the choice is: {keys}", keys=", ".join(KINDS))
            if near is None
            else say('did you mean "{near}"?', near=near)
        )
        raise WrongUsage(say('there is no report "{name}"', name=name), hint)
    return KINDS[name]


def _question(desk: Desk, name: str, kind: Kind, asked: Asked) -> Question:
    now = desk.now.astimezone(policies.zone_of(desk.policy))
    since, until = period(asked.since, asked.until, now)
    if (since, until) != (None, None) and not kind.is_bounded:
        message = say("report {name} is about what is open now; --since and --until say nothing to it", name=name)
        raise WrongUsage(message, say("--at answers as the desk stood then"))
    if asked.every is not None and not kind.counts_over:
        raise WrongUsage(say("report {name} counts over no periods; --every says nothing to it", name=name))
    by = "" if asked.by is None else _key(desk.policy, name, kind, asked.by)
    return Question(desk.policy, now, since, until, by, asked.every or "", _business(desk))


def _business(desk: Desk) -> Business | None:
    """Return what measures business time: the calendar of the first deadline that goes by one, else the first there is.

    None where the desk has no calendar, or an empty one.
    """
    calendars = desk.policy.calendars.entries
    promised = [key for deadline in desk.policy.deadlines if (key := deadline.calendar) in calendars and key]
    key = next(iter([*promised, *calendars]), None)
    if key is None:
        return None
    hours = hours_of(calendars[key], desk.registers)
    return None if hours.is_empty else partial(between, hours)


def _key(policy: Policy, name: str, kind: Kind, words: str) -> str:
    """Return the key of a ticket to group by, or what else the report knows."""
    own = policy.fields.find(words)
    choices = (*GROUPS, *policy.fields.entries) if kind.by is None else kind.by
    if words in choices:
        return words
    if kind.by is None and own is not None:
        return own
    if not choices:
        raise WrongUsage(say("report {name} is grouped by nothing; leave --by away", name=name))
    near = nearest(words, list(choices))
    hint = (
        say("the choice is: {keys}", keys=", ".join(choices))
        if near is None
        else say('did you mean "{near}"?', near=near)
    )
    raise WrongUsage(say('report {name} cannot be grouped by "{words}"', name=name, words=words), hint)
