"""Bounds of time as people write them: a day, an instant, or how long ago."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from tk.core.instant import parse_date, parse_duration, parse_instant, parse_moment
from tk.errors import WrongUsage, say


def period(since: str | None, until: str | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when, and before when, is asked by `--since` and `--until`; None for no bound.

    Raises:
        WrongUsage: one is no date, or the first is not before the second.
    """
    first = None if since is None else bound(since, now, "--since", ends=False)
    last = None if until is None else bound(until, now, "--until", ends=True)
    if first is not None and last is not None and first >= last:
        raise WrongUsage(say("--since {since} is not before --until {until}", since=since, until=until))
    return first, last


def bound(words: str, now: datetime, option: str, *, ends: bool) -> datetime:
    """Return the instant that a bound means, in the zone of `now`.

    A day is its beginning, where it `ends` something the beginning of the next; a length of time is so long ago.

    Raises:
        WrongUsage: the words, given by `option`, mean none.
    """
    with suppress(ValueError):
        day = parse_date(words) + timedelta(days=int(ends))
        return datetime.combine(day, time(), tzinfo=now.tzinfo)
    with suppress(ValueError, KeyError):
        return now - parse_duration(words).wall
    with suppress(ValueError):
        return parse_instant(words).astimezone(now.tzinfo)
    with suppress(ValueError):
        return parse_moment(words, now)
    raise WrongUsage(
        say('{option} is "{words}", which is no date', option=option, words=words),
        say("write a day (2026-08-12), an instant, or how long ago (30d, 12w)"),
    )
